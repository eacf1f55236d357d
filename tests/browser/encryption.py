"""What people do at the web client about end-to-end encryption, by the names of its controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from tests.browser.screen import Screen

LABEL = "End-to-end encrypted"
GROUPS_OF_A_KEY = 14


async def set_up(screen: Screen) -> str:
    """Go through the dialogs that make the keys; return the recovery key as it was shown.

    A passkey is offered after it only where the server goes by a name.
    """
    dialog = dialog_of(screen, "Set up encryption")
    await dialog.get_by_role("button", name="Continue").click()
    return await keep_recovery_key(screen)


async def keep_recovery_key(screen: Screen) -> str:
    """Read the key that is shown, and show that one has it; return it."""
    shown = dialog_of(screen, "Your recovery key")
    groups = shown.get_by_role("group", name="Recovery key", exact=True).get_by_role("code")
    await expect(groups).to_have_count(GROUPS_OF_A_KEY)
    texts = await groups.all_inner_texts()
    await shown.get_by_role("textbox", name="Last group of the key").fill(texts[-1])
    await shown.get_by_role("button", name="I have kept it").click()
    await expect(shown).to_have_count(0)
    return "-".join(texts)


async def set_up_in_chat(screen: Screen, chat: str) -> str:
    """Open an encrypted chat that somebody else began, and make the keys that it takes."""
    await screen.chat(chat).click()
    await screen.page.get_by_role("button", name="Set up encryption").click()
    recovery_key = await set_up(screen)
    await expect(screen.composer).to_be_visible()
    return recovery_key


async def begin_private_chat(screen: Screen, name: str) -> str:
    """Begin an encrypted chat as one's first; return the recovery key that one got on the way."""
    dialog = await _new(screen, "New private chat")
    await _add(dialog, name)
    await _encryption_of(dialog).click()
    recovery_key = await set_up(screen)
    await _create(screen, dialog, name)
    return recovery_key


async def begin_another_private_chat(screen: Screen, name: str) -> None:
    """Begin an encrypted chat where one has keys already."""
    dialog = await _new(screen, "New private chat")
    await _add(dialog, name)
    await _encryption_of(dialog).click()
    await _create(screen, dialog, name)


async def begin_group(screen: Screen, alias: str, *people: str) -> str:
    """Open an encrypted group as one's first encrypted chat; return the recovery key."""
    dialog = await _new(screen, "New group")
    await dialog.get_by_role("textbox", name="Name").fill(alias)
    for person in people:
        await _add(dialog, person)
    await _encryption_of(dialog).click()
    recovery_key = await set_up(screen)
    await _create(screen, dialog, alias)
    return recovery_key


def dialog_of(screen: Screen, title: str) -> Locator:
    """The open dialog of this title."""
    return screen.page.get_by_role("dialog", name=title, exact=True)


def lock_of(place: Locator) -> Locator:
    """The mark of an encrypted chat, in the list or over the thread."""
    return place.get_by_role("img", name=LABEL)


async def _new(screen: Screen, kind: str) -> Locator:
    await screen.page.get_by_role("button", name="New chat").click()
    await screen.page.get_by_role("menuitem", name=kind).click()
    return dialog_of(screen, kind)


async def _add(dialog: Locator, person: str) -> None:
    await dialog.get_by_role("textbox", name="Add people").fill(person)
    await dialog.get_by_role("option", name=person).click()


def _encryption_of(dialog: Locator) -> Locator:
    return dialog.get_by_role("switch", name=LABEL)


async def _create(screen: Screen, dialog: Locator, chat: str) -> None:
    await expect(_encryption_of(dialog)).to_be_checked()
    await dialog.get_by_role("button", name="Create").click()
    await expect(screen.composer).to_be_visible()
    await expect(lock_of(screen.page.get_by_role("region", name=chat, exact=True))).to_be_visible()
