<?php

declare(strict_types=1);

namespace Luma\Automation;

use Luma\Automation\Exception\CallException;

/** What has changed in a set of waits: a new status of a run, or the end of its wait. */
final class WaitEvent
{
    /** @internal */
    public function __construct(
        /** The run; "" if the gateway cannot be polled. Then $error says why, and the set continues when it can. */
        public readonly string $triggerId,
        public readonly Result $result,
        /** True if the run is no longer in the set. */
        public readonly bool $hasEnded,
        /** Why the wait ended before its run: a WaitException, which is not thrown. */
        public readonly ?CallException $error,
    ) {
    }
}
