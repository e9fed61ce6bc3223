<?php

// bindings/conformance.md, row by row. Prints `N passed, N failed`.

declare(strict_types=1);

use Luma\Automation\Application;
use Luma\Automation\AuthScheme;
use Luma\Automation\Client;
use Luma\Automation\Exception\CallException;
use Luma\Automation\Exception\ConfigurationException;
use Luma\Automation\Exception\InvalidRequestException;
use Luma\Automation\Exception\JournalException;
use Luma\Automation\Exception\LoggerException;
use Luma\Automation\Exception\NotSentException;
use Luma\Automation\Exception\RejectedException;
use Luma\Automation\Exception\TriggerException;
use Luma\Automation\Exception\UnknownException;
use Luma\Automation\Exception\WaitException;
use Luma\Automation\Exception\WaitTimeoutException;
use Luma\Automation\Journal;
use Luma\Automation\LogLevel;
use Luma\Automation\Native\Constants;
use Luma\Automation\Native\Library;
use Luma\Automation\Outcome;
use Luma\Automation\RunStatus;

require __DIR__ . '/autoload.php';
set_error_handler(static function (int $level, string $message, string $file, int $line): never {
    throw new ErrorException($message, 0, $level, $file, $line);
});

const JDOE = ['userName' => 'jdoe'];
define('URL', getenv('LUMA_URL'));
define('TOKEN', getenv('LUMA_TOKEN'));

function simulator(string $method, string $path): mixed
{
    $options = ['method' => $method, 'header' => "Connection: close\r\nContent-Length: 0"];

    return json_decode(file_get_contents(URL . $path, false, stream_context_create(['http' => $options])), true);
}

function advance(int $milliseconds): void
{
    simulator('POST', "/simulator/time?advanceMs=$milliseconds");
}

function journal(string $workflow = ''): array
{
    return simulator('GET', '/simulator/journal' . ($workflow === '' ? '' : "?workflowIdentifier=$workflow"))['deliveries'];
}

function clearJournal(): void
{
    simulator('DELETE', '/simulator/journal');
}

function client(array $settings = []): Client
{
    return new Client(URL, TOKEN, $settings);
}

function closedPort(): string
{
    $server = stream_socket_server('tcp://127.0.0.1:0');
    $name = stream_socket_get_name($server, false);
    fclose($server);

    return "http://$name";
}

function same(mixed $expected, mixed $actual): void
{
    if ($expected !== $actual) {
        throw new Exception('expected ' . var_export($expected, true) . ', not ' . var_export($actual, true));
    }
}

function isTrue(bool $condition): void
{
    same(true, $condition);
}

/**
 * @template T of Throwable
 *
 * @param class-string<T> $class
 *
 * @return T
 */
function thrown(string $class, Closure $function): Throwable
{
    try {
        $function();
    } catch (Throwable $e) {
        if ($e instanceof $class) {
            return $e;
        }
        throw $e;
    }
    throw new Exception("no $class was thrown");
}

function resident(): int
{
    preg_match('/VmRSS:\s*(\d+)/', file_get_contents('/proc/self/status'), $match);

    return (int) $match[1] * 1024;
}

/** Runs a program in a new process. Returns its exit code and its output. */
function php(string $program, ?string $folder = null): array
{
    $autoload = var_export(__DIR__ . '/autoload.php', true);
    $process = proc_open(
        [PHP_BINARY, '-d', 'display_errors=stderr', '-r', "require $autoload; $program"],
        [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
        $pipes,
        $folder,
    );
    $output = stream_get_contents($pipes[1]);

    return [proc_close($process), trim($output)];
}

function folder(): string
{
    $folder = sys_get_temp_dir() . '/luma-php-' . bin2hex(random_bytes(6));
    mkdir($folder);
    register_shutdown_function(static fn () => exec('rm -rf ' . escapeshellarg($folder)));

    return $folder;
}

/** A logger that keeps its lines, or throws. */
final class Lines
{
    public array $lines = [];

    public function __construct(private readonly ?Throwable $error = null)
    {
    }

    public function log(string $level, string|Stringable $message, array $context = []): void
    {
        $this->lines[] = [$level, (string) $message, $context];
        if ($this->error !== null) {
            throw $this->error;
        }
    }
}

$tests = [];

$tests['01 accepted'] = static function (): void {
    $result = client()->trigger('unlock_account', JDOE);
    same([Outcome::Accepted, 0, 'LUMA_OK'], [$result->outcome(), $result->status(), $result->statusName()]);
    isTrue($result->triggerId() !== '');
    same(1, count(journal()));
};

$tests['02 rejected'] = static function (): void {
    $e = thrown(RejectedException::class, static fn () => client()->trigger('unlock_account'));
    same([200, 'LUMA_ERROR_VALIDATION', Outcome::Rejected], [$e->getCode(), $e->getName(), $e->getOutcome()]);
    same(['User name is required'], $e->getReasons());
    isTrue(str_contains($e->getMessage(), 'User name is required'));
};

$tests['03 not sent'] = static function (): void {
    $client = new Client(closedPort(), 'token', ['retries' => false]);
    $e = thrown(NotSentException::class, static fn () => $client->trigger('unlock_account', JDOE));
    same(['LUMA_ERROR_CONNECT', Outcome::NotSent], [$e->getName(), $e->getOutcome()]);
};

$tests['04 unknown'] = static function (): void {
    try {
        client()->trigger('fault-close-after-reading');
        throw new Exception('accepted');
    } catch (RejectedException | NotSentException) {
        throw new Exception('Unknown was caught by accident');
    } catch (UnknownException $e) {
        same(['LUMA_ERROR_CONNECTION_LOST', Outcome::Unknown], [$e->getName(), $e->getOutcome()]);
    }
    same(1, count(journal()));
};

$tests['04 an invalid request is not a not sent'] = static function (): void {
    $client = client();
    foreach ([
        static fn () => $client->trigger(''),
        static fn () => $client->triggerJson('{}'),
        static fn () => $client->trigger('x', ['' => 1]),
        static fn () => $client->trigger('x', contactId: 1, applicationId: Application::Ism),
    ] as $call) {
        isTrue(!thrown(InvalidRequestException::class, $call) instanceof TriggerException);
    }
    thrown(InvalidArgumentException::class, static fn () => $client->trigger('x', contactId: 1));
    same([], journal());
};

$tests['05 wait with progress'] = static function (): void {
    $client = client();
    $seen = [];
    foreach ($client->watch($client->trigger('reset_password', JDOE)->triggerId(), 60) as $poll) {
        if ($seen === []) {
            advance(3000);
        }
        $seen[] = $poll->runStatus();
    }
    same([RunStatus::Running, RunStatus::Completed], $seen);
    same(3.0, $poll->timeSpent());
    same(3.0, (float) $poll->endTime()->format('U.v') - (float) $poll->startTime()->format('U.v'));
};

$tests['05 nothing is blocked between polls'] = static function (): void {
    $client = client();
    $waits = [];
    for ($i = 0; $i < 20; $i++) {
        $waits[] = $client->startWait($client->trigger('patch_server', ['hostName' => "h$i"])->triggerId(), 60);
    }
    foreach ($waits as $wait) {
        same(RunStatus::Activated, $wait->poll()->runStatus());
        isTrue($wait->secondsUntilPoll() > 0);
    }
    advance(180000);
    foreach ($waits as $wait) {
        same(RunStatus::Completed, $wait->poll()->runStatus());
        same(null, $wait->secondsUntilPoll());
    }
};

$tests['06 a run that fails is a result'] = static function (): void {
    $client = client();
    $id = $client->trigger('restart_service', ['hostName' => 'h', 'serviceName' => 's'])->triggerId();
    advance(2000);
    $status = $client->wait($id)->runStatus();
    same([RunStatus::Failed, true], [$status, $status->isFinal()]);
};

$tests['07 a failed wait is not a failed trigger'] = static function (): void {
    $id = client()->trigger('unlock_account', JDOE)->triggerId();
    foreach ([
        [new Client(URL, 'wrong'), Outcome::Rejected, 'LUMA_ERROR_UNAUTHORIZED'],
        [new Client(URL, null, ['tokenProvider' => static fn () => null]), Outcome::NotSent, 'LUMA_ERROR_ACCESS_TOKEN'],
    ] as [$client, $outcome, $name]) {
        $e = thrown(WaitException::class, static fn () => $client->wait($id, 2));
        isTrue(!$e instanceof TriggerException);
        same([$id, $outcome, $name], [$e->getTriggerId(), $e->getOutcome(), $e->getName()]);
    }
    $client = new Client(closedPort(), 'token', ['retries' => false]);
    $e = thrown(CallException::class, static fn () => $client->history('an-id'));
    same(['an-id', Outcome::NotSent], [$e->getTriggerId(), $e->getOutcome()]);
};

$tests['08 a wait that times out'] = static function (): void {
    $client = client();
    $id = $client->trigger('patch_server', ['hostName' => 'h'])->triggerId();
    $started = microtime(true);
    $e = thrown(WaitTimeoutException::class, static fn () => $client->wait($id, 0.2));
    isTrue(microtime(true) - $started < 0.35);
    same(['LUMA_ERROR_WAIT_TIMEOUT', $id, RunStatus::Activated], [$e->getName(), $e->getTriggerId(), $e->getResult()->runStatus()]);
};

$tests['09 steps'] = static function (): void {
    $client = client();
    $id = $client->trigger('inventory_scan', ['siteName' => 's'])->triggerId();
    $steps = $client->steps($id)->steps();
    same(250, count(array_filter($steps, static fn ($step) => $step->id !== '')));
    $one = $client->step($id, $steps[0]->id)->steps()[0];
    same([$steps[0]->id, $steps[0]->name], [$one->id, $one->name]);
    same(5, count($client->steps($id, skip: 10, top: 5)->steps()));
    $definitions = array_column($client->definitions()->definitions(), null, 'identifier');
    isTrue($definitions['unlock_account']->parameters[0]->required);
};

$tests['11 log'] = static function (): void {
    $folder = folder();
    $logger = new Lines();
    $client = client(['logger' => $logger, 'logFile' => "$folder/log", 'logLevel' => LogLevel::Debug]);
    $result = $client->trigger('unlock_account', JDOE);
    $lines = file_get_contents("$folder/log");
    isTrue(str_contains($lines, ' INFO ') && str_contains($lines, ' DEBUG ') && str_contains($lines, $result->requestId()));
    same(['info', $result->message()], array_slice($logger->lines[0], 0, 2));
    same($result->requestId(), $logger->lines[0][2]['requestId']);
    isTrue(!str_contains($lines . json_encode($logger->lines), TOKEN));
};

$tests['12 non-ASCII text'] = static function (): void {
    $name = 'Jürgen 日本 🙂';
    $client = client();
    $id = $client->trigger('unlock_account', ['userName' => $name])->triggerId();
    same($name, json_decode(journal()[0]['body'], true)['variables']['userName']);
    same($name, array_column($client->history($id)->parameters(), 'value', 'name')['userName']);
    thrown(ValueError::class, static fn () => $client->trigger('unlock_account', ['userName' => "\xff"]));
};

$tests['13 embedded NUL'] = static function (): void {
    $client = client();
    foreach ([
        static fn () => new Client("http://a\0b", 'token'),
        static fn () => new Client(URL, "a\0b"),
        static fn () => $client->trigger("a\0b"),
        static fn () => $client->trigger('x', ["a\0b" => 'c']),
        static fn () => $client->trigger('x', ['name' => "a\0b"]),
        static fn () => $client->history("a\0b"),
        static fn () => $client->wait("a\0b"),
    ] as $call) {
        isTrue(str_contains(thrown(ValueError::class, $call)->getMessage(), 'null bytes'));
    }
    same([], journal());
};

$tests['14 64-bit integers'] = static function (): void {
    $client = client();
    foreach ([9007199254740993, PHP_INT_MIN, PHP_INT_MAX] as $number) {
        clearJournal();
        $id = $client->trigger(
            'unlock_account',
            ['userName' => 'jdoe', 'number' => $number],
            contactId: $number,
            applicationId: Application::ChangeGear,
        )->triggerId();
        $body = journal()[0]['body'];
        same(2, substr_count($body, (string) $number));
        isTrue(str_contains($body, '-7'));
        same((string) $number, array_column($client->history($id)->parameters(), 'value', 'name')['number']);
    }
    $result = $client->trigger('unlock_account', JDOE);
    isTrue(is_int($result->value('/timestamp')));
    same('SUBMITTED', $result->value('/resultData/statusInfo/status'));
    same(null, $result->value('/no/such/value'));
    thrown(ValueError::class, static fn () => $result->value('x'));
};

$tests['16 an exception of the logger'] = static function (): void {
    $error = new DomainException('log');
    $client = client(['logger' => new Lines($error)]);
    $e = thrown(LoggerException::class, static fn () => $client->trigger('unlock_account', JDOE));
    isTrue($e->getPrevious() === $error);
    same(Outcome::Accepted, $e->getResult()->outcome());
    same(1, count(journal()));
};

$tests['16 an exception while watching'] = static function (): void {
    $client = client();
    $id = $client->trigger('patch_server', ['hostName' => 'h'])->triggerId();
    thrown(DomainException::class, static function () use ($client, $id): void {
        foreach ($client->watch($id) as $ignored) {
            throw new DomainException('progress');
        }
    });
    same(Outcome::Accepted, $client->trigger('unlock_account', JDOE)->outcome());
};

$tests['16 an exception of the token provider'] = static function (): void {
    $error = new DomainException('token');
    $client = new Client(URL, null, ['tokenProvider' => static fn () => throw $error]);
    isTrue(thrown(DomainException::class, static fn () => $client->trigger('unlock_account', JDOE)) === $error);
    same([], journal());
    [$code, $output] = php(
        '$client = new Luma\Automation\Client(getenv("LUMA_URL"), null, ["tokenProvider" => static fn () => exit(3)]);'
        . '$client->trigger("unlock_account", ["userName" => "jdoe"]);',
    );
    same([3, ''], [$code, $output]);
    same([], journal());
};

$tests['17 wrong free order'] = static function (): void {
    for ($i = 0; $i < 100; $i++) {
        $client = client();
        $derived = $client->withRequestId("r$i")->withTimeout(5);
        $polls = $derived->watch($client->trigger('patch_server', ['hostName' => 'h'])->triggerId());
        $polls->current();
        if ($i % 2 === 1) {
            $client->close();
            $client->close();
        }
        unset($client);
        $cycle = [$polls, $derived];
        $cycle[] = &$cycle;
        if ($i % 3 !== 0) {
            $result = $derived->trigger('unlock_account', JDOE);
        }
        unset($derived, $polls, $cycle);
        gc_collect_cycles();
    }
    isTrue($result->triggerId() !== '');
    same('Success', $result->json()['status']);
    $client = client();
    $client->close();
    thrown(LogicException::class, static fn () => $client->trigger('unlock_account', JDOE));
    thrown(LogicException::class, static fn () => $client->wait('x'));
};

$tests['17 the end of the process'] = static function (): void {
    same([0, 'Activated'], php(
        '$client = new Luma\Automation\Client(getenv("LUMA_URL"), getenv("LUMA_TOKEN"));'
        . '$polls = $client->watch($client->trigger("patch_server", ["hostName" => "h"])->triggerId());'
        . 'echo $polls->current()->runStatus()->name; $GLOBALS["cycle"] = [&$GLOBALS["cycle"], $polls]; exit(0);',
    ));
};

$tests['17 fork'] = static function (): void {
    if (!function_exists('pcntl_fork')) {
        return;
    }
    same([0, 'Accepted Accepted'], php(
        '$client = new Luma\Automation\Client(getenv("LUMA_URL"), getenv("LUMA_TOKEN"));'
        . '$client->connect(); $child = pcntl_fork(); if ($child > 0) { pcntl_waitpid($child, $status); echo " "; }'
        . 'echo $client->trigger("unlock_account", ["userName" => "jdoe"])->outcome()->name;',
    ));
};

$tests['18 once per key'] = static function (): void {
    $path = folder() . '/journal';
    $client = client();
    thrown(JournalException::class, static fn () => new Journal($path));
    $journal = Journal::create($path, URL);
    $first = $client->triggerOnce($journal, 'INC1', 'unlock_account', JDOE);
    same([false, true], [$first->isAlreadyAccepted(), $first->isJournalRecorded()]);
    isTrue(abs($first->journalTime()->getTimestamp() - time()) < 60);
    $second = $client->triggerOnce($journal, 'INC1', 'unlock_account', JDOE);
    same(
        [true, 'LUMA_ALREADY_ACCEPTED', $first->triggerId()],
        [$second->isAlreadyAccepted(), $second->statusName(), $second->triggerId()],
    );
    same(1, count(journal('unlock_account')));
    $e = thrown(
        NotSentException::class,
        static fn () => $client->triggerOnce($journal, 'INC1', 'unlock_account', ['userName' => 'other']),
    );
    same('LUMA_ERROR_KEY_OTHER_REQUEST', $e->getName());
    foreach ([1, 2] as $number) {
        $client->triggerOnce($journal, 'INC2', 'unlock_account', JDOE + ['n' => $number], volatile: ['n']);
        thrown(
            UnknownException::class,
            static fn () => $client->triggerOnce($journal, 'INC3', 'fault-close-after-reading'),
        );
    }
    same([2, 1], [count(journal('unlock_account')), count(journal('fault-close-after-reading'))]);
    thrown(RejectedException::class, static fn () => $client->triggerOnce($journal, 'INC4', 'unlock_account'));
    $journal->close();
    thrown(LogicException::class, static fn () => $journal->find('INC1'));

    $journal = new Journal($path);
    $entry = $journal->find('INC1');
    same(['ACCEPTED', $first->triggerId()], [$entry->state, $entry->triggerId]);
    same(null, $journal->find('INC9'));
    same(['INC1', 'INC2', 'INC3'], array_column($journal->unfinished(), 'key'));
    $journal->acknowledge('INC1');
    same('RELEASED', $journal->newAttempt('INC2', 'jdoe', 'opened again')->state);
    same('RELEASED', $journal->resolve('INC3', null, 'jdoe', 'no such run')->state);
    same([], $journal->unfinished());
    same(0, $journal->prune(86400));
};

$tests['30 errors of a journal'] = static function (): void {
    $path = folder() . '/journal';
    $client = client();
    $journal = Journal::create($path, URL);
    $first = $client->triggerOnce($journal, 'INC1', 'unlock_account', JDOE);
    $second = $client->triggerOnce($journal, 'INC1', 'unlock_account', JDOE);
    isTrue($second->isAlreadyAccepted());
    isTrue($second->journalTime() == $first->journalTime());
    exec('rm -r ' . escapeshellarg($path));
    $e = thrown(
        NotSentException::class,
        static fn () => $client->triggerOnce($journal, 'INC2', 'unlock_account', JDOE),
    );
    same('LUMA_ERROR_JOURNAL_FOLDER', $e->getName());
    same('LUMA_ERROR_JOURNAL_FOLDER', thrown(JournalException::class, static fn () => $journal->unfinished())->getName());
    same(1, count(journal('unlock_account')));
};

$tests['31 limits of arguments'] = static function (): void {
    $client = client();
    $id = $client->trigger('patch_server', ['hostName' => 'h'])->triggerId();
    $waits = $client->waitSet();
    foreach ([0.0, -1e-9, -1e9] as $past) {
        thrown(WaitTimeoutException::class, static fn () => $client->wait($id, $past));
        isTrue($waits->add($id, $past));
        do {
            $event = $waits->next();
        } while (!$event->hasEnded);
        isTrue($event->error instanceof WaitTimeoutException);
    }
    $e = thrown(CallException::class, static fn () => $client->wait($id, 86401));
    same('LUMA_ERROR_TIMEOUT_RANGE', $e->getName());
    foreach ([0.0, -1e-9, 86401.0, 2.0 ** 40] as $wrong) {
        thrown(ConfigurationException::class, static fn () => $client->withTimeout($wrong));
        thrown(ConfigurationException::class, static fn () => client(['timeout' => $wrong]));
    }
    foreach ([INF, -INF, NAN, 1e300] as $wrong) {
        thrown(ValueError::class, static fn () => $client->wait($id, $wrong));
        thrown(ValueError::class, static fn () => $client->withTimeout($wrong));
        thrown(ValueError::class, static fn () => client(['timeout' => $wrong]));
        thrown(ValueError::class, static fn () => $client->waitSet()->add($id, $wrong));
    }
    foreach ([null, 1, [], new stdClass(), 1.5] as $wrong) {
        thrown(TypeError::class, static fn () => $client->trigger($wrong));
        thrown(TypeError::class, static fn () => $client->history($wrong));
        thrown(TypeError::class, static fn () => $client->trigger('unlock_account', secretVariables: ['userName' => $wrong]));
        thrown(TypeError::class, static fn () => client(['headers' => ['X-A' => $wrong]]));
        thrown(TypeError::class, static fn () => client(['caFile' => $wrong]));
    }
    foreach (['timeout', 'maxResponseBytes', 'tokenProvider', 'logger', 'authScheme', 'logLevel'] as $name) {
        thrown(TypeError::class, static fn () => client([$name => 'x']));
    }
    thrown(
        TypeError::class,
        static fn () => (new Client(URL, null, ['tokenProvider' => static fn () => 1]))->trigger('unlock_account', JDOE),
    );
    // A second owner would free the handle twice.
    thrown(Error::class, static fn () => clone (fn () => $this->handle)->call($client));
    thrown(TypeError::class, static fn () => $client->trigger('unlock_account', JDOE, contactId: 2 ** 63, applicationId: -7));
    thrown(ValueError::class, static fn () => $client->trigger('unlock_account', ['jdoe']));
    thrown(ValueError::class, static fn () => $client->trigger('unlock_account', JDOE, secretVariables: ['x']));
    foreach (["\xff", "\xed\xa0\x80", "a\0b"] as $wrong) {
        thrown(ValueError::class, static fn () => $client->trigger('unlock_account', ['userName' => $wrong]));
        thrown(ValueError::class, static fn () => $client->trigger('unlock_account', [$wrong => 1]));
        thrown(ValueError::class, static fn () => $client->steps($id, filter: $wrong));
    }
    thrown(JsonException::class, static fn () => $client->trigger('unlock_account', ['userName' => ["\xff"]]));
    thrown(JsonException::class, static fn () => $client->trigger('unlock_account', ['userName' => NAN]));
    same(0, count(journal('unlock_account')));
};

$tests['19 10,000 calls with flat memory'] = static function (): void {
    $client = client(['logger' => new class () {
        public function log(string $level, string|Stringable $message, array $context = []): void
        {
        }
    }]);
    $trigger = static function (int $count) use ($client): int {
        for ($i = 0; $i < $count; $i++) {
            isTrue($client->trigger('unlock_account', JDOE)->triggerId() !== '');
            if ($i % 100 === 0) {
                clearJournal();
            }
        }
        gc_collect_cycles();

        return resident();
    };
    $trigger(1000);
    $before = $trigger(1000);
    isTrue($trigger(10000) - $before < 4 * 1024 * 1024);
};

$tests['20 constants'] = static function (): void {
    $ffi = Library::ffi();
    $functions = [
        'LUMA_ERROR_' => ['luma_status_name', ''],
        'LUMA_OK' => ['luma_status_name', ''],
        'LUMA_ALREADY_ACCEPTED' => ['luma_status_name', ''],
        'LUMA_OUTCOME_' => ['luma_outcome_name', 'LUMA_OUTCOME_'],
        'LUMA_RUN_' => ['luma_run_status_name', 'LUMA_RUN_'],
        'LUMA_LOG_' => ['luma_log_level_name', 'LUMA_LOG_'],
    ];
    $count = 0;
    foreach ((new ReflectionClass(Constants::class))->getConstants() as $name => $value) {
        foreach ($functions as $prefix => [$function, $removed]) {
            if (str_starts_with($name, $prefix)) {
                same($name === 'LUMA_RUN_NONE' ? '' : substr($name, strlen($removed)), $ffi->$function($value));
                $count++;
            }
        }
    }
    isTrue($count > 90);
};

$tests['21 token provider'] = static function (): void {
    $asked = 0;
    $provider = static function () use (&$asked): string {
        return $asked++ === 0 ? 'wrong' : TOKEN;
    };
    $client = new Client(URL, null, ['tokenProvider' => $provider]);
    same(Outcome::Accepted, $client->trigger('unlock_account', JDOE)->outcome());
    same(2, $asked);
    $id = $client->trigger('unlock_account', JDOE)->triggerId();
    same(2, $asked);
    $asked = 0;
    $client = new Client(URL, null, ['tokenProvider' => $provider]);
    advance(60000);
    same(RunStatus::Completed, $client->wait($id, 60)->runStatus());
    same(2, $asked);
    $client = new Client(URL, null, ['tokenProvider' => static fn () => 'wrong']);
    thrown(RejectedException::class, static fn () => $client->trigger('unlock_account', JDOE));
    same(4, count(journal('unlock_account'))); // of which two were refused
};

$tests['22 headers and secret variables'] = static function (): void {
    $log = folder() . '/log';
    $client = client(['headers' => ['X-Tenant' => 't1'], 'logFile' => $log, 'logLevel' => LogLevel::Debug]);
    $secret = ['userName' => 's3cr3t-name'];
    $result = $client->trigger('unlock_account', secretVariables: $secret);
    isTrue(str_contains(journal()[0]['body'], 's3cr3t-name'));
    $e = thrown(UnknownException::class, static fn () => $client->trigger('fault-html-502', secretVariables: $secret));
    $texts = $result->message() . json_encode($result->json()) . print_r($result, true) . $e->getMessage() . file_get_contents($log);
    isTrue(!str_contains($texts, 's3cr3t'));
    $e = thrown(ConfigurationException::class, static fn () => client(['headers' => ['Host' => 'x']]));
    same('LUMA_ERROR_HEADER', $e->getName());
    thrown(InvalidArgumentException::class, static fn () => client(['noSuchSetting' => 1]));
};

$tests['23 configuration file'] = static function (): void {
    $folder = folder();
    file_put_contents("$folder/token", TOKEN);
    chmod("$folder/token", 0600);
    $settings = ['base_url' => URL, 'token_file' => 'token', 'journal' => 'journal'];
    file_put_contents("$folder/luma.json", json_encode(['profiles' => ['test' => $settings]]));
    $client = Client::fromFile("$folder/luma.json", 'test', ['timeout' => 5]);
    same(Outcome::Accepted, $client->trigger('unlock_account', JDOE)->outcome());
    same("$folder/journal", $client->journalFolder());
    file_put_contents("$folder/luma.json", json_encode($settings + ['no_such_key' => 1]));
    $e = thrown(ConfigurationException::class, static fn () => Client::fromFile("$folder/luma.json"));
    same('LUMA_ERROR_CONFIG_FILE', $e->getName());
    isTrue(str_contains($e->getMessage(), 'no_such_key'));
};

$tests['23 environment'] = static function (): void {
    same([0, 'Accepted'], php(
        'foreach (array_keys(getenv()) as $name) {'
        . ' if (str_starts_with($name, "LUMA_") && !in_array($name, ["LUMA_URL", "LUMA_TOKEN", "LUMA_LIBRARY"])) putenv($name); }'
        . 'echo Luma\Automation\Client::fromEnvironment()->trigger("unlock_account", ["userName" => "jdoe"])->outcome()->name;',
    ));
};

$tests['26 a set of waits'] = static function (): void {
    $luma = client();
    $waits = $luma->waitSet(1000);
    same(null, $waits->next());
    $ids = [];
    for ($i = 0; $i < 20; ++$i) {
        $ids[] = $luma->trigger('reset_password', JDOE)->triggerId();
        isTrue($waits->add($ids[$i], timeout: 60));
    }
    isTrue(!$waits->add($ids[0]));
    isTrue($waits->remove($ids[0]) && !$waits->remove($ids[0]));
    thrown(ValueError::class, static fn () => $waits->add("a\0b"));
    same(19, count($waits));
    $seen = [];
    while (count($waits) > 0) {
        $event = $waits->next();
        same(null, $event->error);
        same($event->result->runStatus()->isFinal(), $event->hasEnded);
        $seen[$event->triggerId][] = $event->result->runStatus();
        if (count($seen) === 19) {
            advance(3000);
        }
    }
    array_shift($ids);
    same([], array_diff($ids, array_keys($seen)));
    foreach ($seen as $statuses) {
        same([RunStatus::Running, RunStatus::Completed], $statuses);
    }

    $server = $luma->trigger('patch_server', ['hostName' => 'h'])->triggerId();
    $waits->add($server, timeout: 0.3);
    isTrue(!$waits->next()->hasEnded);
    same(null, $waits->next(timeout: 0.01));
    $ended = $waits->next();
    isTrue($ended->hasEnded && $ended->error instanceof WaitTimeoutException);
    same($server, $ended->error->getTriggerId());

    $wrong = new Client(URL, 'wrong');
    $waits = $wrong->waitSet();
    $waits->add($server);
    $paused = $waits->next();
    same(['', false, 'LUMA_ERROR_UNAUTHORIZED'], [$paused->triggerId, $paused->hasEnded, $paused->error->getName()]);
    isTrue(!$paused->error instanceof TriggerException);
    $wrong->setAccessToken(TOKEN);
    same($server, $waits->next()->triggerId);

    $tokens = ['wrong', TOKEN];
    $luma = new Client(URL, null, ['tokenProvider' => static function () use (&$tokens): ?string {
        return array_shift($tokens);
    }]);
    $waits = $luma->waitSet();
    $waits->add($server);
    same($server, $waits->next()->triggerId);
};

$tests['29 every setting'] = static function (): void {
    $file = static fn (string $name): string => getenv('LUMA_CERTIFICATES') . "/$name";
    $ca = $file('ca.pem');
    $pair = [$file('client-ec.pem'), $file('client-ec.sec1.key')];
    $settings = [
        'authScheme' => AuthScheme::Bearer, 'connectTimeout' => 5, 'timeout' => 10, 'maxResponseBytes' => 1000000,
        'triggerMaxIdle' => 1, 'readMaxIdle' => 2, 'maxIdleConnections' => 4, 'retries' => false, 'allowHttp' => true,
        'proxy' => 'direct', 'autoProxy' => false, 'applicationId' => 'Tests/1.0',
    ];
    $text = tempnam(sys_get_temp_dir(), 'luma');
    $json = tempnam(sys_get_temp_dir(), 'luma');
    foreach ([
        ['caFile' => $ca, 'extraCaFile' => $ca, 'clientCertificateFile' => $pair, 'logFile' => $text],
        [
            'caPem' => file_get_contents($ca), 'extraCaPem' => file_get_contents($ca),
            'clientCertificatePem' => array_map(file_get_contents(...), $pair), 'jsonLogFile' => $json,
        ],
    ] as $more) {
        client($settings + $more)->trigger('unlock_account', JDOE);
    }
    isTrue(str_contains(file_get_contents($text), 'unlock_account'));
    isTrue(isset(json_decode(file($json)[0])->level));
    unlink($text);
    unlink($json);
    foreach (['caPem' => 'x', 'proxy' => 'x://', 'timeout' => 0, 'maxIdleConnections' => -1] as $name => $value) {
        thrown(ConfigurationException::class, static fn () => client([$name => $value]));
    }
};

$tests['29 every getter'] = static function (): void {
    $luma = client();
    $connection = $luma->connect();
    isTrue(str_starts_with($connection->peerAddress(), '127.0.0.1:'));
    same(['', null], [$connection->tlsVersion(), $connection->certificateExpires()]);
    $result = $luma->withRequestId('INC-1')->withTimeout(5)->trigger(
        'unlock_account',
        JDOE,
        initiationInfo: ['ticketIdentifier' => 'INC-1'],
    );
    same(['INC-1', 1, 200, true], [
        $result->requestId(), $result->attempts(), $result->httpStatus(), $result->isConnectionReused(),
    ]);
    same(null, $result->retryAfter());
    isTrue($result->timings()['total'] > 0);
    advance(60000);
    $run = $luma->wait($result->triggerId(), timeout: 10);
    same(['COMPLETED', 0], [$run->runStatusText(), $run->pageStatus()]);
    isTrue($run->pollCount() >= 1 && $run->waitElapsed() >= 0);
};

$tests['27 counters'] = static function (): void {
    $luma = client();
    $luma->trigger('unlock_account', JDOE);
    $counters = $luma->counters();
    same([1, 0, 10], [$counters['callsAccepted'], $counters['retries'], count($counters)]);
};

$tests['24 secrets'] = static function (): void {
    $client = client();
    $result = $client->generateLaunchUrl($client->trigger('unlock_account', JDOE)->triggerId());
    $url = $result->launchUrl();
    isTrue(str_starts_with($url, 'http'));
    isTrue(!str_contains($result->message() . json_encode($result->json()) . print_r($result, true), $url));
    isTrue(!str_contains(print_r($client, true), TOKEN));
};

if (getenv('LUMA_LIBRARY') !== false) {
    $tests['25 library lookup'] = static function (): void {
        $program = 'echo Luma\Automation\Native\Library::ffi()->luma_version();';
        $folder = folder();
        symlink(getenv('LUMA_LIBRARY'), "$folder/libluma.so.0");
        foreach (['libluma.so.0', './libluma.so.0', ''] as $wrong) {
            [$code, $output] = php("putenv('LUMA_LIBRARY=$wrong'); $program", $folder);
            isTrue($code !== 0 && str_contains($output, 'LUMA_LIBRARY must be the full path'));
        }
        isTrue(str_contains(php("putenv('LUMA_LIBRARY=/none'); $program")[1], 'set LUMA_LIBRARY to its full path'));
        same([0, Library::ffi()->luma_version()], php($program));
    };
}

$tests['24 a new access token, which invalidates LUMA_TOKEN'] = static function (): void {
    $client = client();
    $tokens = [TOKEN];
    $renewing = new Client(URL, null, ['tokenProvider' => static function () use (&$tokens): string {
        return $tokens[count($tokens) - 1];
    }]);
    for ($i = 0; $i < 3; ++$i) {
        $id = $renewing->trigger('unlock_account', JDOE)->triggerId();
        usleep(100000); // then the connection may be used again
    }
    clearJournal();
    $result = $client->regenerateTenantToken(getenv('LUMA_SUPER_ADMIN_TOKEN'), getenv('LUMA_TENANT_EXTERNAL_ID'));
    $token = $result->accessToken();
    isTrue($token !== '');
    // On a used connection, a 401 may be a copy of an earlier response, so a trigger is not repeated.
    $tokens[] = $token;
    $error = thrown(RejectedException::class, static fn () => $renewing->trigger('unlock_account', JDOE));
    isTrue($error->getResult()->isConnectionReused());
    same(1, count(journal('unlock_account')));
    same(Outcome::Accepted, $renewing->trigger('unlock_account', JDOE)->outcome());
    isTrue(!str_contains($result->message() . json_encode($result->json()) . print_r($result, true), $token));
    thrown(RejectedException::class, static fn () => $client->trigger('unlock_account', JDOE));
    $client->setAccessToken($token);
    same(Outcome::Accepted, $client->trigger('unlock_account', JDOE)->outcome());
};

$passed = $failed = 0;
foreach ($tests as $name => $test) {
    if (isset($argv[1]) && preg_match("/$argv[1]/", (string) $name) !== 1) {
        continue;
    }
    try {
        clearJournal();
        $test();
        $passed++;
    } catch (Throwable $e) {
        $failed++;
        echo "FAILED $name: $e\n";
    }
}
echo "$passed passed, $failed failed\n";
exit($failed === 0 && $passed > 0 ? 0 : 1);
