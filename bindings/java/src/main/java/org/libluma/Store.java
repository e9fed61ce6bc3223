package org.libluma;

/**
 * Remembers for several machines what was sent: a table of a database, for {@link
 * LumaClient#triggerOnceWithStore}. The promise is as good as the store: a claim must be atomic, and
 * durable when the method returns.
 */
public interface Store {
    /**
     * In one transaction, reads what is stored for a key; if that is nothing, REJECTED or NOT_SENT,
     * stores the intent and grants it. If it throws an exception, nothing is sent.
     *
     * @param key the key
     * @param digest a digest of the request; equal requests have equal digests
     * @param intentJson what to keep for people
     * @return what the store says about the key
     */
    Claim claim(String key, String digest, String intentJson);

    /**
     * Stores the outcome of a claim that was granted.
     *
     * @param key the key
     * @param outcome the outcome
     * @param triggerId the trigger id if it is ACCEPTED, else empty
     */
    void complete(String key, Outcome outcome, String triggerId);

    /** What a store says about a key. */
    final class Claim {
        /** The claim is durable: send the request. */
        public static final Claim GRANTED = new Claim(LumaNative.LUMA_CLAIM_GRANTED, null);

        /** Another call has claimed the key and not completed it yet. */
        public static final Claim IN_PROGRESS = new Claim(LumaNative.LUMA_CLAIM_IN_PROGRESS, null);

        /** The outcome of a claim is UNKNOWN, or it was never completed. */
        public static final Claim UNRESOLVED = new Claim(LumaNative.LUMA_CLAIM_UNRESOLVED, null);

        /** The key was claimed with another digest, and its outcome is not REJECTED or NOT_SENT. */
        public static final Claim OTHER_REQUEST =
            new Claim(LumaNative.LUMA_CLAIM_OTHER_REQUEST, null);

        final int number;
        final byte[] triggerId;

        private Claim(int number, byte[] triggerId) {
            this.number = number;
            this.triggerId = triggerId;
        }

        /**
         * A request with the same digest was accepted.
         *
         * @param triggerId its trigger id
         * @return the claim
         */
        public static Claim accepted(String triggerId) {
            return new Claim(LumaNative.LUMA_CLAIM_ACCEPTED, LumaClient.text(triggerId, "triggerId"));
        }
    }
}
