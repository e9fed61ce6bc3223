<?php

// Loads classes as Composer does, from the package at LUMA_PHP_PACKAGE.

declare(strict_types=1);

$package = getenv('LUMA_PHP_PACKAGE') ?: dirname(__DIR__);
$map = json_decode(file_get_contents("$package/composer.json"), true)['autoload']['psr-4'];
spl_autoload_register(static function (string $class) use ($package, $map): void {
    foreach ($map as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            require "$package/$folder" . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        }
    }
});
