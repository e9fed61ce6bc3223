"""Finds and loads the C library."""

import ctypes
import functools
import os
import sys

from luma_automation._native import Native

NAME = "luma.dll" if sys.platform == "win32" else "libluma.so.0"


@functools.lru_cache(maxsize=None)
def native() -> Native:
    """Returns the functions of the C library, which is loaded by the first call.

    Raises OSError if the library is not found, or is older than this package.
    """
    path = find()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise OSError(
            f"{path} cannot be loaded: {error}. Install the wheel for this platform, or the library "
            f"itself, or set LUMA_LIBRARY to its full path."
        ) from error
    try:
        return Native(library)
    except AttributeError as error:
        raise OSError(f"{path} is older than this package: {error}") from None


def find() -> str:
    """Returns the path of the library, or the name by which the system finds it."""
    inside = os.path.join(os.path.dirname(os.path.abspath(__file__)), NAME)
    if os.path.exists(inside):
        return inside
    # A full path and never a search, because privileged services set it too.
    path = os.environ.get("LUMA_LIBRARY")
    if path is None:
        return NAME
    if not os.path.isabs(path):
        raise OSError(f"LUMA_LIBRARY must be the full path of {NAME}, not {path!r}")
    return path
