package org.libluma;

import java.util.List;

/** A workflow definition: what can be triggered. */
public final class Definition {
    private final Definitions result;
    private final LumaNative.SizeT index;

    Definition(Definitions result, int index) {
        this.result = result;
        this.index = LumaResult.size(index);
    }

    /**
     * Names the workflow, for {@link TriggerRequest#of}.
     *
     * @return the workflow identifier
     */
    public String identifier() {
        return result.string(p -> LumaNative.luma_result_definition_identifier(p, index));
    }

    /**
     * The name of the workflow, for people.
     *
     * @return the name
     */
    public String name() {
        return result.string(p -> LumaNative.luma_result_definition_name(p, index));
    }

    /**
     * The description of the workflow, for people.
     *
     * @return the description
     */
    public String description() {
        return result.string(p -> LumaNative.luma_result_definition_description(p, index));
    }

    /**
     * The variables of the workflow.
     *
     * @return the input parameters
     */
    public List<Parameter> parameters() {
        return result.list(p -> LumaNative.luma_result_definition_parameter_count(p, index), i -> {
            LumaNative.SizeT at = LumaResult.size(i);
            return result.read(p -> new Parameter(
                LumaLibrary.string(LumaNative.luma_result_definition_parameter_name(p, index, at)),
                "",
                LumaLibrary.string(LumaNative.luma_result_definition_parameter_data_type(p, index, at)),
                LumaNative.luma_result_definition_parameter_required(p, index, at) != 0,
                LumaLibrary.string(LumaNative.luma_result_definition_parameter_caption(p, index, at)),
                LumaLibrary.string(
                    LumaNative.luma_result_definition_parameter_description(p, index, at))));
        });
    }

    /** Returns the identifier. */
    @Override
    public String toString() {
        return identifier();
    }
}
