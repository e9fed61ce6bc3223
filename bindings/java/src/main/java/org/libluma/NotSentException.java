package org.libluma;

/**
 * Not one byte of a trigger was sent. Triggering again is safe. Also if a journal cannot be used, or
 * the key belongs to another request: then the message says what to do first.
 */
public final class NotSentException extends LumaException {
    private static final long serialVersionUID = 1L;

    NotSentException(LumaResult result) {
        super(result);
    }
}
