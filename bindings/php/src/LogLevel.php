<?php

declare(strict_types=1);

namespace Luma\Automation;

use Luma\Automation\Native\Constants;

/** The most verbose level of a log file. */
enum LogLevel: int
{
    case Off = Constants::LUMA_LOG_OFF;
    case Error = Constants::LUMA_LOG_ERROR;
    case Warn = Constants::LUMA_LOG_WARN;
    case Info = Constants::LUMA_LOG_INFO;
    case Debug = Constants::LUMA_LOG_DEBUG;
}
