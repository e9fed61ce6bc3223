package org.libluma;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * A client of the Luma Automation gateway. Any number of threads may use it.
 *
 * <p>A call blocks until its response, at most the timeout. Its failure is a {@link LumaException}.
 * A call is not interrupted by {@link Thread#interrupt}, because an interrupted trigger may have
 * been sent; use {@link #cancel} for that. A wait is.
 */
public final class LumaClient implements AutoCloseable {
    private final Handle handle;
    private final PendingRun.Polls polls;
    private final String journalFolder;
    private final boolean ownsCalls;

    private LumaClient(Pointer pointer, PendingRun.Polls polls, String journalFolder,
            boolean ownsCalls) {
        this.journalFolder = journalFolder;
        this.ownsCalls = ownsCalls;
        this.handle = new Handle("client", pointer, LumaNative::luma_client_free);
        this.polls = polls;
    }

    /**
     * Creates a client. It does not connect yet.
     *
     * @param baseUrl the gateway, such as {@code https://acme.automation.example}
     * @param accessToken the tenant's access token
     * @return a client
     */
    public static LumaClient create(String baseUrl, String accessToken) {
        return builder(baseUrl, accessToken).build();
    }

    /**
     * Creates a client with the settings of the environment, and of the configuration file that it
     * selects.
     *
     * @return a client
     */
    public static LumaClient fromEnvironment() {
        return builderFromEnvironment().build();
    }

    /**
     * Prepares a client with other settings.
     *
     * @param baseUrl the gateway, such as {@code https://acme.automation.example}
     * @param accessToken the tenant's access token
     * @return a builder
     */
    public static Builder builder(String baseUrl, String accessToken) {
        byte[] url = text(baseUrl, "baseUrl");
        byte[] token = text(accessToken, "accessToken");
        return new Builder((out, reason) ->
            LumaNative.luma_config_new_with_reason(url, token, out, reason));
    }

    /**
     * Prepares a client with the settings of a configuration file.
     *
     * @param file the configuration file; null for the default file
     * @param profile the name of a profile in it; null for the default profile
     * @return a builder
     */
    public static Builder builderFromFile(Path file, String profile) {
        byte[] path = LumaLibrary.utf8(file == null ? null : file.toString(), "file");
        byte[] name = LumaLibrary.utf8(profile, "profile");
        return new Builder((out, reason) ->
            LumaNative.luma_config_new_from_file(path, name, out, reason));
    }

    /**
     * Prepares a client with the settings of the environment, and of the configuration file that it
     * selects.
     *
     * @return a builder
     */
    public static Builder builderFromEnvironment() {
        return new Builder(LumaNative::luma_config_new_from_environment);
    }

    /**
     * The version of the native library.
     *
     * @return such as {@code 0.1.0}
     */
    public static String version() {
        return LumaLibrary.string(LumaNative.luma_version());
    }

    /**
     * The journal that the configuration file or LUMA_JOURNAL names, for {@link Journal#open}.
     *
     * @return its folder, empty if there is none
     */
    public Optional<Path> journalFolder() {
        return journalFolder.isEmpty() ? Optional.empty() : Optional.of(Path.of(journalFolder));
    }

    /**
     * A client that uses a given request id for all its calls, to find them in the logs of both
     * sides. It shares everything else with this one.
     *
     * @param requestId such as a ticket number
     * @return a client, to be closed like this one
     */
    public LumaClient withRequestId(String requestId) {
        byte[] id = text(requestId, "requestId");
        return derive("requestId", false,
            (p, out) -> LumaNative.luma_client_with_request_id(p, id, out));
    }

    /**
     * A client whose calls have another timeout. It shares everything else with this one.
     *
     * @param timeout of each call
     * @return a client, to be closed like this one
     */
    public LumaClient withTimeout(Duration timeout) {
        long milliseconds = milliseconds(timeout);
        return derive("timeout", false,
            (p, out) -> LumaNative.luma_client_with_timeout_ms(p, milliseconds, out));
    }

    /**
     * A client whose {@link #cancel} and {@link #close} affect only its own calls. It shares
     * everything else with this one.
     *
     * @return a client, to be closed like this one
     */
    public LumaClient withOwnCancel() {
        return derive("client", true, LumaNative::luma_client_with_own_cancel);
    }

    private LumaClient derive(String argument, boolean ownsCalls, Call call) {
        PointerByReference out = new PointerByReference();
        check(handle.use(p -> call.apply(p, out)), argument);
        return new LumaClient(out.getValue(), polls, journalFolder, ownsCalls);
    }

    /**
     * Replaces the access token, for later calls and polls.
     *
     * @param accessToken the new token
     */
    public void setAccessToken(String accessToken) {
        byte[] token = text(accessToken, "accessToken");
        PointerByReference reason = new PointerByReference();
        handle.use(p -> LumaNative.luma_client_set_access_token_with_reason(p, token, reason));
        LumaException.checkReason(reason);
    }

    /**
     * Opens a connection ahead of time. Sends nothing to the gateway.
     *
     * @return what is known about the connection
     */
    public Connection connect() {
        return call(LumaNative::luma_client_connect, Connection::new, LumaException::of);
    }

    /**
     * Triggers a workflow. Returns when the gateway has accepted it; {@link #awaitRun} waits until
     * its run has ended.
     *
     * @param request the workflow to run
     * @return the trigger id
     * @throws RejectedException if the gateway refused it
     * @throws NotSentException if nothing was sent, so that triggering again is safe
     * @throws UnknownOutcomeException if it may be running
     */
    public Trigger trigger(TriggerRequest request) {
        return request.use(r -> call(
            (p, out) -> LumaNative.luma_trigger_workflow(p, r, out), Trigger::new,
            LumaException::ofTrigger));
    }

    /**
     * Triggers a workflow at most once per key, even if processes on this machine die at any time.
     *
     * @param journal remembers which keys were triggered
     * @param key the caller's name for what may happen only once, such as a ticket
     * @param request the workflow to run
     * @return the trigger id; {@link Trigger#isAlreadyAccepted} if nothing was sent now
     * @throws RejectedException if the gateway refused it
     * @throws NotSentException if nothing was sent, so that triggering again is safe; also if the
     *     journal cannot be used, or the key belongs to another request
     * @throws UnknownOutcomeException if it may be running, now or since an earlier call: never
     *     trigger the key in another way, see {@link Journal#resolve}
     */
    public Trigger triggerOnce(Journal journal, String key, TriggerRequest request) {
        byte[] name = text(key, "key");
        return journal.handle.use(j -> request.use(r -> call(
            (p, out) -> LumaNative.luma_trigger_workflow_once(p, j, name, r, out),
            Trigger::new, LumaException::ofTrigger)));
    }

    /**
     * Triggers a workflow at most once per key like {@link #triggerOnce}, if several machines
     * trigger the same keys.
     *
     * @param store remembers which keys were triggered; called on this thread. What it throws is
     *     the cause of a {@link CallbackException}
     * @param digestSecret a random text that all these machines share and nobody else knows
     * @param key the caller's name for what may happen only once, such as a ticket
     * @param request the workflow to run
     * @return the trigger id; {@link Trigger#isAlreadyAccepted} if nothing was sent now
     */
    public Trigger triggerOnceWithStore(Store store, String digestSecret, String key,
            TriggerRequest request) {
        byte[] secret = text(digestSecret, "digestSecret");
        byte[] name = text(key, "key");
        Pointer number = Callbacks.keep(Objects.requireNonNull(store, "store"));
        try {
            return request.use(r -> call(
                (p, out) -> LumaNative.luma_trigger_workflow_once_with_store(
                    p, Callbacks.CLAIM, Callbacks.COMPLETE, number, secret, name, r, out),
                Trigger::new, LumaException::ofTrigger));
        } finally {
            Callbacks.FREE.invoke(number);
        }
    }

    /**
     * Waits until a run has ended.
     *
     * @param triggerId names the run
     * @return the run, also if it has failed
     * @throws RunException if the wait failed
     * @throws InterruptedException if this thread was interrupted; the run goes on
     */
    public Run awaitRun(String triggerId) throws InterruptedException {
        return awaitRun(triggerId, WaitOptions.untilEnd());
    }

    /**
     * Waits for a run.
     *
     * @param triggerId names the run
     * @param options how to wait
     * @return the run, also if it has failed
     * @throws WaitTimeoutException if the timeout of the wait passed
     * @throws RunException if the wait failed otherwise
     * @throws InterruptedException if this thread was interrupted; the run goes on
     */
    public Run awaitRun(String triggerId, WaitOptions options) throws InterruptedException {
        CompletableFuture<Run> run = awaitRunAsync(triggerId, options);
        try {
            return run.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RunException) {
                // With the stack trace of this thread.
                throw RunException.of(triggerId, ((RunException) cause).getResult());
            }
            throw LumaClient.<RuntimeException>unchanged(cause);
        } finally {
            run.cancel(false);
        }
    }

    /**
     * Waits for a run. No thread is blocked between polls. Cancelling the future, or completing it
     * in another way such as {@link CompletableFuture#orTimeout}, ends the wait at once.
     *
     * @param triggerId names the run
     * @param options how to wait
     * @return the run, also if it has failed; else a {@link RunException}
     */
    public CompletableFuture<Run> awaitRunAsync(String triggerId, WaitOptions options) {
        Objects.requireNonNull(triggerId, "triggerId");
        return handle.use(p -> PendingRun.start(triggerId, options, polls, p));
    }

    /**
     * Follows many runs on one thread, or on a few.
     *
     * @return an empty set of waits
     */
    public WaitSet waitSet() {
        return handle.use(WaitSet::new);
    }

    /**
     * Gets the state of a run.
     *
     * @param triggerId names the run
     * @return its status, times and parameters
     */
    public Run history(String triggerId) {
        return runCall(triggerId, LumaNative::luma_get_workflow_history,
            pointer -> new Run(triggerId, pointer));
    }

    /**
     * Lists all steps of a run.
     *
     * @param triggerId names the run
     * @return the steps
     */
    public Steps steps(String triggerId) {
        return steps(triggerId, ListOptions.all());
    }

    /**
     * Lists steps of a run.
     *
     * @param triggerId names the run
     * @param options which steps
     * @return the steps
     * @throws RunException if the list failed; with {@link LumaStatus#LIST_INCOMPLETE}, its result
     *     is the {@link Steps} that were received
     */
    public Steps steps(String triggerId, ListOptions options) {
        byte[] filter = LumaLibrary.utf8(options.filter, "filter");
        byte[] orderBy = LumaLibrary.utf8(options.orderBy, "orderBy");
        return runCall(triggerId, (p, id, out) -> LumaNative.luma_list_workflow_steps(
            p, id, filter, orderBy, options.skip, options.top, out), Steps::new);
    }

    /**
     * Gets a step of a run with its details.
     *
     * @param triggerId names the run
     * @param stepId names the step, see {@link Step#id}
     * @return the step
     */
    public Step step(String triggerId, String stepId) {
        byte[] step = text(stepId, "stepId");
        return new Step(runCall(triggerId,
            (p, id, out) -> LumaNative.luma_get_workflow_step(p, id, step, out), LumaResult::new), 0);
    }

    /**
     * Generates a URL that shows a run in a browser. It is a secret.
     *
     * @param triggerId names the run
     * @return the URL
     */
    public Secret generateLaunchUrl(String triggerId) {
        return runCall(triggerId, LumaNative::luma_generate_launch_url,
            pointer -> new Secret(pointer, LumaNative::luma_result_launch_url));
    }

    /**
     * Lists all workflow definitions.
     *
     * @return the definitions
     */
    public Definitions definitions() {
        return definitions(ListOptions.all());
    }

    /**
     * Lists workflow definitions.
     *
     * @param options which definitions
     * @return the definitions
     * @throws LumaException if the list failed; with {@link LumaStatus#LIST_INCOMPLETE}, its result
     *     is the {@link Definitions} that were received
     */
    public Definitions definitions(ListOptions options) {
        byte[] filter = LumaLibrary.utf8(options.filter, "filter");
        byte[] orderBy = LumaLibrary.utf8(options.orderBy, "orderBy");
        return call((p, out) -> LumaNative.luma_list_workflow_definitions(
            p, filter, orderBy, options.skip, options.top, out), Definitions::new, LumaException::of);
    }

    /**
     * Generates a new access token for a tenant. The old one becomes invalid; see
     * {@link #setAccessToken}.
     *
     * @param superAdminToken the super-admin access token
     * @param tenantExternalId the tenant's external id
     * @return the new token
     */
    public Secret regenerateTenantToken(String superAdminToken, String tenantExternalId) {
        byte[] token = text(superAdminToken, "superAdminToken");
        byte[] tenant = text(tenantExternalId, "tenantExternalId");
        return call((p, out) -> LumaNative.luma_regenerate_tenant_token(p, token, tenant, out),
            pointer -> new Secret(pointer, LumaNative::luma_result_access_token), LumaException::of);
    }

    /**
     * Cancels all calls and waits that are in progress, within 50 ms. They end with
     * {@link LumaStatus#CANCELLED}. Later ones are not affected.
     */
    public void cancel() {
        handle.use(LumaNative::luma_client_cancel);
        polls.endCancelled();
    }

    /**
     * Refuses new calls, lets those in progress end, and closes the client: for stopping a service.
     *
     * @param timeout the longest time to wait for them
     * @return false if some had to be cancelled
     */
    public boolean drain(Duration timeout) {
        long milliseconds = milliseconds(timeout);
        int status = handle.use(p -> LumaNative.luma_client_drain(p, milliseconds));
        if (status != LumaStatus.CANCELLED) {
            check(status, "timeout");
        }
        close();
        return status == LumaStatus.OK;
    }

    /**
     * What the client has done so far, together with those that share its connections.
     *
     * @param counter what to count
     * @return the number
     */
    public long counter(Counter counter) {
        return handle.use(p -> LumaNative.luma_client_counter(p, counter.number));
    }

    /** The counters of a client, for monitoring. */
    public enum Counter {
        /** Calls that ended {@link Outcome#ACCEPTED}. */
        CALLS_ACCEPTED(LumaNative.LUMA_COUNTER_CALLS_ACCEPTED),
        /** Calls that ended {@link Outcome#REJECTED}. */
        CALLS_REJECTED(LumaNative.LUMA_COUNTER_CALLS_REJECTED),
        /** Calls that ended {@link Outcome#NOT_SENT}. */
        CALLS_NOT_SENT(LumaNative.LUMA_COUNTER_CALLS_NOT_SENT),
        /** Calls that ended {@link Outcome#UNKNOWN}. */
        CALLS_UNKNOWN(LumaNative.LUMA_COUNTER_CALLS_UNKNOWN),
        /** Retries. */
        RETRIES(LumaNative.LUMA_COUNTER_RETRIES),
        /** Connections that were opened. */
        CONNECTIONS_OPENED(LumaNative.LUMA_COUNTER_CONNECTIONS_OPENED),
        /** Requests on connections that were open already. */
        CONNECTIONS_REUSED(LumaNative.LUMA_COUNTER_CONNECTIONS_REUSED),
        /** Bytes sent. */
        BYTES_SENT(LumaNative.LUMA_COUNTER_BYTES_SENT),
        /** Bytes received. */
        BYTES_RECEIVED(LumaNative.LUMA_COUNTER_BYTES_RECEIVED),
        /** Waits that are open now. */
        WAITS_OPEN(LumaNative.LUMA_COUNTER_WAITS_OPEN);

        private final int number;

        Counter(int number) {
            this.number = number;
        }
    }

    /**
     * Cancels all calls and waits, also those of clients that were derived from this one, refuses
     * later ones, and frees the client. Closing a client from {@link #withRequestId} or
     * {@link #withTimeout} cancels nothing. May be called at any time, from any thread, repeatedly.
     */
    @Override
    public void close() {
        if (ownsCalls) {
            handle.useIfOpen(LumaNative::luma_client_close);
        }
        handle.close();
        polls.endCancelled();
    }

    private interface Call {
        int apply(Pointer client, PointerByReference out);
    }

    private interface RunCall {
        int apply(Pointer client, byte[] triggerId, PointerByReference out);
    }

    private <R extends LumaResult> R runCall(String triggerId, RunCall call, Function<Pointer, R> wrap) {
        byte[] id = text(triggerId, "triggerId");
        return call((p, out) -> call.apply(p, id, out), wrap, r -> RunException.of(triggerId, r));
    }

    private <R extends LumaResult> R call(Call call, Function<Pointer, R> wrap,
            Function<LumaResult, LumaException> failure) {
        PointerByReference out = new PointerByReference();
        Callbacks.Call callbacks = new Callbacks.Call();
        int status = callbacks.run(() -> handle.use(p -> call.apply(p, out)));
        R result = wrap.apply(out.getValue());
        if (callbacks.thrown != null) {
            throw new CallbackException(result, callbacks.thrown);
        }
        if (status != LumaStatus.OK && status != LumaStatus.ALREADY_ACCEPTED) {
            throw failure.apply(result);
        }
        return result;
    }

    /** Throws an exception unless the status is LUMA_OK, for functions that give no reason. */
    static void check(int status, String argument) {
        if (status != LumaStatus.OK) {
            throw new InvalidArgumentException(
                argument + ": " + LumaLibrary.string(LumaNative.luma_status_message(status)), status);
        }
    }

    static byte[] text(String value, String name) {
        return LumaLibrary.utf8(Objects.requireNonNull(value, name), name);
    }

    /** Throws a listener's exception, which may be a checked one: Kotlin does not check them. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchanged(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /**
     * Rounds up, so that only zero becomes 0. The library refuses a negative or an endless
     * duration.
     */
    static long milliseconds(Duration duration) {
        if (duration.isNegative()) {
            return -1;
        }
        try {
            return duration.plusNanos(999_999).toMillis();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    static System.Logger.Level level(int level) {
        switch (level) {
            case LumaNative.LUMA_LOG_ERROR:
                return System.Logger.Level.ERROR;
            case LumaNative.LUMA_LOG_WARN:
                return System.Logger.Level.WARNING;
            case LumaNative.LUMA_LOG_INFO:
                return System.Logger.Level.INFO;
            default:
                return System.Logger.Level.DEBUG;
        }
    }

    private static int level(System.Logger.Level level) {
        switch (level) {
            case OFF:
                return LumaNative.LUMA_LOG_OFF;
            case ERROR:
                return LumaNative.LUMA_LOG_ERROR;
            case WARNING:
                return LumaNative.LUMA_LOG_WARN;
            case INFO:
                return LumaNative.LUMA_LOG_INFO;
            default:
                return LumaNative.LUMA_LOG_DEBUG;
        }
    }

    /**
     * The settings of a client. Invalid ones are reported by {@link #build}, except that strings
     * with a NUL are refused at once.
     */
    public static final class Builder {
        private final Source source;
        private final List<ToIntFunction<Pointer>> setters = new ArrayList<>();

        private interface Source {
            int apply(PointerByReference out, PointerByReference reason);
        }

        private Builder(Source source) {
            this.source = source;
        }

        private Builder set(ToIntFunction<Pointer> setter) {
            setters.add(setter);
            return this;
        }

        /**
         * Limits the time of a call.
         *
         * @param timeout at most one day
         * @return this builder
         */
        public Builder timeout(Duration timeout) {
            long ms = milliseconds(timeout);
            return set(p -> LumaNative.luma_config_set_timeout_ms(p, ms));
        }

        /**
         * Limits the time to connect, within the timeout of a call.
         *
         * @param timeout at most one day
         * @return this builder
         */
        public Builder connectTimeout(Duration timeout) {
            long ms = milliseconds(timeout);
            return set(p -> LumaNative.luma_config_set_connect_timeout_ms(p, ms));
        }

        /**
         * Asks for the access token when a call needs it, and again after HTTP 401. The token of
         * the builder is then not used. It may be called by several threads at once.
         *
         * @param provider returns the current token; what it throws is the cause of a
         *     {@link CallbackException}
         * @return this builder
         */
        public Builder tokenProvider(Supplier<String> provider) {
            Objects.requireNonNull(provider, "provider");
            return set(p -> LumaNative.luma_config_set_token_provider_with_free(
                p, Callbacks.TOKEN, Callbacks.keep(provider), Callbacks.FREE));
        }

        /**
         * Sends the access token in the header {@code itas-api-access-key} instead of
         * {@code Authorization}.
         *
         * @return this builder
         */
        public Builder apiAccessKey() {
            return set(p -> LumaNative.luma_config_set_auth_scheme(
                p, LumaNative.LUMA_AUTH_API_ACCESS_KEY));
        }

        /**
         * Adds a header to every request. Its value is treated as a secret.
         *
         * @param name the name, which must not be one that the library sets itself
         * @param value the value
         * @return this builder
         */
        public Builder header(String name, String value) {
            byte[] n = text(name, "name");
            byte[] v = text(value, "value");
            return set(p -> LumaNative.luma_config_add_header(p, n, v));
        }

        /**
         * Turns automatic retries on or off; they are on by default. A trigger is retried only if
         * it is certain that nothing runs.
         *
         * @param enabled whether to retry
         * @return this builder
         */
        public Builder retries(boolean enabled) {
            return set(p -> LumaNative.luma_config_set_retries(p, enabled ? 1 : 0));
        }

        /**
         * Limits the size of a response.
         *
         * @param bytes at most 1 GiB
         * @return this builder
         */
        public Builder maxResponseBytes(long bytes) {
            return set(p -> LumaNative.luma_config_set_max_response_bytes(p, bytes));
        }

        /**
         * Limits how long a connection may have been idle that a trigger uses.
         *
         * @param time zero for a new connection each time
         * @return this builder
         */
        public Builder triggerMaxIdle(Duration time) {
            long ms = milliseconds(time);
            return set(p -> LumaNative.luma_config_set_trigger_max_idle_ms(p, ms));
        }

        /**
         * Limits how long a connection may have been idle that another call uses.
         *
         * @param time zero for a new connection each time
         * @return this builder
         */
        public Builder readMaxIdle(Duration time) {
            long ms = milliseconds(time);
            return set(p -> LumaNative.luma_config_set_read_max_idle_ms(p, ms));
        }

        /**
         * Limits the number of idle connections.
         *
         * @param count at most 1024
         * @return this builder
         */
        public Builder maxIdleConnections(int count) {
            return set(p -> LumaNative.luma_config_set_max_idle_connections(p, count));
        }

        /**
         * Logs calls, for example with {@code log(INFO, logger::log)} for a {@link System.Logger}.
         * A line contains no secret.
         *
         * @param level the most verbose level
         * @param log receives level and line, on the threads that make calls; what it throws is the
         *     cause of a {@link CallbackException} after the call
         * @return this builder
         */
        public Builder log(System.Logger.Level level, BiConsumer<System.Logger.Level, String> log) {
            Objects.requireNonNull(log, "log");
            int number = level(level);
            return set(p -> LumaNative.luma_config_set_log_with_free(
                p, number, Callbacks.LOG, Callbacks.keep(log), Callbacks.FREE));
        }

        /**
         * Appends the log to a file.
         *
         * @param level the most verbose level
         * @param file the file
         * @return this builder
         */
        public Builder logToFile(System.Logger.Level level, Path file) {
            byte[] path = text(file.toString(), "file");
            int number = level(level);
            return set(p -> LumaNative.luma_config_log_to_file(p, number, path));
        }

        /**
         * Appends the log to a file, as lines of JSON.
         *
         * @param level the most verbose level
         * @param file the file
         * @return this builder
         */
        public Builder logToJsonFile(System.Logger.Level level, Path file) {
            byte[] path = text(file.toString(), "file");
            int number = level(level);
            return set(p -> LumaNative.luma_config_log_to_json_file(p, number, path));
        }

        /**
         * Allows {@code http://} URLs to hosts other than this machine. The token is then sent
         * without encryption.
         *
         * @return this builder
         */
        public Builder allowHttp() {
            return set(p -> LumaNative.luma_config_set_allow_http(p, 1));
        }

        /**
         * Trusts the CA certificates in a file instead of those of the system.
         *
         * @param file a PEM file
         * @return this builder
         */
        public Builder caFile(Path file) {
            byte[] path = text(file.toString(), "file");
            return set(p -> LumaNative.luma_config_set_ca_file(p, path));
        }

        /**
         * Trusts the CA certificates in a file in addition to others.
         *
         * @param file a PEM file
         * @return this builder
         */
        public Builder additionalCaFile(Path file) {
            byte[] path = text(file.toString(), "file");
            return set(p -> LumaNative.luma_config_add_ca_file(p, path));
        }

        /**
         * Trusts the CA certificates in a text instead of those of the system.
         *
         * @param pem the certificates
         * @return this builder
         */
        public Builder caPem(String pem) {
            byte[] text = text(pem, "pem");
            return set(p -> LumaNative.luma_config_set_ca_pem(p, text));
        }

        /**
         * Trusts the CA certificates in a text in addition to others.
         *
         * @param pem the certificates
         * @return this builder
         */
        public Builder additionalCaPem(String pem) {
            byte[] text = text(pem, "pem");
            return set(p -> LumaNative.luma_config_add_ca_pem(p, text));
        }

        /**
         * Identifies the client with a certificate.
         *
         * @param chain a PEM file with the certificate and its issuers
         * @param key a PEM file with its private key
         * @return this builder
         */
        public Builder clientCertificateFile(Path chain, Path key) {
            byte[] c = text(chain.toString(), "chain");
            byte[] k = text(key.toString(), "key");
            return set(p -> LumaNative.luma_config_set_client_certificate_file(p, c, k));
        }

        /**
         * Identifies the client with a certificate.
         *
         * @param chainPem the certificate and its issuers
         * @param keyPem its private key
         * @return this builder
         */
        public Builder clientCertificatePem(String chainPem, String keyPem) {
            byte[] c = text(chainPem, "chainPem");
            byte[] k = text(keyPem, "keyPem");
            return set(p -> LumaNative.luma_config_set_client_certificate_pem(p, c, k));
        }

        /**
         * Uses a proxy instead of the one that the environment or the system names.
         *
         * @param url the proxy, or {@code direct} for none
         * @return this builder
         */
        public Builder proxy(String url) {
            byte[] text = text(url, "url");
            return set(p -> LumaNative.luma_config_set_proxy(p, text));
        }

        /**
         * Sets whether Windows may find the proxy, by detection or with a PAC script.
         *
         * @param enabled true by default
         * @return this builder
         */
        public Builder autoProxy(boolean enabled) {
            return set(p -> LumaNative.luma_config_set_auto_proxy(p, enabled ? 1 : 0));
        }

        /**
         * Names the application in the header {@code User-Agent}.
         *
         * @param applicationId such as {@code AcmeDesk/4.2}
         * @return this builder
         */
        public Builder applicationId(String applicationId) {
            byte[] text = text(applicationId, "applicationId");
            return set(p -> LumaNative.luma_config_set_application_id(p, text));
        }

        /**
         * Creates the client. It does not connect yet.
         *
         * @return a client
         * @throws InvalidArgumentException if a setting is invalid
         */
        public LumaClient build() {
            PointerByReference out = new PointerByReference();
            PointerByReference reason = new PointerByReference();
            source.apply(out, reason);
            LumaException.checkReason(reason);
            Pointer config = out.getValue();
            try {
                for (ToIntFunction<Pointer> setter : setters) {
                    int status = setter.applyAsInt(config);
                    if (status != LumaStatus.OK) {
                        throw new InvalidArgumentException(
                            LumaLibrary.string(LumaNative.luma_config_message(config)), status);
                    }
                }
                PointerByReference client = new PointerByReference();
                LumaNative.luma_client_new_with_reason(config, client, reason);
                LumaException.checkReason(reason);
                String folder = LumaLibrary.string(LumaNative.luma_config_journal_folder(config));
                return new LumaClient(client.getValue(), new PendingRun.Polls(), folder, true);
            } finally {
                LumaNative.luma_config_free(config);
            }
        }
    }
}
