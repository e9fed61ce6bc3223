<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * Not one byte of the trigger was sent. Triggering again is safe.
 */
class NotSentException extends TriggerException
{
}
