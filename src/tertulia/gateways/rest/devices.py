"""What a request comes from."""

from __future__ import annotations

from tertulia.core.entrance import Device
from tertulia.gateways.rest.bodies import ApiRequest


def device_of(request: ApiRequest) -> Device:
    """Return the device of a request: the name it gives itself, and its network address."""
    client = request.scope["client"]
    return Device(name=request.headers.get("user-agent", ""), address=client[0] if client else "")
