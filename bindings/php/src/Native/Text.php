<?php

declare(strict_types=1);

namespace Luma\Automation\Native;

/**
 * Arguments for the C library, and what it returns.
 *
 * @internal
 */
final class Text
{
    /** Checks an argument. C would cut it off at a NUL. */
    public static function check(string $name, #[\SensitiveParameter] string $text): string
    {
        if (str_contains($text, "\0")) {
            throw new \ValueError("$name must not contain any null bytes");
        }
        if (preg_match('//u', $text) !== 1) {
            throw new \ValueError("$name must be valid UTF-8");
        }

        return $text;
    }

    public static function checkOptional(string $name, ?string $text): ?string
    {
        return $text === null ? null : self::check($name, $text);
    }

    /** Converts seconds, rounded up, so that a tiny timeout is not 0. */
    public static function milliseconds(string $name, float $seconds): int
    {
        $milliseconds = ceil($seconds * 1000);
        if (!(abs($milliseconds) < 2 ** 53)) {
            throw new \ValueError("$name must be a number of seconds");
        }

        return (int) $milliseconds;
    }

    public static function time(int $milliseconds): ?\DateTimeImmutable
    {
        if ($milliseconds < 0) {
            return null;
        }

        return new \DateTimeImmutable(sprintf('@%d.%03d', intdiv($milliseconds, 1000), $milliseconds % 1000));
    }

    public static function seconds(int $milliseconds): ?float
    {
        return $milliseconds < 0 ? null : $milliseconds / 1000;
    }
}
