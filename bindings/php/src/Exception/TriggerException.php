<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * A trigger was not accepted. Thrown as one of RejectedException, NotSentException and
 * UnknownException.
 */
abstract class TriggerException extends LumaException
{
}
