package org.libluma;

import com.sun.jna.ptr.PointerByReference;
import java.util.List;

/**
 * A call failed. The subclasses say what may be done about it.
 *
 * <p>A trigger throws one of these, whatever its status is. Nothing else does, so code that
 * triggers again after a {@link NotSentException} never triggers twice:
 *
 * <ul>
 *   <li>{@link RejectedException}: the gateway refused the request, and nothing runs.
 *   <li>{@link NotSentException}: nothing was sent, so triggering again is safe.
 *   <li>{@link UnknownOutcomeException}: the workflow may be running. Check before triggering
 *       again.
 * </ul>
 *
 * <p>Others:
 *
 * <ul>
 *   <li>{@link InvalidArgumentException}: an argument or a setting is invalid. Nothing was sent.
 *   <li>{@link JournalException}: a method of a {@link Journal} failed.
 *   <li>{@link RunException}: a wait for a run, or another call about it, failed.
 *   <li>{@link CallbackException}: a callback threw an exception.
 * </ul>
 */
public class LumaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The status. */
    private final int status;
    /** The outcome. */
    private final Outcome outcome;
    /** The gateway's reasons. */
    private final List<String> reasons;
    private final transient LumaResult result;

    LumaException(LumaResult result) {
        this(result.message(), result, null);
    }

    LumaException(String message, LumaResult result, Throwable cause) {
        super(message, cause);
        this.status = result.status();
        this.outcome = result.outcome();
        this.reasons = List.copyOf(result.errors());
        this.result = result;
    }

    LumaException(String message, int status) {
        super(message);
        this.status = status;
        this.outcome = Outcome.NOT_SENT;
        this.reasons = List.of();
        this.result = null;
    }

    /** The exception for the result of a call that is neither a trigger nor about a run. */
    static LumaException of(LumaResult result) {
        if (isMistake(result.status())) {
            return new InvalidArgumentException(result);
        }
        return isOfJournal(result.status()) ? new JournalException(result) : new LumaException(result);
    }

    /** The exception for the result of a trigger. */
    static LumaException ofTrigger(LumaResult result) {
        if (isMistake(result.status()) && !isWithoutToken(result)) {
            return new InvalidArgumentException(result);
        }
        switch (result.outcome()) {
            case REJECTED:
                return new RejectedException(result);
            case NOT_SENT:
                return new NotSentException(result);
            default:
                return new UnknownOutcomeException(result);
        }
    }

    /** Throws the reason that a function gave for its failure, if it failed. */
    static void checkReason(PointerByReference reason) {
        if (reason.getValue() != null) {
            throw of(new LumaResult(reason.getValue()));
        }
    }

    /** A token provider returned no token, which is not a mistake in an argument of the call. */
    static boolean isWithoutToken(LumaResult result) {
        return result.status() == LumaStatus.ACCESS_TOKEN;
    }

    private static boolean isOfJournal(int status) {
        return 300 <= status && status <= 399;
    }

    static boolean isMistake(int status) {
        return 1 <= status && status <= 99;
    }

    /**
     * Why the call failed.
     *
     * @return one of {@link LumaStatus}
     */
    public int getStatus() {
        return status;
    }

    /**
     * The name of the status.
     *
     * @return such as {@code LUMA_ERROR_CONNECT}
     */
    public String getStatusName() {
        return LumaLibrary.string(LumaNative.luma_status_name(status));
    }

    /**
     * What is certain.
     *
     * @return the outcome of the call
     */
    public Outcome getOutcome() {
        return outcome;
    }

    /**
     * The gateway's reasons.
     *
     * @return the errors in its response, empty if there are none
     */
    public List<String> getReasons() {
        return reasons;
    }

    /**
     * The result of the failed call: the whole response, and for a list the elements that were
     * received.
     *
     * @return the result, or null if there was no call or the exception was deserialized
     */
    public LumaResult getResult() {
        return result;
    }
}
