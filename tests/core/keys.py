"""Keys and wraps as clients make them, and what keeps them over a town's door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.vault import FernetVault
from tertulia.core.account_key import NewWrap, WrapKind
from tertulia.core.account_keys import AccountKeys
from tertulia.core.encryption import KeyPair
from tertulia.core.handovers import Handovers
from tests.core.door import VAULT_KEY

if TYPE_CHECKING:
    from tertulia.core.account_key import OwnKeys
    from tertulia.core.model import Actor
    from tests.core.door import Door


@dataclass
class KeyDesk:
    """Where people keep their own keys, by the clock of a door."""

    door: Door
    keys: AccountKeys
    handovers: Handovers

    async def first(self, actor: Actor, name: str = "one") -> OwnKeys:
        """Have somebody go by their first identity, and leave no event of it."""
        own = await self.keys.set_identity(actor, a_pair(name), [a_wrap(name)], None, None)
        self.door.town.heard()
        return own


def key_desk(door: Door) -> KeyDesk:
    """Return a desk over a door; limits hardly matter at it."""
    storage, vault = door.town.storage, FernetVault([VAULT_KEY])
    doors = LimitsInMemory(scale=1000)
    return KeyDesk(
        door,
        AccountKeys(storage, vault, door.confirmation, doors, door.clock),
        Handovers(storage, vault, doors, door.clock),
    )


def a_pair(name: str = "one") -> KeyPair:
    """Return a key pair; what is in it means nothing to the server."""
    return KeyPair(
        public_key={"kty": "OKP", "crv": "Ed25519", "x": name},
        private_key={"v": 1, "alg": "A256GCM", "iv": "00", "ct": name, "nested": [None, True, 1.5]},
    )


def a_wrap(name: str = "one", **changes: Any) -> NewWrap:
    """Return a wrap by a recovery key."""
    usual: dict[str, Any] = {"kind": WrapKind.RECOVERY, "wrapped": {"v": 1, "ct": name}}
    return NewWrap(**{**usual, **changes})
