package org.libluma;

/** Not one byte of a trigger was sent. Triggering again is safe. */
public final class NotSentException extends LumaException {
    private static final long serialVersionUID = 1L;

    NotSentException(LumaResult result) {
        super(result);
    }
}
