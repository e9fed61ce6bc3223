"""A client of the Luma Automation gateway.

    from luma_automation import Client

    with Client("https://luma.example.com", token) as client:
        run = client.trigger("unlock_account", {"userName": "jdoe"})
        print(client.wait(run.trigger_id, timeout=60).run_status)

It calls the C library libluma, which this package contains.
"""

from luma_automation._client import Client, Settings
from luma_automation._errors import (
    CallError,
    ConfigurationError,
    InvalidRequest,
    JournalError,
    LumaError,
    NotSent,
    Rejected,
    TriggerError,
    Unknown,
    WaitError,
    WaitTimeout,
)
from luma_automation._journal import Journal, JournalEntry
from luma_automation._library import native
from luma_automation._native import VERSION
from luma_automation._result import Result
from luma_automation._store import Claim, Store
from luma_automation._types import (
    Application,
    AuthScheme,
    Counter,
    Definition,
    DefinitionParameter,
    Outcome,
    Parameter,
    RunStatus,
    Step,
    Timings,
)
from luma_automation._wait_set import WaitEvent, WaitSet

__version__ = VERSION
__all__ = [
    "Application",
    "AuthScheme",
    "CallError",
    "Claim",
    "Client",
    "ConfigurationError",
    "Counter",
    "Definition",
    "DefinitionParameter",
    "InvalidRequest",
    "Journal",
    "JournalEntry",
    "JournalError",
    "LumaError",
    "NotSent",
    "Outcome",
    "Parameter",
    "Rejected",
    "Result",
    "RunStatus",
    "Settings",
    "Step",
    "Store",
    "Timings",
    "TriggerError",
    "Unknown",
    "WaitError",
    "WaitEvent",
    "WaitSet",
    "WaitTimeout",
    "library_version",
]


def library_version() -> str:
    """Returns the version of the C library."""
    return native().luma_version().decode()
