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
 * Follows many runs.
 *
 *     foreach ($triggerIds as $id) {
 *         $waits->add($id, timeout: 600);
 *     }
 *     while (count($waits) > 0) {
 *         $event = $waits->next();
 *     }
 */
final class WaitSet implements \Countable
{
    // Between these, handlers of signals run.
    private const SLICE_MS = 40;

    private Handle $handle;

    /** @internal */
    public function __construct(
        private readonly Handle $client,
        private readonly TokenSource $tokens,
        int $maxPollsPerSecond,
    ) {
        $this->handle = Handle::from($status, 'luma_wait_set', 'luma_wait_set_new', $client->pointer);
        self::check($status);
        $ffi = Library::ffi();
        self::check($ffi->luma_wait_set_max_polls_per_second($this->handle->pointer, $maxPollsPerSecond));
    }

    /** Adds a run, which is polled at once. Returns false if it is in the set already. */
    public function add(string $triggerId, ?float $timeout = null): bool
    {
        $timeoutMs = $timeout === null ? 0 : max(1, Text::milliseconds('timeout', $timeout));
        $id = Text::check('triggerId', $triggerId);
        $status = Library::ffi()->luma_wait_set_add($this->handle->pointer, $id, $timeoutMs, null);
        if ($status === Constants::LUMA_ERROR_ALREADY_IN_SET) {
            return false;
        }
        self::check($status, $triggerId);

        return true;
    }

    /** Removes a run, which is not affected. Returns false if it is not in the set, or not any more. */
    public function remove(string $triggerId): bool
    {
        $id = Text::check('triggerId', $triggerId);
        $status = Library::ffi()->luma_wait_set_remove($this->handle->pointer, $id);
        if ($status === Constants::LUMA_ERROR_NOT_IN_SET) {
            return false;
        }
        self::check($status, $triggerId);

        return true;
    }

    /** The number of runs. */
    public function count(): int
    {
        return Library::ffi()->luma_wait_set_count($this->handle->pointer);
    }

    /**
     * Waits for the next event. Returns null if there was none within $timeout seconds, or if the set
     * is empty. A signal's handler runs within 50 ms, or after a poll.
     *
     * @throws CallException if the client cannot make calls, for example in a forked process
     */
    public function next(?float $timeout = null): ?WaitEvent
    {
        $deadline = $timeout === null ? null : microtime(true) + $timeout;
        do {
            if (!$this->tokens->prepare($this->client)) {
                throw new CallException(Constants::LUMA_ERROR_ACCESS_TOKEN, '', null, Outcome::NotSent);
            }
            $rest = $deadline === null ? \PHP_INT_MAX : ($deadline - microtime(true)) * 1000;
            $result = $this->poll((int) ceil(max(0, min($rest, self::SLICE_MS))), $status);
            if ($status === Constants::LUMA_ERROR_UNAUTHORIZED && $this->tokens->renew($this->client)) {
                continue;
            }
            if ($status === Constants::LUMA_ERROR_SET_EMPTY) {
                return null;
            }
            if ($status !== Constants::LUMA_ERROR_NOTHING_CHANGED) {
                return self::event($status, $result);
            }
        } while ($rest > self::SLICE_MS);

        return null;
    }

    private function poll(int $milliseconds, ?int &$status): Result
    {
        $ffi = Library::ffi();
        $out = $ffi->new('luma_result*');
        $status = $ffi->luma_wait_set_next($this->handle->pointer, $milliseconds, \FFI::addr($out), null);

        return new Result(Handle::own('luma_result', $out));
    }

    private static function event(int $status, Result $result): WaitEvent
    {
        $id = $result->triggerId();
        $error = match ($status) {
            Constants::LUMA_OK, Constants::LUMA_ERROR_WAIT_OPEN => null,
            Constants::LUMA_ERROR_WAIT_TIMEOUT => new WaitTimeoutException($status, $id, $result),
            Constants::LUMA_ERROR_CANCELLED => throw new CallException($status, $id, $result),
            default => $id === '' ? new CallException($status, $id, $result) : new WaitException($status, $id, $result),
        };

        return new WaitEvent($id, $result, $id !== '' && $status !== Constants::LUMA_ERROR_WAIT_OPEN, $error);
    }

    private static function check(int $status, string $triggerId = ''): void
    {
        if ($status !== Constants::LUMA_OK) {
            throw new CallException($status, $triggerId);
        }
    }
}
