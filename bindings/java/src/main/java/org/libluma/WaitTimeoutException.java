package org.libluma;

/** The timeout of a wait passed before the run ended. The run goes on: wait for it again. */
public final class WaitTimeoutException extends RunException {
    private static final long serialVersionUID = 1L;

    WaitTimeoutException(String triggerId, LumaResult result) {
        super(triggerId, result);
    }
}
