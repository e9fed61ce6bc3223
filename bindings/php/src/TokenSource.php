<?php

declare(strict_types=1);

namespace Luma\Automation;

use Luma\Automation\Exception\ConfigurationException;
use Luma\Automation\Native\Handle;
use Luma\Automation\Native\Text;

/**
 * Asks a token provider. C never calls it, because an exception, or exit(), in a callback of FFI ends
 * the process.
 *
 * @internal
 */
final class TokenSource
{
    private ?string $digest = null;

    /** @param ?\Closure(): ?string $provider */
    public function __construct(private readonly ?\Closure $provider)
    {
    }

    private static function checked(#[\SensitiveParameter] ?string $token): ?string
    {
        return $token;
    }

    /** Asks for the first token. Returns whether the client has one. */
    public function prepare(Handle $client): bool
    {
        return $this->provider === null || $this->digest !== null || $this->renew($client);
    }

    /** Asks for a token. Returns whether the client has a new one. */
    public function renew(Handle $client): bool
    {
        $token = $this->provider === null ? null : self::checked(($this->provider)());
        if ($token === null || $token === '' || hash('sha256', $token) === $this->digest) {
            return false;
        }
        Handle::check(
            ConfigurationException::class,
            'luma_client_set_access_token_with_reason',
            $client->pointer,
            Text::check('the access token', $token),
        );
        $this->digest = hash('sha256', $token);

        return true;
    }
}
