package org.libluma;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The functions that the library calls. They are never collected, and find the caller's object by
 * the number that they get as user data. What the caller's object throws never reaches C: it is
 * thrown after the call in which it happened.
 */
final class Callbacks {
    private static final Map<Long, Object> TARGETS = new ConcurrentHashMap<>();
    private static final AtomicLong LAST = new AtomicLong();
    private static final ThreadLocal<Call> CALL = new ThreadLocal<>();

    private Callbacks() {}

    /** Keeps an object until the library calls {@link #FREE}. Returns its user data. */
    static Pointer keep(Object target) {
        long number = LAST.incrementAndGet();
        TARGETS.put(number, target);
        return new Pointer(number);
    }

    static final LumaNative.FreeFn FREE = userData -> TARGETS.remove(Pointer.nativeValue(userData));

    static final LumaNative.LogFn LOG = (level, line, userData) -> {
        try {
            @SuppressWarnings("unchecked")
            BiConsumer<System.Logger.Level, String> log =
                (BiConsumer<System.Logger.Level, String>) TARGETS.get(Pointer.nativeValue(userData));
            log.accept(LumaClient.level(level), LumaLibrary.string(line));
        } catch (Throwable e) {
            thrown(e);
        }
    };

    static final LumaNative.TokenFn TOKEN = (buffer, size, userData) -> {
        try {
            Supplier<?> provider = (Supplier<?>) TARGETS.get(Pointer.nativeValue(userData));
            String token = (String) provider.get();
            byte[] bytes = token == null ? new byte[0] : token.getBytes(StandardCharsets.UTF_8);
            if (bytes.length <= size.longValue()) {
                buffer.write(0, bytes, 0, bytes.length);
            }
            Arrays.fill(bytes, (byte) 0);
            return new LumaNative.SizeT(bytes.length);
        } catch (Throwable e) {
            thrown(e);
            return new LumaNative.SizeT(0);
        }
    };

    static final LumaNative.ClaimFn CLAIM = (key, digest, intentJson, triggerId, size, userData) -> {
        try {
            Store.Claim claim = ((Store) TARGETS.get(Pointer.nativeValue(userData))).claim(
                LumaLibrary.string(key), LumaLibrary.string(digest), LumaLibrary.string(intentJson));
            if (claim.triggerId != null) {
                if (claim.triggerId.length > size.longValue()) {
                    throw new IllegalArgumentException("the stored trigger id is too long");
                }
                triggerId.write(0, claim.triggerId, 0, claim.triggerId.length);
            }
            return claim.number;
        } catch (Throwable e) {
            thrown(e);
            return -1;
        }
    };

    static final LumaNative.CompleteFn COMPLETE = (key, outcome, triggerId, userData) -> {
        try {
            ((Store) TARGETS.get(Pointer.nativeValue(userData))).complete(LumaLibrary.string(key),
                Outcome.of(outcome), LumaLibrary.string(triggerId));
            return 0;
        } catch (Throwable e) {
            thrown(e);
            return -1;
        }
    };

    /** Calls the gateway; `thrown` is then what a callback threw, or null. */
    static final class Call {
        Throwable thrown;

        <T> T run(Supplier<T> call) {
            Call outer = CALL.get();
            CALL.set(this);
            try {
                return call.get();
            } finally {
                CALL.set(outer);
            }
        }
    }

    private static void thrown(Throwable e) {
        Call call = CALL.get();
        if (call == null) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        } else if (call.thrown == null) {
            call.thrown = e;
        }
    }
}
