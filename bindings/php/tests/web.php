<?php

// A web page, where PHP permits FFI only to preloaded code.

declare(strict_types=1);

require __DIR__ . '/autoload.php';

try {
    FFI::cdef('int getpid(void);');
    echo 'FFI is not restricted';
} catch (FFI\Exception) {
    $client = new Luma\Automation\Client(getenv('LUMA_URL'), getenv('LUMA_TOKEN'));
    $run = $client->trigger('unlock_account', ['userName' => 'jdoe']);
    echo $run->outcome()->name, ' ', $client->history($run->triggerId())->value('/status');
}
