<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * Not one byte of the trigger was sent. Triggering again is safe. Also if a journal cannot be used,
 * or the key belongs to another request: then the message says what to do first.
 */
class NotSentException extends TriggerException
{
}
