"""The keys that one goes by in an encrypted conversation: /api/conversations/{id}/keys."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from tertulia.core.encryption_keys import EncryptionKeys
from tertulia.gateways.keys import KeyPair, Keys, key_pair, keys
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing


class EncryptionKeysController(Controller):
    """Publishing one's keys, and reading everybody's."""

    path = "/api/conversations/{conversation_id:uuid}/keys"
    tags = ["encryption"]

    @reading("/", "getKeys", 404, 409)
    async def show(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        encryption_keys: NamedDependency[EncryptionKeys],
    ) -> Keys:
        """Get the keys of an encrypted conversation."""
        return keys(await encryption_keys.of(request.user, conversation_id))

    @writing("PUT", "/", "setKeys", 400, 404, 409, 429)
    async def publish(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        data: JSONBody[KeyPair],
        encryption_keys: NamedDependency[EncryptionKeys],
    ) -> KeyPair:
        """Go by other keys from now on; the pair that one goes by changes nothing."""
        published = await encryption_keys.publish(
            request.user, conversation_id, data.public_key, data.private_key
        )
        return key_pair(published)
