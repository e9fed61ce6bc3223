"""Triggering once per key with a store of the caller, such as a table of a database."""

from __future__ import annotations

import ctypes
import json
from typing import Any, Mapping, Protocol, Union

from luma_automation import _calls, _native
from luma_automation._types import Named, Outcome


class Claim(Named):
    """What a store says about a key."""

    GRANTED = _native.LUMA_CLAIM_GRANTED
    """The claim is durable: send the request."""
    IN_PROGRESS = _native.LUMA_CLAIM_IN_PROGRESS
    """Another call has claimed the key and not completed it yet."""
    UNRESOLVED = _native.LUMA_CLAIM_UNRESOLVED
    """The outcome of a claim is UNKNOWN, or it was never completed."""
    OTHER_REQUEST = _native.LUMA_CLAIM_OTHER_REQUEST
    """The key was claimed with another digest, and its outcome is not REJECTED or NOT_SENT."""


class Store(Protocol):
    """Remembers for several machines what was sent. The promise of `Client.trigger_once` is as good
    as the store: what it returns must be durable."""

    def claim(self, key: str, digest: str, intent: Mapping[str, Any]) -> Union[Claim, str]:
        """In one transaction, reads what is stored for the key; if that is nothing, REJECTED or
        NOT_SENT, stores the intent and grants it. Returns the trigger id if a request with the same
        digest was accepted. If it raises, nothing is sent."""

    def complete(self, key: str, outcome: Outcome, trigger_id: str) -> None:
        """Stores the outcome of a claim that was granted."""


class Callbacks:
    """The callbacks of one call, which end with it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.claim = _native.ClaimFn(self._claim)
        self.complete = _native.CompleteFn(self._complete)

    def _claim(
        self, key: bytes, digest: bytes, intent: bytes, buffer: int, size: int, _: object
    ) -> int:
        def claim() -> int:
            claimed = self._store.claim(key.decode(), digest.decode(), json.loads(intent))
            if not isinstance(claimed, str):
                return Claim(claimed)
            trigger_id = claimed.encode()
            if b"\0" in trigger_id or not 0 < len(trigger_id) < size:
                raise ValueError("the store returned an invalid trigger id")
            ctypes.memmove(buffer, trigger_id + b"\0", len(trigger_id) + 1)
            return _native.LUMA_CLAIM_ACCEPTED

        return _calls.guard(claim, -1)

    def _complete(self, key: bytes, outcome: int, trigger_id: bytes, _: object) -> int:
        def complete() -> int:
            self._store.complete(key.decode(), Outcome(outcome), trigger_id.decode())
            return 0

        return _calls.guard(complete, -1)
