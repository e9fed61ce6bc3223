<?php

declare(strict_types=1);

namespace Luma\Automation;

use Luma\Automation\Native\Constants;

/** What is certain about a call. */
enum Outcome: int
{
    case Accepted = Constants::LUMA_OUTCOME_ACCEPTED;
    case Rejected = Constants::LUMA_OUTCOME_REJECTED;
    case NotSent = Constants::LUMA_OUTCOME_NOT_SENT;
    case Unknown = Constants::LUMA_OUTCOME_UNKNOWN;
}
