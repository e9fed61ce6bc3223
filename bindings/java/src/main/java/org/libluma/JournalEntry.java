package org.libluma;

import java.time.Instant;
import java.util.Optional;

/** What a journal knows about a key. It contains neither variables nor tokens. */
public final class JournalEntry {
    private final LumaResult result;
    private final String pointer;

    JournalEntry(LumaResult result, String pointer) {
        this.result = result;
        this.pointer = pointer;
    }

    /** The state of a key. */
    public enum State {
        /** The gateway accepted the request. */
        ACCEPTED,
        /** The gateway refused the request. The next call sends. */
        REJECTED,
        /** Nothing was sent. The next call sends. */
        NOT_SENT,
        /** The workflow may be running. {@link Journal#resolve} settles it. */
        UNKNOWN,
        /** A call with this key is in progress. */
        IN_PROGRESS,
        /** A person found no run, or allowed a new attempt. The next call sends. */
        RELEASED,
        /** The file of the key cannot be read, see {@link #text}. */
        DAMAGED
    }

    /**
     * The key.
     *
     * @return an empty string if the entry is damaged
     */
    public String key() {
        return text("key").orElse("");
    }

    /**
     * The state of the key.
     *
     * @return the state
     */
    public State state() {
        return State.valueOf(text("state").orElse(""));
    }

    /**
     * Names the run of an accepted key.
     *
     * @return empty if the key is not accepted
     */
    public Optional<String> triggerId() {
        return text("triggerId");
    }

    /**
     * When the key reached its state. If it is unknown, when the request may have been sent.
     *
     * @return empty if the entry is damaged
     */
    public Optional<Instant> time() {
        return text("time").map(Long::valueOf).map(Instant::ofEpochMilli);
    }

    /**
     * Whether the end of the run was seen.
     *
     * @return true after {@link Journal#acknowledge}
     */
    public boolean isAcknowledged() {
        return text("acknowledged").filter("true"::equals).isPresent();
    }

    /**
     * More about the key.
     *
     * @param name {@code workflow}, {@code contact}, {@code application}, {@code ticket},
     *     {@code channel}, {@code attempt}, {@code requestId} or {@code history}; for a damaged
     *     entry {@code file} or {@code problem}
     * @return the text or the JSON of the value; empty if there is none
     */
    public Optional<String> text(String name) {
        return result.text(pointer + "/" + name);
    }

    /** Returns key and state. */
    @Override
    public String toString() {
        return key() + ": " + text("state").orElse("");
    }
}
