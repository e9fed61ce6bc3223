<?php

declare(strict_types=1);

namespace Luma\Automation;

use Luma\Automation\Exception\JournalException;
use Luma\Automation\Native\Constants;
use Luma\Automation\Native\Handle;
use Luma\Automation\Native\Text;

/**
 * A folder that remembers which keys were triggered, for Client::triggerOnce(). Any number of
 * processes of one machine may use it at the same time.
 */
final class Journal
{
    private ?Handle $handle;

    /** Opens a journal. It is never created: a wrong path must not look like an empty one. */
    public function __construct(string $folder)
    {
        $this->handle = Handle::open(
            JournalException::class,
            'luma_journal',
            'luma_journal_open',
            Text::check('folder', $folder),
        );
    }

    /** Creates the journal of a gateway in a new folder, once, and opens it. */
    public static function create(string $folder, string $baseUrl): self
    {
        Handle::check(
            JournalException::class,
            'luma_journal_create',
            Text::check('folder', $folder),
            Text::check('baseUrl', $baseUrl),
        );

        return new self($folder);
    }

    /** Closes the journal. The folder stays. */
    public function close(): void
    {
        $this->handle = null;
    }

    /** Returns what the journal knows about a key, or null. */
    public function find(string $key): ?JournalEntry
    {
        try {
            return $this->entry('luma_journal_find', Text::check('key', $key));
        } catch (JournalException $e) {
            if ($e->getCode() === Constants::LUMA_ERROR_KEY_NOT_FOUND) {
                return null;
            }
            throw $e;
        }
    }

    /**
     * Returns the keys that somebody has to look at: those whose outcome is unknown, and accepted
     * ones whose end nobody acknowledged. Oldest first.
     *
     * @return list<JournalEntry>
     */
    public function unfinished(): array
    {
        return array_map(self::toEntry(...), $this->call('luma_journal_unfinished')->json()['entries']);
    }

    /** Records that the end of the run was seen. */
    public function acknowledge(string $key): JournalEntry
    {
        return $this->entry('luma_journal_acknowledge', Text::check('key', $key));
    }

    /**
     * Settles a key whose outcome is unknown: a person found its run, or with null that there is
     * none, so that the next call sends again.
     */
    public function resolve(string $key, ?string $triggerId, string $who, string $reason): JournalEntry
    {
        return $this->entry(
            'luma_journal_resolve',
            Text::check('key', $key),
            Text::checkOptional('triggerId', $triggerId),
            Text::check('who', $who),
            Text::check('reason', $reason),
        );
    }

    /** Allows one more run for a key that was accepted. */
    public function newAttempt(string $key, string $who, string $reason): JournalEntry
    {
        return $this->entry(
            'luma_journal_new_attempt',
            Text::check('key', $key),
            Text::check('who', $who),
            Text::check('reason', $reason),
        );
    }

    /**
     * Removes keys that have not changed for this many seconds, except unfinished ones. Returns how
     * many. A removed key can be triggered again.
     */
    public function prune(float $olderThan): int
    {
        return $this->call('luma_journal_prune', Text::milliseconds('olderThan', $olderThan))->journalCount();
    }

    /** @internal */
    public function handle(): Handle
    {
        return $this->handle ?? throw new \LogicException('the journal is closed');
    }

    private function entry(string $function, mixed ...$arguments): JournalEntry
    {
        return self::toEntry($this->call($function, ...$arguments)->json());
    }

    private function call(string $function, mixed ...$arguments): Result
    {
        $result = new Result(Handle::from($status, 'luma_result', $function, $this->handle()->pointer, ...$arguments));
        if ($status !== Constants::LUMA_OK) {
            throw new JournalException($status, '', $result);
        }

        return $result;
    }

    /** @param array<string, mixed> $data */
    private static function toEntry(array $data): JournalEntry
    {
        return new JournalEntry(
            $data['key'],
            $data['state'],
            $data['triggerId'] ?? '',
            Text::time($data['time'] ?? -1),
            $data,
        );
    }
}
