"""What a request comes from."""

from __future__ import annotations

from tertulia.core.entrance import Device
from tertulia.gateways.device_names import device_name
from tertulia.gateways.rest.bodies import ApiRequest


def device_of(request: ApiRequest) -> Device:
    """Return the device of a request: what it calls itself, in words, and its network address."""
    client = request.scope["client"]
    name = device_name(request.headers.get("user-agent", ""))
    return Device(name=name, address=client[0] if client else "")
