package org.libluma;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A wait for a run. Between polls, it is only an entry in a queue. */
final class PendingRun extends CompletableFuture<Run> implements Runnable {
    private final String triggerId;
    private final WaitOptions options;
    private final Polls polls;
    private final Handle scope;
    private final Handle wait;
    private volatile Future<?> next;

    /** The waits of a client, and the threads that poll for them. */
    static final class Polls {
        private final Set<PendingRun> pending = ConcurrentHashMap.newKeySet();
        private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(8, task -> {
            Thread thread = new Thread(task, "luma-wait");
            thread.setDaemon(true);
            return thread;
        });

        Polls() {
            executor.setRemoveOnCancelPolicy(true);
            executor.setKeepAliveTime(1, TimeUnit.SECONDS);
            executor.allowCoreThreadTimeOut(true);
        }

        /** Ends the waits whose client was cancelled or closed. */
        void endCancelled() {
            pending.forEach(PendingRun::endIfCancelled);
        }
    }

    private PendingRun(String triggerId, WaitOptions options, Polls polls, Pointer client) {
        this.triggerId = triggerId;
        this.options = options;
        this.polls = polls;
        PointerByReference out = new PointerByReference();
        LumaClient.check(LumaNative.luma_client_with_own_cancel(client, out), "client");
        scope = new Handle("wait", out.getValue(), LumaNative::luma_client_free);
        PointerByReference waitOut = new PointerByReference();
        int status = scope.use(p -> LumaNative.luma_wait_new(p, LumaLibrary.utf8(triggerId, "triggerId"),
            LumaClient.milliseconds(options.timeout), waitOut));
        LumaClient.check(status, "triggerId or timeout");
        wait = new Handle("wait", waitOut.getValue(), LumaNative::luma_wait_free);
    }

    static PendingRun start(String triggerId, WaitOptions options, Polls polls, Pointer client) {
        PendingRun run = new PendingRun(triggerId, options, polls, client);
        run.wait.use(p -> LumaNative.luma_wait_set_until_suspended(p, options.untilSuspended ? 1 : 0));
        polls.pending.add(run);
        run.schedule(0);
        // However it ends, also by cancel() or orTimeout().
        run.whenComplete((result, failure) -> run.end());
        return run;
    }

    /** Polls once. */
    @Override
    public void run() {
        try {
            long pause = poll();
            if (pause >= 0) {
                schedule(pause);
            }
        } catch (Throwable e) {
            completeExceptionally(e);
        }
    }

    /** Returns the time until the next poll; -1 if the wait has ended. */
    private synchronized long poll() {
        if (isDone()) {
            return -1;
        }
        PointerByReference out = new PointerByReference();
        Callbacks.Call callbacks = new Callbacks.Call();
        int status = callbacks.run(() -> wait.use(p -> LumaNative.luma_wait_poll(p, out)));
        Run run = new Run(triggerId, out.getValue());
        if (callbacks.thrown != null) {
            throw new CallbackException(run, callbacks.thrown);
        }
        if (options.listener != null && (status == LumaStatus.OK || status == LumaStatus.WAIT_OPEN)) {
            options.listener.accept(run);
        }
        if (status == LumaStatus.OK) {
            complete(run);
        } else if (status != LumaStatus.WAIT_OPEN) {
            throw RunException.of(triggerId, run);
        }
        return status == LumaStatus.WAIT_OPEN
            ? wait.use(LumaNative::luma_wait_next_poll_ms) : -1;
    }

    /** A poll of a cancelled wait is due at once. Not on this thread: a poll may be in progress. */
    private void endIfCancelled() {
        polls.executor.execute(() -> {
            synchronized (this) {
                if (!isDone() && wait.use(LumaNative::luma_wait_next_poll_ms) == 0) {
                    run();
                }
            }
        });
    }

    private void schedule(long milliseconds) {
        Future<?> previous = next;
        if (previous != null) {
            previous.cancel(false);
        }
        next = polls.executor.schedule(this, milliseconds, TimeUnit.MILLISECONDS);
        if (isDone()) {
            next.cancel(false); // by another thread, meanwhile
        }
    }

    private void end() {
        polls.pending.remove(this);
        next.cancel(false);
        scope.use(LumaNative::luma_client_cancel);
        scope.close();
        wait.close();
    }
}
