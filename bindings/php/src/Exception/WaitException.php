<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * A wait ended before its run. The run is not affected.
 */
class WaitException extends CallException
{
}
