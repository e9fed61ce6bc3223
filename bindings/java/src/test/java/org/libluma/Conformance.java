package org.libluma;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** The rows of bindings/conformance.md, and what is particular to Java. */
public final class Conformance {
    private static final String URL = System.getenv("LUMA_URL");
    private static final String TOKEN = System.getenv("LUMA_TOKEN");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final LumaClient client = LumaClient.create(URL, TOKEN);

    private Conformance() {}

    private interface Row {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            System.out.println(LumaClient.version()); // for row 25
            return;
        }
        Conformance test = new Conformance();
        int passed = 0;
        int failed = 0;
        for (Map.Entry<String, Row> row : test.rows().entrySet()) {
            long start = System.nanoTime();
            try {
                row.getValue().run();
                passed++;
                long ms = (System.nanoTime() - start) / 1_000_000;
                System.out.println("ok " + row.getKey() + " (" + ms + " ms)");
            } catch (Throwable e) {
                failed++;
                System.out.println("FAILED " + row.getKey());
                e.printStackTrace(System.out);
            }
        }
        System.out.println(passed + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    private Map<String, Row> rows() {
        Map<String, Row> rows = new java.util.LinkedHashMap<>();
        rows.put("1 accepted", this::accepted);
        rows.put("2 rejected, with reasons", this::rejected);
        rows.put("3 not sent", this::notSent);
        rows.put("4 unknown", this::unknown);
        rows.put("5 wait with progress", this::waitWithProgress);
        rows.put("6 a run that fails is a result", this::failedRun);
        rows.put("7 a wait that ends in REJECTED or NOT_SENT", this::waitThatFails);
        rows.put("8 a wait that times out", this::waitThatTimesOut);
        rows.put("9 steps", this::steps);
        rows.put("10 cancelling one of two waits", this::cancelOne);
        rows.put("10a interrupting a wait, timing out a future, closing the client", this::otherEnds);
        rows.put("11 log", this::log);
        rows.put("12 non-ASCII text", this::nonAscii);
        rows.put("13 embedded NUL", this::embeddedNul);
        rows.put("14 64-bit integers", this::integers);
        rows.put("14a typed values, JSON, lists and definitions", this::values);
        rows.put("15 8 threads on one client", this::threads);
        rows.put("16 an exception in a callback", this::exceptions);
        rows.put("17 wrong free order", this::freeOrder);
        rows.put("27 derived clients, draining, counters", this::derived);
        rows.put("18 once per key", this::once);
        rows.put("19 10,000 calls with flat memory", this::memory);
        rows.put("20 constants", this::constants);
        rows.put("21 token provider", this::tokenProvider);
        rows.put("22 headers and secret variables", this::headersAndSecrets);
        rows.put("23 configuration file", this::configurationFile);
        rows.put("26 a set of waits", this::waitSet);
        rows.put("28 a store", this::store);
        rows.put("30 errors of a journal", this::journalErrors);
        rows.put("31 limits of arguments", this::limits);
        rows.put("29 every setting", this::settings);
        rows.put("29 every getter", this::getters);
        rows.put("25 library lookup", this::libraryLookup);
        rows.put("24 secrets", this::secrets);
        return rows;
    }

    private void accepted() throws Exception {
        int before = count("unlock_account");
        Trigger trigger = client.trigger(unlock("jdoe"));
        equal(Outcome.ACCEPTED, trigger.outcome());
        check(!trigger.triggerId().isEmpty(), "trigger id");
        check(!trigger.isAlreadyAccepted(), "not already accepted");
        equal(before + 1, count("unlock_account"));
    }

    private void rejected() throws Exception {
        RejectedException e =
            fails(RejectedException.class, () -> client.trigger(TriggerRequest.of("unlock_account")));
        equal(200, e.getStatus());
        equal(LumaStatus.VALIDATION, e.getStatus());
        equal("LUMA_ERROR_VALIDATION", e.getStatusName());
        equal(List.of("User name is required"), e.getReasons());
        equal(Outcome.REJECTED, e.getOutcome());
        check(!e.getResult().json().isEmpty(), "the response");
    }

    private void notSent() throws Exception {
        try (LumaClient unreachable = unreachable()) {
            NotSentException e =
                fails(NotSentException.class, () -> unreachable.trigger(unlock("jdoe")));
            equal("LUMA_ERROR_CONNECT", e.getStatusName());
        }
    }

    private void unknown() throws Exception {
        UnknownOutcomeException e = fails(UnknownOutcomeException.class,
            () -> client.trigger(TriggerRequest.of("fault-close-after-reading")));
        equal("LUMA_ERROR_CONNECTION_LOST", e.getStatusName());
        equal(1, count("fault-close-after-reading"));
    }

    private void waitWithProgress() throws Exception {
        String id = client.trigger(reset()).triggerId();
        List<RunStatus> seen = Collections.synchronizedList(new ArrayList<>());
        Run run = client.awaitRun(id, WaitOptions.untilEnd().timeout(Duration.ofMinutes(1)).onPoll(now -> {
            if (seen.isEmpty() || seen.get(seen.size() - 1) != now.runStatus()) {
                seen.add(now.runStatus());
            }
            if (now.runStatus() == RunStatus.RUNNING && now.pollCount() == 1) {
                advance(3000);
            }
        }));
        equal(List.of(RunStatus.RUNNING, RunStatus.COMPLETED), seen);
        equal(RunStatus.COMPLETED, run.runStatus());
        equal("COMPLETED", run.runStatusText());
        equal(id, run.triggerId());
        check(run.runStatus().isFinal(), "final");
        equal(Duration.ofSeconds(3), Duration.between(run.startTime().get(), run.endTime().get()));

        // Between polls, a wait has no thread: 200 waits need no more than eight.
        String slow = client.trigger(patch()).triggerId();
        List<CompletableFuture<Run>> waits = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            waits.add(client.awaitRunAsync(slow, WaitOptions.untilEnd()));
        }
        Thread.sleep(500);
        long threads = Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("luma-wait")).count();
        check(threads <= 16, threads + " threads"); // those of two clients
        within(3000, () -> !isPolling());
        waits.forEach(wait -> wait.cancel(true));
    }

    private void failedRun() throws Exception {
        String id = client.trigger(TriggerRequest.of("restart_service")
            .variable("hostName", "db1").variable("serviceName", "cron")).triggerId();
        advance(2000);
        equal(RunStatus.FAILED, client.awaitRun(id).runStatus());
    }

    private void waitThatFails() throws Exception {
        String id = client.trigger(unlock("jdoe")).triggerId();
        try (LumaClient wrongToken = LumaClient.create(URL, "wrong"); LumaClient unreachable = unreachable();
                LumaClient noToken = LumaClient.builder(URL, TOKEN).tokenProvider(() -> null).build()) {
            RunException e = fails(RunException.class, () -> wrongToken.awaitRun(id));
            equal(LumaStatus.UNAUTHORIZED, e.getStatus());
            equal(Outcome.REJECTED, e.getOutcome());
            equal(id, e.getTriggerId());

            e = fails(RunException.class, () -> noToken.awaitRun(id));
            equal("LUMA_ERROR_ACCESS_TOKEN", e.getStatusName());
            equal(Outcome.NOT_SENT, e.getOutcome());
            equal(id, e.getTriggerId());
            fails(NotSentException.class, () -> noToken.trigger(unlock("jdoe")));

            WaitOptions quick = WaitOptions.untilEnd().timeout(Duration.ofMillis(200));
            e = fails(RunException.class, () -> unreachable.awaitRun(id, quick));
            equal(id, e.getTriggerId());

            // Other calls about a run are no triggers either.
            equal(id, fails(RunException.class, () -> wrongToken.history(id)).getTriggerId());
            e = fails(RunException.class, () -> unreachable.history(id));
            equal(Outcome.NOT_SENT, e.getOutcome());
        }
    }

    private void waitThatTimesOut() throws Exception {
        String id = client.trigger(patch()).triggerId();
        WaitTimeoutException e = fails(WaitTimeoutException.class,
            () -> client.awaitRun(id, WaitOptions.untilEnd().timeout(Duration.ofMillis(200))));
        equal("LUMA_ERROR_WAIT_TIMEOUT", e.getStatusName());
        equal(id, e.getTriggerId());
        equal(RunStatus.ACTIVATED, ((Run) e.getResult()).runStatus());
    }

    private void steps() throws Exception {
        String id = client.trigger(TriggerRequest.of("inventory_scan").variable("siteName", "Berlin"))
            .triggerId();
        List<Step> steps = client.steps(id).steps();
        equal(250, steps.size());
        check(steps.stream().noneMatch(step -> step.id().isEmpty()), "ids");
        Step step = client.step(id, steps.get(0).id());
        equal(steps.get(0).id(), step.id());
        equal(steps.get(0).name(), step.name());
        equal(5, client.steps(id, ListOptions.all().skip(2).top(5)).steps().size());
        fails(IndexOutOfBoundsException.class, () -> steps.get(250));
    }

    private void cancelOne() throws Exception {
        String first = client.trigger(patch()).triggerId();
        String second = client.trigger(patch()).triggerId();
        CompletableFuture<Run> one = client.awaitRunAsync(first, WaitOptions.untilEnd());
        CompletableFuture<Run> two = client.awaitRunAsync(second, WaitOptions.untilEnd());
        CompletableFuture<Run> hanging = client.awaitRunAsync("fault-hang", WaitOptions.untilEnd());
        Thread.sleep(300);
        one.cancel(true);
        fails(CancellationException.class, one::get);
        // The thread that polls is free again.
        check(isPolling(), "a poll hangs");
        hanging.cancel(true);
        within(50, () -> !isPolling());
        client.trigger(unlock("jdoe"));
        advance(180_000);
        equal(RunStatus.COMPLETED, two.get(30, TimeUnit.SECONDS).runStatus());
    }

    private void otherEnds() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                client.awaitRun("fault-hang");
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        waiting.start();
        Thread.sleep(200);
        waiting.interrupt();
        within(50, () -> thrown.get() instanceof InterruptedException);
        within(50, () -> !isPolling());

        CompletableFuture<Run> late = client.awaitRunAsync("fault-hang", WaitOptions.untilEnd())
            .orTimeout(100, TimeUnit.MILLISECONDS);
        check(fails(ExecutionException.class, late::get).getCause()
            instanceof java.util.concurrent.TimeoutException, "orTimeout");
        within(50, () -> !isPolling());

        // Closing a client ends its waits, also between two polls.
        LumaClient other = LumaClient.create(URL, TOKEN);
        String id = client.trigger(patch()).triggerId();
        CompletableFuture<Run> sleeping = other.awaitRunAsync(id, WaitOptions.untilEnd());
        CompletableFuture<Run> polling = other.awaitRunAsync("fault-hang", WaitOptions.untilEnd());
        Thread.sleep(200);
        other.close();
        for (CompletableFuture<Run> wait : List.of(sleeping, polling)) {
            within(100, wait::isDone);
            RunException e = (RunException) fails(ExecutionException.class, wait::get).getCause();
            equal(LumaStatus.CANCELLED, e.getStatus());
        }
        RuntimeException raised = new RuntimeException("from the progress callback");
        RuntimeException caught = fails(RuntimeException.class, () -> client.awaitRun(id,
            WaitOptions.untilEnd().onPoll(run -> {
                throw raised;
            })));
        check(raised == caught, "the same exception");
    }

    private void log() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Set<System.Logger.Level> levels = ConcurrentHashMap.newKeySet();
        try (LumaClient logging = LumaClient.builder(URL, TOKEN).log(DEBUG, (level, line) -> {
            levels.add(level);
            lines.add(line);
        }).build()) {
            logging.trigger(unlock("jdoe"));
        }
        check(levels.contains(INFO), "INFO in " + levels);
        check(lines.stream().noneMatch(line -> line.contains(TOKEN)), "the token is not logged");

        System.Logger logger = System.getLogger("luma");
        LumaClient.builder(URL, TOKEN).log(DEBUG, logger::log).build().close();
    }

    private void nonAscii() throws Exception {
        String name = "Jürgen 日本 🙂";
        String id = client.trigger(unlock(name)).triggerId();
        check(journal("unlock_account").contains(name), "the journal has the name");
        Parameter parameter = client.history(id).parameters().stream()
            .filter(p -> p.name().equals("userName")).findFirst().get();
        equal(name, parameter.value());
    }

    private void embeddedNul() throws Exception {
        String nul = "a\0b";
        int before = count(null);
        fails(IllegalArgumentException.class, () -> LumaClient.create(nul, TOKEN));
        fails(IllegalArgumentException.class, () -> LumaClient.create(URL, nul));
        fails(IllegalArgumentException.class, () -> TriggerRequest.of(nul));
        fails(IllegalArgumentException.class, () -> unlock("jdoe").variable(nul, "x"));
        fails(IllegalArgumentException.class, () -> unlock(nul));
        fails(IllegalArgumentException.class, () -> client.history(nul));
        fails(IllegalArgumentException.class, () -> client.awaitRun(nul));
        fails(IllegalArgumentException.class, () -> unlock("half of a pair: \ud83d"));
        fails(NullPointerException.class, () -> unlock(null));
        equal(before, count(null));
        fails(InvalidArgumentException.class, () -> client.trigger(TriggerRequest.of(" ")));
    }

    private void integers() throws Exception {
        for (long contact : new long[] {9007199254740993L, Long.MIN_VALUE, Long.MAX_VALUE}) {
            String id = client.trigger(unlock("jdoe")
                .initiator(contact, TriggerRequest.APPLICATION_CHANGEGEAR)).triggerId();
            check(journal("unlock_account").contains(contact + ",") , "the journal has " + contact);
            Run run = client.history(id);
            equal(contact, run.longValue("/resultData/initiatorContactId"));
        }
    }

    private void values() throws Exception {
        Trigger trigger = client.trigger(unlock("jdoe").variable("count", Long.MIN_VALUE)
            .variable("ratio", 0.5).variable("force", true).variableJson("list", "[1,2]"));
        String body = journal("unlock_account").replace("\\", "");
        check(body.contains("\"count\":-9223372036854775808") && body.contains("\"ratio\":0.5")
            && body.contains("\"force\":true") && body.contains("\"list\":[1,2]"), body);
        equal("unlock_account", trigger.text("/resultData/executionConfig/identifier").get());
        check(trigger.text("/resultData/absent").isEmpty(), "absent");
        check(trigger.text("/errors").isEmpty(), "null");
        equal(LumaResult.JsonType.OBJECT, trigger.jsonType("/resultData"));
        equal(LumaResult.JsonType.ABSENT, trigger.jsonType("/resultData/absent"));
        InvalidArgumentException e =
            fails(InvalidArgumentException.class, () -> trigger.longValue("/status"));
        equal("LUMA_ERROR_POINTER_TYPE", e.getStatusName());
        check(trigger.timing(LumaResult.Timing.TOTAL).get().toNanos() > 0, "total time");
        equal(1, trigger.attempts());
        equal(200, trigger.httpStatus());

        Definition definition = client.definitions().definitions().stream()
            .filter(d -> d.identifier().equals("unlock_account")).findFirst().get();
        equal("userName", definition.parameters().get(0).name());
        check(definition.parameters().get(0).isRequired(), "required");
        check(!client.connect().peerAddress().isEmpty(), "the gateway's address");
    }

    private void threads() throws Exception {
        int before = count("unlock_account");
        Set<String> ids = ConcurrentHashMap.newKeySet();
        onThreads(8, number -> () -> {
            for (int i = 0; i < 25; i++) {
                ids.add(client.trigger(unlock("jdoe")).triggerId());
            }
        });
        equal(200, ids.size());
        equal(before + 200, count("unlock_account"));
    }

    private void exceptions() throws Exception {
        RuntimeException raised = new RuntimeException("from the log callback");
        int before = count("unlock_account");
        try (LumaClient logging = LumaClient.builder(URL, TOKEN).log(INFO, (level, line) -> {
            throw raised;
        }).build()) {
            CallbackException e = fails(CallbackException.class, () -> logging.trigger(unlock("jdoe")));
            check(e.getCause() == raised, "the same exception");
            equal(Outcome.ACCEPTED, e.getOutcome());
            check(!((Trigger) e.getResult()).triggerId().isEmpty(), "the trigger id is not lost");
        }
        equal(before + 1, count("unlock_account"));

        Error error = new AssertionError("from the token provider");
        try (LumaClient providing = LumaClient.builder(URL, TOKEN).tokenProvider(() -> {
            throw error;
        }).build()) {
            CallbackException e = fails(CallbackException.class, () -> providing.trigger(unlock("jdoe")));
            check(e.getCause() == error, "the same error");
            equal(Outcome.NOT_SENT, e.getOutcome());
        }
        equal(before + 1, count("unlock_account"));
    }

    private void freeOrder() throws Exception {
        for (int i = 0; i < 100; i++) {
            LumaClient other = LumaClient.create(URL, TOKEN);
            CountDownLatch started = new CountDownLatch(1);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                started.countDown();
                try {
                    other.history("fault-hang");
                } catch (Throwable e) {
                    thrown.set(e);
                }
            });
            thread.start();
            started.await();
            if (i % 4 == 0) {
                Thread.sleep(10); // within the call; else also before it
            }
            other.close();
            other.close();
            thread.join(1000);
            Throwable e = thrown.get();
            check(e instanceof IllegalStateException
                || e instanceof RunException && ((RunException) e).getStatus() == LumaStatus.CANCELLED,
                String.valueOf(e));
            fails(IllegalStateException.class, () -> other.trigger(unlock("jdoe")));
        }

        Trigger trigger;
        AtomicInteger lines = new AtomicInteger();
        LumaClient logging = LumaClient.builder(URL, TOKEN)
            .log(INFO, new java.util.function.BiConsumer<System.Logger.Level, String>() {
                @Override
                public void accept(System.Logger.Level level, String line) {
                    lines.incrementAndGet();
                }
            }).build();
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(20);
        }
        trigger = logging.trigger(unlock("jdoe"));
        check(lines.get() > 0, "the log callback lives");
        logging.close();
        check(!trigger.triggerId().isEmpty(), "the result is readable");
        trigger.close();
        trigger.close();
        fails(IllegalStateException.class, trigger::triggerId);

        // A wait whose client is garbage goes on.
        CompletableFuture<Run> wait = LumaClient.create(URL, TOKEN)
            .awaitRunAsync(client.trigger(unlock("jdoe")).triggerId(), WaitOptions.untilEnd());
        System.gc();
        advance(1000);
        equal(RunStatus.COMPLETED, wait.get(10, TimeUnit.SECONDS).runStatus());

        // Clients that nobody closes. What is left is garbage when the process ends.
        for (int i = 0; i < 100; i++) {
            LumaClient.create(URL, TOKEN).trigger(unlock("jdoe"));
        }
        System.gc();
    }

    private void derived() throws Exception {
        try (LumaClient named = client.withRequestId("INC-4711");
                LumaClient quick = client.withTimeout(Duration.ofMillis(300));
                LumaClient scope = client.withOwnCancel()) {
            equal("INC-4711", named.trigger(unlock("jdoe")).requestId());
            equal(LumaStatus.RESPONSE_TIMEOUT,
                fails(UnknownOutcomeException.class,
                    () -> quick.trigger(TriggerRequest.of("fault-hang"))).getStatus());
            CompletableFuture<Throwable> cancelled = CompletableFuture.supplyAsync(() ->
                fails(RunException.class, () -> scope.history("fault-hang")));
            Thread.sleep(200);
            scope.cancel();
            cancelled.get(100, TimeUnit.MILLISECONDS);
        }
        client.trigger(unlock("jdoe")); // is still open

        LumaClient draining = LumaClient.create(URL, TOKEN);
        draining.trigger(unlock("jdoe"));
        equal(1L, draining.counter(LumaClient.Counter.CALLS_ACCEPTED));
        check(draining.drain(Duration.ofSeconds(1)), "drained");
        fails(IllegalStateException.class, () -> draining.trigger(unlock("jdoe")));
    }

    private void once() throws Exception {
        Path folder = Files.createTempDirectory("luma").resolve("journal");
        Journal.create(folder, URL);
        try (Journal journal = Journal.open(folder)) {
            int before = count("unlock_account");
            Trigger first = client.triggerOnce(journal, "INC-1", unlock("jdoe"));
            Trigger again = client.triggerOnce(journal, "INC-1", unlock("jdoe"));
            equal(before + 1, count("unlock_account"));
            equal(first.triggerId(), again.triggerId());
            check(!first.isAlreadyAccepted() && first.isRecorded(), "accepted now");
            check(again.isAlreadyAccepted(), "accepted before");
            equal("LUMA_ALREADY_ACCEPTED", again.statusName());
            equal("LUMA_ERROR_KEY_OTHER_REQUEST", fails(NotSentException.class,
                () -> client.triggerOnce(journal, "INC-1", unlock("other"))).getStatusName());
            JournalEntry entry = journal.find("INC-1").get();
            equal(JournalEntry.State.ACCEPTED, entry.state());
            equal(first.triggerId(), entry.triggerId().get());
            equal("unlock_account", entry.text("workflow").get());
            check(journal.find("INC-9").isEmpty(), "an unknown key");

            int faults = count("fault-close-after-reading");
            TriggerRequest fault = TriggerRequest.of("fault-close-after-reading");
            fails(UnknownOutcomeException.class, () -> client.triggerOnce(journal, "INC-2", fault));
            equal("LUMA_ERROR_KEY_UNRESOLVED", fails(UnknownOutcomeException.class,
                () -> client.triggerOnce(journal, "INC-2", fault)).getStatusName());
            equal(faults + 1, count("fault-close-after-reading"));
            List<JournalEntry> unfinished = journal.unfinished();
            equal(2, unfinished.size());
            equal("INC-2", unfinished.get(1).key());
            equal(JournalEntry.State.UNKNOWN, unfinished.get(1).state());

            check(journal.acknowledge("INC-1").isAcknowledged(), "acknowledged");
            equal(JournalEntry.State.RELEASED,
                journal.resolveAsNotRun("INC-2", "jdoe", "no run in the console").state());
            equal(JournalEntry.State.RELEASED,
                journal.newAttempt("INC-1", "jdoe", "the ticket was opened again").state());
            client.triggerOnce(journal, "INC-1", unlock("other"));
            equal("LUMA_ERROR_KEY_STATE", fails(JournalException.class,
                () -> journal.resolve("INC-1", "51a7", "jdoe", "found")).getStatusName());
            equal(1, journal.prune(Duration.ZERO));
        }
        equal("LUMA_ERROR_JOURNAL_EXISTS",
            fails(JournalException.class, () -> Journal.create(folder, URL)).getStatusName());
    }

    private void journalErrors() throws Exception {
        Path folder = Files.createTempDirectory("luma").resolve("journal");
        equal("LUMA_ERROR_JOURNAL_FOLDER",
            fails(JournalException.class, () -> Journal.open(folder)).getStatusName());
        Journal.create(folder, URL);
        try (Journal journal = Journal.open(folder)) {
            int before = count("unlock_account");
            Trigger first = client.triggerOnce(journal, "INC-1", unlock("jdoe"));
            Trigger again = client.triggerOnce(journal, "INC-1", unlock("jdoe"));
            check(again.isAlreadyAccepted() && again.journalTime().isPresent(), "flag and time");
            equal(first.journalTime(), again.journalTime());
            equal(true, client.trigger(unlock("jdoe")).journalTime().isEmpty());
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
            equal("LUMA_ERROR_JOURNAL_FOLDER", fails(NotSentException.class,
                () -> client.triggerOnce(journal, "INC-2", unlock("jdoe"))).getStatusName());
            equal("LUMA_ERROR_JOURNAL_FOLDER",
                fails(JournalException.class, journal::unfinished).getStatusName());
            equal(before + 2, count("unlock_account"));
        }
    }

    private void limits() throws Exception {
        Duration negative = Duration.ofNanos(-1);
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
        String id = client.trigger(TriggerRequest.of("patch_server").variable("hostName", "h"))
            .triggerId();
        try (WaitSet waits = client.waitSet()) {
            for (Duration wrong : List.of(negative, Duration.ofSeconds(Long.MIN_VALUE), longest)) {
                for (Row row : List.<Row>of(
                        () -> client.awaitRun(id, WaitOptions.untilEnd().timeout(wrong)),
                        () -> waits.add(id, wrong), () -> client.withTimeout(wrong),
                        () -> LumaClient.builder(URL, TOKEN).timeout(wrong).build())) {
                    equal("LUMA_ERROR_TIMEOUT_RANGE",
                        fails(InvalidArgumentException.class, row).getStatusName());
                }
            }
            check(waits.add(id, Duration.ZERO), "added");
            check(waits.next(longest).isPresent(), "an event");
            check(waits.next(negative).isEmpty(), "none yet");
        }
        for (Row row : List.<Row>of(() -> client.trigger(null), () -> client.history(null),
                () -> TriggerRequest.of(null), () -> WaitOptions.untilEnd().timeout(null),
                () -> TriggerRequest.of("x").variable("name", (String) null),
                () -> LumaClient.create(null, TOKEN), () -> LumaClient.create(URL, null),
                () -> client.triggerOnce(null, "key", unlock("jdoe")), () -> client.awaitRun(null))) {
            fails(NullPointerException.class, row);
        }
        // A checked exception, as Kotlin throws it.
        fails(IOException.class, () -> client.awaitRun(id,
            WaitOptions.untilEnd().onPoll(run -> Conformance.<RuntimeException>sneak(new IOException()))));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private void waitSet() throws Exception {
        WaitSet waits = client.waitSet();
        waits.maxPollsPerSecond(1000);
        check(waits.next().isEmpty(), "an empty set has no event");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(client.trigger(TriggerRequest.of("reset_password")
                .variable("userName", "jdoe")).triggerId());
            check(waits.add(ids.get(i), Duration.ofMinutes(1)), "added");
        }
        check(!waits.add(ids.get(0), Duration.ZERO), "added twice");
        check(waits.remove(ids.get(0)) && !waits.remove(ids.get(0)), "removed once");
        fails(IllegalArgumentException.class, () -> waits.add("a\0b", Duration.ZERO));
        Map<String, List<RunStatus>> seen = new java.util.HashMap<>();
        while (waits.size() > 0) {
            WaitSet.Event event = waits.next().get();
            check(event.failure().isEmpty(), "no failure");
            equal(event.run().runStatus().isFinal(), event.hasEnded());
            seen.computeIfAbsent(event.triggerId(), id -> new ArrayList<>())
                .add(event.run().runStatus());
            if (seen.size() == 19) {
                advance(3000);
            }
        }
        equal(Set.copyOf(ids.subList(1, 20)), seen.keySet());
        equal(Set.of(List.of(RunStatus.RUNNING, RunStatus.COMPLETED)), Set.copyOf(seen.values()));

        String server = client.trigger(
            TriggerRequest.of("patch_server").variable("hostName", "h")).triggerId();
        waits.add(server, Duration.ofMillis(300));
        check(!waits.next().get().hasEnded(), "a first status");
        check(waits.next(Duration.ofMillis(10)).isEmpty(), "nothing has changed");
        waits.wake();
        check(waits.next().isEmpty(), "woken");
        WaitSet.Event ended = waits.next().get();
        check(ended.hasEnded(), "the wait timed out");
        check(ended.failure().get() instanceof WaitTimeoutException, "by its timeout");
        equal(server, ended.failure().get().getTriggerId());

        waits.add(server, Duration.ZERO);
        waits.next();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                waits.next();
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        thread.start();
        Thread.sleep(100);
        thread.interrupt();
        thread.join(150);
        check(thrown.get() instanceof InterruptedException, "interrupted");
        waits.add("fault-hang", Duration.ZERO);
        thread = new Thread(() -> fails(java.util.NoSuchElementException.class, () -> waits.next().get()));
        thread.start();
        Thread.sleep(200);
        waits.close();
        thread.join(150);
        check(!thread.isAlive(), "ended by close");
        check(waits.next().isEmpty(), "closed");
        String id = client.trigger(unlock("jdoe")).triggerId();
        LumaClient wrong = LumaClient.create(URL, "wrong");
        try (WaitSet pausing = wrong.waitSet()) {
            pausing.add(id, Duration.ZERO);
            WaitSet.Event paused = pausing.next().get();
            equal("", paused.triggerId());
            check(!paused.hasEnded(), "the wait goes on");
            equal(LumaStatus.UNAUTHORIZED, paused.failure().get().getStatus());
            wrong.setAccessToken(TOKEN);
            equal(id, pausing.next().get().triggerId());
            wrong.close();
            equal(LumaStatus.CANCELLED, fails(LumaException.class, pausing::next).getStatus());
        }
    }

    private static final class Table implements Store {
        private final Map<String, Object[]> rows = new ConcurrentHashMap<>();

        @Override
        public Claim claim(String key, String digest, String intentJson) {
            if (key.equals("lost")) {
                throw new IllegalStateException("the table is gone");
            }
            check(intentJson.contains("\"workflow\""), intentJson);
            Object[] row = rows.putIfAbsent(key, new Object[] {digest, null, null});
            if (row == null) {
                return Claim.GRANTED;
            }
            if (!digest.equals(row[0])) {
                return Claim.OTHER_REQUEST;
            }
            if (row[1] == null) {
                return Claim.IN_PROGRESS;
            }
            return row[1] == Outcome.ACCEPTED ? Claim.accepted((String) row[2]) : Claim.UNRESOLVED;
        }

        @Override
        public void complete(String key, Outcome outcome, String triggerId) {
            rows.get(key)[1] = outcome;
            rows.get(key)[2] = triggerId;
            if (key.equals("full")) {
                throw new IllegalStateException("the disk is full");
            }
        }
    }

    private void store() throws Exception {
        Table table = new Table();
        int before = count("unlock_account");
        Trigger first = client.triggerOnceWithStore(table, "secret", "k1", unlock("jdoe"));
        Trigger again = client.triggerOnceWithStore(table, "secret", "k1", unlock("jdoe"));
        check(again.isAlreadyAccepted(), "accepted before");
        equal(first.triggerId(), again.triggerId());
        fails(NotSentException.class,
            () -> client.triggerOnceWithStore(table, "secret", "k1", unlock("other")));
        equal(before + 1, count("unlock_account"));
        int faults = count("fault-close-after-reading");
        for (int i = 0; i < 2; i++) {
            fails(UnknownOutcomeException.class, () -> client.triggerOnceWithStore(
                table, "secret", "k2", TriggerRequest.of("fault-close-after-reading")));
        }
        equal(faults + 1, count("fault-close-after-reading"));
        CallbackException full = fails(CallbackException.class,
            () -> client.triggerOnceWithStore(table, "secret", "full", unlock("jdoe")));
        equal("the disk is full", full.getCause().getMessage());
        equal(Outcome.ACCEPTED, full.getOutcome());
        before = count("unlock_account");
        CallbackException lost = fails(CallbackException.class,
            () -> client.triggerOnceWithStore(table, "secret", "lost", unlock("jdoe")));
        equal("the table is gone", lost.getCause().getMessage());
        equal(LumaStatus.JOURNAL_STORE, lost.getStatus());
        equal(before, count("unlock_account"));
    }

    private void settings() throws Exception {
        Path certificates = Path.of(System.getenv("LUMA_CERTIFICATES"));
        Path ca = certificates.resolve("ca.pem");
        Path chain = certificates.resolve("client-ec.pem");
        Path key = certificates.resolve("client-ec.sec1.key");
        Path text = Files.createTempFile("luma", ".log");
        Path json = Files.createTempFile("luma", ".json");
        for (boolean pem : List.of(false, true)) {
            LumaClient.Builder builder = LumaClient.builder(URL, TOKEN)
                .connectTimeout(Duration.ofSeconds(5)).timeout(Duration.ofSeconds(10))
                .maxResponseBytes(1_000_000).triggerMaxIdle(Duration.ofSeconds(1))
                .readMaxIdle(Duration.ofSeconds(2)).maxIdleConnections(4).retries(false).allowHttp()
                .proxy("direct").autoProxy(false).applicationId("Tests/1.0");
            if (pem) {
                builder.caPem(Files.readString(ca)).additionalCaPem(Files.readString(ca))
                    .clientCertificatePem(Files.readString(chain), Files.readString(key))
                    .logToJsonFile(INFO, json);
            } else {
                builder.caFile(ca).additionalCaFile(ca).clientCertificateFile(chain, key)
                    .logToFile(INFO, text);
            }
            try (LumaClient all = builder.build()) {
                all.trigger(unlock("jdoe"));
            }
        }
        LumaClient.builder(URL, TOKEN).apiAccessKey().build().close();
        check(Files.readString(text).contains("unlock_account"), "the log");
        check(Files.readString(json).startsWith("{"), "the log in JSON");
        for (LumaClient.Builder wrong : List.of(LumaClient.builder(URL, TOKEN).caPem("x"),
                LumaClient.builder(URL, TOKEN).proxy("x://"),
                LumaClient.builder(URL, TOKEN).timeout(Duration.ZERO),
                LumaClient.builder(URL, TOKEN).maxIdleConnections(-1))) {
            fails(InvalidArgumentException.class, wrong::build);
        }
        Files.delete(text);
        Files.delete(json);
    }

    private void getters() throws Exception {
        Connection connection = client.connect();
        equal("", connection.tlsVersion());
        check(connection.certificateExpires().isEmpty(), "no certificate");
        Trigger trigger = client.trigger(TriggerRequest.of("unlock_account")
            .variablesJson("{\"userName\": \"jdoe\", \"tags\": [1, 2], \"flag\": true}")
            .initiationInfo("ticketIdentifier", "INC-1").excludeFromDigest("tags"));
        check(trigger.isConnectionReused(), "the connection that was opened ahead of time");
        check(trigger.retryAfter().isEmpty(), "no Retry-After");
        advance(60_000);
        Run run = client.awaitRun(trigger.triggerId());
        equal(Duration.between(run.startTime().get(), run.endTime().get()), run.timeSpent().get());
        equal("jdoe", run.parameters().get(0).value());
        check(client.journalFolder().isEmpty(), "no journal");

        String scan = client.trigger(
            TriggerRequest.of("inventory_scan").variable("siteName", "s")).triggerId();
        Step step = client.steps(scan).steps().get(0);
        check(step.status() != null && !step.statusText().isEmpty(), "status of a step");
        check(step.startTime().isPresent() && step.endTime().isPresent(), "times of a step");
        step.timeSpent();
        Definition definition = client.definitions().definitions().get(0);
        check(!definition.name().isEmpty() && definition.description() != null, "names");
        equal(250L, client.steps(scan).count("/resultData"));
        fails(InvalidArgumentException.class, () -> trigger.booleanValue("/status"));
        check(!fails(InvalidArgumentException.class,
            () -> client.trigger(unlock("x").variable("", "x"))).getMessage().isEmpty(), "a message");
    }

    private void memory() throws Exception {
        for (int i = 0; i < 1000; i++) {
            client.trigger(unlock("jdoe")).close();
        }
        clearJournal();
        System.gc();
        long before = residentKiB();
        for (int i = 0; i < 10_000; i++) {
            client.trigger(unlock("jdoe")).close();
            if (i % 2000 == 0) {
                clearJournal();
            }
        }
        System.gc();
        long grown = residentKiB() - before;
        check(grown < 4096, grown + " KiB");
    }

    private void constants() throws Exception {
        int checked = 0;
        for (Field field : LumaNative.class.getDeclaredFields()) {
            if (field.getType() != int.class || !Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            String name = field.getName();
            int value = field.getInt(null);
            IntFunction<com.sun.jna.Pointer> function;
            String expected = name.replaceFirst("^LUMA_(OUTCOME|RUN|LOG)_", "");
            if (name.startsWith("LUMA_OUTCOME_")) {
                function = LumaNative::luma_outcome_name;
                equal(expected, Outcome.of(value).name());
            } else if (name.startsWith("LUMA_RUN_")) {
                function = LumaNative::luma_run_status_name;
                equal(expected, RunStatus.of(value).name());
                expected = name.equals("LUMA_RUN_NONE") ? "" : expected;
            } else if (name.startsWith("LUMA_LOG_")) {
                function = LumaNative::luma_log_level_name;
            } else if (name.equals("LUMA_OK") || name.startsWith("LUMA_ERROR_")
                    || name.startsWith("LUMA_ALREADY_")) {
                function = LumaNative::luma_status_name;
                expected = name;
                Field status = LumaStatus.class.getField(name.replaceFirst("^LUMA_(ERROR_)?", ""));
                equal(value, status.getInt(null));
            } else {
                continue;
            }
            equal(expected, LumaLibrary.string(function.apply(value)));
            checked++;
        }
        check(checked > 90, checked + " constants");
    }

    private void tokenProvider() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (LumaClient providing = LumaClient.builder(URL, "unused")
                .tokenProvider(() -> calls.incrementAndGet() == 1 ? "wrong" : TOKEN).build()) {
            equal(Outcome.ACCEPTED, providing.trigger(unlock("jdoe")).outcome());
        }
        equal(2, calls.get());
        try (LumaClient replaced = LumaClient.create(URL, "wrong")) {
            replaced.setAccessToken(TOKEN);
            replaced.trigger(unlock("jdoe"));
            equal(LumaStatus.ACCESS_TOKEN,
                fails(InvalidArgumentException.class, () -> replaced.setAccessToken("ä")).getStatus());
        }
    }

    private void headersAndSecrets() throws Exception {
        InvalidArgumentException e = fails(InvalidArgumentException.class,
            () -> LumaClient.builder(URL, TOKEN).header("Host", "x").build());
        equal("LUMA_ERROR_HEADER", e.getStatusName());
        check(e.getMessage().contains("Host"), e.getMessage());

        String secret = "correct-horse-battery";
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        try (LumaClient other = LumaClient.builder(URL, TOKEN).header("X-Tenant", "t1")
                .log(DEBUG, (level, line) -> lines.add(line)).build()) {
            Trigger trigger = other.trigger(unlock("jdoe").secretVariable("newPassword", secret));
            RejectedException rejected = fails(RejectedException.class, () -> other.trigger(
                TriggerRequest.of("unlock_account").secretVariable("newPassword", secret)));
            check(journal("unlock_account").contains(secret), "the request has the secret");
            lines.addAll(List.of(trigger.message(), trigger.json(), trigger.toString(), rejected.toString(),
                rejected.getResult().json(), rejected.getReasons().toString()));
        }
        check(lines.stream().noneMatch(line -> line.contains(secret)), "no text has the secret");
    }

    private void configurationFile() throws Exception {
        Path folder = Files.createTempDirectory("luma");
        Path token = folder.resolve("token");
        Files.createFile(token,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, TOKEN);
        Path file = folder.resolve("luma.json");
        Files.writeString(file, "{\"base_url\":\"" + URL + "\",\"token_file\":\"" + token + "\"}");
        try (LumaClient configured = LumaClient.builderFromFile(file, null).build()) {
            configured.trigger(unlock("jdoe"));
        }
        try (LumaClient configured = LumaClient.fromEnvironment()) {
            configured.trigger(unlock("jdoe"));
        }
        Files.writeString(file,
            "{\"base_url\":\"" + URL + "\",\"token_file\":\"" + token + "\",\"colour\":1}");
        InvalidArgumentException e = fails(InvalidArgumentException.class,
            () -> LumaClient.builderFromFile(file, null).build());
        check(e.getMessage().contains("colour"), e.getMessage());
    }

    private void libraryLookup() throws Exception {
        for (String path : List.of("libluma.so.0", "./libluma.so.0", "/none/libluma.so.0")) {
            check(version(path).contains("LUMA_LIBRARY"), "an error that names LUMA_LIBRARY");
        }
        check(version(System.getenv("LUMA_LIBRARY")).trim().equals(LumaClient.version()), "the version");
    }

    private static String version(String library) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp", System.getProperty("java.class.path"), Conformance.class.getName(), "version");
        builder.environment().put("LUMA_LIBRARY", library);
        Process process = builder.redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private void secrets() throws Exception {
        String id = client.trigger(unlock("jdoe")).triggerId();
        try (Secret url = client.generateLaunchUrl(id)) {
            String text = new String(url.bytes(), StandardCharsets.UTF_8);
            check(text.startsWith("http"), "a URL");
            check(!(url.json() + url.message() + url).contains(text), "it is in no text");
        }
        try (Secret token = client.regenerateTenantToken(System.getenv("LUMA_SUPER_ADMIN_TOKEN"),
                System.getenv("LUMA_TENANT_EXTERNAL_ID"))) {
            String text = new String(token.bytes(), StandardCharsets.UTF_8);
            check(!(token.json() + token.message() + token).contains(text), "it is in no text");
            fails(RejectedException.class, () -> client.trigger(unlock("jdoe")));
            client.setAccessToken(text);
            client.trigger(unlock("jdoe"));
        }
    }

    private static TriggerRequest unlock(String user) {
        return TriggerRequest.of("unlock_account").variable("userName", user);
    }

    private static TriggerRequest reset() {
        return TriggerRequest.of("reset_password").variable("userName", "jdoe");
    }

    private static TriggerRequest patch() {
        return TriggerRequest.of("patch_server").variable("hostName", "db1");
    }

    private static LumaClient unreachable() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return LumaClient.builder("http://127.0.0.1:" + socket.getLocalPort(), TOKEN)
                .retries(false).build();
        }
    }

    private static boolean isPolling() {
        return Thread.getAllStackTraces().entrySet().stream()
            .filter(entry -> entry.getKey().getName().equals("luma-wait"))
            .flatMap(entry -> Arrays.stream(entry.getValue()))
            .anyMatch(frame -> frame.getMethodName().equals("luma_wait_poll"));
    }

    private static void within(long milliseconds, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            long elapsed = (System.nanoTime() - start) / 1_000_000;
            check(elapsed <= milliseconds, "within " + milliseconds + " ms");
            Thread.sleep(1);
        }
    }

    private static void onThreads(int count, IntFunction<Row> row) throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            Row task = row.apply(i);
            new Thread(() -> {
                try {
                    task.run();
                    done.complete(null);
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            }).start();
            all.add(done);
        }
        for (CompletableFuture<Void> done : all) {
            done.get();
        }
    }

    private static <E extends Throwable> E fails(Class<E> type, Row row) {
        try {
            row.run();
        } catch (Throwable e) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
            throw new AssertionError("expected " + type.getSimpleName(), e);
        }
        throw new AssertionError("expected " + type.getSimpleName() + ", but nothing was thrown");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("does not hold: " + what);
        }
    }

    private static void equal(Object expected, Object actual) {
        check(expected.equals(actual), actual + " is not " + expected);
    }

    private static long residentKiB() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().getAsLong();
    }

    private static String http(String method, String path) {
        try {
            return HTTP.send(HttpRequest.newBuilder(URI.create(URL + path))
                .method(method, HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private static void advance(int milliseconds) {
        http("POST", "/simulator/time?advanceMs=" + milliseconds);
    }

    private static void clearJournal() {
        http("DELETE", "/simulator/journal");
    }

    private static String journal(String workflow) {
        return http("GET", "/simulator/journal" + (workflow == null ? "" : "?workflowIdentifier=" + workflow));
    }

    private static int count(String workflow) {
        return journal(workflow).split("\"sequence\":", -1).length - 1;
    }
}
