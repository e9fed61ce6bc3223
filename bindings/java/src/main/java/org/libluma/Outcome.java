package org.libluma;

/** The certain effect of a request. It is never guessed. */
public enum Outcome {
    /** The gateway accepted the request and returned what was asked for. */
    ACCEPTED(LumaNative.LUMA_OUTCOME_ACCEPTED),

    /** The gateway refused the request and did nothing. */
    REJECTED(LumaNative.LUMA_OUTCOME_REJECTED),

    /** Not one byte of the request was sent. */
    NOT_SENT(LumaNative.LUMA_OUTCOME_NOT_SENT),

    /** The request was sent, at least in part, and no trustworthy response came back. */
    UNKNOWN(LumaNative.LUMA_OUTCOME_UNKNOWN);

    private final int number;

    Outcome(int number) {
        this.number = number;
    }

    static Outcome of(int number) {
        for (Outcome outcome : values()) {
            if (outcome.number == number) {
                return outcome;
            }
        }
        return UNKNOWN;
    }
}
