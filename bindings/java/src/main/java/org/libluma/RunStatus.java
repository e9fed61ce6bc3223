package org.libluma;

/** The status of a run or a step. */
public enum RunStatus {
    /** There is no run, or the gateway sent no status. */
    NONE(LumaNative.LUMA_RUN_NONE),

    /** Running. */
    RUNNING(LumaNative.LUMA_RUN_RUNNING),

    /** Waiting, perhaps for a person. */
    SUSPENDED(LumaNative.LUMA_RUN_SUSPENDED),

    /** Activated. */
    ACTIVATED(LumaNative.LUMA_RUN_ACTIVATED),

    /** Completed. Final. */
    COMPLETED(LumaNative.LUMA_RUN_COMPLETED),

    /** Failed. Final. */
    FAILED(LumaNative.LUMA_RUN_FAILED),

    /** Terminated. Final. */
    TERMINATED(LumaNative.LUMA_RUN_TERMINATED),

    /** A status that this library does not know; see the text beside it. */
    OTHER(LumaNative.LUMA_RUN_OTHER);

    private final int number;

    RunStatus(int number) {
        this.number = number;
    }

    static RunStatus of(int number) {
        for (RunStatus status : values()) {
            if (status.number == number) {
                return status;
            }
        }
        return OTHER;
    }

    /**
     * Whether a run with this status has ended.
     *
     * @return true for {@link #COMPLETED}, {@link #FAILED} and {@link #TERMINATED}
     */
    public boolean isFinal() {
        return LumaNative.luma_run_status_is_final(number) != 0;
    }
}
