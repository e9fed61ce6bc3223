package org.libluma;

/**
 * A journal does not allow the call: the key belongs to a different request, or the journal cannot
 * be read or written. Nothing was sent now, but something may have been sent for this key before.
 */
public final class JournalException extends LumaException {
    private static final long serialVersionUID = 1L;

    JournalException(LumaResult result) {
        super(result);
    }
}
