"""What files are, by how they begin: the few kinds that pages show, and everything else.

What a file is called and what its sender says of it is no evidence. Each kind here is shown by
browsers without being run: no kind of text is among them, since a browser may take any text for a
page. A PDF is named, and only ever handed over as a file.

    pictures   JPEG, PNG, GIF, WebP; `thumbnails` decodes them and decides
    sound      MP3, Ogg (Opus, Vorbis, FLAC), WAV, FLAC, MP4 and WebM without a picture
    films      MP4, WebM
"""

from __future__ import annotations

import re

from tertulia.core.files import FileKind

ANYTHING = FileKind(kind="file", media_type="application/octet-stream")
JPEG = FileKind(kind="image", media_type="image/jpeg", suffixes=(".jpg", ".jpeg"))
PNG = FileKind(kind="image", media_type="image/png", suffixes=(".png",))
GIF = FileKind(kind="image", media_type="image/gif", suffixes=(".gif",))
WEBP = FileKind(kind="image", media_type="image/webp", suffixes=(".webp",))
MP3 = FileKind(kind="audio", media_type="audio/mpeg", suffixes=(".mp3",))
OGG = FileKind(kind="audio", media_type="audio/ogg", suffixes=(".ogg", ".oga", ".opus"))
WAV = FileKind(kind="audio", media_type="audio/wav", suffixes=(".wav",))
FLAC = FileKind(kind="audio", media_type="audio/flac", suffixes=(".flac",))
MP4_SOUND = FileKind(kind="audio", media_type="audio/mp4", suffixes=(".m4a", ".mp4"))
WEBM_SOUND = FileKind(kind="audio", media_type="audio/webm", suffixes=(".weba", ".webm"))
MP4 = FileKind(kind="video", media_type="video/mp4", suffixes=(".mp4", ".m4v"))
WEBM = FileKind(kind="video", media_type="video/webm", suffixes=(".webm",))
PDF = FileKind(kind="file", media_type="application/pdf", suffixes=(".pdf",))

_BEGINNINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"ID3", MP3),
    (b"fLaC", FLAC),
    (b"%PDF-", PDF),
)
_RIFF_FORMS = {b"WEBP": WEBP, b"WAVE": WAV}
_OGG_SOUND = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC")
_SOUND_BRANDS = (b"M4A ", b"M4B ")
_FILM_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ")
_DASH_BRANDS = (b"dash", b"MSNV", b"mmp4")
_EBML = b"\x1a\x45\xdf\xa3"
_WEBM_FILM = (b"V_VP8", b"V_VP9", b"V_AV1")
# ISO/IEC 14496-12, 8.4.3: a track's handler, between its reserved fields.
_HANDLER = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)


def kind_of(head: bytes) -> FileKind:
    """Return what a file that begins so is."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head.startswith(b"RIFF"):
        return _RIFF_FORMS.get(head[8:12], ANYTHING)
    if head.startswith(b"OggS"):
        return OGG if any(mark in head[:256] for mark in _OGG_SOUND) else ANYTHING
    if head.startswith(_EBML):
        return _webm(head)
    if head[4:8] == b"ftyp":
        return _mp4(head)
    return MP3 if _is_mp3_frame(head) else ANYTHING


def _webm(head: bytes) -> FileKind:
    if b"webm" not in head[:64]:
        return ANYTHING
    return WEBM if any(codec in head for codec in _WEBM_FILM) else WEBM_SOUND


def _mp4(head: bytes) -> FileKind:
    brand = head[8:12]
    if brand in _SOUND_BRANDS:
        return MP4_SOUND
    if brand not in (*_FILM_BRANDS, *_DASH_BRANDS):
        return ANYTHING
    # What browsers record has its tracks first; where they are not seen it may be a film.
    handlers = set(_HANDLER.findall(head))
    return MP4_SOUND if handlers == {b"soun"} else MP4


def _is_mp3_frame(head: bytes) -> bool:
    """Tell whether two frames of MPEG layer III follow one another (ISO/IEC 11172-3, 2.4.1.3)."""
    length = _mp3_frame_bytes(head)
    return length is not None and _mp3_frame_bytes(head[length:]) is not None


_MP3_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KBITS_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MP3_HZ = (44100, 48000, 32000)


def _mp3_frame_bytes(head: bytes) -> int | None:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, rate, frequency = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or frequency == 3:
        return None
    is_first = version == 3
    hertz = _MP3_HZ[frequency] >> {3: 0, 2: 1, 0: 2}[version]
    kbits = (_MP3_KBITS if is_first else _MP3_KBITS_LOW)[rate]
    return (144 if is_first else 72) * kbits * 1000 // hertz + (head[2] >> 1 & 1)
