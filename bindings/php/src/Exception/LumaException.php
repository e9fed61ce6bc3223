<?php

declare(strict_types=1);

namespace Luma\Automation\Exception;

use Luma\Automation\Native\Library;
use Luma\Automation\Outcome;
use Luma\Automation\Result;

/**
 * A call failed. The message never contains a secret. getCode() is the library's number for why.
 */
class LumaException extends \RuntimeException
{
    private readonly ?Outcome $outcome;

    /** @internal */
    public function __construct(
        int $status,
        string $message = '',
        private readonly ?Result $result = null,
        ?Outcome $outcome = null,
    ) {
        $this->outcome = $outcome ?? $result?->outcome();
        if ($message === '' && $result !== null) {
            $message = $result->message();
        }
        parent::__construct($message !== '' ? $message : Library::ffi()->luma_status_message($status), $status);
    }

    /** The name of the status, such as "LUMA_ERROR_TLS". */
    public function getName(): string
    {
        return Library::ffi()->luma_status_name($this->getCode());
    }

    /** What is certain; null if there was no request. */
    public function getOutcome(): ?Outcome
    {
        return $this->outcome;
    }

    /**
     * The gateway's errors.
     *
     * @return list<string>
     */
    public function getReasons(): array
    {
        return $this->result?->reasons() ?? [];
    }

    /** Everything else; null if there was no request. */
    public function getResult(): ?Result
    {
        return $this->result;
    }
}
