"""What files are, by how they begin, whatever they are called."""

from __future__ import annotations

import struct
import wave
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.adapters import file_kinds
from tertulia.adapters.file_kinds import ANYTHING, kind_of
from tertulia.core.files import INLINE_TYPES, FileKind
from tests.adapters.files_at_hand import a_picture, saved

_KINDS = {value for value in vars(file_kinds).values() if isinstance(value, FileKind)}


def a_wave() -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(100))
    return out.getvalue()


def mp3_frames(version: int = 3) -> bytes:
    """Return two frames of silence: 128 kbit/s at 44.1 kHz, or 64 kbit/s at 22.05 kHz."""
    header = bytes([0xFF, 0xE2 | version << 3 | 1, 0x90 if version == 3 else 0x80, 0])
    length = 417 if version == 3 else 208
    return (header + bytes(length - 4)) * 2


def mp4(brand: bytes, *handlers: bytes) -> bytes:
    box = struct.pack(">I4s4sI", 16, b"ftyp", brand, 0)
    return box + b"".join(
        b"\x00\x00\x00\x21hdlr" + bytes(8) + each + bytes(12) for each in handlers
    )


def webm(*codecs: bytes) -> bytes:
    head = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(40)
    return head + b"".join(b"\x86\x85" + codec for codec in codecs)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (saved(a_picture(), "JPEG"), "image/jpeg"),
        (saved(a_picture(), "PNG"), "image/png"),
        (saved(a_picture(), "GIF"), "image/gif"),
        (saved(a_picture(), "WEBP"), "image/webp"),
        (a_wave(), "audio/wav"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (mp3_frames(), "audio/mpeg"),
        (mp3_frames(version=2), "audio/mpeg"),
        (b"OggS" + bytes(24) + b"OpusHead", "audio/ogg"),
        (b"OggS" + bytes(24) + b"\x01vorbis", "audio/ogg"),
        (b"fLaC\x00", "audio/flac"),
        (mp4(b"M4A "), "audio/mp4"),
        (mp4(b"iso5", b"soun"), "audio/mp4"),
        (mp4(b"isom", b"vide", b"soun"), "video/mp4"),
        (mp4(b"mp42"), "video/mp4"),
        (webm(b"A_OPUS"), "audio/webm"),
        (webm(b"V_VP9", b"A_OPUS"), "video/webm"),
        (b"%PDF-1.7\n", "application/pdf"),
    ],
)
def test_the_kinds_that_are_known_are_found(data: bytes, media_type: str) -> None:
    kind = kind_of(data)

    assert kind.media_type == media_type
    assert kind.kind == (media_type.partition("/")[0] if media_type in INLINE_TYPES else "file")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\xff\xfb\x90\x00<script>alert(1)</script>",
        b"<!doctype html><script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><svg/>",
        b"GIF88a",
        b"RIFF\x00\x00\x00\x00AVI ",
        b"OggS" + bytes(24) + b"\x80theora",
        mp4(b"heic"),
        mp4(b"avif"),
        mp4(b"qt  "),
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska",
        b"PK\x03\x04",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"#!/bin/sh\n",
        b"\xef\xbb\xbf<html>",
        b" \n%PDF-1.7",
    ],
)
def test_everything_else_is_only_ever_a_file(data: bytes) -> None:
    assert kind_of(data) is ANYTHING


@given(st.binary(max_size=300))
def test_whatever_begins_a_file_it_has_a_kind(head: bytes) -> None:
    assert kind_of(head) in _KINDS
    assert kind_of(b"ID3" + head).kind == "audio"


def test_what_is_shown_in_pages_is_no_text() -> None:
    shown = {kind.media_type for kind in _KINDS if kind.kind != "file"}

    assert shown == INLINE_TYPES
    assert not any("xml" in each or each.startswith("text/") for each in INLINE_TYPES)
