"""BlurHash: a picture as a short text, from which a blurred one can be drawn before it has come.

https://github.com/woltapp/blurhash/blob/master/Algorithm.md has the form: the number of components,
the largest one, the mean colour, and the others, in base 83.
"""

from __future__ import annotations

import math

from PIL import Image

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_SIDE = 32
"""How wide and high a picture is that is looked at; what is finer is not to be seen in a blur."""

_Colour = tuple[float, float, float]


def blurhash(image: Image.Image) -> str:
    """Return the BlurHash of a picture in RGB."""
    across, down = (4, 3) if image.width >= image.height else (3, 4)
    small = image.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    data = small.tobytes()
    linear = [_LINEAR[value] for value in data]
    factors = [_factor(linear, i, j) for j in range(down) for i in range(across)]
    mean, rest = factors[0], factors[1:]
    largest = max(max(map(abs, factor)) for factor in rest)
    step = max(0, min(82, math.floor(largest * 166 - 0.5)))
    scale = (step + 1) / 166
    return "".join(
        [
            _base83(across - 1 + (down - 1) * 9, 1),
            _base83(step, 1),
            _base83(_mean(mean), 4),
            *(_base83(_detail(factor, scale), 2) for factor in rest),
        ]
    )


def _to_linear(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


_LINEAR = [_to_linear(value) for value in range(256)]
_WAVES = [
    [math.cos(math.pi * component * (at + 0.5) / _SIDE) for at in range(_SIDE)]
    for component in range(4)
]


def _factor(linear: list[float], i: int, j: int) -> _Colour:
    """Return how much of one wave is in each of the three colours."""
    red = green = blue = 0.0
    at = 0
    for down in _WAVES[j]:
        for across in _WAVES[i]:
            wave = down * across
            red += wave * linear[at]
            green += wave * linear[at + 1]
            blue += wave * linear[at + 2]
            at += 3
    scale = (1 if i == j == 0 else 2) / _SIDE**2
    return red * scale, green * scale, blue * scale


def _mean(colour: _Colour) -> int:
    red, green, blue = map(_from_linear, colour)
    return (red << 16) + (green << 8) + blue


def _from_linear(value: float) -> int:
    part = max(0.0, min(1.0, value))
    shown = part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
    return int(shown * 255 + 0.5)


def _detail(factor: _Colour, scale: float) -> int:
    total = 0
    for value in factor:
        root = math.copysign(math.sqrt(abs(value / scale)), value)
        total = total * 19 + max(0, min(18, math.floor(root * 9 + 9.5)))
    return total


def _base83(value: int, digits: int) -> str:
    return "".join(_DIGITS[value // 83**place % 83] for place in range(digits - 1, -1, -1))
