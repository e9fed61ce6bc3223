"""Handles, calls into the C library, and its calls back into Python."""

import atexit
import concurrent.futures
import ctypes
import itertools
import os
import queue
import sys
import threading
import time
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Optional, TypeVar, Union

from luma_automation import _native
from luma_automation._library import native

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")


class Handle:
    """Owns a handle of the C library.

    Whoever uses the pointer holds a reference to this object, so the handle is freed when no call
    uses it any more, in whatever order the objects around it go away.
    """

    __slots__ = ("pointer", "_free", "keep", "__weakref__")

    def __init__(
        self, pointer: Optional[int], free: Callable[[Any], None], keep: object = None
    ) -> None:
        self.pointer = pointer
        self._free = free
        self.keep = keep  # whatever the handle needs, such as its callbacks

    def __del__(self) -> None:
        pointer, self.pointer = self.pointer, None
        if pointer is not None:
            self._free(pointer)


class Closable:
    """An object with a handle until it is closed. It can be used in a with statement."""

    _name: str
    """What it is called in a message."""
    _handle: Optional[Handle]

    def _open_handle(self) -> Handle:
        handle = self._handle
        if handle is None:
            raise RuntimeError(f"the {self._name} is closed")
        return handle

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> "Self":
        self._open_handle()
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()


class Callbacks:
    """The callbacks of a client. The C library knows only their number, and never a pointer to
    them, so nothing happens if it calls after they are gone."""

    _numbers = itertools.count(1)

    def __init__(self) -> None:
        self.number = next(Callbacks._numbers)
        self.log: Optional[Callable[[int, str], object]] = None
        self.token_provider: Optional[Callable[[], Union[str, bytes, None]]] = None
        _callbacks[self.number] = self


_callbacks: "weakref.WeakValueDictionary[int, Callbacks]" = weakref.WeakValueDictionary()


class Call:
    """A call that is in progress on this thread."""

    __slots__ = ("error", "token")

    def __init__(self) -> None:
        self.error: Optional[BaseException] = None
        self.token: Optional[bytes] = None  # one that did not fit into the buffer


class _Thread(threading.local):
    def __init__(self) -> None:
        self.calls: list[Call] = []


_thread = _Thread()
_in_progress: set[Call] = set()
_is_exiting = False


def invoke(function: Callable[..., T], *arguments: Any) -> tuple[T, Optional[BaseException]]:
    """Calls a function that may call back. Returns what it returned, and what a callback raised."""
    call = Call()
    _thread.calls.append(call)
    _in_progress.add(call)
    try:
        # Checked when the exit can already see this call.
        if _must_stop():
            raise SystemExit
        return function(*arguments), call.error
    finally:
        _in_progress.discard(call)
        _thread.calls.pop()
        if _must_stop():
            threading.Event().wait()


def _must_stop() -> bool:
    """True on a daemon thread when the interpreter exits, which stops such threads too. From C it
    would call back into an interpreter that is gone."""
    return _is_exiting and threading.current_thread() is not threading.main_thread()


def _caught(error: BaseException) -> None:
    """Stores what a callback raised, because an exception must not cross C."""
    calls = _thread.calls
    if calls and calls[-1].error is None:
        calls[-1].error = error


def guard(function: Callable[[], T], failed: T) -> T:
    """Calls a function for C. If it raises, stores the exception and returns another value."""
    try:
        return function()
    except BaseException as error:
        _caught(error)
        return failed


def _on_log(level: int, line: Optional[bytes], number: Optional[int]) -> None:
    try:
        callbacks = _callbacks.get(number or 0)
        if callbacks is not None and callbacks.log is not None:
            callbacks.log(level, (line or b"").decode(errors="replace"))
    except BaseException as error:
        _caught(error)


def _on_token(buffer: int, size: int, number: Optional[int]) -> int:
    try:
        call = _thread.calls[-1]
        token, call.token = call.token, None
        if token is None:
            callbacks = _callbacks.get(number or 0)
            if callbacks is None or callbacks.token_provider is None:
                return 0
            provided = callbacks.token_provider()
            if provided is None:
                return 0
            if not isinstance(provided, (str, bytes, bytearray, memoryview)):
                raise TypeError(f"the token must be str or bytes, not {type(provided).__name__}")
            token = provided.encode() if isinstance(provided, str) else bytes(provided)
        if len(token) > size:
            call.token = token  # the library calls again
        else:
            ctypes.memmove(buffer, token, len(token))
        return len(token)
    except BaseException as error:
        _caught(error)
        return 0


# These live as long as the process, so the C library never calls into freed memory.
on_log = _native.LogFn(_on_log)
on_token = _native.TokenFn(_on_token)


class _Workers:
    """A few threads that poll, so that a waiting thread can be interrupted at any time.

    They are daemon threads: a poll that hangs does not keep the process from ending.
    """

    LIMIT = 8

    def __init__(self) -> None:
        self._jobs: "queue.SimpleQueue[Callable[[], None]]" = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._idle = 0
        self._count = 0

    def submit(self, function: Callable[[], T]) -> "concurrent.futures.Future[T]":
        future: "concurrent.futures.Future[T]" = concurrent.futures.Future()

        def job() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(function())
                except BaseException as error:
                    future.set_exception(error)

        with self._lock:
            if self._idle > 0:
                self._idle -= 1
            elif self._count < self.LIMIT:
                self._count += 1
                threading.Thread(target=self._work, name="luma-poll", daemon=True).start()
        self._jobs.put(job)
        return future

    def _work(self) -> None:
        while True:
            self._jobs.get()()
            with self._lock:
                self._idle += 1


_workers = _Workers()


def submit(function: Callable[[], T]) -> "concurrent.futures.Future[T]":
    """Runs a function on a worker thread."""
    return _workers.submit(function)


def run_interruptibly(
    function: Callable[[], T],
    abandon: "Optional[Callable[[concurrent.futures.Future[T]], None]]" = None,
) -> T:
    """Runs a function so that Ctrl-C interrupts waiting for it; then `abandon` gets its future.
    Only the main thread gets signals; another one runs the function itself."""
    if threading.current_thread() is not threading.main_thread():
        return function()
    future = submit(function)
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    try:
        wait(done, None)
    except BaseException:
        if abandon is not None:
            abandon(future)
        raise
    return future.result()


def wait(event: threading.Event, seconds: Optional[float]) -> bool:
    """Waits for an event, and can be interrupted by Ctrl-C."""
    if sys.platform != "win32":
        return event.wait(seconds)
    # On Windows, Ctrl-C does not interrupt waiting for a lock.
    deadline = None if seconds is None else time.monotonic() + seconds
    while True:
        rest = 0.05 if deadline is None else min(0.05, deadline - time.monotonic())
        if event.wait(max(rest, 0)) or rest < 0.05:
            return event.is_set()


# Handles of clients, for the end of the process.
clients: "weakref.WeakSet[Handle]" = weakref.WeakSet()


def _at_exit() -> None:
    """Ends the calls of threads that Python would otherwise stop in the middle of a callback."""
    global _is_exiting
    _is_exiting = True
    if not _in_progress:
        return
    for handle in list(clients):
        if handle.pointer is not None:
            native().luma_client_close(handle.pointer)
    deadline = time.monotonic() + 1
    while _in_progress and time.monotonic() < deadline:
        time.sleep(0.005)


def _after_fork() -> None:
    """In a child process there are no threads but the one that forked."""
    global _workers
    calls = _thread.calls
    _workers = _Workers()
    _in_progress.clear()
    _in_progress.update(calls)


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
