package org.libluma;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A step of a run. */
public final class Step {
    private final LumaResult result;
    private final LumaNative.SizeT index;

    Step(LumaResult result, int index) {
        this.result = result;
        this.index = LumaResult.size(index);
    }

    /**
     * The result that contains this step. That of {@link LumaClient#step} has its details, below
     * {@code /resultData}.
     *
     * @return the result
     */
    public LumaResult result() {
        return result;
    }

    /**
     * Names the step.
     *
     * @return the step's id, for {@link LumaClient#step}
     */
    public String id() {
        return result.string(p -> LumaNative.luma_result_step_id(p, index));
    }

    /**
     * The name of the step, for people.
     *
     * @return the name
     */
    public String name() {
        return result.string(p -> LumaNative.luma_result_step_name(p, index));
    }

    /**
     * The status of the step.
     *
     * @return the status
     */
    public RunStatus status() {
        return RunStatus.of(result.number(p -> LumaNative.luma_result_step_status(p, index)));
    }

    /**
     * The gateway's word for the status.
     *
     * @return such as {@code COMPLETED}
     */
    public String statusText() {
        return result.string(p -> LumaNative.luma_result_step_status_text(p, index));
    }

    /**
     * When the step started.
     *
     * @return empty if the gateway did not say
     */
    public Optional<Instant> startTime() {
        return result.instant(p -> LumaNative.luma_result_step_start_time_ms(p, index));
    }

    /**
     * When the step ended.
     *
     * @return empty if it has not ended
     */
    public Optional<Instant> endTime() {
        return result.instant(p -> LumaNative.luma_result_step_end_time_ms(p, index));
    }

    /**
     * How long the step took, as the gateway measured it.
     *
     * @return empty if the gateway did not say
     */
    public Optional<Duration> timeSpent() {
        return result.duration(p -> LumaNative.luma_result_step_time_spent_ms(p, index));
    }

    /** Returns name and status. */
    @Override
    public String toString() {
        return name() + ": " + statusText();
    }
}
