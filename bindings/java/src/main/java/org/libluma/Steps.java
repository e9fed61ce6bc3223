package org.libluma;

import com.sun.jna.Pointer;
import java.util.List;

/** The steps of a run that have started. */
public final class Steps extends LumaResult {
    Steps(Pointer pointer) {
        super(pointer);
    }

    /**
     * The steps.
     *
     * @return the steps, in the gateway's order or in that of {@link ListOptions}
     */
    public List<Step> steps() {
        return list(LumaNative::luma_result_step_count, i -> new Step(this, i));
    }
}
