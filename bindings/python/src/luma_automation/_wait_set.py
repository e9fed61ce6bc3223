"""Following many runs on one thread, or on a few."""

from __future__ import annotations

import collections
import concurrent.futures
import ctypes
from typing import Iterator, NamedTuple, Optional

from luma_automation import _calls, _native
from luma_automation._calls import Closable, Handle, invoke
from luma_automation._errors import CallError, WaitError, WaitTimeout, with_result
from luma_automation._library import native
from luma_automation._result import Result
from luma_automation._strings import encode, integer, milliseconds


class WaitEvent(NamedTuple):
    """What has changed in a set of waits."""

    trigger_id: str
    """The run, or "" if the gateway cannot be polled: then `error` says why, and the set continues
    when it can."""
    result: Result
    has_ended: bool
    """True if the run is no longer in the set."""
    error: Optional[CallError]
    """If the wait has ended before the run: a WaitError, which is not raised."""


class WaitSet(Closable):
    """Follows many runs on one thread; from `Client.wait_set`. Any number of threads may use it at
    the same time; each event is returned to one of them.

    with client.wait_set() as waits:
        for trigger_id in trigger_ids:
            waits.add(trigger_id, timeout=600)
        for event in waits:
            print(event.trigger_id, event.result.run_status)
    """

    _name = "set of waits"

    def __init__(self, client: Handle, max_polls_per_second: int) -> None:
        out = ctypes.c_void_p()
        _check(native().luma_wait_set_new(client.pointer, ctypes.byref(out)))
        self._handle: Optional[Handle] = Handle(out.value, native().luma_wait_set_free, client)
        _check(
            native().luma_wait_set_max_polls_per_second(
                self._handle.pointer, integer("max_polls_per_second", max_polls_per_second)
            )
        )
        # What an interrupted call has found.
        self._found: collections.deque[WaitEvent] = collections.deque()

    def add(self, trigger_id: str, timeout: Optional[float] = None) -> None:
        """Adds a run, which is polled at once, for `timeout` seconds at most. Raises ValueError if
        it is in the set already."""
        status = native().luma_wait_set_add(
            self._open_handle().pointer,
            encode("trigger_id", trigger_id),
            0 if timeout is None else max(1, milliseconds("timeout", timeout)),
            None,
        )
        if status == _native.LUMA_ERROR_ALREADY_IN_SET:
            raise ValueError(f"{trigger_id} is in the set already")
        _check(status, trigger_id)

    def remove(self, trigger_id: str) -> None:
        """Removes a run. Raises KeyError if it is not in the set, or not any more."""
        status = native().luma_wait_set_remove(
            self._open_handle().pointer, encode("trigger_id", trigger_id)
        )
        if status == _native.LUMA_ERROR_NOT_IN_SET:
            raise KeyError(trigger_id)
        _check(status, trigger_id)

    def __len__(self) -> int:
        handle = self._handle
        return 0 if handle is None else native().luma_wait_set_count(handle.pointer)

    def __iter__(self) -> Iterator[WaitEvent]:
        """Yields events until the set is empty or closed. Ctrl-C interrupts it at once."""
        while self._handle is not None and (self._found or len(self) > 0):
            event = self.next()
            if event is not None:
                yield event

    def next(self, timeout: Optional[float] = None) -> Optional[WaitEvent]:
        """Waits for the next event, at most `timeout` seconds. Returns None if there was none, or
        if the set is empty or closed.

        With asyncio: `await asyncio.to_thread(waits.next, 1)`.
        """
        if self._found:
            return self._found.popleft()
        limit = -1 if timeout is None else milliseconds("timeout", timeout)
        return _calls.run_interruptibly(lambda: self._next(limit), self._abandon)

    def wake(self) -> None:
        """Ends the calls of `next` in progress, or else the next one, which returns None."""
        self._open_handle()
        self._wake()

    def close(self) -> None:
        """Ends all calls of `next` within 50 ms. The runs are not affected."""
        handle, self._handle = self._handle, None
        if handle is not None:
            native().luma_wait_set_close(handle.pointer)

    def _next(self, limit: int) -> Optional[WaitEvent]:
        handle = self._handle
        if handle is None:
            return None
        out = ctypes.c_void_p()
        status, raised = invoke(
            native().luma_wait_set_next, handle.pointer, limit, ctypes.byref(out), None
        )
        result = Result(out.value)
        if raised is not None:
            raise with_result(raised, result)
        trigger_id = result.trigger_id
        if status == _native.LUMA_ERROR_WAIT_OPEN:
            return WaitEvent(trigger_id, result, False, None)
        if status == _native.LUMA_OK:
            return WaitEvent(trigger_id, result, True, None)
        if trigger_id:
            kind = WaitTimeout if status == _native.LUMA_ERROR_WAIT_TIMEOUT else WaitError
            return WaitEvent(
                trigger_id, result, True, kind(status, result.message, result, trigger_id)
            )
        if status in _NO_EVENT:
            return self._found.popleft() if self._found else None
        error = CallError(status, result.message, result)
        if status in (_native.LUMA_ERROR_CANCELLED, _native.LUMA_ERROR_TIMEOUT_RANGE):
            raise error
        return WaitEvent("", result, False, error)

    def _abandon(self, future: concurrent.futures.Future[Optional[WaitEvent]]) -> None:
        """Ends a call that was interrupted, and keeps its event for the next one."""

        def keep(ended: concurrent.futures.Future[Optional[WaitEvent]]) -> None:
            event = None if ended.exception() else ended.result()
            if event is not None:
                self._found.append(event)
                self._wake()

        self._wake()
        future.add_done_callback(keep)

    def _wake(self) -> None:
        handle = self._handle
        if handle is not None:
            native().luma_wait_set_wake(handle.pointer)


_NO_EVENT = (
    _native.LUMA_ERROR_NOTHING_CHANGED,
    _native.LUMA_ERROR_WOKEN,
    _native.LUMA_ERROR_SET_EMPTY,
    _native.LUMA_ERROR_SET_CLOSED,
)


def _check(status: int, trigger_id: str = "") -> None:
    if status != _native.LUMA_OK:
        raise CallError(status, trigger_id=trigger_id)
