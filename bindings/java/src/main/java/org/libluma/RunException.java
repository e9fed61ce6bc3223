package org.libluma;

/**
 * A wait for a run, or another call about it, failed. The run itself goes on. This is
 * not one of the exceptions of a trigger, whatever the outcome is.
 */
public class RunException extends LumaException {
    private static final long serialVersionUID = 1L;

    /** The trigger id. */
    private final String triggerId;

    RunException(String triggerId, LumaResult result) {
        super(result);
        this.triggerId = triggerId;
    }

    /** The exception for the result of a call about a run. */
    static LumaException of(String triggerId, LumaResult result) {
        if (isMistake(result.status()) && !isWithoutToken(result)) {
            return new InvalidArgumentException(result);
        }
        return result.status() == LumaStatus.WAIT_TIMEOUT
            ? new WaitTimeoutException(triggerId, result)
            : new RunException(triggerId, result);
    }

    /**
     * Names the run.
     *
     * @return the trigger id
     */
    public final String getTriggerId() {
        return triggerId;
    }
}
