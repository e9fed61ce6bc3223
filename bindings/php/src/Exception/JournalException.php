<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * A journal cannot be used, or refuses what it was asked for. Nothing was sent.
 */
class JournalException extends LumaException
{
}
