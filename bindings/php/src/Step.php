<?php

declare(strict_types=1);

namespace Luma\Automation;

/** A step of a run. The time spent is in seconds. */
final class Step
{
    /** @internal */
    public function __construct(
        public readonly string $id,
        public readonly string $name,
        public readonly RunStatus $status,
        public readonly string $statusText,
        public readonly ?\DateTimeImmutable $startTime,
        public readonly ?\DateTimeImmutable $endTime,
        public readonly ?float $timeSpent,
    ) {
    }
}
