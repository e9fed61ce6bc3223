package org.libluma;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.time.Duration;
import java.util.Optional;

/**
 * Follows many runs on one thread, or on a few. Any number of threads may use it at the same time;
 * each event is returned to one of them.
 *
 * <pre>{@code
 * try (WaitSet waits = client.waitSet()) {
 *     waits.add(triggerId, Duration.ofMinutes(10)); // and so on
 *     while (waits.size() > 0) {
 *         waits.next().ifPresent(event -> System.out.println(event.triggerId()));
 *     }
 * }
 * }</pre>
 */
public final class WaitSet implements AutoCloseable {
    private static final long SLICE_MS = 40;

    private final Handle handle;

    WaitSet(Pointer client) {
        PointerByReference out = new PointerByReference();
        LumaClient.check(LumaNative.luma_wait_set_new(client, out), "client");
        handle = new Handle("set of waits", out.getValue(), LumaNative::luma_wait_set_free);
    }

    /**
     * Limits the polls of the whole set; by default 20 per second. If there are too many runs for
     * it, all are polled less often.
     *
     * @param pollsPerSecond 1 to 1000
     */
    public void maxPollsPerSecond(int pollsPerSecond) {
        LumaClient.check(handle.use(
            p -> LumaNative.luma_wait_set_max_polls_per_second(p, pollsPerSecond)), "pollsPerSecond");
    }

    /**
     * Adds a run. Its first poll is due at once.
     *
     * @param triggerId names the run
     * @param timeout the longest time to wait for it, at most one day; zero for no limit
     * @return false if it is in the set already
     */
    public boolean add(String triggerId, Duration timeout) {
        byte[] id = LumaClient.text(triggerId, "triggerId");
        long ms = LumaClient.milliseconds(timeout);
        int status = handle.use(p -> LumaNative.luma_wait_set_add(p, id, ms, null));
        if (status == LumaStatus.ALREADY_IN_SET) {
            return false;
        }
        LumaClient.check(status, "triggerId or timeout");
        return true;
    }

    /**
     * Removes a run, which is not affected.
     *
     * @param triggerId names the run
     * @return false if it is not in the set, for example because its wait has ended
     */
    public boolean remove(String triggerId) {
        byte[] id = LumaClient.text(triggerId, "triggerId");
        int status = handle.use(p -> LumaNative.luma_wait_set_remove(p, id));
        if (status == LumaStatus.NOT_IN_SET) {
            return false;
        }
        LumaClient.check(status, "triggerId");
        return true;
    }

    /**
     * The number of runs in the set.
     *
     * @return 0 if it is empty or closed
     */
    public int size() {
        return handle.useIfOpen(p -> LumaNative.luma_wait_set_count(p).intValue()).orElse(0);
    }

    /**
     * Waits for the next event.
     *
     * @return empty if the set is empty or closed, or if {@link #wake} was called
     * @throws LumaException if the client was cancelled or closed
     * @throws InterruptedException if this thread was interrupted; that is noticed within 50 ms, or
     *     after the poll that it is making
     */
    public Optional<Event> next() throws InterruptedException {
        return next(Duration.ofDays(365_000));
    }

    /**
     * Waits for the next event.
     *
     * @param timeout how long to wait
     * @return empty if there was none
     * @throws LumaException if the client was cancelled or closed
     * @throws InterruptedException if this thread was interrupted; that is noticed within 50 ms, or
     *     after the poll that it is making
     */
    public Optional<Event> next(Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        long limit = LumaClient.milliseconds(timeout);
        for (;;) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long rest = limit - (System.nanoTime() - start) / 1_000_000;
            PointerByReference out = new PointerByReference();
            Callbacks.Call callbacks = new Callbacks.Call();
            Optional<Integer> status = callbacks.run(() -> handle.useIfOpen(p ->
                LumaNative.luma_wait_set_next(p, Math.max(0, Math.min(rest, SLICE_MS)), out, null)));
            if (status.isEmpty()) {
                return Optional.empty();
            }
            LumaResult result = new LumaResult(out.getValue());
            if (callbacks.thrown != null) {
                throw new CallbackException(result, callbacks.thrown);
            }
            switch (status.get()) {
                case LumaStatus.NOTHING_CHANGED:
                    if (rest <= SLICE_MS) {
                        return Optional.empty();
                    }
                    break;
                case LumaStatus.WOKEN:
                case LumaStatus.SET_EMPTY:
                case LumaStatus.SET_CLOSED:
                    return Optional.empty();
                case LumaStatus.CANCELLED:
                    throw LumaException.of(result);
                default:
                    return Optional.of(new Event(status.get(), result));
            }
        }
    }

    /**
     * Ends the calls of {@link #next} in progress, or else the next one. A poll that has begun is
     * completed.
     */
    public void wake() {
        handle.use(LumaNative::luma_wait_set_wake);
    }

    /** Ends the calls of {@link #next} within 50 ms, and frees the set. The runs go on. */
    @Override
    public void close() {
        handle.useIfOpen(LumaNative::luma_wait_set_close);
        handle.close();
    }

    /** What has changed: a run has a new status, its wait has ended, or the set pauses. */
    public static final class Event {
        private final int status;
        private final String triggerId;
        private final Run run;

        private Event(int status, LumaResult result) {
            this.status = status;
            this.triggerId = result.string(LumaNative::luma_result_trigger_id);
            this.run = new Run(triggerId, result);
        }

        /**
         * Names the run.
         *
         * @return the trigger id; empty if the gateway cannot be polled: then {@link #failure} says
         *     why, and the set continues when it can
         */
        public String triggerId() {
            return triggerId;
        }

        /**
         * The state of the run.
         *
         * @return the last one that was seen
         */
        public Run run() {
            return run;
        }

        /**
         * Whether the wait has ended.
         *
         * @return true if the run is no longer in the set
         */
        public boolean hasEnded() {
            return !triggerId.isEmpty() && status != LumaStatus.WAIT_OPEN;
        }

        /**
         * Why the wait ended before its run.
         *
         * @return an exception that is not thrown, or empty
         */
        public Optional<RunException> failure() {
            return status == LumaStatus.OK || status == LumaStatus.WAIT_OPEN ? Optional.empty()
                : Optional.of(status == LumaStatus.WAIT_TIMEOUT
                    ? new WaitTimeoutException(triggerId, run) : new RunException(triggerId, run));
        }
    }
}
