<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * The gateway refused the trigger. Nothing runs. getReasons() says why.
 */
class RejectedException extends TriggerException
{
}
