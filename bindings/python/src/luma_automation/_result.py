"""The result of a call."""

import ctypes
import datetime
import json
from typing import Any, Optional

from luma_automation import _native
from luma_automation._calls import Handle
from luma_automation._library import native
from luma_automation._strings import encode
from luma_automation._types import (
    Definition,
    DefinitionParameter,
    Outcome,
    Parameter,
    RunStatus,
    Step,
    Timings,
    duration_from_ms,
    run_status,
    time_from_ms,
)


class Result:
    """The result of a call. It stays valid after its client was closed."""

    __slots__ = ("_handle",)

    def __init__(self, pointer: Optional[int]) -> None:
        self._handle = Handle(pointer, native().luma_result_free)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.outcome.name}: {self.message}>"

    @property
    def status(self) -> int:
        """0 (LUMA_OK), or the library's number for what went wrong."""
        return native().luma_result_status(self._handle.pointer)

    @property
    def name(self) -> str:
        """The name of the status, such as "LUMA_OK"."""
        return native().luma_status_name(self.status).decode()

    @property
    def outcome(self) -> Outcome:
        return Outcome(native().luma_result_outcome(self._handle.pointer))

    @property
    def message(self) -> str:
        """One line about the call, for a log. It contains no secret."""
        return _text(native().luma_result_message(self._handle.pointer))

    @property
    def reasons(self) -> list[str]:
        """The gateway's errors."""
        count = native().luma_result_error_count(self._handle.pointer)
        return [_text(native().luma_result_error(self._handle.pointer, i)) for i in range(count)]

    @property
    def http_status(self) -> int:
        return native().luma_result_http_status(self._handle.pointer)

    @property
    def page_status(self) -> int:
        """Why a list is incomplete."""
        return native().luma_result_page_status(self._handle.pointer)

    @property
    def retry_after(self) -> Optional[datetime.timedelta]:
        return duration_from_ms(native().luma_result_retry_after_ms(self._handle.pointer))

    # The run.

    @property
    def trigger_id(self) -> str:
        return _text(native().luma_result_trigger_id(self._handle.pointer))

    @property
    def run_status(self) -> RunStatus:
        return run_status(native().luma_result_run_status(self._handle.pointer))

    @property
    def run_status_text(self) -> str:
        """The gateway's own word for the status."""
        return _text(native().luma_result_run_status_text(self._handle.pointer))

    @property
    def start_time(self) -> Optional[datetime.datetime]:
        return time_from_ms(native().luma_result_run_start_time_ms(self._handle.pointer))

    @property
    def end_time(self) -> Optional[datetime.datetime]:
        return time_from_ms(native().luma_result_run_end_time_ms(self._handle.pointer))

    @property
    def time_spent(self) -> Optional[datetime.timedelta]:
        return duration_from_ms(native().luma_result_run_time_spent_ms(self._handle.pointer))

    @property
    def parameters(self) -> list[Parameter]:
        """The inputs of the run."""
        n, p = native(), self._handle.pointer
        return [
            Parameter(
                _text(n.luma_result_parameter_name(p, i)),
                _text(n.luma_result_parameter_value(p, i)),
                _text(n.luma_result_parameter_data_type(p, i)),
                _text(n.luma_result_parameter_caption(p, i)),
                _text(n.luma_result_parameter_description(p, i)),
            )
            for i in range(n.luma_result_parameter_count(p))
        ]

    @property
    def poll_count(self) -> int:
        return native().luma_result_poll_count(self._handle.pointer)

    @property
    def wait_elapsed(self) -> Optional[datetime.timedelta]:
        return duration_from_ms(native().luma_result_wait_elapsed_ms(self._handle.pointer))

    # The journal.

    @property
    def already_accepted(self) -> bool:
        """True if `Client.trigger_once` sent nothing, because the key was accepted before."""
        return self.status == _native.LUMA_ALREADY_ACCEPTED

    @property
    def journal_time(self) -> Optional[datetime.datetime]:
        """When the key reached its state."""
        return time_from_ms(native().luma_result_journal_time_ms(self._handle.pointer))

    @property
    def journal_recorded(self) -> bool:
        """False if the journal could not write the outcome down after sending."""
        return native().luma_result_journal_recorded(self._handle.pointer) == 1

    @property
    def journal_count(self) -> int:
        """The number of keys that were removed."""
        return native().luma_result_journal_count(self._handle.pointer)

    # Lists.

    @property
    def steps(self) -> list[Step]:
        n, p = native(), self._handle.pointer
        return [
            Step(
                _text(n.luma_result_step_id(p, i)),
                _text(n.luma_result_step_name(p, i)),
                run_status(n.luma_result_step_status(p, i)),
                _text(n.luma_result_step_status_text(p, i)),
                time_from_ms(n.luma_result_step_start_time_ms(p, i)),
                time_from_ms(n.luma_result_step_end_time_ms(p, i)),
                duration_from_ms(n.luma_result_step_time_spent_ms(p, i)),
            )
            for i in range(n.luma_result_step_count(p))
        ]

    @property
    def definitions(self) -> list[Definition]:
        n, p = native(), self._handle.pointer
        return [
            Definition(
                _text(n.luma_result_definition_identifier(p, i)),
                _text(n.luma_result_definition_name(p, i)),
                _text(n.luma_result_definition_description(p, i)),
                [
                    DefinitionParameter(
                        _text(n.luma_result_definition_parameter_name(p, i, j)),
                        _text(n.luma_result_definition_parameter_data_type(p, i, j)),
                        n.luma_result_definition_parameter_required(p, i, j) == 1,
                        _text(n.luma_result_definition_parameter_caption(p, i, j)),
                        _text(n.luma_result_definition_parameter_description(p, i, j)),
                    )
                    for j in range(n.luma_result_definition_parameter_count(p, i))
                ],
            )
            for i in range(n.luma_result_definition_count(p))
        ]

    # The response.

    @property
    def json(self) -> Any:
        """The response as Python values, or None if there is none. Secrets in it are masked."""
        text = native().luma_result_json(self._handle.pointer)
        return json.loads(text) if text else None

    def get(self, pointer: str, default: Any = None) -> Any:
        """Returns the value at a JSON pointer (RFC 6901) in the response, or `default`."""
        n, p = native(), self._handle.pointer
        where = encode("pointer", pointer)
        text, length = ctypes.c_void_p(), ctypes.c_size_t()
        status = n.luma_result_text(p, where, ctypes.byref(text), ctypes.byref(length))
        if status == _native.LUMA_ERROR_POINTER_SYNTAX:
            raise ValueError(f"not a JSON pointer: {pointer!r}")
        if status != _native.LUMA_OK or text.value is None:
            return default
        value = ctypes.string_at(text.value, length.value)
        kind = n.luma_result_json_type(p, where)
        if kind == _native.LUMA_JSON_NULL:
            return None
        return value.decode() if kind == _native.LUMA_JSON_STRING else json.loads(value)

    # Secrets.

    def launch_url(self) -> bytes:
        """The launch URL, which is a secret. b"" if the result has none."""
        return native().luma_result_launch_url(self._handle.pointer)

    def access_token(self) -> bytes:
        """The new access token, which is a secret. b"" if the result has none."""
        return native().luma_result_access_token(self._handle.pointer)

    # How the call went.

    @property
    def request_id(self) -> str:
        return _text(native().luma_result_request_id(self._handle.pointer))

    @property
    def attempts(self) -> int:
        return native().luma_result_attempts(self._handle.pointer)

    @property
    def timings(self) -> Timings:
        def timing(part: int) -> Optional[datetime.timedelta]:
            microseconds = native().luma_result_timing_us(self._handle.pointer, part)
            return None if microseconds < 0 else datetime.timedelta(microseconds=microseconds)

        return Timings(
            timing(_native.LUMA_TIMING_DNS),
            timing(_native.LUMA_TIMING_CONNECT),
            timing(_native.LUMA_TIMING_TLS),
            timing(_native.LUMA_TIMING_FIRST_BYTE),
            timing(_native.LUMA_TIMING_TOTAL),
        )

    @property
    def connection_reused(self) -> bool:
        return native().luma_result_connection_reused(self._handle.pointer) == 1

    @property
    def peer_address(self) -> str:
        return _text(native().luma_result_peer_address(self._handle.pointer))

    @property
    def tls_version(self) -> str:
        return _text(native().luma_result_tls_version(self._handle.pointer))

    @property
    def certificate_expires(self) -> Optional[datetime.datetime]:
        return time_from_ms(native().luma_result_certificate_expires_ms(self._handle.pointer))


def _text(text: bytes) -> str:
    return text.decode(errors="replace")
