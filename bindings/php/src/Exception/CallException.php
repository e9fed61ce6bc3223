<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

use Luma\Automation\Outcome;
use Luma\Automation\Result;

/**
 * Another call than a trigger failed. It is never a NotSentException or RejectedException, whatever
 * its outcome: if the call followed a trigger, that may have started a run.
 */
class CallException extends LumaException
{
    /** @internal */
    public function __construct(
        int $status,
        private readonly string $triggerId,
        ?Result $result = null,
        ?Outcome $outcome = null,
    ) {
        parent::__construct($status, '', $result, $outcome);
    }

    /** The run that the call was about, or "". */
    public function getTriggerId(): string
    {
        return $this->triggerId;
    }
}
