"""Arguments for the C library."""

import math
from typing import Optional, Union


def encode(name: str, text: Union[str, bytes]) -> bytes:
    """Encodes an argument. C would cut it off at a NUL, so one in it is an error."""
    if not isinstance(text, (str, bytes)):
        raise TypeError(f"{name} must be str or bytes, not {type(text).__name__}")
    encoded = text.encode() if isinstance(text, str) else text
    if b"\0" in encoded:
        raise ValueError(f"{name} contains a NUL character")
    return encoded


def encode_optional(name: str, text: Union[str, bytes, None]) -> Optional[bytes]:
    return None if text is None else encode(name, text)


def milliseconds(name: str, seconds: float) -> int:
    """Converts seconds, rounded up, so that a tiny timeout is not 0."""
    if not math.isfinite(seconds):
        raise ValueError(f"{name} must be a number of seconds, not {seconds}")
    return integer(name, math.ceil(seconds * 1000))


def integer(name: str, number: int) -> int:
    """Checks a 64-bit integer, of which ctypes would silently drop the upper bits."""
    if not isinstance(number, int):
        raise TypeError(f"{name} must be int, not {type(number).__name__}")
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{name} is not a 64-bit integer: {number}")
    return number
