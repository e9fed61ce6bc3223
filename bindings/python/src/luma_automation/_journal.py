"""A journal of triggers that are delivered at most once per key."""

from __future__ import annotations

import ctypes
import datetime
import os
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Optional, Union

from luma_automation import _native
from luma_automation._calls import Closable, Handle
from luma_automation._errors import JournalError
from luma_automation._library import native
from luma_automation._result import Result
from luma_automation._strings import encode, encode_optional, milliseconds
from luma_automation._types import time_from_ms

if TYPE_CHECKING:
    from typing_extensions import Self

Path = Union[str, "os.PathLike[str]"]


class JournalEntry(NamedTuple):
    """What a journal knows about a key."""

    key: str
    state: str
    """ACCEPTED, REJECTED, NOT_SENT, UNKNOWN, IN_PROGRESS or RELEASED; DAMAGED for a file that
    cannot be read."""
    trigger_id: str
    time: Optional[datetime.datetime]
    """When the key reached its state."""
    data: dict[str, Any]
    """Everything, with the history."""


class Journal(Closable):
    """A folder that remembers which keys were triggered, for `Client.trigger_once`. Any number of
    threads and processes of one machine may use it at the same time."""

    _name = "journal"

    def __init__(self, folder: Path) -> None:
        """Opens a journal. It is never created: a wrong path must not look like an empty one."""
        out, reason = ctypes.c_void_p(), ctypes.c_void_p()
        status = native().luma_journal_open(
            encode("folder", os.fspath(folder)), ctypes.byref(out), ctypes.byref(reason)
        )
        _check(status, reason)
        self._handle: Optional[Handle] = Handle(out.value, native().luma_journal_free)

    @classmethod
    def create(cls, folder: Path, base_url: str) -> Self:
        """Creates the journal of a gateway in a new folder, once, and opens it."""
        reason = ctypes.c_void_p()
        status = native().luma_journal_create(
            encode("folder", os.fspath(folder)), encode("base_url", base_url), ctypes.byref(reason)
        )
        _check(status, reason)
        return cls(folder)

    def close(self) -> None:
        """Closes the journal, after calls that are in progress. The folder stays."""
        self._handle = None

    def find(self, key: str) -> Optional[JournalEntry]:
        """Returns what the journal knows about a key, or None."""
        try:
            return _entry(self._call(native().luma_journal_find, encode("key", key)).json)
        except JournalError as error:
            if error.status == _native.LUMA_ERROR_KEY_NOT_FOUND:
                return None
            raise

    def unfinished(self) -> list[JournalEntry]:
        """Returns the keys that somebody has to look at: those whose outcome is unknown, and
        accepted ones whose end nobody acknowledged. Oldest first."""
        return [
            _entry(entry) for entry in self._call(native().luma_journal_unfinished).json["entries"]
        ]

    def acknowledge(self, key: str) -> JournalEntry:
        """Records that the end of the run was seen."""
        return _entry(self._call(native().luma_journal_acknowledge, encode("key", key)).json)

    def resolve(
        self, key: str, trigger_id: Optional[str], *, who: str, reason: str
    ) -> JournalEntry:
        """Settles a key whose outcome is unknown: a person found its run, or with None that there
        is none, so that the next call sends again."""
        return _entry(
            self._call(
                native().luma_journal_resolve,
                encode("key", key),
                encode_optional("trigger_id", trigger_id),
                encode("who", who),
                encode("reason", reason),
            ).json
        )

    def new_attempt(self, key: str, *, who: str, reason: str) -> JournalEntry:
        """Allows one more run for a key that was accepted."""
        return _entry(
            self._call(
                native().luma_journal_new_attempt,
                encode("key", key),
                encode("who", who),
                encode("reason", reason),
            ).json
        )

    def prune(self, older_than: datetime.timedelta) -> int:
        """Removes keys that have not changed for this long, except unfinished ones. Returns how
        many. A removed key can be triggered again."""
        age = milliseconds("older_than", older_than.total_seconds())
        return self._call(native().luma_journal_prune, age).journal_count

    def _call(self, function: Callable[..., int], *arguments: Any) -> Result:
        handle, out = self._open_handle(), ctypes.c_void_p()
        status = function(handle.pointer, *arguments, ctypes.byref(out))
        result = Result(out.value)
        if status != _native.LUMA_OK:
            raise JournalError(status, result.message, result)
        return result


def _check(status: int, reason: ctypes.c_void_p) -> None:
    if status != _native.LUMA_OK:
        result = Result(reason.value)
        raise JournalError(status, result.message, result)


def _entry(data: dict[str, Any]) -> JournalEntry:
    return JournalEntry(
        data["key"],
        data["state"],
        data.get("triggerId", ""),
        time_from_ms(data.get("time", -1)),
        data,
    )
