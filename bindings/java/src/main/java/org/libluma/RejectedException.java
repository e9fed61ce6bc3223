package org.libluma;

/** The gateway refused the request and did nothing. After a trigger, nothing runs. */
public final class RejectedException extends LumaException {
    private static final long serialVersionUID = 1L;

    RejectedException(LumaResult result) {
        super(result);
    }
}
