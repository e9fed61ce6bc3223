package org.libluma;

/** Not one byte of the request was sent. Calling again is safe. */
public final class NotSentException extends LumaException {
    private static final long serialVersionUID = 1L;

    NotSentException(LumaResult result) {
        super(result);
    }
}
