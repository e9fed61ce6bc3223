package org.libluma;

/**
 * A journal cannot be created, opened, read or changed. Only the methods of {@link Journal} throw
 * it, never a trigger.
 */
public final class JournalException extends LumaException {
    private static final long serialVersionUID = 1L;

    JournalException(LumaResult result) {
        super(result);
    }
}
