"""The ways to talk, by the dialects' names."""

from __future__ import annotations

from tests.gateways.dialects.events_voice import EventsVoice
from tests.gateways.dialects.lite_voice import LiteVoice
from tests.gateways.dialects.phoenix_voice import PhoenixVoice
from tests.gateways.dialects.rest_voice import RestVoice
from tests.gateways.dialects.rooms_voice import RoomsVoice
from tests.gateways.dialects.socketio_voice import SocketIoVoice
from tests.gateways.dialects.voices import Voice

VOICES: dict[str, type[Voice]] = {
    "rest": RestVoice,
    "phoenix": PhoenixVoice,
    "rooms": RoomsVoice,
    "events": EventsVoice,
    "socketio": SocketIoVoice,
    "lite": LiteVoice,
}
