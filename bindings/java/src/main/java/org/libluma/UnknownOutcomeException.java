package org.libluma;

/**
 * The request was sent, at least in part, and no trustworthy response came back. After a trigger,
 * the workflow may be running: check before calling again.
 */
public final class UnknownOutcomeException extends LumaException {
    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(LumaResult result) {
        super(result);
    }
}
