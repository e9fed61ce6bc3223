package org.libluma;

/**
 * An argument or a setting is invalid. Nothing was sent, but calling again is useless. The message
 * names the argument.
 */
public final class InvalidArgumentException extends LumaException {
    private static final long serialVersionUID = 1L;

    InvalidArgumentException(LumaResult result) {
        super(result);
    }

    InvalidArgumentException(String message, int status) {
        super(message, status);
    }
}
