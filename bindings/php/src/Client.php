<?php

declare(strict_types=1);

namespace Luma\Automation;

use FFI\CData;
use Luma\Automation\Exception\CallException;
use Luma\Automation\Exception\ConfigurationException;
use Luma\Automation\Exception\InvalidRequestException;
use Luma\Automation\Exception\LoggerException;
use Luma\Automation\Exception\LumaException;
use Luma\Automation\Exception\NotSentException;
use Luma\Automation\Exception\RejectedException;
use Luma\Automation\Exception\TriggerException;
use Luma\Automation\Exception\UnknownException;
use Luma\Automation\Exception\WaitException;
use Luma\Automation\Native\Constants;
use Luma\Automation\Native\Handle;
use Luma\Automation\Native\Library;
use Luma\Automation\Native\Text;

/**
 * A client of one gateway.
 *
 * Settings, all optional; times are in seconds:
 *  - tokenProvider: a callable that returns the current access token; asked again after an HTTP 401
 *  - authScheme: an AuthScheme
 *  - headers: an array, added to every request; the values are secrets
 *  - logger: a Psr\Log\LoggerInterface, which gets a line per call
 *  - logFile, jsonLogFile: a path; logLevel: a LogLevel, by default Info
 *  - timeout, connectTimeout, retries, proxy, autoProxy, caFile, caPem, extraCaFile,
 *    extraCaPem, clientCertificateFile, clientCertificatePem (arrays of chain and key), allowHttp,
 *    applicationId, maxResponseBytes, maxIdleConnections, triggerMaxIdle, readMaxIdle: as in luma.h
 */
final class Client
{
    private const SETTINGS = [
        'connectTimeout' => ['luma_config_set_connect_timeout_ms', 'time'],
        'timeout' => ['luma_config_set_timeout_ms', 'time'],
        'maxResponseBytes' => ['luma_config_set_max_response_bytes', 'int'],
        'triggerMaxIdle' => ['luma_config_set_trigger_max_idle_ms', 'time'],
        'readMaxIdle' => ['luma_config_set_read_max_idle_ms', 'time'],
        'maxIdleConnections' => ['luma_config_set_max_idle_connections', 'int'],
        'retries' => ['luma_config_set_retries', 'bool'],
        'allowHttp' => ['luma_config_set_allow_http', 'bool'],
        'caFile' => ['luma_config_set_ca_file', 'text'],
        'caPem' => ['luma_config_set_ca_pem', 'text'],
        'extraCaFile' => ['luma_config_add_ca_file', 'text'],
        'extraCaPem' => ['luma_config_add_ca_pem', 'text'],
        'clientCertificateFile' => ['luma_config_set_client_certificate_file', 'pair'],
        'clientCertificatePem' => ['luma_config_set_client_certificate_pem', 'pair'],
        'proxy' => ['luma_config_set_proxy', 'text'],
        'autoProxy' => ['luma_config_set_auto_proxy', 'bool'],
        'applicationId' => ['luma_config_set_application_id', 'text'],
    ];

    private const OTHER_SETTINGS = [
        'tokenProvider', 'authScheme', 'headers', 'logger', 'logFile', 'jsonLogFile', 'logLevel',
    ];

    private ?Handle $handle;

    private TokenSource $tokens;

    private bool $retries;

    private ?object $logger;

    private string $journalFolder;

    /** @param array<string, mixed> $settings */
    public function __construct(string $baseUrl, #[\SensitiveParameter] ?string $accessToken = null, array $settings = [])
    {
        if ($accessToken === null && !isset($settings['tokenProvider'])) {
            throw new \InvalidArgumentException('accessToken or tokenProvider is required');
        }
        $this->start(Handle::open(
            ConfigurationException::class,
            'luma_config',
            'luma_config_new_with_reason',
            Text::check('baseUrl', $baseUrl),
            Text::check('accessToken', $accessToken ?? 'from-token-provider'), // the latter is never sent
        ), $settings);
    }

    /**
     * Creates a client from a configuration file: by default the user's, or the machine's.
     *
     * @param array<string, mixed> $settings
     */
    public static function fromFile(?string $path = null, ?string $profile = null, array $settings = []): self
    {
        return self::fromConfig(Handle::open(
            ConfigurationException::class,
            'luma_config',
            'luma_config_new_from_file',
            Text::checkOptional('path', $path),
            Text::checkOptional('profile', $profile),
        ), $settings);
    }

    /**
     * Creates a client from LUMA_URL with LUMA_TOKEN or LUMA_TOKEN_FILE, or from LUMA_PROFILE and the
     * configuration file.
     *
     * @param array<string, mixed> $settings
     */
    public static function fromEnvironment(array $settings = []): self
    {
        return self::fromConfig(
            Handle::open(ConfigurationException::class, 'luma_config', 'luma_config_new_from_environment'),
            $settings,
        );
    }

    /** Closes the client; later calls are errors. The destructor does it too. */
    public function close(): void
    {
        $this->handle = null;
    }

    /** The folder of the journal that the configuration file or LUMA_JOURNAL names, or "". */
    public function journalFolder(): string
    {
        return $this->journalFolder;
    }

    public function setAccessToken(#[\SensitiveParameter] string $accessToken): void
    {
        Handle::check(
            ConfigurationException::class,
            'luma_client_set_access_token_with_reason',
            $this->pointer(),
            Text::check('accessToken', $accessToken),
        );
    }

    /** Returns a client, on the same connections, that uses this request id, to find its calls in logs. */
    public function withRequestId(string $requestId): self
    {
        return $this->derive('luma_client_with_request_id', Text::check('requestId', $requestId));
    }

    /** Returns a client, on the same connections, whose calls have this timeout. */
    public function withTimeout(float $timeout): self
    {
        return $this->derive('luma_client_with_timeout_ms', Text::milliseconds('timeout', $timeout));
    }

    /** Opens a connection ahead of time, and checks proxy and TLS. */
    public function connect(): Result
    {
        return $this->call('', 'luma_client_connect');
    }

    /**
     * Triggers a workflow, and returns when the gateway has accepted it. It is sent once, unless it is
     * certain that nothing arrived.
     *
     * @param array<string, mixed> $variables values are whatever JSON can express
     * @param array<string, string> $secretVariables masked in every text
     * @param array<string, string> $initiationInfo
     *
     * @throws RejectedException|NotSentException|UnknownException|InvalidRequestException
     */
    public function trigger(
        string $workflowIdentifier,
        array $variables = [],
        #[\SensitiveParameter] array $secretVariables = [],
        ?int $contactId = null,
        Application|int|null $applicationId = null,
        array $initiationInfo = [],
    ): Result {
        $request = $this->request(
            $workflowIdentifier,
            $variables,
            $secretVariables,
            $contactId,
            $applicationId,
            $initiationInfo,
        );

        return $this->triggered('luma_trigger_workflow', $request->pointer);
    }

    /**
     * Triggers a workflow at most once per key, even if processes die at any time.
     *
     * If the key was accepted before, nothing is sent, and the result has the same trigger id; see
     * Result::isAlreadyAccepted().
     *
     * @param array<string, mixed> $variables
     * @param array<string, string> $secretVariables
     * @param array<string, string> $initiationInfo
     * @param list<string> $volatile the names of variables that may differ
     *
     * @throws UnknownException if the outcome of an earlier call with the key is not known
     * @throws NotSentException also if the key was for a different request, or the journal cannot be used
     * @throws RejectedException|InvalidRequestException
     */
    public function triggerOnce(
        Journal $journal,
        string $key,
        string $workflowIdentifier,
        array $variables = [],
        #[\SensitiveParameter] array $secretVariables = [],
        ?int $contactId = null,
        Application|int|null $applicationId = null,
        array $initiationInfo = [],
        array $volatile = [],
    ): Result {
        $request = $this->request(
            $workflowIdentifier,
            $variables,
            $secretVariables,
            $contactId,
            $applicationId,
            $initiationInfo,
        );
        foreach ($volatile as $name) {
            $name = Text::check('the name of a variable', $name);
            self::set($request, 'luma_trigger_request_exclude_from_digest', $name);
        }

        return $this->triggered(
            'luma_trigger_workflow_once',
            $journal->handle()->pointer,
            Text::check('key', $key),
            $request->pointer,
        );
    }

    /** Triggers a workflow with a complete request in JSON. */
    public function triggerJson(string $request): Result
    {
        return $this->triggered('luma_trigger_workflow_json', Text::check('request', $request));
    }

    /** Gets the status and the parameters of a run. */
    public function history(string $triggerId): Result
    {
        return $this->call($triggerId, 'luma_get_workflow_history', Text::check('triggerId', $triggerId));
    }

    /** Lists the steps of a run, see Result::steps(). $top 0 means all. */
    public function steps(
        string $triggerId,
        ?string $filter = null,
        ?string $orderBy = null,
        int $skip = 0,
        int $top = 0,
    ): Result {
        return $this->call(
            $triggerId,
            'luma_list_workflow_steps',
            Text::check('triggerId', $triggerId),
            Text::checkOptional('filter', $filter),
            Text::checkOptional('orderBy', $orderBy),
            $skip,
            $top,
        );
    }

    /** Gets one step of a run, see Result::steps(). */
    public function step(string $triggerId, string $stepId): Result
    {
        return $this->call(
            $triggerId,
            'luma_get_workflow_step',
            Text::check('triggerId', $triggerId),
            Text::check('stepId', $stepId),
        );
    }

    /** Lists what can be triggered, see Result::definitions(). $top 0 means all. */
    public function definitions(?string $filter = null, ?string $orderBy = null, int $skip = 0, int $top = 0): Result
    {
        return $this->call(
            '',
            'luma_list_workflow_definitions',
            Text::checkOptional('filter', $filter),
            Text::checkOptional('orderBy', $orderBy),
            $skip,
            $top,
        );
    }

    /** Generates a URL that shows a run, see Result::launchUrl(). */
    public function generateLaunchUrl(string $triggerId): Result
    {
        return $this->call($triggerId, 'luma_generate_launch_url', Text::check('triggerId', $triggerId));
    }

    /**
     * Generates a new access token for a tenant, see Result::accessToken(). The old one becomes
     * invalid; this client keeps using its own.
     */
    public function regenerateTenantToken(#[\SensitiveParameter] string $superAdminToken, string $tenantExternalId): Result
    {
        return $this->call(
            '',
            'luma_regenerate_tenant_token',
            Text::check('superAdminToken', $superAdminToken),
            Text::check('tenantExternalId', $tenantExternalId),
        );
    }

    /**
     * Waits until a run has ended, and returns its last status, also if it failed.
     *
     * @throws WaitException if the wait ends before the run; the run is not affected
     */
    public function wait(string $triggerId, ?float $timeout = null, bool $untilSuspended = false): Result
    {
        foreach ($this->watch($triggerId, $timeout, $untilSuspended) as $result);

        return $result;
    }

    /**
     * Waits like wait(), and yields the result of every poll; the last one is final.
     *
     * @return \Generator<int, Result>
     *
     * @throws WaitException
     */
    public function watch(string $triggerId, ?float $timeout = null, bool $untilSuspended = false): \Generator
    {
        $wait = $this->startWait($triggerId, $timeout, $untilSuspended);
        while (true) {
            yield $wait->poll();
            $delay = $wait->secondsUntilPoll();
            if ($delay === null) {
                return;
            }
            usleep((int) ($delay * 1e6));
        }
    }

    /** Starts a wait that its owner polls: for an event loop. */
    public function startWait(string $triggerId, ?float $timeout = null, bool $untilSuspended = false): Wait
    {
        $this->pointer();

        return new Wait($this->handle, $this->tokens, $triggerId, $timeout, $untilSuspended);
    }

    /** Returns an empty set of waits, which follows many runs. */
    public function waitSet(int $maxPollsPerSecond = 20): WaitSet
    {
        $this->pointer();

        return new WaitSet($this->handle, $this->tokens, $maxPollsPerSecond);
    }

    /**
     * What this client and those that share its connections have done so far: callsAccepted,
     * callsRejected, retries, bytesSent and so on.
     *
     * @return array<string, int>
     */
    public function counters(): array
    {
        $ffi = Library::ffi();
        $counters = [];
        for ($i = 1; ($name = $ffi->luma_counter_name($i)) !== ''; ++$i) {
            $name = lcfirst(str_replace('_', '', ucwords(strtolower($name), '_')));
            $counters[$name] = $ffi->luma_client_counter($this->pointer(), $i);
        }

        return $counters;
    }

    /** @param array<string, mixed> $settings */
    private static function fromConfig(Handle $config, array $settings): self
    {
        $client = (new \ReflectionClass(self::class))->newInstanceWithoutConstructor();
        $client->start($config, $settings);

        return $client;
    }

    /** @param array<string, mixed> $settings */
    private function start(Handle $config, array $settings): void
    {
        self::configure($config, $settings);
        $provider = $settings['tokenProvider'] ?? null;
        $this->tokens = new TokenSource($provider === null ? null : \Closure::fromCallable($provider));
        $this->logger = $settings['logger'] ?? null;
        $this->retries = $settings['retries'] ?? true;
        $this->handle = Handle::open(
            ConfigurationException::class,
            'luma_client',
            'luma_client_new_with_reason',
            $config->pointer,
        );
        $this->journalFolder = Library::ffi()->luma_config_journal_folder($config->pointer);
    }

    private function derive(string $function, int|string $argument): self
    {
        $handle = Handle::from($status, 'luma_client', $function, $this->pointer(), $argument);
        if ($status !== Constants::LUMA_OK) {
            throw new ConfigurationException($status);
        }
        $client = clone $this;
        $client->handle = $handle;

        return $client;
    }

    private function pointer(): CData
    {
        return $this->handle?->pointer ?? throw new \LogicException('the client is closed');
    }

    /**
     * Makes a call, and once more with a new token if the gateway refused the old one. On a
     * connection that was used before, the refusal may be a copy of an earlier response: then only a
     * read is repeated, as the library does it.
     */
    private function invoke(?int &$status, string $function, mixed ...$arguments): Result
    {
        $client = $this->pointer();
        $result = new Result(Handle::from($status, 'luma_result', $function, $client, ...$arguments));
        $isRead = preg_match('/^luma_(get|list)_/', $function) === 1;
        if (
            $status === Constants::LUMA_ERROR_UNAUTHORIZED && $result->outcome() === Outcome::Rejected
            && $function !== 'luma_regenerate_tenant_token' && $this->tokens->renew($this->handle)
            && $this->retries && ($isRead || !$result->isConnectionReused())
        ) {
            $result = new Result(Handle::from($status, 'luma_result', $function, $client, ...$arguments));
        }
        $this->log($result);

        return $result;
    }

    private function log(Result $result): void
    {
        if ($this->logger === null) {
            return;
        }
        $level = match ($result->outcome()) {
            Outcome::Accepted => 'info',
            Outcome::Rejected, Outcome::NotSent => 'warning',
            Outcome::Unknown => 'error',
        };
        try {
            $this->logger->log($level, $result->message(), [
                'status' => $result->statusName(),
                'outcome' => $result->outcome()->name,
                'requestId' => $result->requestId(),
                'triggerId' => $result->triggerId(),
            ]);
        } catch (\Throwable $e) {
            throw new LoggerException($e, $result);
        }
    }

    private function call(string $triggerId, string $function, mixed ...$arguments): Result
    {
        $this->pointer();
        if (!$this->tokens->prepare($this->handle)) {
            throw new CallException(Constants::LUMA_ERROR_ACCESS_TOKEN, $triggerId, null, Outcome::NotSent);
        }
        $result = $this->invoke($status, $function, ...$arguments);
        if ($status !== Constants::LUMA_OK) {
            throw new CallException($status, $triggerId, $result);
        }

        return $result;
    }

    private function triggered(string $function, mixed ...$arguments): Result
    {
        $this->pointer();
        if (!$this->tokens->prepare($this->handle)) {
            throw new NotSentException(Constants::LUMA_ERROR_ACCESS_TOKEN, '', null, Outcome::NotSent);
        }
        $result = $this->invoke($status, $function, ...$arguments);
        if ($result->outcome() === Outcome::Accepted) {
            return $result;
        }
        if ($status < 100) {
            throw new InvalidRequestException($status, '', $result);
        }
        throw match ($result->outcome()) {
            Outcome::Rejected => new RejectedException($status, '', $result),
            Outcome::NotSent => new NotSentException($status, '', $result),
            default => new UnknownException($status, '', $result),
        };
    }

    /**
     * @param array<string, mixed> $variables
     * @param array<string, string> $secretVariables
     * @param array<string, string> $initiationInfo
     */
    private function request(
        string $workflowIdentifier,
        array $variables,
        #[\SensitiveParameter] array $secretVariables,
        ?int $contactId,
        Application|int|null $applicationId,
        array $initiationInfo,
    ): Handle {
        $request = Handle::open(
            InvalidRequestException::class,
            'luma_trigger_request',
            'luma_trigger_request_new_with_reason',
            Text::check('workflowIdentifier', $workflowIdentifier),
        );
        foreach (['variables' => $variables, 'secretVariables' => $secretVariables, 'initiationInfo' => $initiationInfo] as $what => $values) {
            if ($values !== [] && array_is_list($values)) {
                throw new \ValueError("$what must have names as keys");
            }
        }
        foreach ($variables as $name => $value) {
            $function = 'luma_trigger_request_set_variable';
            if (!\is_string($value)) {
                $function .= '_json';
                $value = json_encode(
                    $value,
                    \JSON_THROW_ON_ERROR | \JSON_UNESCAPED_UNICODE | \JSON_PRESERVE_ZERO_FRACTION,
                );
            }
            self::set($request, $function, ...self::named('variable', (string) $name, $value));
        }
        foreach ($secretVariables as $name => $value) {
            self::set(
                $request,
                'luma_trigger_request_set_secret_variable',
                ...self::named('variable', (string) $name, $value),
            );
        }
        if ($contactId !== null || $applicationId !== null) {
            if ($contactId === null || $applicationId === null) {
                throw new \InvalidArgumentException('contactId and applicationId belong together');
            }
            $applicationId = $applicationId instanceof Application ? $applicationId->value : $applicationId;
            self::set($request, 'luma_trigger_request_set_initiator', $contactId, $applicationId);
        }
        foreach ($initiationInfo as $key => $value) {
            self::set(
                $request,
                'luma_trigger_request_set_initiation_info',
                ...self::named('initiationInfo', (string) $key, $value),
            );
        }

        return $request;
    }

    /** @return array{string, string} */
    private static function named(string $kind, string $name, #[\SensitiveParameter] string $value): array
    {
        return [Text::check("the name of a $kind", $name), Text::check("the $kind $name", $value)];
    }

    private static function set(Handle $request, string $function, #[\SensitiveParameter] mixed ...$arguments): void
    {
        $ffi = Library::ffi();
        $status = $ffi->$function($request->pointer, ...$arguments);
        if ($status !== Constants::LUMA_OK) {
            throw new InvalidRequestException($status, $ffi->luma_trigger_request_message($request->pointer));
        }
    }

    /** @param array<string, mixed> $settings */
    private static function configure(Handle $config, #[\SensitiveParameter] array $settings): void
    {
        $unknown = array_diff(array_keys($settings), array_keys(self::SETTINGS), self::OTHER_SETTINGS);
        if ($unknown !== []) {
            throw new \InvalidArgumentException('unknown settings: ' . implode(', ', $unknown));
        }
        $set = static function (string $function, mixed ...$arguments) use ($config): void {
            $ffi = Library::ffi();
            $status = $ffi->$function($config->pointer, ...$arguments);
            if ($status !== Constants::LUMA_OK) {
                throw new ConfigurationException($status, $ffi->luma_config_message($config->pointer));
            }
        };
        foreach (array_intersect_key($settings, self::SETTINGS) as $name => $value) {
            [$function, $kind] = self::SETTINGS[$name];
            $set($function, ...match ($kind) {
                'time' => [Text::milliseconds($name, $value)],
                'int' => [self::integer($value)],
                'bool' => [$value ? 1 : 0],
                'text' => [Text::check($name, $value)],
                'pair' => array_map(static fn (string $part): string => Text::check($name, $part), array_values($value)),
            });
        }
        if (isset($settings['authScheme'])) {
            $scheme = static fn (AuthScheme $scheme): int => $scheme->value;
            $set('luma_config_set_auth_scheme', $scheme($settings['authScheme']));
        }
        foreach ($settings['headers'] ?? [] as $name => $value) {
            $set('luma_config_add_header', ...self::named('header', (string) $name, $value));
        }
        $level = (static fn (LogLevel $level): int => $level->value)($settings['logLevel'] ?? LogLevel::Info);
        foreach (['logFile' => 'luma_config_log_to_file', 'jsonLogFile' => 'luma_config_log_to_json_file'] as $name => $function) {
            if (isset($settings[$name])) {
                $set($function, $level, Text::check($name, $settings[$name]));
            }
        }
    }

    private static function integer(int $value): int
    {
        return $value;
    }
}
