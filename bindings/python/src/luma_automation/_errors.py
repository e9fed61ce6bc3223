"""The errors that calls raise."""

from typing import TYPE_CHECKING, Any, Optional

from luma_automation import _native
from luma_automation._library import native
from luma_automation._types import Outcome

if TYPE_CHECKING:
    from luma_automation._result import Result


class LumaError(Exception):
    """A call failed.

    `status` is the library's number for why, and `name` its name, such as "LUMA_ERROR_TLS".
    `outcome` says what is certain, `reasons` are the gateway's, `result` has everything else; it is
    None if there was no request. The text of the error never contains a secret.
    """

    def __init__(self, status: int, message: str = "", result: "Optional[Result]" = None) -> None:
        super().__init__(status, message)
        self.status = status
        self.name = native().luma_status_name(status).decode()
        self.message = message or native().luma_status_message(status).decode()
        self.result = result
        self.outcome: Optional[Outcome] = result.outcome if result else None
        self.reasons: list[str] = result.reasons if result else []

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> Any:
        # The result stays in this process.
        state = {key: value for key, value in self.__dict__.items() if key != "result"}
        return _restore, (type(self), self.args, {**state, "result": None})


def _restore(
    kind: "type[LumaError]", arguments: tuple[Any, ...], state: dict[str, Any]
) -> LumaError:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(state)
    return error


class ConfigurationError(LumaError, ValueError):
    """A setting, or the configuration file, is wrong. Nothing was sent."""


class InvalidRequest(LumaError, ValueError):
    """A request that cannot be sent, such as one with an empty workflow identifier. It must be
    corrected. Nothing was sent."""


class TriggerError(LumaError):
    """A trigger was not accepted. Raised as one of Rejected, NotSent and Unknown."""


class Rejected(TriggerError):
    """The gateway refused the trigger. Nothing runs. `reasons` says why."""


class NotSent(TriggerError):
    """Not one byte of the trigger was sent. Triggering again is safe. Also if a journal cannot be
    used, or the key belongs to another request: then the message says what to do first."""


class Unknown(TriggerError):
    """The trigger was sent, and no trustworthy response came back. The workflow may be running:
    check before you trigger it again."""


class CallError(LumaError):
    """Another call than a trigger failed.

    It is never a NotSent or a Rejected, whatever its outcome: if the call followed a trigger, that
    may have started a run. `trigger_id` is that of the run that the call was about, or "".
    """

    def __init__(
        self,
        status: int,
        message: str = "",
        result: "Optional[Result]" = None,
        trigger_id: str = "",
    ) -> None:
        super().__init__(status, message, result)
        self.trigger_id = trigger_id


class WaitError(CallError):
    """A wait ended before its run. The run is not affected."""


class WaitTimeout(WaitError):
    """A wait timed out. `result.run_status` is the last status of the run."""


class JournalError(LumaError):
    """A journal cannot be created, opened, read or changed. Only Journal raises it, never a
    trigger."""


def with_result(error: BaseException, result: "Result") -> BaseException:
    """Prepares what a callback raised. Its `luma_result` is the result of the call, which was made
    nevertheless."""
    try:
        error.__dict__["luma_result"] = result
    except AttributeError:
        pass  # a class without a __dict__
    return error


def trigger_error(status: int, result: "Result") -> LumaError:
    # A token provider without a token is no mistake in the request.
    if status < 100 and status != _native.LUMA_ERROR_ACCESS_TOKEN:
        return InvalidRequest(status, result.message, result)
    kinds = {Outcome.REJECTED: Rejected, Outcome.NOT_SENT: NotSent}
    return kinds.get(result.outcome, Unknown)(status, result.message, result)
