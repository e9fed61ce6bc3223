"""Constants, and the records that results consist of."""

import datetime
import enum
import logging
from typing import NamedTuple, Optional

from luma_automation import _native


class Named(enum.IntEnum):
    """A number that is shown as its name."""

    def __str__(self) -> str:
        return self.name

    def __format__(self, specification: str) -> str:
        return format(self.name, specification)


class Outcome(Named):
    """What is certain about a call."""

    ACCEPTED = _native.LUMA_OUTCOME_ACCEPTED
    REJECTED = _native.LUMA_OUTCOME_REJECTED
    NOT_SENT = _native.LUMA_OUTCOME_NOT_SENT
    UNKNOWN = _native.LUMA_OUTCOME_UNKNOWN


class RunStatus(Named):
    """The status of a run or step."""

    NONE = _native.LUMA_RUN_NONE
    RUNNING = _native.LUMA_RUN_RUNNING
    SUSPENDED = _native.LUMA_RUN_SUSPENDED
    ACTIVATED = _native.LUMA_RUN_ACTIVATED
    COMPLETED = _native.LUMA_RUN_COMPLETED
    FAILED = _native.LUMA_RUN_FAILED
    TERMINATED = _native.LUMA_RUN_TERMINATED
    OTHER = _native.LUMA_RUN_OTHER

    @property
    def is_final(self) -> bool:
        """True if a run with this status no longer changes."""
        return self in (RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.TERMINATED)


class AuthScheme(Named):
    """The header that carries the access token."""

    BEARER = _native.LUMA_AUTH_BEARER
    API_ACCESS_KEY = _native.LUMA_AUTH_API_ACCESS_KEY


class Counter(Named):
    """What a client counts. All counters only grow, except WAITS_OPEN."""

    CALLS_ACCEPTED = _native.LUMA_COUNTER_CALLS_ACCEPTED
    CALLS_REJECTED = _native.LUMA_COUNTER_CALLS_REJECTED
    CALLS_NOT_SENT = _native.LUMA_COUNTER_CALLS_NOT_SENT
    CALLS_UNKNOWN = _native.LUMA_COUNTER_CALLS_UNKNOWN
    RETRIES = _native.LUMA_COUNTER_RETRIES
    CONNECTIONS_OPENED = _native.LUMA_COUNTER_CONNECTIONS_OPENED
    CONNECTIONS_REUSED = _native.LUMA_COUNTER_CONNECTIONS_REUSED
    BYTES_SENT = _native.LUMA_COUNTER_BYTES_SENT
    BYTES_RECEIVED = _native.LUMA_COUNTER_BYTES_RECEIVED
    WAITS_OPEN = _native.LUMA_COUNTER_WAITS_OPEN


class Application(Named):
    """The applications of an initiator."""

    LUMA = _native.LUMA_APPLICATION_LUMA
    ISM = _native.LUMA_APPLICATION_ISM
    CHANGEGEAR = _native.LUMA_APPLICATION_CHANGEGEAR
    POB = _native.LUMA_APPLICATION_POB


class Parameter(NamedTuple):
    """An input of a run."""

    name: str
    value: str
    data_type: str
    caption: str
    description: str


class Step(NamedTuple):
    """A step of a run."""

    id: str
    name: str
    status: RunStatus
    status_text: str
    start_time: Optional[datetime.datetime]
    end_time: Optional[datetime.datetime]
    time_spent: Optional[datetime.timedelta]


class DefinitionParameter(NamedTuple):
    """A variable of a workflow definition."""

    name: str
    data_type: str
    required: bool
    caption: str
    description: str


class Definition(NamedTuple):
    """A workflow that can be triggered."""

    identifier: str
    name: str
    description: str
    parameters: list[DefinitionParameter]


class Timings(NamedTuple):
    """How long the parts of a call took; None for a part that did not happen."""

    dns: Optional[datetime.timedelta]
    connect: Optional[datetime.timedelta]
    tls: Optional[datetime.timedelta]
    first_byte: Optional[datetime.timedelta]
    total: Optional[datetime.timedelta]


def run_status(number: int) -> RunStatus:
    """Converts a status; one that this package does not know becomes OTHER."""
    try:
        return RunStatus(number)
    except ValueError:
        return RunStatus.OTHER


def time_from_ms(milliseconds: int) -> Optional[datetime.datetime]:
    if milliseconds < 0:
        return None
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return epoch + datetime.timedelta(milliseconds=milliseconds)


def duration_from_ms(milliseconds: int) -> Optional[datetime.timedelta]:
    return None if milliseconds < 0 else datetime.timedelta(milliseconds=milliseconds)


LEVELS = {
    _native.LUMA_LOG_ERROR: logging.ERROR,
    _native.LUMA_LOG_WARN: logging.WARNING,
    _native.LUMA_LOG_INFO: logging.INFO,
    _native.LUMA_LOG_DEBUG: logging.DEBUG,
}


def library_level(level: int) -> int:
    """Returns the library's level for one of `logging`."""
    enabled = [number for number, python_level in LEVELS.items() if python_level >= level]
    return max(enabled, default=_native.LUMA_LOG_OFF)
