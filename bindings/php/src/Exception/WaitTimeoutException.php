<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * A wait timed out. getResult()->runStatus() is the last status of the run.
 */
class WaitTimeoutException extends WaitException
{
}
