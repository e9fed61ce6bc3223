"""Clients: the calls to the gateway."""

from __future__ import annotations

import collections.abc
import ctypes
import json
import logging
import os
import threading
import weakref
from typing import (
    TYPE_CHECKING,
    Any,
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Optional,
    TypedDict,
    TypeVar,
    Union,
)

from luma_automation import _native
from luma_automation._calls import Callbacks, Closable, Handle, clients, invoke, on_log, on_token
from luma_automation._errors import (
    CallError,
    ConfigurationError,
    InvalidRequest,
    LumaError,
    trigger_error,
    with_result,
)
from luma_automation._journal import Journal
from luma_automation._library import native
from luma_automation._result import Result
from luma_automation._store import Callbacks as StoreCallbacks
from luma_automation._store import Store
from luma_automation._strings import encode, encode_optional, integer, milliseconds
from luma_automation._types import LEVELS, AuthScheme, Counter, Outcome, library_level
from luma_automation._wait import Wait
from luma_automation._wait_set import WaitSet

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

Path = Union[str, "os.PathLike[str]"]
T = TypeVar("T")

# A program that does not configure logging gets no output.
logging.getLogger("luma_automation").addHandler(logging.NullHandler())


class Settings(TypedDict, total=False):
    """The settings of a client. Times are in seconds."""

    token_provider: Callable[[], Union[str, bytes, None]]
    """Returns the current access token; called again after an HTTP 401."""
    auth_scheme: AuthScheme
    headers: Mapping[str, str]
    """Headers that are added to every request. Their values are secrets."""
    connect_timeout: float
    timeout: float
    """The timeout of a call."""
    max_response_bytes: int
    trigger_max_idle: float
    read_max_idle: float
    max_idle_connections: int
    retries: bool
    logger: Optional[logging.Logger]
    """Receives the log, at the level that it has now. By default `luma_automation`, unless the
    settings are from a file or the environment; None for no log."""
    log: Callable[[int, str], object]
    """Receives the log instead: a level of `logging`, and a line."""
    log_level: int
    """The level for `log`, by default logging.INFO."""
    log_file: Path
    json_log_file: Path
    allow_http: bool
    ca_file: Path
    """Trusts these CA certificates instead of the system's."""
    ca_pem: str
    extra_ca_file: Path
    """Trusts these CA certificates too."""
    extra_ca_pem: str
    client_certificate_file: tuple[Path, Path]
    """The files of the certificate chain and of the private key."""
    client_certificate_pem: tuple[Union[str, bytes], Union[str, bytes]]
    proxy: str
    """A URL, or "direct"."""
    auto_proxy: bool
    """Whether Windows may find the proxy, by detection or with a PAC script."""
    application_id: str


class Client(Closable):
    """A client of one gateway. Any number of threads may use it at the same time.

    with Client("https://luma.example.com", token) as client:
        run = client.trigger("unlock_account", {"userName": "jdoe"})
        print(client.wait(run.trigger_id, timeout=60).run_status)
    """

    _name = "client"

    def __init__(
        self,
        base_url: str,
        access_token: Union[str, bytes, None] = None,
        **settings: Unpack[Settings],
    ) -> None:
        if access_token is None:
            if "token_provider" not in settings:
                raise TypeError("access_token or token_provider is required")
            access_token = b"from-token-provider"  # never sent
        config, reason = ctypes.c_void_p(), ctypes.c_void_p()
        status = native().luma_config_new_with_reason(
            encode("base_url", base_url),
            encode("access_token", access_token),
            ctypes.byref(config),
            ctypes.byref(reason),
        )
        if "log" not in settings:
            settings.setdefault("logger", logging.getLogger("luma_automation"))
        self._open(_config(status, config, reason), settings)

    @classmethod
    def from_file(
        cls,
        path: Optional[Path] = None,
        profile: Optional[str] = None,
        **settings: Unpack[Settings],
    ) -> Self:
        """Creates a client from a configuration file: by default the user's, or the machine's."""
        config, reason = ctypes.c_void_p(), ctypes.c_void_p()
        status = native().luma_config_new_from_file(
            encode_optional("path", None if path is None else os.fspath(path)),
            encode_optional("profile", profile),
            ctypes.byref(config),
            ctypes.byref(reason),
        )
        client = cls.__new__(cls)
        client._open(_config(status, config, reason), settings)
        return client

    @classmethod
    def from_environment(cls, **settings: Unpack[Settings]) -> Self:
        """Creates a client from LUMA_URL with LUMA_TOKEN or LUMA_TOKEN_FILE, or from LUMA_PROFILE
        and the configuration file."""
        config, reason = ctypes.c_void_p(), ctypes.c_void_p()
        status = native().luma_config_new_from_environment(
            ctypes.byref(config), ctypes.byref(reason)
        )
        client = cls.__new__(cls)
        client._open(_config(status, config, reason), settings)
        return client

    def _open(self, config: Handle, settings: Settings) -> None:
        callbacks = Callbacks()
        _apply(config, callbacks, settings)
        client, reason = ctypes.c_void_p(), ctypes.c_void_p()
        status = native().luma_client_new_with_reason(
            config.pointer, ctypes.byref(client), ctypes.byref(reason)
        )
        _check(status, reason)
        folder = native().luma_config_journal_folder(config.pointer).decode()
        handle = Handle(client.value, native().luma_client_free, callbacks)
        self._attach(handle, _Waits(), (object(),), folder)

    def _attach(
        self, handle: Handle, waits: _Waits, scopes: tuple[object, ...], folder: str
    ) -> None:
        self.journal_folder = folder
        """The folder of the journal that the configuration file or LUMA_JOURNAL names, or ""."""
        self._handle: Optional[Handle] = handle
        self._waits = waits
        # What cancels this client: those it was derived from with an own cancel, and itself.
        self._scopes = scopes
        clients.add(handle)

    def close(self) -> None:
        """Ends all calls and waits within 50 ms, and refuses later ones. Clients that were derived
        from this one with `with_request_id` or `with_timeout` are closed too."""
        handle, self._handle = self._handle, None
        if handle is not None:
            native().luma_client_close(handle.pointer)
            self._waits.end(self._scopes[-1])

    def cancel(self) -> None:
        """Ends all calls and waits in progress within 50 ms. Later ones are not affected."""
        native().luma_client_cancel(self._open_handle().pointer)
        self._waits.end(self._scopes[-1])

    def drain(self, timeout: float) -> bool:
        """Refuses new calls, lets those in progress end for `timeout` seconds, and then closes the
        client: for stopping a service. Returns False if it had to cancel calls. A wait ends with
        it, but only a poll is waited for."""
        status, error = invoke(
            native().luma_client_drain,
            self._open_handle().pointer,
            milliseconds("timeout", timeout),
        )
        if status not in (_native.LUMA_OK, _native.LUMA_ERROR_CANCELLED):
            raise CallError(status)
        self.close()
        return status == _native.LUMA_OK

    @property
    def counters(self) -> dict[Counter, int]:
        """What this client and those that share its connections have done so far."""
        pointer = self._open_handle().pointer
        return {counter: native().luma_client_counter(pointer, counter) for counter in Counter}

    def set_access_token(self, access_token: Union[str, bytes]) -> None:
        """Replaces the access token, for all threads."""
        reason = ctypes.c_void_p()
        status = native().luma_client_set_access_token_with_reason(
            self._open_handle().pointer, encode("access_token", access_token), ctypes.byref(reason)
        )
        _check(status, reason)

    # Clients that share connections, token and log with this one.

    def with_request_id(self, request_id: str) -> Client:
        """Returns a client that uses this request id for its calls, to find them in logs."""
        return self._derive(
            self._scopes, native().luma_client_with_request_id, encode("request_id", request_id)
        )

    def with_timeout(self, timeout: float) -> Client:
        """Returns a client whose calls have this timeout."""
        return self._derive(
            self._scopes, native().luma_client_with_timeout_ms, milliseconds("timeout", timeout)
        )

    def with_own_cancel(self) -> Client:
        """Returns a client whose `cancel` and `close` end only its own calls."""
        return self._derive((*self._scopes, object()), native().luma_client_with_own_cancel)

    def _derive(
        self, scopes: tuple[object, ...], function: Callable[..., int], *arguments: Any
    ) -> Client:
        handle, out = self._open_handle(), ctypes.c_void_p()
        status = function(handle.pointer, *arguments, ctypes.byref(out))
        if status != _native.LUMA_OK:
            raise ConfigurationError(status)
        client = Client.__new__(Client)
        client._attach(
            Handle(out.value, native().luma_client_free, handle.keep),
            self._waits,
            scopes,
            self.journal_folder,
        )
        return client

    # Calls.

    def connect(self) -> Result:
        """Opens a connection ahead of time, and checks proxy and TLS."""
        return self._call("", native().luma_client_connect)

    def trigger(
        self,
        workflow_identifier: str,
        variables: Optional[Mapping[str, Any]] = None,
        *,
        secret_variables: Optional[Mapping[str, str]] = None,
        contact_id: Optional[int] = None,
        application_id: Optional[int] = None,
        initiation_info: Optional[Mapping[str, str]] = None,
    ) -> Result:
        """Triggers a workflow, and returns when the gateway has accepted it.

        Raises Rejected, NotSent or Unknown. It is sent once, unless it is certain that nothing
        arrived. The values of variables are whatever JSON can express; those of secret variables
        are masked in every text.
        """
        handle = self._open_handle()
        request = _request(
            workflow_identifier,
            variables,
            secret_variables,
            contact_id,
            application_id,
            initiation_info,
        )
        out = ctypes.c_void_p()
        status, error = invoke(
            native().luma_trigger_workflow, handle.pointer, request.pointer, ctypes.byref(out)
        )
        return _triggered(status, Result(out.value), error)

    def trigger_once(
        self,
        journal: Journal,
        key: str,
        workflow_identifier: str,
        variables: Optional[Mapping[str, Any]] = None,
        *,
        secret_variables: Optional[Mapping[str, str]] = None,
        contact_id: Optional[int] = None,
        application_id: Optional[int] = None,
        initiation_info: Optional[Mapping[str, str]] = None,
        volatile: Iterable[str] = (),
    ) -> Result:
        """Triggers a workflow at most once per key, even if processes die at any time.

        If the key was accepted before, nothing is sent, and the result has the same trigger id; see
        `Result.already_accepted`. Raises Unknown if an earlier call with the key is in progress or
        its outcome is not known, and NotSent if it was for a different request or the journal
        cannot be used. `volatile` names variables that may differ.
        """
        journal_handle = journal._open_handle()

        def call(client: Any, request: Any, out: Any) -> tuple[int, Optional[BaseException]]:
            function = native().luma_trigger_workflow_once
            return invoke(function, client, journal_handle.pointer, encode("key", key), request, out)

        return self._once(
            call,
            volatile,
            workflow_identifier,
            variables,
            secret_variables,
            contact_id,
            application_id,
            initiation_info,
        )

    def trigger_once_with_store(
        self,
        store: Store,
        digest_secret: Union[str, bytes],
        key: str,
        workflow_identifier: str,
        variables: Optional[Mapping[str, Any]] = None,
        *,
        secret_variables: Optional[Mapping[str, str]] = None,
        contact_id: Optional[int] = None,
        application_id: Optional[int] = None,
        initiation_info: Optional[Mapping[str, str]] = None,
        volatile: Iterable[str] = (),
    ) -> Result:
        """Triggers a workflow at most once per key like `trigger_once`, if several machines trigger
        the same keys: with a store of yours, such as a table of a database. `digest_secret` is a
        random text that these machines share and nobody else knows."""
        callbacks = StoreCallbacks(store)

        def call(client: Any, request: Any, out: Any) -> tuple[int, Optional[BaseException]]:
            return invoke(
                native().luma_trigger_workflow_once_with_store,
                client,
                callbacks.claim,
                callbacks.complete,
                None,
                encode("digest_secret", digest_secret),
                encode("key", key),
                request,
                out,
            )

        return self._once(
            call,
            volatile,
            workflow_identifier,
            variables,
            secret_variables,
            contact_id,
            application_id,
            initiation_info,
        )

    def _once(
        self,
        call: Callable[[Any, Any, Any], tuple[int, Optional[BaseException]]],
        volatile: Iterable[str],
        workflow_identifier: str,
        variables: Optional[Mapping[str, Any]],
        secret_variables: Optional[Mapping[str, str]],
        contact_id: Optional[int],
        application_id: Optional[int],
        initiation_info: Optional[Mapping[str, str]],
    ) -> Result:
        handle = self._open_handle()
        request = _request(
            workflow_identifier,
            variables,
            secret_variables,
            contact_id,
            application_id,
            initiation_info,
        )
        for name in volatile:
            status = native().luma_trigger_request_exclude_from_digest(
                request.pointer, encode("the name of a variable", name)
            )
            if status != _native.LUMA_OK:
                message = native().luma_trigger_request_message(request.pointer).decode()
                raise InvalidRequest(status, message)
        out = ctypes.c_void_p()
        status, error = call(handle.pointer, request.pointer, ctypes.byref(out))
        return _triggered(status, Result(out.value), error)

    def trigger_json(self, request: Union[str, bytes]) -> Result:
        """Triggers a workflow with a complete request in JSON."""
        handle, out = self._open_handle(), ctypes.c_void_p()
        status, error = invoke(
            native().luma_trigger_workflow_json,
            handle.pointer,
            encode("request", request),
            ctypes.byref(out),
        )
        return _triggered(status, Result(out.value), error)

    def history(self, trigger_id: str) -> Result:
        """Gets the status and the parameters of a run."""
        return self._call(
            trigger_id, native().luma_get_workflow_history, encode("trigger_id", trigger_id)
        )

    def steps(
        self,
        trigger_id: str,
        *,
        filter: Optional[str] = None,
        order_by: Optional[str] = None,
        skip: int = 0,
        top: int = 0,
    ) -> Result:
        """Lists the steps of a run, see `Result.steps`. `top` 0 means all."""
        return self._call(
            trigger_id,
            native().luma_list_workflow_steps,
            encode("trigger_id", trigger_id),
            encode_optional("filter", filter),
            encode_optional("order_by", order_by),
            integer("skip", skip),
            integer("top", top),
        )

    def step(self, trigger_id: str, step_id: str) -> Result:
        """Gets one step of a run, see `Result.steps`."""
        return self._call(
            trigger_id,
            native().luma_get_workflow_step,
            encode("trigger_id", trigger_id),
            encode("step_id", step_id),
        )

    def definitions(
        self,
        *,
        filter: Optional[str] = None,
        order_by: Optional[str] = None,
        skip: int = 0,
        top: int = 0,
    ) -> Result:
        """Lists what can be triggered, see `Result.definitions`. `top` 0 means all."""
        return self._call(
            "",
            native().luma_list_workflow_definitions,
            encode_optional("filter", filter),
            encode_optional("order_by", order_by),
            integer("skip", skip),
            integer("top", top),
        )

    def generate_launch_url(self, trigger_id: str) -> Result:
        """Generates a URL that shows a run, see `Result.launch_url`."""
        return self._call(
            trigger_id, native().luma_generate_launch_url, encode("trigger_id", trigger_id)
        )

    def regenerate_tenant_token(
        self, super_admin_token: Union[str, bytes], tenant_external_id: str
    ) -> Result:
        """Generates a new access token for a tenant, see `Result.access_token`. The old one becomes
        invalid; this client keeps using its own."""
        return self._call(
            "",
            native().luma_regenerate_tenant_token,
            encode("super_admin_token", super_admin_token),
            encode("tenant_external_id", tenant_external_id),
        )

    def _call(self, trigger_id: str, function: Callable[..., int], *arguments: Any) -> Result:
        handle, out = self._open_handle(), ctypes.c_void_p()
        status, error = invoke(function, handle.pointer, *arguments, ctypes.byref(out))
        result = Result(out.value)
        if error is not None:
            raise with_result(error, result)
        if status != _native.LUMA_OK:
            raise CallError(status, result.message, result, trigger_id)
        return result

    # Waits.

    def wait(
        self, trigger_id: str, timeout: Optional[float] = None, *, until_suspended: bool = False
    ) -> Result:
        """Waits until a run has ended, and returns its last status, also if it FAILED.

        Raises WaitTimeout or another WaitError if the wait ends before the run. Ctrl-C, and closing
        the client, end it at once; the run is not affected.
        """
        for poll in self.watch(trigger_id, timeout, until_suspended=until_suspended):
            result = poll
        return result

    def watch(
        self, trigger_id: str, timeout: Optional[float] = None, *, until_suspended: bool = False
    ) -> Iterator[Result]:
        """Waits like `wait`, and yields the result of every poll; the last one is final."""
        with self._wait(trigger_id, timeout, until_suspended) as wait:
            yield from wait

    async def async_wait(
        self, trigger_id: str, timeout: Optional[float] = None, *, until_suspended: bool = False
    ) -> Result:
        """Waits like `wait`, without blocking the event loop. Cancelling the task ends the wait."""
        async for poll in self.async_watch(trigger_id, timeout, until_suspended=until_suspended):
            result = poll
        return result

    async def async_watch(
        self, trigger_id: str, timeout: Optional[float] = None, *, until_suspended: bool = False
    ) -> AsyncIterator[Result]:
        """Waits like `async_wait`, and yields the result of every poll; the last one is final."""
        with self._wait(trigger_id, timeout, until_suspended) as wait:
            async for result in wait:
                yield result

    def wait_set(self, max_polls_per_second: int = 20) -> WaitSet:
        """Returns an empty set of waits, which follows many runs on one thread."""
        return WaitSet(self._open_handle(), max_polls_per_second)

    def _wait(self, trigger_id: str, timeout: Optional[float], until_suspended: bool) -> Wait:
        # A scope of its own, so that cancelling this wait cancels nothing else.
        scope = self.with_own_cancel()._open_handle()
        wait = Wait(scope, trigger_id, timeout, until_suspended)
        self._waits.add(wait, self._scopes)
        return wait


class _Waits:
    """The waits of a client and of those derived from it. The library does not know that a wait
    sleeps, so whoever cancels a client wakes its waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waits: weakref.WeakKeyDictionary[Wait, tuple[object, ...]] = (
            weakref.WeakKeyDictionary()
        )

    def add(self, wait: Wait, scopes: tuple[object, ...]) -> None:
        with self._lock:
            self._waits[wait] = scopes

    def end(self, scope: object) -> None:
        with self._lock:
            waits = [wait for wait, scopes in self._waits.items() if scope in scopes]
        for wait in waits:
            wait.end()


def _triggered(status: int, result: Result, error: Optional[BaseException]) -> Result:
    if error is not None:
        raise with_result(error, result)
    if result.outcome != Outcome.ACCEPTED:
        raise trigger_error(status, result)
    return result


def _request(
    workflow_identifier: str,
    variables: Optional[Mapping[str, Any]],
    secret_variables: Optional[Mapping[str, str]],
    contact_id: Optional[int],
    application_id: Optional[int],
    initiation_info: Optional[Mapping[str, str]],
) -> Handle:
    n, out, reason = native(), ctypes.c_void_p(), ctypes.c_void_p()
    status = n.luma_trigger_request_new_with_reason(
        encode("workflow_identifier", workflow_identifier), ctypes.byref(out), ctypes.byref(reason)
    )
    _check(status, reason, InvalidRequest)
    request = Handle(out.value, n.luma_trigger_request_free)

    def check(status: int) -> None:
        if status != _native.LUMA_OK:
            raise InvalidRequest(status, n.luma_trigger_request_message(request.pointer).decode())

    for name, value in _members("variables", variables):
        encoded = encode("the name of a variable", name)
        if isinstance(value, str):
            check(
                n.luma_trigger_request_set_variable(
                    request.pointer, encoded, encode(f"the variable {name}", value)
                )
            )
        else:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            check(n.luma_trigger_request_set_variable_json(request.pointer, encoded, text.encode()))
    for name, value in _members("secret_variables", secret_variables):
        check(
            n.luma_trigger_request_set_secret_variable(
                request.pointer,
                encode("the name of a variable", name),
                encode(f"the variable {name}", value),
            )
        )
    if contact_id is not None or application_id is not None:
        if contact_id is None or application_id is None:
            raise TypeError("contact_id and application_id belong together")
        check(
            n.luma_trigger_request_set_initiator(
                request.pointer,
                integer("contact_id", contact_id),
                integer("application_id", application_id),
            )
        )
    for key, value in _members("initiation_info", initiation_info):
        check(
            n.luma_trigger_request_set_initiation_info(
                request.pointer,
                encode("a key of initiation_info", key),
                encode(f"{key} of initiation_info", value),
            )
        )
    return request


def _members(name: str, values: Optional[Mapping[str, T]]) -> Iterable[tuple[str, T]]:
    if values is None:
        return ()
    if not isinstance(values, collections.abc.Mapping):
        raise TypeError(f"{name} must be a mapping, not {type(values).__name__}")
    return values.items()


def _config(status: int, config: ctypes.c_void_p, reason: ctypes.c_void_p) -> Handle:
    _check(status, reason)
    return Handle(config.value, native().luma_config_free)


def _check(
    status: int, reason: ctypes.c_void_p, kind: type[LumaError] = ConfigurationError
) -> None:
    """Raises an error if a function failed that explains itself by a result."""
    if status != _native.LUMA_OK:
        result = Result(reason.value)
        raise kind(status, result.message, result)


def _apply(config: Handle, callbacks: Callbacks, settings: Settings) -> None:
    """Applies the settings to a configuration."""
    n = native()
    unknown = set(settings) - set(Settings.__annotations__)
    if unknown:
        raise TypeError("unknown settings: " + ", ".join(sorted(unknown)))

    def check(status: int) -> None:
        if status != _native.LUMA_OK:
            raise ConfigurationError(status, n.luma_config_message(config.pointer).decode())

    def path(name: str, value: Path) -> bytes:
        return encode(name, os.fspath(value))

    p, s = config.pointer, settings
    if "token_provider" in s:
        callbacks.token_provider = s["token_provider"]
        check(n.luma_config_set_token_provider(p, on_token, callbacks.number))
    if "auth_scheme" in s:
        check(n.luma_config_set_auth_scheme(p, s["auth_scheme"]))
    for name, value in _members("headers", s.get("headers")):
        check(
            n.luma_config_add_header(
                p, encode("the name of a header", name), encode(f"the header {name}", value)
            )
        )
    if "connect_timeout" in s:
        check(
            n.luma_config_set_connect_timeout_ms(
                p, milliseconds("connect_timeout", s["connect_timeout"])
            )
        )
    if "timeout" in s:
        check(n.luma_config_set_timeout_ms(p, milliseconds("timeout", s["timeout"])))
    if "max_response_bytes" in s:
        check(
            n.luma_config_set_max_response_bytes(
                p, integer("max_response_bytes", s["max_response_bytes"])
            )
        )
    if "trigger_max_idle" in s:
        check(
            n.luma_config_set_trigger_max_idle_ms(
                p, milliseconds("trigger_max_idle", s["trigger_max_idle"])
            )
        )
    if "read_max_idle" in s:
        check(
            n.luma_config_set_read_max_idle_ms(p, milliseconds("read_max_idle", s["read_max_idle"]))
        )
    if "max_idle_connections" in s:
        check(
            n.luma_config_set_max_idle_connections(
                p, integer("max_idle_connections", s["max_idle_connections"])
            )
        )
    if "retries" in s:
        check(n.luma_config_set_retries(p, s["retries"]))
    if "allow_http" in s:
        check(n.luma_config_set_allow_http(p, s["allow_http"]))
    if "ca_file" in s:
        check(n.luma_config_set_ca_file(p, path("ca_file", s["ca_file"])))
    if "ca_pem" in s:
        check(n.luma_config_set_ca_pem(p, encode("ca_pem", s["ca_pem"])))
    if "extra_ca_file" in s:
        check(n.luma_config_add_ca_file(p, path("extra_ca_file", s["extra_ca_file"])))
    if "extra_ca_pem" in s:
        check(n.luma_config_add_ca_pem(p, encode("extra_ca_pem", s["extra_ca_pem"])))
    if "client_certificate_file" in s:
        chain_file, key_file = s["client_certificate_file"]
        check(
            n.luma_config_set_client_certificate_file(
                p,
                path("client_certificate_file", chain_file),
                path("client_certificate_file", key_file),
            )
        )
    if "client_certificate_pem" in s:
        chain, key = s["client_certificate_pem"]
        check(
            n.luma_config_set_client_certificate_pem(
                p, encode("client_certificate_pem", chain), encode("client_certificate_pem", key)
            )
        )
    if "proxy" in s:
        check(n.luma_config_set_proxy(p, encode("proxy", s["proxy"])))
    if "auto_proxy" in s:
        check(n.luma_config_set_auto_proxy(p, s["auto_proxy"]))
    if "application_id" in s:
        check(n.luma_config_set_application_id(p, encode("application_id", s["application_id"])))
    _apply_log(config, callbacks, settings, check, path)


def _apply_log(
    config: Handle,
    callbacks: Callbacks,
    settings: Settings,
    check: Callable[[int], None],
    path: Callable[[str, Path], bytes],
) -> None:
    n, p = native(), config.pointer
    if "log_file" in settings or "json_log_file" in settings:
        level = library_level(settings.get("log_level", logging.INFO))
        if "log_file" in settings:
            check(n.luma_config_log_to_file(p, level, path("log_file", settings["log_file"])))
        else:
            check(
                n.luma_config_log_to_json_file(
                    p, level, path("json_log_file", settings["json_log_file"])
                )
            )
        return
    if "log" in settings:
        write = settings["log"]
        level = library_level(settings.get("log_level", logging.INFO))
    else:
        logger = settings.get("logger")
        if logger is None:
            return
        write = logger.log
        level = library_level(logger.getEffectiveLevel())
    callbacks.log = lambda number, line: write(LEVELS.get(number, logging.DEBUG), line)
    check(n.luma_config_set_log(p, level, on_log, callbacks.number))
