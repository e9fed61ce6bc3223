<?php

declare(strict_types=1);

namespace Luma\Automation;

use Luma\Automation\Native\Constants;

/** The status of a run or step. */
enum RunStatus: int
{
    case None = Constants::LUMA_RUN_NONE;
    case Running = Constants::LUMA_RUN_RUNNING;
    case Suspended = Constants::LUMA_RUN_SUSPENDED;
    case Activated = Constants::LUMA_RUN_ACTIVATED;
    case Completed = Constants::LUMA_RUN_COMPLETED;
    case Failed = Constants::LUMA_RUN_FAILED;
    case Terminated = Constants::LUMA_RUN_TERMINATED;
    case Other = Constants::LUMA_RUN_OTHER;

    /** True if a run with this status no longer changes. */
    public function isFinal(): bool
    {
        return match ($this) {
            self::Completed, self::Failed, self::Terminated => true,
            default => false,
        };
    }
}
