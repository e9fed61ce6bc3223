package org.libluma;

import com.sun.jna.Pointer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The state of a run: the result of a wait, or of {@link LumaClient#history}. */
public final class Run extends LumaResult {
    private final String triggerId;

    Run(String triggerId, Pointer pointer) {
        super(pointer);
        this.triggerId = triggerId;
    }

    /** The state of a run in a result of another kind. */
    Run(String triggerId, LumaResult result) {
        super(result);
        this.triggerId = triggerId;
    }

    /**
     * Names the run.
     *
     * @return the trigger id
     */
    public String triggerId() {
        return triggerId;
    }

    /**
     * The status of the run.
     *
     * @return the last one that was seen
     */
    public RunStatus runStatus() {
        return RunStatus.of(number(LumaNative::luma_result_run_status));
    }

    /**
     * The gateway's word for the status of the run.
     *
     * @return such as {@code COMPLETED}
     */
    public String runStatusText() {
        return string(LumaNative::luma_result_run_status_text);
    }

    /**
     * When the run started.
     *
     * @return empty if the gateway did not say
     */
    public Optional<Instant> startTime() {
        return instant(LumaNative::luma_result_run_start_time_ms);
    }

    /**
     * When the run ended.
     *
     * @return empty if it has not ended
     */
    public Optional<Instant> endTime() {
        return instant(LumaNative::luma_result_run_end_time_ms);
    }

    /**
     * How long the run took, as the gateway measured it.
     *
     * @return empty if the gateway did not say
     */
    public Optional<Duration> timeSpent() {
        return duration(LumaNative::luma_result_run_time_spent_ms);
    }

    /**
     * The variables that the run was started with.
     *
     * @return the input parameters
     */
    public List<Parameter> parameters() {
        return list(LumaNative::luma_result_parameter_count, i -> read(p -> new Parameter(
            LumaLibrary.string(LumaNative.luma_result_parameter_name(p, size(i))),
            LumaLibrary.string(LumaNative.luma_result_parameter_value(p, size(i))),
            LumaLibrary.string(LumaNative.luma_result_parameter_data_type(p, size(i))),
            false,
            LumaLibrary.string(LumaNative.luma_result_parameter_caption(p, size(i))),
            LumaLibrary.string(LumaNative.luma_result_parameter_description(p, size(i))))));
    }

    /**
     * The number of polls of a wait.
     *
     * @return 0 if this is not the result of a wait
     */
    public int pollCount() {
        return number(LumaNative::luma_result_poll_count);
    }
}
