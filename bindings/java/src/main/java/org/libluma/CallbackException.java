package org.libluma;

/**
 * A log callback or a token provider threw an exception, which is the cause. The call went on:
 * {@link #getOutcome} and {@link #getResult} say how it ended.
 */
public final class CallbackException extends LumaException {
    private static final long serialVersionUID = 1L;

    CallbackException(LumaResult result, Throwable cause) {
        super("a callback threw " + cause + "; the call: " + result.message(), result, cause);
    }
}
