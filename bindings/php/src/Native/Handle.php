<?php

declare(strict_types=1);

namespace Luma\Automation\Native;

use FFI\CData;
use Luma\Automation\Exception\LumaException;
use Luma\Automation\Result;

/**
 * Owns a handle of the C library, which is freed when nothing refers to it any more, in any order.
 *
 * @internal
 */
final class Handle
{
    private function __construct(private readonly \FFI $ffi, private readonly string $type, public readonly CData $pointer)
    {
    }

    public function __destruct()
    {
        $this->ffi->{"{$this->type}_free"}($this->pointer);
    }

    /** A copy would free the same handle again. */
    private function __clone()
    {
    }

    /** Owns what a function has stored. */
    public static function own(string $type, CData $pointer): self
    {
        return new self(Library::ffi(), $type, $pointer);
    }

    /** Calls a function whose last parameter receives a handle. */
    public static function from(?int &$status, string $type, string $function, mixed ...$arguments): self
    {
        $ffi = Library::ffi();
        $out = $ffi->new("$type*");
        $status = $ffi->$function(...$arguments, ...[\FFI::addr($out)]);

        return new self($ffi, $type, $out);
    }

    /**
     * Calls a function whose last parameters receive a handle and, on failure, the reason.
     *
     * @param class-string<LumaException> $exception
     */
    public static function open(string $exception, string $type, string $function, mixed ...$arguments): self
    {
        $ffi = Library::ffi();
        $out = $ffi->new("$type*");
        self::check($exception, $function, ...$arguments, ...[\FFI::addr($out)]);

        return new self($ffi, $type, $out);
    }

    /**
     * Calls a function whose last parameter receives the reason on failure.
     *
     * @param class-string<LumaException> $exception
     */
    public static function check(string $exception, string $function, mixed ...$arguments): void
    {
        $reason = self::from($status, 'luma_result', $function, ...$arguments);
        if ($status !== Constants::LUMA_OK) {
            throw new $exception($status, '', new Result($reason));
        }
    }
}
