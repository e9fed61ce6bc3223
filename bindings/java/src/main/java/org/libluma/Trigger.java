package org.libluma;

import com.sun.jna.Pointer;
import java.time.Instant;
import java.util.Optional;

/** The result of a trigger: the gateway accepted it, and runs the workflow. */
public final class Trigger extends LumaResult {
    Trigger(Pointer pointer) {
        super(pointer);
    }

    /**
     * Names the run. Store it, for example in the ticket: with it, any process can wait for the
     * run.
     *
     * @return the trigger id
     */
    public String triggerId() {
        return string(LumaNative::luma_result_trigger_id);
    }

    /**
     * Whether {@link LumaClient#triggerOnce} sent nothing, because the key was accepted before.
     *
     * @return true if the run is that of an earlier call
     */
    public boolean isAlreadyAccepted() {
        return status() == LumaStatus.ALREADY_ACCEPTED;
    }

    /**
     * When the key of {@link LumaClient#triggerOnce} was accepted.
     *
     * @return the time in the journal; empty without a journal
     */
    public Optional<Instant> journalTime() {
        return instant(LumaNative::luma_result_journal_time_ms);
    }

    /**
     * Whether the journal has the outcome of {@link LumaClient#triggerOnce}. If the disk failed
     * after the request was sent, a later call with the key finds its outcome unknown.
     *
     * @return false if it could not be written, or without a journal
     */
    public boolean isRecorded() {
        return number(LumaNative::luma_result_journal_recorded) != 0;
    }
}
