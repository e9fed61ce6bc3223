package org.libluma;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * The result of a call. It outlives its client, and may be used by any number of threads.
 *
 * <p>It is freed when it is garbage. Close it to free it at once, for example in a loop of
 * thousands of calls, or to wipe a secret.
 */
public class LumaResult implements AutoCloseable {
    private final Handle handle;

    LumaResult(Pointer pointer) {
        handle = new Handle("result", pointer, LumaNative::luma_result_free);
    }

    /** The same result as another type. */
    LumaResult(LumaResult other) {
        handle = other.handle;
    }

    /** A part of a call, for {@link #timing}. */
    public enum Timing {
        /** Name resolution. */
        DNS(LumaNative.LUMA_TIMING_DNS),
        /** Connecting. */
        CONNECT(LumaNative.LUMA_TIMING_CONNECT),
        /** The TLS handshake. */
        TLS(LumaNative.LUMA_TIMING_TLS),
        /** From the request to the first byte of the response. */
        FIRST_BYTE(LumaNative.LUMA_TIMING_FIRST_BYTE),
        /** The whole call. */
        TOTAL(LumaNative.LUMA_TIMING_TOTAL);

        private final int number;

        Timing(int number) {
            this.number = number;
        }
    }

    /** The type of a value in the response. */
    public enum JsonType {
        /** There is no value. */
        ABSENT,
        /** {@code null}. */
        NULL,
        /** {@code true} or {@code false}. */
        BOOL,
        /** A number. */
        NUMBER,
        /** A string. */
        STRING,
        /** An array. */
        ARRAY,
        /** An object. */
        OBJECT
    }

    /**
     * Why the call failed.
     *
     * @return one of {@link LumaStatus}; {@link LumaStatus#OK} for a success
     */
    public final int status() {
        return number(LumaNative::luma_result_status);
    }

    /**
     * The name of the status.
     *
     * @return such as {@code LUMA_OK}
     */
    public final String statusName() {
        return LumaLibrary.string(LumaNative.luma_status_name(status()));
    }

    /**
     * What is certain.
     *
     * @return the outcome of the call
     */
    public final Outcome outcome() {
        return Outcome.of(number(LumaNative::luma_result_outcome));
    }

    /**
     * The HTTP status of the last response.
     *
     * @return such as 200; 0 if there was no response
     */
    public final int httpStatus() {
        return number(LumaNative::luma_result_http_status);
    }

    /**
     * Describes what happened, on one line and without secrets.
     *
     * @return a line for a log
     */
    public final String message() {
        return string(LumaNative::luma_result_message);
    }

    /**
     * The errors in the gateway's response.
     *
     * @return the errors, without secrets
     */
    public final List<String> errors() {
        return list(LumaNative::luma_result_error_count,
            i -> string(p -> LumaNative.luma_result_error(p, size(i))));
    }

    /**
     * How long the gateway asks to wait before the next call.
     *
     * @return empty if it did not say
     */
    public final Optional<Duration> retryAfter() {
        return duration(LumaNative::luma_result_retry_after_ms);
    }

    /**
     * The request id, which the gateway got as {@code X-Request-Id}.
     *
     * @return the id of the call in the logs of both sides
     */
    public final String requestId() {
        return string(LumaNative::luma_result_request_id);
    }

    /**
     * The number of requests, with retries.
     *
     * @return 0 if the call was refused before it connected
     */
    public final int attempts() {
        return number(LumaNative::luma_result_attempts);
    }

    /**
     * How long a part of the call took.
     *
     * @param part the part
     * @return empty if that part did not happen
     */
    public final Optional<Duration> timing(Timing part) {
        long micros = read(p -> LumaNative.luma_result_timing_us(p, part.number));
        return micros < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(micros * 1000));
    }

    /**
     * Whether the last request was sent on a connection that was already open.
     *
     * @return true if it was
     */
    public final boolean isConnectionReused() {
        return number(LumaNative::luma_result_connection_reused) != 0;
    }

    /**
     * The response, with {@code [secret]} in place of secrets.
     *
     * @return JSON, or an empty string if there was none
     */
    public final String json() {
        return read(p -> LumaLibrary.string(LumaNative.luma_result_json(p),
            LumaNative.luma_result_json_length(p).longValue()));
    }

    /**
     * The type of a value in the response.
     *
     * @param pointer a JSON pointer, such as {@code /resultData/executionConfig/name}
     * @return {@link JsonType#ABSENT} if there is no such value
     */
    public final JsonType jsonType(String pointer) {
        byte[] utf8 = LumaLibrary.utf8(pointer, "pointer");
        return JsonType.values()[number(p -> LumaNative.luma_result_json_type(p, utf8))];
    }

    /**
     * A value in the response as text: the characters of a string, or the JSON of any other value.
     *
     * @param pointer a JSON pointer, such as {@code /resultData/executionConfig/name}
     * @return the text; empty if there is no such value, or if it is null
     */
    public final Optional<String> text(String pointer) {
        byte[] utf8 = LumaLibrary.utf8(pointer, "pointer");
        PointerByReference text = new PointerByReference();
        LumaNative.SizeTByReference length = new LumaNative.SizeTByReference();
        return read(p -> {
            int status = LumaNative.luma_result_text(p, utf8, text, length);
            if (status == LumaStatus.POINTER_NOT_FOUND || status == LumaStatus.OK
                    && LumaNative.luma_result_json_type(p, utf8) == LumaNative.LUMA_JSON_NULL) {
                return Optional.empty();
            }
            checkPointer(status, pointer);
            return Optional.of(LumaLibrary.string(text.getValue(), length.getValue()));
        });
    }

    /**
     * Reads an integer from the response.
     *
     * @param pointer a JSON pointer, such as {@code /timestamp}
     * @return the integer
     * @throws InvalidArgumentException if there is no such value, or it is not a 64-bit integer
     */
    public final long longValue(String pointer) {
        LongByReference out = new LongByReference();
        byte[] utf8 = LumaLibrary.utf8(pointer, "pointer");
        checkPointer(number(p -> LumaNative.luma_result_int64(p, utf8, out)), pointer);
        return out.getValue();
    }

    /**
     * Reads true or false from the response.
     *
     * @param pointer a JSON pointer
     * @return the value
     * @throws InvalidArgumentException if there is no such value, or it is neither true nor false
     */
    public final boolean booleanValue(String pointer) {
        IntByReference out = new IntByReference();
        byte[] utf8 = LumaLibrary.utf8(pointer, "pointer");
        checkPointer(number(p -> LumaNative.luma_result_bool(p, utf8, out)), pointer);
        return out.getValue() != 0;
    }

    /**
     * Counts the elements of an array, or the members of an object, in the response.
     *
     * @param pointer a JSON pointer, such as {@code /errors}
     * @return the number
     * @throws InvalidArgumentException if there is no such value, or it is neither of them
     */
    public final long count(String pointer) {
        LumaNative.SizeTByReference out = new LumaNative.SizeTByReference();
        byte[] utf8 = LumaLibrary.utf8(pointer, "pointer");
        checkPointer(number(p -> LumaNative.luma_result_count(p, utf8, out)), pointer);
        return out.getValue();
    }

    /** Frees the result, and wipes the secrets in it. Its getters then throw an exception. */
    @Override
    public void close() {
        handle.close();
    }

    /** Returns the message. */
    @Override
    public String toString() {
        return message();
    }

    private static void checkPointer(int status, String pointer) {
        if (status != LumaStatus.OK) {
            throw new InvalidArgumentException(
                pointer + ": " + LumaLibrary.string(LumaNative.luma_status_message(status)), status);
        }
    }

    final <T> T read(Function<Pointer, T> getter) {
        return handle.use(getter);
    }

    final int number(ToIntFunction<Pointer> getter) {
        return handle.use(getter::applyAsInt);
    }

    final String string(Function<Pointer, Pointer> getter) {
        return handle.use(p -> LumaLibrary.string(getter.apply(p)));
    }

    final Optional<Duration> duration(Function<Pointer, Long> milliseconds) {
        return Optional.of(read(milliseconds)).filter(ms -> ms >= 0).map(Duration::ofMillis);
    }

    final Optional<Instant> instant(Function<Pointer, Long> milliseconds) {
        return Optional.of(read(milliseconds)).filter(ms -> ms >= 0).map(Instant::ofEpochMilli);
    }

    /** A list that reads its elements from the result when they are asked for. */
    final <T> List<T> list(Function<Pointer, LumaNative.SizeT> count, IntFunction<T> element) {
        int size = read(count).intValue();
        return new AbstractList<>() {
            @Override
            public T get(int index) {
                return element.apply(java.util.Objects.checkIndex(index, size));
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    static LumaNative.SizeT size(int value) {
        return new LumaNative.SizeT(value);
    }
}
