package org.libluma;

import com.sun.jna.Pointer;
import java.util.List;

/** The workflow definitions of the tenant. */
public final class Definitions extends LumaResult {
    Definitions(Pointer pointer) {
        super(pointer);
    }

    /**
     * The definitions.
     *
     * @return the definitions, in the gateway's order or in that of {@link ListOptions}
     */
    public List<Definition> definitions() {
        return list(LumaNative::luma_result_definition_count, i -> new Definition(this, i));
    }
}
