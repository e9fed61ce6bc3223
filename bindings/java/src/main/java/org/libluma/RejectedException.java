package org.libluma;

/** The gateway refused a trigger. Nothing runs. */
public final class RejectedException extends LumaException {
    private static final long serialVersionUID = 1L;

    RejectedException(LumaResult result) {
        super(result);
    }
}
