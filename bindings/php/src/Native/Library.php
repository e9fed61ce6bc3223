<?php

declare(strict_types=1);

namespace Luma\Automation\Native;

/**
 * Finds and loads the C library.
 *
 * @internal
 */
final class Library
{
    private static ?\FFI $ffi = null;

    public static function ffi(): \FFI
    {
        return self::$ffi ??= self::preloaded() ?? self::load();
    }

    /** For src/preload.php. */
    public static function preload(): void
    {
        if (self::preloaded() !== null) {
            return; // by the setting ffi.preload
        }
        // The header names the library; this finds it where find() does, because a library that is
        // already loaded is found by its name.
        $loaded = \FFI::cdef('const char *luma_version(void);', self::find());
        \FFI::load(__DIR__ . '/luma.h');
        unset($loaded);
    }

    private static function preloaded(): ?\FFI
    {
        try {
            return \FFI::scope('LUMA');
        } catch (\FFI\Exception) {
            return null;
        }
    }

    private static function load(): \FFI
    {
        $header = preg_replace('/^#.*$/m', '', file_get_contents(__DIR__ . '/luma.h'));
        $path = self::find();
        try {
            return \FFI::cdef($header, $path);
        } catch (\FFI\Exception $e) {
            throw new \RuntimeException(
                "the C library $path cannot be loaded: {$e->getMessage()}. Install it, or set LUMA_LIBRARY to its "
                . 'full path. Outside the command line, PHP needs opcache.preload=.../src/preload.php.',
                0,
                $e,
            );
        }
    }

    /** Returns the path of the library, or the name by which the system finds it. */
    private static function find(): string
    {
        $name = \PHP_OS_FAMILY === 'Windows' ? 'luma.dll' : 'libluma.so.0';
        $machine = \PHP_INT_SIZE === 8 ? strtolower(php_uname('m')) : 'x86';
        $platform = strtolower(\PHP_OS_FAMILY) . '-' . $machine;
        $inside = \dirname(__DIR__, 2) . "/native/$platform/$name";
        if (is_file($inside)) {
            return $inside;
        }
        // A full path and never a search, because privileged services set it too.
        $path = getenv('LUMA_LIBRARY');
        if ($path === false) {
            return $name;
        }
        if (preg_match('{^(/|[A-Za-z]:[/\\\\]|\\\\\\\\)}', $path) !== 1) {
            throw new \RuntimeException("LUMA_LIBRARY must be the full path of $name, not \"$path\"");
        }

        return $path;
    }
}
