"""axe in a page: what people with screen readers, keyboards or weak eyes would stumble over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.screen import Screen

SOURCE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

# What moves or fades is looked at when it has come to rest. The page's policy refuses style
# elements, and no sheets that scripts make.
REST = """async () => {
    const still = new CSSStyleSheet();
    still.replaceSync("*, *::before, *::after { transition: none !important; "
        + "animation-duration: 0s !important; animation-delay: 0s !important; }");
    if (document.adoptedStyleSheets.length === 0) document.adoptedStyleSheets.push(still);
    for (let at = 0; at < 2; at++) await new Promise((done) => requestAnimationFrame(done));
}"""

LOOK = """async (only) => {
    const found = await axe.run(document, {
        resultTypes: ["violations"],
        ...(only && { runOnly: { type: "rule", values: only } }),
    });
    return found.violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.map((node) => [
            id, node.target.join(" "), node.any.concat(node.all, node.none)[0]?.message ?? "",
        ]));
}"""

COLOURS = ["color-contrast"]


class Axe:
    """Looks at one page after the other, and keeps what it finds."""

    def __init__(self) -> None:
        self.findings: dict[tuple[str, ...], list[str]] = {}

    async def look(self, page: Page, screen: str) -> None:
        """Note what is serious or critical on the screen as it is, in both themes.

        Only the colours differ between the two.
        """
        if not await page.evaluate("() => 'axe' in window"):
            await page.evaluate(SOURCE.read_text(encoding="utf-8"))
        for theme in THEMES:
            await page.emulate_media(color_scheme=theme)
            await page.evaluate(REST)
            only = None if theme == "light" else COLOURS
            for finding in await page.evaluate(LOOK, only):
                self.findings.setdefault((theme, *finding), []).append(screen)

    def words(self) -> str:
        """Return the findings in words, one a line; empty where there are none."""
        return "\n".join(
            f"{' | '.join(finding)} | {', '.join(screens)}"
            for finding, screens in self.findings.items()
        )


async def look_at_dialog(axe: Axe, screen: Screen, name: str) -> None:
    """Look at a dialog that is open, and close it."""
    dialog = screen.page.get_by_role("dialog", name=name)
    await expect(dialog).to_be_visible()
    await expect(dialog.get_by_role("status", name="Loading")).to_have_count(0)
    await axe.look(screen.page, name)
    await screen.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
