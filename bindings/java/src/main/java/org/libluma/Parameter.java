package org.libluma;

/** An input parameter of a run or of a workflow definition. */
public final class Parameter {
    private final String name;
    private final String value;
    private final String dataType;
    private final boolean required;
    private final String caption;
    private final String description;

    Parameter(String name, String value, String dataType, boolean required, String caption,
            String description) {
        this.name = name;
        this.value = value;
        this.dataType = dataType;
        this.required = required;
        this.caption = caption;
        this.description = description;
    }

    /**
     * The name, as for {@link TriggerRequest#variable(String, String)}.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The value of a run's parameter as text: the characters of a string, else JSON.
     *
     * @return an empty string for a workflow definition
     */
    public String value() {
        return value;
    }

    /**
     * The data type.
     *
     * @return such as {@code TEXT}, {@code INTEGER} or {@code DATE}
     */
    public String dataType() {
        return dataType;
    }

    /**
     * Whether a workflow definition requires the parameter.
     *
     * @return false for a run
     */
    public boolean isRequired() {
        return required;
    }

    /**
     * The caption, for people.
     *
     * @return the caption
     */
    public String caption() {
        return caption;
    }

    /**
     * The description, for people.
     *
     * @return the description
     */
    public String description() {
        return description;
    }

    /** Returns name and value. */
    @Override
    public String toString() {
        return name + "=" + value;
    }
}
