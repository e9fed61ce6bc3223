<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * A journal cannot be created, opened, read or changed. Only Journal throws it, never a trigger.
 */
class JournalException extends LumaException
{
}
