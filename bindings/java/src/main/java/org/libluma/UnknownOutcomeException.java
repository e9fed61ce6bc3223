package org.libluma;

/**
 * A trigger was sent, at least in part, and no trustworthy response came back. The workflow may be
 * running: check before triggering again.
 */
public final class UnknownOutcomeException extends LumaException {
    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(LumaResult result) {
        super(result);
    }
}
