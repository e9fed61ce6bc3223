<?php

declare(strict_types=1);

namespace Luma\Automation;

use Luma\Automation\Native\Constants;
use Luma\Automation\Native\Handle;
use Luma\Automation\Native\Library;
use Luma\Automation\Native\Text;

/**
 * The result of a call. It stays valid after its client is closed. Durations are in seconds; what
 * the call does not have is null or "".
 */
final class Result
{
    /** @internal */
    public function __construct(private readonly Handle $handle)
    {
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['outcome' => $this->outcome(), 'status' => $this->statusName(), 'message' => $this->message()];
    }

    /** 0, or the library's number for what went wrong. */
    public function status(): int
    {
        return $this->get('status');
    }

    /** The name of the status, such as "LUMA_OK". */
    public function statusName(): string
    {
        return Library::ffi()->luma_status_name($this->status());
    }

    public function outcome(): Outcome
    {
        return Outcome::from($this->get('outcome'));
    }

    /** One line about the call, for a log. It contains no secret. */
    public function message(): string
    {
        return $this->get('message');
    }

    /**
     * The gateway's errors.
     *
     * @return list<string>
     */
    public function reasons(): array
    {
        return $this->list('error_count', fn (int $i): string => $this->get('error', $i));
    }

    public function httpStatus(): int
    {
        return $this->get('http_status');
    }

    /** Why a list is incomplete. */
    public function pageStatus(): int
    {
        return $this->get('page_status');
    }

    public function retryAfter(): ?float
    {
        return Text::seconds($this->get('retry_after_ms'));
    }

    // The run.

    public function triggerId(): string
    {
        return $this->get('trigger_id');
    }

    public function runStatus(): RunStatus
    {
        return self::toRunStatus($this->get('run_status'));
    }

    /** The gateway's own word for the status. */
    public function runStatusText(): string
    {
        return $this->get('run_status_text');
    }

    public function startTime(): ?\DateTimeImmutable
    {
        return Text::time($this->get('run_start_time_ms'));
    }

    public function endTime(): ?\DateTimeImmutable
    {
        return Text::time($this->get('run_end_time_ms'));
    }

    public function timeSpent(): ?float
    {
        return Text::seconds($this->get('run_time_spent_ms'));
    }

    /**
     * The inputs of the run.
     *
     * @return list<Parameter>
     */
    public function parameters(): array
    {
        return $this->list('parameter_count', fn (int $i): Parameter => new Parameter(
            $this->get('parameter_name', $i),
            $this->get('parameter_value', $i),
            $this->get('parameter_data_type', $i),
            $this->get('parameter_caption', $i),
            $this->get('parameter_description', $i),
        ));
    }

    public function pollCount(): int
    {
        return $this->get('poll_count');
    }

    public function waitElapsed(): ?float
    {
        return Text::seconds($this->get('wait_elapsed_ms'));
    }

    // The journal.

    /** True if Client::triggerOnce() sent nothing, because the key was accepted before. */
    public function isAlreadyAccepted(): bool
    {
        return $this->status() === Constants::LUMA_ALREADY_ACCEPTED;
    }

    /** When the key reached its state. */
    public function journalTime(): ?\DateTimeImmutable
    {
        return Text::time($this->get('journal_time_ms'));
    }

    /** False if the journal could not write the outcome down after sending. */
    public function isJournalRecorded(): bool
    {
        return $this->get('journal_recorded') === 1;
    }

    /** The number of keys that were removed. */
    public function journalCount(): int
    {
        return $this->get('journal_count');
    }

    // Lists.

    /** @return list<Step> */
    public function steps(): array
    {
        return $this->list('step_count', fn (int $i): Step => new Step(
            $this->get('step_id', $i),
            $this->get('step_name', $i),
            self::toRunStatus($this->get('step_status', $i)),
            $this->get('step_status_text', $i),
            Text::time($this->get('step_start_time_ms', $i)),
            Text::time($this->get('step_end_time_ms', $i)),
            Text::seconds($this->get('step_time_spent_ms', $i)),
        ));
    }

    /** @return list<Definition> */
    public function definitions(): array
    {
        return $this->list('definition_count', fn (int $i): Definition => new Definition(
            $this->get('definition_identifier', $i),
            $this->get('definition_name', $i),
            $this->get('definition_description', $i),
            $this->list('definition_parameter_count', fn (int $j): DefinitionParameter => new DefinitionParameter(
                $this->get('definition_parameter_name', $i, $j),
                $this->get('definition_parameter_data_type', $i, $j),
                $this->get('definition_parameter_required', $i, $j) === 1,
                $this->get('definition_parameter_caption', $i, $j),
                $this->get('definition_parameter_description', $i, $j),
            ), $i),
        ));
    }

    // The response.

    /**
     * The response, decoded; null if there is none. Secrets in it are masked, integers that PHP
     * cannot represent are strings.
     */
    public function json(): mixed
    {
        $text = $this->get('json');

        return $text === '' ? null : self::decode($text);
    }

    /** The value at a JSON pointer (RFC 6901) in the response; null if there is none. */
    public function value(string $pointer): mixed
    {
        $ffi = Library::ffi();
        Text::check('the pointer', $pointer);
        $text = $ffi->new('const char*');
        $length = $ffi->new('size_t');
        $status = $ffi->luma_result_text($this->handle->pointer, $pointer, \FFI::addr($text), \FFI::addr($length));
        if ($status === Constants::LUMA_ERROR_POINTER_SYNTAX) {
            throw new \ValueError("not a JSON pointer: $pointer");
        }
        if ($status !== Constants::LUMA_OK) {
            return null;
        }
        $value = \FFI::string($text, $length->cdata);

        return match ($ffi->luma_result_json_type($this->handle->pointer, $pointer)) {
            Constants::LUMA_JSON_NULL => null,
            Constants::LUMA_JSON_STRING => $value,
            default => self::decode($value),
        };
    }

    // Secrets.

    /** The launch URL. */
    public function launchUrl(): string
    {
        return $this->get('launch_url');
    }

    /** The new access token. */
    public function accessToken(): string
    {
        return $this->get('access_token');
    }

    // How the call went.

    public function requestId(): string
    {
        return $this->get('request_id');
    }

    public function attempts(): int
    {
        return $this->get('attempts');
    }

    /**
     * How long the parts of the call took; null for a part that did not happen.
     *
     * @return array<string, ?float>
     */
    public function timings(): array
    {
        return array_map(function (int $part): ?float {
            $microseconds = $this->get('timing_us', $part);

            return $microseconds < 0 ? null : $microseconds / 1e6;
        }, [
            'dns' => Constants::LUMA_TIMING_DNS,
            'connect' => Constants::LUMA_TIMING_CONNECT,
            'tls' => Constants::LUMA_TIMING_TLS,
            'first_byte' => Constants::LUMA_TIMING_FIRST_BYTE,
            'total' => Constants::LUMA_TIMING_TOTAL,
        ]);
    }

    public function isConnectionReused(): bool
    {
        return $this->get('connection_reused') === 1;
    }

    public function peerAddress(): string
    {
        return $this->get('peer_address');
    }

    public function tlsVersion(): string
    {
        return $this->get('tls_version');
    }

    public function certificateExpires(): ?\DateTimeImmutable
    {
        return Text::time($this->get('certificate_expires_ms'));
    }

    private function get(string $name, int ...$indexes): int|string
    {
        return Library::ffi()->{"luma_result_$name"}($this->handle->pointer, ...$indexes);
    }

    /**
     * @template T
     *
     * @param \Closure(int): T $element
     *
     * @return list<T>
     */
    private function list(string $count, \Closure $element, int ...$indexes): array
    {
        $count = $this->get($count, ...$indexes);

        return $count === 0 ? [] : array_map($element, range(0, $count - 1));
    }

    private static function toRunStatus(int $number): RunStatus
    {
        return RunStatus::tryFrom($number) ?? RunStatus::Other;
    }

    private static function decode(string $json): mixed
    {
        return json_decode($json, true, 512, \JSON_BIGINT_AS_STRING | \JSON_THROW_ON_ERROR);
    }
}
