package org.libluma;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * A workflow to run, with its variables and its initiator.
 *
 * <p>Its values are checked when it is triggered, by {@link InvalidArgumentException}, except that
 * strings with a NUL are refused at once. It is mutable, so one thread at a time may change it.
 */
public final class TriggerRequest {
    /** The application Luma/VSA, for {@link #initiator}. */
    public static final int APPLICATION_LUMA = LumaNative.LUMA_APPLICATION_LUMA;

    /** The application ISM, for {@link #initiator}. */
    public static final int APPLICATION_ISM = LumaNative.LUMA_APPLICATION_ISM;

    /** The application ChangeGear, for {@link #initiator}. */
    public static final int APPLICATION_CHANGEGEAR = LumaNative.LUMA_APPLICATION_CHANGEGEAR;

    /** The application POB, for {@link #initiator}. */
    public static final int APPLICATION_POB = LumaNative.LUMA_APPLICATION_POB;

    private final byte[] workflowIdentifier;
    private final List<ToIntFunction<Pointer>> setters = new ArrayList<>();

    private TriggerRequest(byte[] workflowIdentifier) {
        this.workflowIdentifier = workflowIdentifier;
    }

    /**
     * A request to run a workflow.
     *
     * @param workflowIdentifier names the workflow, see {@link Definition#identifier}
     * @return a request without variables
     */
    public static TriggerRequest of(String workflowIdentifier) {
        return new TriggerRequest(LumaClient.text(workflowIdentifier, "workflowIdentifier"));
    }

    /**
     * Sets a variable of the workflow.
     *
     * @param name the name of the variable
     * @param value the value
     * @return this request
     */
    public TriggerRequest variable(String name, String value) {
        byte[] n = LumaClient.text(name, "name");
        byte[] v = LumaClient.text(value, "value");
        return set(p -> LumaNative.luma_trigger_request_set_variable(p, n, v));
    }

    /**
     * Sets a variable of the workflow to an integer.
     *
     * @param name the name of the variable
     * @param value the value
     * @return this request
     */
    public TriggerRequest variable(String name, long value) {
        byte[] n = LumaClient.text(name, "name");
        return set(p -> LumaNative.luma_trigger_request_set_variable_int64(p, n, value));
    }

    /**
     * Sets a variable of the workflow to a number.
     *
     * @param name the name of the variable
     * @param value the value, which must be finite
     * @return this request
     */
    public TriggerRequest variable(String name, double value) {
        byte[] n = LumaClient.text(name, "name");
        return set(p -> LumaNative.luma_trigger_request_set_variable_double(p, n, value));
    }

    /**
     * Sets a variable of the workflow to true or false.
     *
     * @param name the name of the variable
     * @param value the value
     * @return this request
     */
    public TriggerRequest variable(String name, boolean value) {
        byte[] n = LumaClient.text(name, "name");
        return set(p -> LumaNative.luma_trigger_request_set_variable_bool(p, n, value ? 1 : 0));
    }

    /**
     * Sets a variable of the workflow to any value.
     *
     * @param name the name of the variable
     * @param json the value as JSON
     * @return this request
     */
    public TriggerRequest variableJson(String name, String json) {
        byte[] n = LumaClient.text(name, "name");
        byte[] j = LumaClient.text(json, "json");
        return set(p -> LumaNative.luma_trigger_request_set_variable_json(p, n, j));
    }

    /**
     * Sets several variables of the workflow.
     *
     * @param jsonObject a JSON object
     * @return this request
     */
    public TriggerRequest variablesJson(String jsonObject) {
        byte[] j = LumaClient.text(jsonObject, "jsonObject");
        return set(p -> LumaNative.luma_trigger_request_set_variables_json(p, j));
    }

    /**
     * Sets a variable of the workflow whose value is a secret: it appears in no message, no log and
     * no result.
     *
     * @param name the name of the variable
     * @param value the value
     * @return this request
     */
    public TriggerRequest secretVariable(String name, String value) {
        byte[] n = LumaClient.text(name, "name");
        byte[] v = LumaClient.text(value, "value");
        return set(p -> LumaNative.luma_trigger_request_set_secret_variable(p, n, v));
    }

    /**
     * Sets the contact on whose behalf the workflow runs.
     *
     * @param contactId the contact's id in the application
     * @param applicationId one of the constants of this class, or another application that is
     *     registered for the tenant
     * @return this request
     */
    public TriggerRequest initiator(long contactId, long applicationId) {
        return set(p -> LumaNative.luma_trigger_request_set_initiator(p, contactId, applicationId));
    }

    /**
     * Adds information about the initiation, such as {@code ticketIdentifier}.
     *
     * @param key the key
     * @param value the value
     * @return this request
     */
    public TriggerRequest initiationInfo(String key, String value) {
        byte[] k = LumaClient.text(key, "key");
        byte[] v = LumaClient.text(value, "value");
        return set(p -> LumaNative.luma_trigger_request_set_initiation_info(p, k, v));
    }

    /**
     * Leaves out a variable when {@link LumaClient#triggerOnce} compares the request with an
     * earlier one: a time, or a password that differs each time.
     *
     * @param name the name of the variable
     * @return this request
     */
    public TriggerRequest excludeFromDigest(String name) {
        byte[] n = LumaClient.text(name, "name");
        return set(p -> LumaNative.luma_trigger_request_exclude_from_digest(p, n));
    }

    private TriggerRequest set(ToIntFunction<Pointer> setter) {
        setters.add(setter);
        return this;
    }

    /** Calls a function with the native request. */
    <T> T use(Function<Pointer, T> function) {
        PointerByReference out = new PointerByReference();
        PointerByReference reason = new PointerByReference();
        LumaNative.luma_trigger_request_new_with_reason(workflowIdentifier, out, reason);
        LumaException.checkReason(reason);
        Pointer request = out.getValue();
        try {
            for (ToIntFunction<Pointer> setter : setters) {
                int status = setter.applyAsInt(request);
                if (status != LumaStatus.OK) {
                    throw new InvalidArgumentException(
                        LumaLibrary.string(LumaNative.luma_trigger_request_message(request)), status);
                }
            }
            return function.apply(request);
        } finally {
            LumaNative.luma_trigger_request_free(request);
        }
    }
}
