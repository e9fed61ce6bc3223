package org.libluma;

import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A native handle. It is freed when it is closed, or when it is garbage, but never while a
 * function uses it: then the last one that ends frees it.
 */
final class Handle {
    private static final Cleaner CLEANER = Cleaner.create();

    private final State state;
    private final Cleaner.Cleanable cleanable;

    Handle(String name, Pointer pointer, Consumer<Pointer> free) {
        state = new State(name, pointer, free);
        cleanable = CLEANER.register(this, state);
    }

    /** Calls a function with the handle. */
    <T> T use(Function<Pointer, T> function) {
        return useIfOpen(function)
            .orElseThrow(() -> new IllegalStateException("the " + state.name + " is closed"));
    }

    /** The same; empty if the handle is closed. */
    <T> Optional<T> useIfOpen(Function<Pointer, T> function) {
        Pointer pointer = state.acquireIfOpen();
        if (pointer == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(function.apply(pointer));
        } finally {
            state.release();
            Reference.reachabilityFence(this); // else its cleaner could run before
        }
    }

    void close() {
        cleanable.clean();
    }

    private static final class State implements Runnable {
        private final String name;
        private final Consumer<Pointer> free;
        private Pointer pointer;
        private int users = 1; // the owner is one
        private boolean closed;

        State(String name, Pointer pointer, Consumer<Pointer> free) {
            this.name = name;
            this.pointer = pointer;
            this.free = free;
        }

        synchronized Pointer acquireIfOpen() {
            if (closed) {
                return null;
            }
            users++;
            return pointer;
        }

        void release() {
            Pointer last = null;
            synchronized (this) {
                if (--users == 0) {
                    last = pointer;
                    pointer = null;
                }
            }
            if (last != null) {
                free.accept(last);
            }
        }

        @Override
        public void run() {
            synchronized (this) {
                closed = true;
            }
            release();
        }
    }
}
