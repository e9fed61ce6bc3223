package org.libluma;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/** How to wait for a run. */
public final class WaitOptions {
    final Duration timeout;
    final boolean untilSuspended;
    final Consumer<? super Run> listener;

    private WaitOptions(Duration timeout, boolean untilSuspended, Consumer<? super Run> listener) {
        this.timeout = timeout;
        this.untilSuspended = untilSuspended;
        this.listener = listener;
    }

    /**
     * Waits until the run has ended.
     *
     * @return options to be refined
     */
    public static WaitOptions untilEnd() {
        return new WaitOptions(Duration.ZERO, false, null);
    }

    /**
     * Limits the time.
     *
     * @param timeout the longest time to wait, at most one day; zero for no limit
     * @return options with it
     */
    public WaitOptions timeout(Duration timeout) {
        return new WaitOptions(Objects.requireNonNull(timeout, "timeout"), untilSuspended, listener);
    }

    /**
     * Also ends the wait when the run is suspended, because a person may have to act.
     *
     * @return options with it
     */
    public WaitOptions orSuspended() {
        return new WaitOptions(timeout, true, listener);
    }

    /**
     * Reports the state of the run after each poll.
     *
     * @param listener is called on a thread of the client; an exception of it ends the wait, with
     *     that exception
     * @return options with it
     */
    public WaitOptions onPoll(Consumer<? super Run> listener) {
        return new WaitOptions(timeout, untilSuspended, listener);
    }
}
