<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

/**
 * A request that cannot be sent, such as one with an empty workflow identifier. It must be
 * corrected. Nothing was sent.
 */
class InvalidRequestException extends LumaException
{
}
