<?php

declare(strict_types=1);

namespace Luma\Automation;

use Luma\Automation\Exception\CallException;
use Luma\Automation\Exception\WaitException;
use Luma\Automation\Exception\WaitTimeoutException;
use Luma\Automation\Native\Constants;
use Luma\Automation\Native\Handle;
use Luma\Automation\Native\Library;
use Luma\Automation\Native\Text;

/**
 * A wait for a run, which its owner polls: between two polls, an event loop or a job queue does
 * something else.
 *
 *     while (true) {
 *         $poll = $wait->poll();
 *         if ($wait->secondsUntilPoll() === null) {
 *             break; // $poll->runStatus() is final
 *         }
 *         // come back after secondsUntilPoll()
 *     }
 */
final class Wait
{
    private Handle $handle;

    private readonly ?float $deadline;

    private bool $isTokenRenewed = false;

    /** @internal */
    public function __construct(
        private readonly Handle $client,
        private readonly TokenSource $tokens,
        public readonly string $triggerId,
        ?float $timeout,
        private readonly bool $untilSuspended,
    ) {
        Text::check('triggerId', $triggerId);
        if ($timeout !== null) {
            Text::milliseconds('timeout', $timeout);
        }
        $this->deadline = $timeout === null ? null : microtime(true) + $timeout;
        $this->begin();
    }

    /**
     * Polls once. Returns the status of the run, which is final if secondsUntilPoll() is null then.
     *
     * @throws WaitException if the wait ends before the run; the run is not affected
     */
    public function poll(): Result
    {
        if (!$this->tokens->prepare($this->client)) {
            throw new WaitException(Constants::LUMA_ERROR_ACCESS_TOKEN, $this->triggerId, null, Outcome::NotSent);
        }
        $result = new Result(Handle::from($status, 'luma_result', 'luma_wait_poll', $this->handle->pointer));
        if ($this->secondsUntilPoll() !== null || $status === Constants::LUMA_OK) {
            $this->isTokenRenewed = false;

            return $result;
        }
        if ($status === Constants::LUMA_ERROR_UNAUTHORIZED && !$this->isTokenRenewed) {
            $this->isTokenRenewed = true;
            if ($this->tokens->renew($this->client)) {
                $this->begin();

                return $this->poll();
            }
        }
        if ($status === Constants::LUMA_ERROR_WAIT_TIMEOUT) {
            throw new WaitTimeoutException($status, $this->triggerId, $result);
        }
        throw new WaitException($status, $this->triggerId, $result);
    }

    /** Returns how long to do something else; null when the wait has ended. */
    public function secondsUntilPoll(): ?float
    {
        return Text::seconds(Library::ffi()->luma_wait_next_poll_ms($this->handle->pointer));
    }

    private function begin(): void
    {
        $timeout = 0;
        if ($this->deadline !== null) {
            $timeout = max(1, Text::milliseconds('timeout', $this->deadline - microtime(true)));
        }
        $this->handle = Handle::from(
            $status,
            'luma_wait',
            'luma_wait_new',
            $this->client->pointer,
            $this->triggerId,
            $timeout,
        );
        if ($status !== Constants::LUMA_OK) {
            throw new CallException($status, $this->triggerId);
        }
        Library::ffi()->luma_wait_set_until_suspended($this->handle->pointer, (int) $this->untilSuspended);
    }
}
