<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * The trigger was sent, and no trustworthy response came back. The workflow may be running: check
 * before you trigger it again.
 */
class UnknownException extends TriggerException
{
}
