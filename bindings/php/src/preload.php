<?php

// For php.ini, where PHP serves web pages: opcache.preload=/path/to/src/preload.php
// PHP permits FFI there only to preloaded code.

declare(strict_types=1);

$files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator(__DIR__, FilesystemIterator::SKIP_DOTS));
foreach ($files as $file) {
    if ($file->getExtension() === 'php' && $file->getPathname() !== __FILE__) {
        opcache_compile_file($file->getPathname());
    }
}
require_once __DIR__ . '/Native/Library.php';
Luma\Automation\Native\Library::preload();
