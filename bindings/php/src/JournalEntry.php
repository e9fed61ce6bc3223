<?php

declare(strict_types=1);

namespace Luma\Automation;

/** What a journal knows about a key. */
final class JournalEntry
{
    /** @internal */
    public function __construct(
        public readonly string $key,
        /** ACCEPTED, REJECTED, NOT_SENT, UNKNOWN, IN_PROGRESS, RELEASED, or DAMAGED for a file that cannot be read. */
        public readonly string $state,
        public readonly string $triggerId,
        /** When the key reached its state. */
        public readonly ?\DateTimeImmutable $time,
        /** @var array<string, mixed> everything, with the history */
        public readonly array $data,
    ) {
    }
}
