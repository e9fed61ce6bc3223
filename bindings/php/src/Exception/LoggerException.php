<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

use Luma\Automation\Result;

/**
 * The logger threw getPrevious(). The call was made nevertheless; getResult() is its result.
 */
class LoggerException extends \RuntimeException
{
    /** @internal */
    public function __construct(\Throwable $previous, private readonly Result $result)
    {
        parent::__construct('the logger failed: ' . $previous->getMessage(), 0, $previous);
    }

    public function getResult(): Result
    {
        return $this->result;
    }
}
