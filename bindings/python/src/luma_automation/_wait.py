"""Waiting for a run. The library says when to poll; this module sleeps, and can be interrupted."""

from __future__ import annotations

import asyncio
import ctypes
import threading
from typing import AsyncIterator, Callable, Iterator, Optional

from luma_automation import _calls, _native
from luma_automation._calls import Handle, invoke
from luma_automation._errors import CallError, WaitError, WaitTimeout, with_result
from luma_automation._library import native
from luma_automation._result import Result
from luma_automation._strings import encode, milliseconds


class Wait:
    """A wait for a run, which can be iterated once: by `for`, or by `async for`."""

    def __init__(
        self, scope: Handle, trigger_id: str, timeout: Optional[float], until_suspended: bool
    ) -> None:
        self._trigger_id = trigger_id
        self._scope = scope  # a client that only this wait uses
        out = ctypes.c_void_p()
        status = native().luma_wait_new(
            scope.pointer,
            encode("trigger_id", trigger_id),
            0 if timeout is None else max(1, milliseconds("timeout", timeout)),
            ctypes.byref(out),
        )
        if status != _native.LUMA_OK:
            raise CallError(status, trigger_id=trigger_id)
        self._handle = Handle(out.value, native().luma_wait_free, scope)
        if until_suspended:
            native().luma_wait_set_until_suspended(self._handle.pointer, 1)
        self._woken = threading.Event()
        self._on_wake: Optional[Callable[[], object]] = None

    def __enter__(self) -> Wait:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Ends the wait: at once if it sleeps, else within 50 ms."""
        native().luma_client_close(self._scope.pointer)
        self.wake()

    def __iter__(self) -> Iterator[Result]:
        while True:
            result, delay = _calls.run_interruptibly(self._poll)
            yield result
            if delay is None:
                return
            if _calls.wait(self._woken, delay):
                self._woken.clear()

    async def __aiter__(self) -> AsyncIterator[Result]:
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        self._on_wake = lambda: loop.call_soon_threadsafe(woken.set)
        while True:
            result, delay = await asyncio.wrap_future(_calls.submit(self._poll))
            yield result
            if delay is None:
                return
            try:
                await asyncio.wait_for(woken.wait(), delay)
                woken.clear()
            except asyncio.TimeoutError:
                pass

    def wake(self) -> None:
        """Polls at once, because the client may have been cancelled or closed."""
        self._woken.set()
        if self._on_wake is not None:
            try:
                self._on_wake()
            except RuntimeError:
                pass  # the event loop has ended

    def _poll(self) -> tuple[Result, Optional[float]]:
        """Polls once. Returns the result and the seconds until the next poll, or None at the end.
        Raises an error if the wait has ended before the run."""
        out = ctypes.c_void_p()
        status, error = invoke(native().luma_wait_poll, self._handle.pointer, ctypes.byref(out))
        result = Result(out.value)
        if error is not None:
            raise with_result(error, result)
        next_poll = native().luma_wait_next_poll_ms(self._handle.pointer)
        if next_poll >= 0:
            return result, next_poll / 1000
        if status == _native.LUMA_ERROR_WAIT_TIMEOUT:
            raise WaitTimeout(status, result.message, result, self._trigger_id)
        if status != _native.LUMA_OK:
            raise WaitError(status, result.message, result, self._trigger_id)
        return result, None
