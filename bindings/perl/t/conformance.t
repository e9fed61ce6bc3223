# bindings/conformance.md, row by row. Needs the simulator with virtual time, see bindings/README.md.

use 5.014;
use strict;
use warnings;
use utf8;

use Config;
use File::Spec;
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP qw(decode_json encode_json);
use POSIX ();
use Test::More;
use Time::HiRes qw(alarm sleep time);

BEGIN { plan skip_all => 'LUMA_URL is not set' unless $ENV{LUMA_URL} }
use threads ();
use Luma::Automation;

my ($url, $token) = @ENV{qw(LUMA_URL LUMA_TOKEN)};
my %jdoe = (userName => 'jdoe');
my $http = HTTP::Tiny->new(timeout => 10);

sub request {
    my ($method, $path) = @_;
    my $response = $http->request($method, $url . $path);
    die "$method $path: $response->{status}" unless $response->{success};
    return $method eq 'GET' ? decode_json($response->{content}) : undef;
}

sub advance { request(POST => "/simulator/time?advanceMs=$_[0]"); return 1 }

sub journal {
    my ($workflow) = @_;
    my $query = defined $workflow ? "?workflowIdentifier=$workflow" : '';
    return @{ request(GET => "/simulator/journal$query")->{deliveries} };
}

sub clear_journal { return request(DELETE => '/simulator/journal') }

sub client {
    return Luma::Automation->new(base_url => $url, access_token => $token, @_);
}

sub closed_port {
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) or die "bind: $!";
    return 'http://127.0.0.1:' . $socket->sockport;
}

# Runs code, and returns what it died of.
sub died {
    my ($code) = @_;
    return eval { $code->(); 1 } ? '' : $@;
}

sub is_error {
    my ($error, $kind, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    isa_ok($error, "Luma::Automation::Error::$kind") or return diag($error);
    return is($error->name, $name, "is $name") if defined $name;
}

sub is_usage {
    my ($error) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok(!ref $error && $error =~ /\Q${\__FILE__}\E line/, 'is a wrong argument') || diag($error);
}

# Runs a program in a new process, and returns its exit code and output.
sub perl {
    my ($program, %environment) = @_;
    local @ENV{ keys %environment } = values %environment;
    my @include = map { '-I' . File::Spec->rel2abs($_) } grep { !ref } @INC;
    open my $pipe, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', $^X, @include, '-e', $program or die $!;
    my $output = do { local $/; <$pipe> };
    close $pipe;
    return ($?, $output);
}

sub resident {
    open my $file, '<', '/proc/self/status' or die $!;
    my ($kib) = join('', <$file>) =~ /VmRSS:\s*(\d+)/;
    return $kib;
}

my $CREATE = 'use Luma::Automation; my $luma = Luma::Automation->new('
    . 'base_url => $ENV{LUMA_URL}, access_token => $ENV{LUMA_TOKEN});';

sub test {
    my ($name, $code) = @_;
    clear_journal();
    return subtest $name => $code;
}

test '1 accepted' => sub {
    my $luma   = client();
    my $result = $luma->trigger('unlock_account', \%jdoe);
    my %counters = $luma->counters;
    is_deeply([ @counters{qw(calls_accepted retries)} ], [ 1, 0 ]);
    is($result->outcome, 'ACCEPTED');
    is($result->name, 'LUMA_OK');
    isnt($result->trigger_id, '');
    is(scalar journal(), 1);
};

test '2 rejected, with reasons' => sub {
    my $error = died(sub { client()->trigger('unlock_account') });
    is_error($error, 'Rejected', 'LUMA_ERROR_VALIDATION');
    is($error->status, 200);
    is($error->outcome, 'REJECTED');
    is_deeply([ $error->reasons ], ['User name is required']);
    like("$error", qr/User name is required.* at \Q${\__FILE__}\E line \d+/);
};

test '3 not sent' => sub {
    my $luma = Luma::Automation->new(base_url => closed_port(), access_token => 'x', retries => 0);
    my $error = died(sub { $luma->trigger('unlock_account', \%jdoe) });
    is_error($error, 'NotSent', 'LUMA_ERROR_CONNECT');
    is($error->outcome, 'NOT_SENT');
};

test '4 unknown' => sub {
    my $luma  = client();
    my $error = died(sub { $luma->trigger('fault-close-after-reading') });
    is_error($error, 'Unknown', 'LUMA_ERROR_CONNECTION_LOST');
    ok(!$error->isa("Luma::Automation::Error::$_"), "is no $_") for qw(Rejected NotSent);
    is(scalar journal(), 1);

    # A request that must be corrected is not one that may be repeated.
    is_error(died($_), 'InvalidRequest') for
        sub { $luma->trigger('') },
        sub { $luma->trigger_json('{}') },
        sub { $luma->trigger('x', { '' => 1 }) },
        sub { $luma->trigger('x', { a => 9**9**9 }) },
        sub { $luma->trigger('x', {}, contact_id => 1, application_id => -4) };
    is_usage(died($_)) for
        sub { $luma->trigger },
        sub { $luma->trigger('x', {}, contact_id => 1) },
        sub { $luma->trigger('x', {}, no_such_option => 1) },
        sub { client(no_such_setting => 1) };
    is(scalar journal(), 1);
};

test '5 wait with progress' => sub {
    my $luma = client();
    my $id   = $luma->trigger('reset_password', \%jdoe)->trigger_id;
    my @seen;
    my $result = $luma->wait($id, timeout => 60, on_poll => sub {
        push @seen, $_[0]->run_status;
        advance(3000) if @seen == 1;
    });
    is_deeply(\@seen, [qw(RUNNING COMPLETED)]);
    is($result->run_status, 'COMPLETED');
    ok($result->is_final);
    is(sprintf('%.3f', $result->run_end_time - $result->run_start_time), '3.000');

    # Nothing is blocked between polls: 50 waits in one process, without threads.
    my @waits = map { $luma->start_wait($luma->trigger('patch_server', { hostName => "h$_" })->trigger_id) } 1 .. 50;
    my ($started, %ended) = time;
    my $advanced;
    while (keys %ended < @waits && time - $started < 20) {
        for my $wait (grep { !$_->has_ended && !$_->next_poll } @waits) {
            my $result = $wait->poll;
            $ended{ $wait->trigger_id } = $result->run_status if $wait->has_ended;
        }
        $advanced ||= advance(180000) if time - $started > 0.2;
        sleep 0.005;
    }
    is_deeply([ values %ended ], [ ('COMPLETED') x 50 ]);
};

test '6 a run that fails is a result' => sub {
    my $luma = client();
    my $id = $luma->trigger('restart_service', { hostName => 'h', serviceName => 's' })->trigger_id;
    advance(2000);
    is($luma->wait($id)->run_status, 'FAILED');
};

test '7 a wait that ends in REJECTED or NOT_SENT' => sub {
    my $id = client()->trigger('unlock_account', \%jdoe)->trigger_id;
    my %cases = (
        LUMA_ERROR_UNAUTHORIZED => [ REJECTED => client(access_token => 'wrong') ],
        LUMA_ERROR_ACCESS_TOKEN => [ NOT_SENT => client(token_provider => sub { return undef }) ],
    );
    for my $name (sort keys %cases) {
        my ($outcome, $luma) = @{ $cases{$name} };
        my $error = died(sub { $luma->wait($id, timeout => 2) });
        is_error($error, 'Wait', $name);
        is($error->outcome, $outcome);
        is($error->trigger_id, $id);
        ok(!$error->isa('Luma::Automation::Error::Trigger'), 'is not an error of a trigger');
    }
    my $nowhere = Luma::Automation->new(base_url => closed_port(), access_token => 'x', retries => 0);
    my $error   = died(sub { $nowhere->history('an-id') });
    is_error($error, 'Call', 'LUMA_ERROR_CONNECT');
    is($error->trigger_id, 'an-id');
};

test '8 a wait that times out' => sub {
    my $luma    = client();
    my $id      = $luma->trigger('patch_server', { hostName => 'h' })->trigger_id;
    my $started = time;
    my $error   = died(sub { $luma->wait($id, timeout => 0.2) });
    cmp_ok(time - $started, '<', 0.35);
    is_error($error, 'WaitTimeout', 'LUMA_ERROR_WAIT_TIMEOUT');
    is($error->trigger_id, $id);
    is($error->result->run_status, 'ACTIVATED');
};

test '9 steps' => sub {
    my $luma  = client();
    my $id    = $luma->trigger('inventory_scan', { siteName => 's' })->trigger_id;
    my @steps = $luma->steps($id)->steps;
    is(scalar @steps, 250);
    is(scalar(grep { $_->{id} ne '' } @steps), 250);
    my ($step) = $luma->step($id, $steps[0]{id})->steps;
    is_deeply([ @$step{qw(id name)} ], [ @{ $steps[0] }{qw(id name)} ]);
    is(scalar(my @some = $luma->steps($id, skip => 10, top => 5)->steps), 5);
    my ($definition) = grep { $_->{identifier} eq 'unlock_account' } $luma->definitions->definitions;
    is($definition->{parameters}[0]{required}, 1);
};

test '10 cancelling one of two waits' => sub {
    my $luma = client();
    my ($first, $second) = map { $luma->trigger('patch_server', { hostName => $_ })->trigger_id } qw(a b);
    my $other = $luma->start_wait($second);
    $other->poll;

    # Perl's own cancellation: a signal handler that dies. The first wait sleeps.
    my $started;
    local $SIG{ALRM} = sub { $started = time; die "cancelled\n" };
    alarm 0.7;
    is(died(sub { $luma->wait($first) }), "cancelled\n");
    cmp_ok(time - $started, '<', 0.05);

    # A handler that cancels.
    my $wait = $luma->start_wait($first);
    local $SIG{ALRM} = sub { $started = time; $wait->cancel };
    alarm 0.3;
    $wait->poll;
    while ((my $seconds = $wait->next_poll) > 0) { sleep $seconds }
    is_error(died(sub { $wait->poll }), 'Wait', 'LUMA_ERROR_CANCELLED');
    cmp_ok(time - $started, '<', 0.05);

    is($luma->trigger('unlock_account', \%jdoe)->outcome, 'ACCEPTED');
    advance(180000);
    sleep $other->next_poll;
    my $result;
    until ($other->has_ended) {
        $result = $other->poll;
        sleep($other->next_poll // 0);
    }
    is($result->run_status, 'COMPLETED');

    # During a poll, the handler runs when the poll ends, at most after the client's timeout.
    local $SIG{ALRM} = sub { die "cancelled\n" };
    alarm 0.1;
    $started = time;
    is(died(sub { $luma->with_timeout(0.3)->wait('fault-hang') }), "cancelled\n");
    cmp_ok(time - $started, '<', 0.5);

    # Closing the client in a handler ends a wait that sleeps.
    my $own = $luma->with_own_cancel;
    my $id  = $luma->trigger('patch_server', { hostName => 'c' })->trigger_id;
    local $SIG{ALRM} = sub { $started = time; $own->close };
    alarm 0.3;
    is_error(died(sub { $own->wait($id) }), 'Wait', 'LUMA_ERROR_CANCELLED');
    cmp_ok(time - $started, '<', 0.05);
    is($luma->trigger('unlock_account', \%jdoe)->outcome, 'ACCEPTED');
};

test '11 log' => sub {
    my @lines;
    my $luma = client(log => sub { push @lines, [@_] }, log_level => 'DEBUG');
    my $id = $luma->trigger('unlock_account', \%jdoe)->request_id;
    ok(scalar(grep { $_->[0] eq 'INFO' && index($_->[1], $id) >= 0 } @lines));
    ok(!grep { index($_->[1], $token) >= 0 } @lines);
};

test '12 non-ASCII text' => sub {
    my $name = 'Jürgen 日本 🙂';
    my $luma = client();
    my $latin = "J\xFCrgen";    # not utf8 inside
    my $id   = $luma->trigger('unlock_account', { userName => $name, latin => $latin })->trigger_id;
    my ($delivery) = journal();
    my $body = JSON::PP->new->decode($delivery->{body});
    is($body->{variables}{userName}, $name);
    is($body->{variables}{latin}, $latin);
    my $history = $luma->history($id);
    my ($parameter) = grep { $_->{name} eq 'userName' } $history->parameters;
    is($parameter->{value}, $name);
    is($history->get('/resultData/nothing'), undef);
};

test '13 embedded NUL' => sub {
    my $luma = client();
    is_usage(died($_)) for
        sub { client(base_url => "http://127.0.0.1:1\0") },
        sub { client(access_token => "a\0b") },
        sub { $luma->trigger("a\0b") },
        sub { $luma->trigger('unlock_account', { "a\0b" => 'x' }) },
        sub { $luma->trigger('unlock_account', { userName => "a\0b" }) },
        sub { $luma->trigger('unlock_account', {}, secret_variables => { userName => "a\0b" }) },
        sub { $luma->trigger_json(qq({"workflowIdentifier":"a\0b"})) },
        sub { $luma->wait("a\0b") },
        sub { $luma->history("a\0b") },
        sub { $luma->history(chr 0xd800) },
        sub { $luma->history(chr 0x110000) },
        sub { $luma->trigger('unlock_account', { userName => "\x{dfff}" }) };
    is_error(died(sub { $luma->trigger('unlock_account', { userName => ["\x{dfff}"] }) }), 'InvalidRequest');
    is(scalar journal(), 0);
};

test '14 64-bit integers' => sub {
    my $luma    = client();
    my @numbers = (9007199254740993, -9223372036854775807 - 1, 9223372036854775807);
    $luma->trigger('unlock_account', { %jdoe, number => $_ }, contact_id => $_, application_id => -7)
        for @numbers;
    my @bodies = map { $_->{body} } journal();
    for my $i (0 .. 2) {
        is(scalar(() = $bodies[$i] =~ /$numbers[$i]\b/g), 2, "has $numbers[$i]") or diag($bodies[$i]);
    }
    for my $wrong ('9223372036854775808', '-9223372036854775809', 1.5, 1e20, 'x', 9223372036854775808) {
        is_usage(died(sub {
            $luma->trigger('unlock_account', \%jdoe, contact_id => $wrong, application_id => -7);
        }));
    }
    my $result = $luma->history($luma->trigger('unlock_account', \%jdoe)->trigger_id);
    my ($path, $exact) = $luma->_test_number($result);
    is($result->get($path), $exact, $path);
};

# The first number in resultData, as its JSON pointer and its digits.
sub Luma::Automation::_test_number {
    my ($self, $result) = @_;
    my $data = $result->json->{resultData};
    my ($key) = grep { !ref $data->{$_} && defined $data->{$_} && $data->{$_} =~ /\A\d+\z/ } sort keys %$data;
    my ($digits) = Luma::Automation::Native::luma_result_json($result->{handle}->pointer) =~ /"$key":(\d+)/;
    return ("/resultData/$key", $digits);
}

test '15 8 processes on one client, and 8 threads' => sub {
    my $luma = client();
    $luma->connect;
    my @children = map {
        my $pid = open(my $pipe, '-|') // die $!;
        if (!$pid) {
            my @ids = map { $luma->trigger('unlock_account', \%jdoe)->trigger_id } 1 .. 25;
            syswrite STDOUT, join('', map { "$_\n" } @ids);
            POSIX::_exit(0);
        }
        $pipe;
    } 1 .. 8;
    my %ids = map { $_ => 1 } map { my $pipe = $_; <$pipe> } @children;
    is(scalar(keys %ids), 200);
    is(scalar journal('unlock_account'), 200);

    # Objects stay with their thread, so each has a client.
    my $log    = sub { };
    my @result = $luma->trigger('unlock_account', \%jdoe);
    my @threads = map {
        threads->create({ context => 'list' }, sub {
            return 'not skipped' if eval { $luma->connect; 1 } || eval { $result[0]->outcome; 1 };
            my $own = client(log => $log, log_level => 'DEBUG');
            return map { $own->trigger('unlock_account', \%jdoe)->trigger_id } 1 .. 25;
        })
    } 1 .. 8;
    my %more = map { $_ => 1 } map { $_->join } @threads;
    is(scalar(keys %more), 200);
    is($luma->trigger('unlock_account', \%jdoe)->outcome, 'ACCEPTED');
    is($result[0]->outcome, 'ACCEPTED');
} if $Config{useithreads};

test '16 an exception in a callback' => sub {
    my $error = { an => 'object' };
    my $luma  = client(log => sub { die $error });
    is(died(sub { $luma->trigger('unlock_account', \%jdoe) }), $error, 'the same object');
    is($luma->last_result->outcome, 'ACCEPTED');
    isnt($luma->last_result->trigger_id, '');
    is(scalar journal(), 1);

    my $id = $luma->last_result->trigger_id;
    $luma = client();
    is(died(sub { $luma->wait($id, on_poll => sub { die $error }) }), $error);
    is($luma->trigger('unlock_account', \%jdoe)->outcome, 'ACCEPTED');

    $luma = client(token_provider => sub { die $error });
    is(died(sub { $luma->trigger('unlock_account', \%jdoe) }), $error);
    is($luma->last_result->outcome, 'NOT_SENT');
    is(scalar journal('unlock_account'), 2);

    $luma = client(log => sub { return eval { die 'inside' } });
    $@ = 'kept';
    $luma->trigger('unlock_account', \%jdoe);
    is($@, 'kept', 'a callback does not change $@');
    my ($code, $output) = perl('use Luma::Automation; Luma::Automation->new(base_url => $ENV{LUMA_URL},'
        . 'access_token => $ENV{LUMA_TOKEN}, log => sub { exit 7 })->trigger("x")');
    is($code >> 8, 7, 'exit in a callback') or diag($output);
};

test '17 wrong free order' => sub {
    my $lines = 0;
    for my $i (1 .. 100) {
        my $luma    = client(log => sub { $lines++ }, log_level => 'DEBUG');
        my $derived = $luma->with_request_id("r$i");
        my $wait = $derived->start_wait($luma->trigger('patch_server', { hostName => 'h' })->trigger_id);
        my $result = $wait->poll;
        undef $luma    if $i % 2;
        undef $derived if $i % 3;
        $derived->trigger('unlock_account', \%jdoe) if $derived;
        undef $wait if $i % 5;
        is($result->run_status, 'ACTIVATED') if $i == 100;
    }
    cmp_ok($lines, '>', 100);

    # A client that goes away in its own callback.
    for (1 .. 100) {
        my $luma;
        $luma = client(log => sub { undef $luma });
        my $result = $luma->trigger('unlock_account', \%jdoe);
        is($result->outcome, 'ACCEPTED') if $_ == 100;
    }

    my $luma   = client();
    my $result = $luma->trigger('unlock_account', \%jdoe);
    $luma->close;
    $luma->close;
    like(died(sub { $luma->trigger('unlock_account', \%jdoe) }), qr/the client is closed at/);
    like(died(sub { $luma->$_ }), qr/the client is closed at/) for qw(cancel with_own_cancel connect);
    undef $luma;
    is($result->json->{status}, 'Success');
};

# Perl frees global variables in no particular order.
test '17 the end of the process, and fork' => sub {
    for (1 .. 5) {
        my ($code, $output) = perl($CREATE . <<'PROGRAM');
        our $global = Luma::Automation->new(base_url => $ENV{LUMA_URL}, access_token => $ENV{LUMA_TOKEN},
            log => sub { $main::lines++ }, log_level => 'DEBUG');
        our $result = $global->trigger('patch_server', { hostName => 'h' });
        our $wait = $global->start_wait($result->trigger_id);
        our $cycle = [$wait, $luma]; push @$cycle, $cycle;
        $wait->poll;
        my $pid = fork;
        if (!$pid) {
            exit 3 if $luma->history($result->trigger_id)->run_status ne 'ACTIVATED';
            exit;
        }
        waitpid $pid, 0;
        die "child: $?" if $?;
        $wait->poll;
PROGRAM
        is($code, 0);
        is($output, '');
    }
};

test '18 once per key' => sub {
    my $luma   = client();
    my $folder = tempdir(CLEANUP => 1) . '/journal';
    is_error(died(sub { Luma::Automation::Journal->open($folder) }), 'Journal', 'LUMA_ERROR_JOURNAL_FOLDER');
    my $journal = Luma::Automation::Journal->create($folder, $url);

    my $first = $luma->trigger_once($journal, 'INC1', 'unlock_account', \%jdoe);
    ok(!$first->already_accepted);
    ok($first->journal_recorded);
    my $second = $luma->trigger_once($journal, 'INC1', 'unlock_account', \%jdoe);
    ok($second->already_accepted);
    is($second->name, 'LUMA_ALREADY_ACCEPTED');
    is($second->trigger_id, $first->trigger_id);
    cmp_ok(abs($second->journal_time - time), '<', 60);
    is(scalar journal('unlock_account'), 1);
    is_error(died(sub { $luma->trigger_once($journal, 'INC1', 'unlock_account', { userName => 'x' }) }),
        'NotSent', 'LUMA_ERROR_KEY_OTHER_REQUEST');
    $luma->trigger_once($journal, 'INC2', 'unlock_account', { %jdoe, n => $_ }, volatile => ['n']) for 1, 2;
    is(scalar journal('unlock_account'), 2);

    is_error(died(sub { $luma->trigger_once($journal, 'INC3', 'fault-close-after-reading') }), 'Unknown')
        for 1, 2;
    is(scalar journal('fault-close-after-reading'), 1);
    is_error(died(sub { $luma->trigger_once($journal, 'INC4', 'unlock_account') }), 'Rejected');
    $journal->close;
    like(died(sub { $journal->find('INC1') }), qr/the journal is closed at/);

    $journal = Luma::Automation::Journal->open($folder);
    my $entry = $journal->find('INC1');
    is_deeply([ @$entry{qw(state trigger_id)} ], [ 'ACCEPTED', $first->trigger_id ]);
    cmp_ok(abs($entry->{time} - time), '<', 60);
    is($journal->find('INC9'), undef);
    is_deeply([ map { $_->{key} } $journal->unfinished ], [qw(INC1 INC2 INC3)]);
    $journal->acknowledge('INC1');
    is($journal->new_attempt('INC2', who => 'jdoe', reason => 'opened again')->{state}, 'RELEASED');
    is($journal->resolve('INC3', undef, who => 'jdoe', reason => 'no such run')->{state}, 'RELEASED');
    is_deeply([ $journal->unfinished ], []);
    is($journal->prune(86400), 0);
};

test '30 errors of a journal' => sub {
    my $luma    = client();
    my $folder  = tempdir(CLEANUP => 1) . '/journal';
    my $journal = Luma::Automation::Journal->create($folder, $url);
    my $first   = $luma->trigger_once($journal, 'INC1', 'unlock_account', \%jdoe);
    my $second  = $luma->trigger_once($journal, 'INC1', 'unlock_account', \%jdoe);
    ok($second->already_accepted);
    is($second->journal_time, $first->journal_time);
    remove_tree($folder);
    is_error(died(sub { $luma->trigger_once($journal, 'INC2', 'unlock_account', \%jdoe) }),
        'NotSent', 'LUMA_ERROR_JOURNAL_FOLDER');
    is_error(died(sub { $journal->unfinished }), 'Journal', 'LUMA_ERROR_JOURNAL_FOLDER');
    is(scalar journal('unlock_account'), 1);
};

test '31 limits of arguments' => sub {
    my $luma  = client();
    my $id    = $luma->trigger('patch_server', { hostName => 'h' })->trigger_id;
    my $waits = $luma->wait_set;
    for my $past (0, -0.0000001, -1e9) {
        is_error(died(sub { $luma->wait($id, timeout => $past) }), 'WaitTimeout');
        ok($waits->add($id, timeout => $past));
        my $event;
        1 until ($event = $waits->next) && $event->{has_ended};
        is_error($event->{error}, 'WaitTimeout');
    }
    is_error(died(sub { $luma->wait($id, timeout => 86_401) }), 'Call', 'LUMA_ERROR_TIMEOUT_RANGE');
    for my $wrong (0, -0.0000001, 86_401, 2**52) {
        is_error(died(sub { $luma->with_timeout($wrong) }), 'Configuration', 'LUMA_ERROR_TIMEOUT_RANGE');
        is_error(died(sub { client(timeout => $wrong) }), 'Configuration', 'LUMA_ERROR_TIMEOUT_RANGE');
    }
    is_usage(died($_)) for
        (map { my $wrong = $_; sub { $luma->wait($id, timeout => $wrong) } } 9**9**9, -9**9**9, 1e300, 'x', [], ''),
        sub { $luma->trigger(undef) },
        sub { $luma->trigger([]) },
        sub { $luma->trigger('unlock_account', ['userName']) },
        sub { $luma->trigger('unlock_account', 'jdoe') },
        sub { $luma->trigger('unlock_account', \%jdoe, secret_variables => ['x']) },
        sub { $luma->history({}) },
        sub { $luma->history(undef) },
        sub { $luma->steps($id, top => []) },
        sub { $luma->trigger('unlock_account', {}, secret_variables => { userName => [] }) },
        sub { $luma->trigger_json({}) };
    my $asking = Luma::Automation->new(base_url => $url, token_provider => sub { [] });
    like(died(sub { $asking->trigger('unlock_account', \%jdoe) }), qr/the token must be a text/);
    is(scalar journal('unlock_account'), 0);
};

test '19 10,000 calls with flat memory' => sub {
    my $lines = 0;
    my $luma  = client(log => sub { $lines++ });
    my $trigger = sub {
        my ($count) = @_;
        for my $i (1 .. $count) {
            $luma->trigger('unlock_account', \%jdoe);
            clear_journal() unless $i % 100;
        }
        return resident();
    };
    $trigger->(1000);
    my $before = $trigger->(1000);
    cmp_ok($trigger->(10_000) - $before, '<', 4096, 'KiB');
};

test '20 constants' => sub {
    my %functions = (
        LUMA_ERROR_   => [ \&Luma::Automation::Native::luma_status_name,     '' ],
        LUMA_OUTCOME_ => [ \&Luma::Automation::Native::luma_outcome_name,    'LUMA_OUTCOME_' ],
        LUMA_RUN_     => [ \&Luma::Automation::Native::luma_run_status_name, 'LUMA_RUN_' ],
        LUMA_LOG_     => [ \&Luma::Automation::Native::luma_log_level_name,  'LUMA_LOG_' ],
        LUMA_COUNTER_ => [ \&Luma::Automation::Native::luma_counter_name,    'LUMA_COUNTER_' ],
    );
    my ($count, @different) = 0;
    my $constants = \%Luma::Automation::Native::CONSTANTS;
    for my $name (sort keys %$constants) {
        push @different, $name if Luma::Automation::Native->can($name)->() != $constants->{$name};
        my ($prefix) = grep { index($name, $_) == 0 } keys %functions or next;
        my ($function, $removed) = @{ $functions{$prefix} };
        my $expected = $name eq 'LUMA_RUN_NONE' ? '' : substr $name, length $removed;
        push @different, $name if $function->($constants->{$name}) ne $expected;
        $count++;
    }
    is_deeply(\@different, []);
    cmp_ok($count, '>', 90);
    is(Luma::Automation::Native::luma_status_name($constants->{$_}), $_) for qw(LUMA_OK LUMA_ALREADY_ACCEPTED);
};

test '21 token provider' => sub {
    my @tokens = ('wrong', $token);
    my $asked  = 0;
    my $luma   = Luma::Automation->new(base_url => $url, token_provider => sub { $asked++; shift @tokens });
    is($luma->trigger('unlock_account', \%jdoe)->outcome, 'ACCEPTED');
    is($asked, 2);

    # A token that needs a larger buffer is not asked for twice.
    $asked = 0;
    $luma = client(token_provider => sub { $asked++; 'x' x 5000 }, retries => 0);
    is_error(died(sub { $luma->trigger('unlock_account', \%jdoe) }), 'Rejected');
    cmp_ok($asked, '<=', 2);
};

test '22 headers and secret variables' => sub {
    my @lines;
    my $luma = client(headers => { 'X-Tenant' => 't1' }, log => sub { push @lines, $_[1] }, log_level => 'DEBUG');
    my %secret = (secret_variables => { userName => 's3cr3t-name' });
    my $result = $luma->trigger('unlock_account', undef, %secret);
    my $error  = died(sub { $luma->trigger('fault-html-502', undef, %secret) });
    is_error($error, 'Unknown');
    like((journal())[0]{body}, qr/s3cr3t-name/);
    my @texts = ($result->message, encode_json($result->json // {}), "$error", encode_json($error->result->json // {}), @lines);
    is(scalar(grep { /s3cr3t/ } @texts), 0);
    is_error(died(sub { client(headers => { Host => 'x' }) }), 'Configuration', 'LUMA_ERROR_HEADER');
};

test '23 configuration file' => sub {
    my $folder = tempdir(CLEANUP => 1);
    my $write = sub {
        my ($name, $text) = @_;
        open my $file, '>', "$folder/$name" or die $!;
        print $file $text;
        close $file;
        chmod 0600, "$folder/$name";
        return "$folder/$name";
    };
    $write->('token', $token);
    my %settings = (base_url => $url, token_file => 'token', journal => 'journal');
    my $file = $write->('luma.json', encode_json({ profiles => { test => \%settings } }));
    my $luma = Luma::Automation->from_file($file, profile => 'test', timeout => 5);
    is($luma->trigger('unlock_account', \%jdoe)->outcome, 'ACCEPTED');
    is($luma->journal_folder, "$folder/journal");
    $write->('luma.json', encode_json({ %settings, no_such_key => 1 }));
    my $error = died(sub { Luma::Automation->from_file($file) });
    is_error($error, 'Configuration', 'LUMA_ERROR_CONFIG_FILE');
    like("$error", qr/no_such_key/);

    local %ENV = map { $_ => $ENV{$_} } grep { !/^LUMA_/ || /^LUMA_(URL|TOKEN|LIBRARY)$/ } keys %ENV;
    is(Luma::Automation->from_environment->trigger('unlock_account', \%jdoe)->outcome, 'ACCEPTED');
};

test '26 a set of waits' => sub {
    my $luma  = client();
    my $waits = $luma->wait_set(max_polls_per_second => 1000);
    is($waits->next, undef);
    my @ids = map { $luma->trigger('reset_password', \%jdoe)->trigger_id } 1 .. 20;
    ok($waits->add($_, timeout => 60)) for @ids;
    ok(!$waits->add($ids[0]));
    ok($waits->remove($ids[0]));
    ok(!$waits->remove($ids[0]));
    is_usage(died(sub { $waits->add("a\0b") }));
    isnt(died(sub { $waits->add('') })->message, '');
    is($waits->count, 19);
    my %seen;
    while ($waits->count) {
        my $event = $waits->next;
        is($event->{error}, undef);
        my $status = $event->{result}->run_status;
        is($event->{has_ended}, $status eq 'COMPLETED');
        push @{ $seen{ $event->{trigger_id} } }, $status;
        advance(3000) if keys %seen == 19;
    }
    shift @ids;
    is_deeply(\%seen, { map { $_ => [qw(RUNNING COMPLETED)] } @ids });

    my $server = $luma->trigger('patch_server', { hostName => 'h' })->trigger_id;
    $waits->add($server, timeout => 0.3);
    ok(!$waits->next->{has_ended});
    is($waits->next(0.01), undef);
    $waits->wake;
    is($waits->next, undef);
    my $event = $waits->next;
    ok($event->{has_ended});
    is_error($event->{error}, 'WaitTimeout', 'LUMA_ERROR_WAIT_TIMEOUT');
    is($event->{error}->trigger_id, $server);

    $waits->add($server);
    $waits->next;
    local $SIG{ALRM} = sub { die "alarm\n" };
    my $start = time;
    alarm 0.2;
    is(died(sub { $waits->next }), "alarm\n");
    cmp_ok(time - $start, '<', 0.3);
    advance(180000);
    is($waits->next->{result}->run_status, 'COMPLETED');
    $waits->close;
    is($waits->next, undef);
    like(died(sub { $waits->add($server) }), qr/the set of waits is closed at/);

    my $wrong = Luma::Automation->new(base_url => $url, access_token => 'wrong');
    $waits = $wrong->wait_set;
    $waits->add($server);
    $event = $waits->next;
    is($event->{trigger_id}, '');
    ok(!$event->{has_ended});
    is_error($event->{error}, 'Call', 'LUMA_ERROR_UNAUTHORIZED');
    $wrong->set_access_token($token);
    is($waits->next->{trigger_id}, $server);
    $waits->add($server);
    $wrong->close;
    is_error(died(sub { $waits->next }), 'Call', 'LUMA_ERROR_CANCELLED');
};

test '27 drain' => sub {
    my $luma = client();
    $luma->trigger('unlock_account', \%jdoe);
    ok($luma->drain(1));
    like(died(sub { $luma->trigger('unlock_account', \%jdoe) }), qr/the client is closed at/);
};

{
    package Table;

    sub claim {
        my ($self, $key, $digest, $intent) = @_;
        die "the table is gone\n" if $key eq 'lost';
        my $row = $self->{$key};
        if (!$row) {
            $self->{$key} = { digest => $digest, workflow => $intent->{workflow} };
            return 'GRANTED';
        }
        return 'OTHER_REQUEST' if $row->{digest} ne $digest;
        return $row->{outcome} eq 'ACCEPTED' ? $row->{trigger_id} : 'UNRESOLVED';
    }

    sub complete {
        my ($self, $key, $outcome, $trigger_id) = @_;
        @{ $self->{$key} }{qw(outcome trigger_id)} = ($outcome, $trigger_id);
        die "the disk is full\n" if $key eq 'full';
    }
}

test '29 every setting' => sub {
    my $slurp = sub { open my $file, '<', $_[0] or die "$_[0]: $!"; local $/; return scalar <$file> };
    my ($ca, @pair) = map { "$ENV{LUMA_CERTIFICATES}/$_" } qw(ca.pem client-ec.pem client-ec.sec1.key);
    my %settings = (
        auth_scheme => 'BEARER', connect_timeout => 5, timeout => 10, max_response_bytes => 1e6,
        trigger_max_idle => 1, read_max_idle => 2, max_idle_connections => 4, retries => 0,
        allow_http => 1, proxy => 'direct', auto_proxy => 0, application_id => 'Tests/1.0',
    );
    my $folder = tempdir(CLEANUP => 1);
    client(%settings, ca_file => $ca, extra_ca_file => $ca, client_certificate_file => \@pair,
        log_file => "$folder/text")->trigger('unlock_account', \%jdoe);
    client(%settings, ca_pem => $slurp->($ca), extra_ca_pem => $slurp->($ca),
        client_certificate_pem => [ map { $slurp->($_) } @pair ], log_json_file => "$folder/json")
        ->trigger('unlock_account', \%jdoe);
    like($slurp->("$folder/text"), qr/unlock_account/);
    ok(decode_json((split /\n/, $slurp->("$folder/json"))[0])->{level});
    my %wrong = (ca_pem => 'x', proxy => 'x://', timeout => 0, max_idle_connections => -1);
    is_error(died(sub { client($_ => $wrong{$_}) }), 'Configuration') for sort keys %wrong;
};

test '29 every getter' => sub {
    my $luma       = client();
    my $connection = $luma->connect;
    like($connection->peer_address, qr/\A127\.0\.0\.1:/);
    is($connection->tls_version, '');
    is($connection->certificate_expires, undef);
    my $result = $luma->with_request_id('INC-1')->with_timeout(5)->trigger('unlock_account', \%jdoe,
        initiation_info => { ticketIdentifier => 'INC-1' });
    is_deeply([ map { $result->$_ } qw(request_id attempts http_status) ], [ 'INC-1', 1, 200 ]);
    ok($result->connection_reused);
    is($result->retry_after, undef);
    my %timings = $result->timings;
    cmp_ok($timings{total}, '>', 0);
    is($timings{tls}, undef);
    advance(60_000);
    my $run = $luma->wait($result->trigger_id, timeout => 10, until_suspended => 1);
    is_deeply([ map { $run->$_ } qw(run_status_text page_status) ], [ 'COMPLETED', 0 ]);
    cmp_ok($run->poll_count, '>=', 1);
    cmp_ok($run->wait_elapsed, '>=', 0);
    is($run->run_time_spent, $run->run_end_time - $run->run_start_time);
    is($luma->history($result->trigger_id)->get('/resultData/noSuchKey'), undef);
    $luma->cancel;
};

test '28 a store' => sub {
    my ($luma, $table) = (client(), bless {}, 'Table');
    my $once = sub { $luma->trigger_once_with_store($table, 'secret', @_) };
    my $first = $once->('k1', 'unlock_account', \%jdoe);
    my $again = $once->('k1', 'unlock_account', \%jdoe);
    ok($again->already_accepted);
    is($again->trigger_id, $first->trigger_id);
    is($table->{k1}{workflow}, 'unlock_account');
    is_error(died(sub { $once->('k1', 'unlock_account', { userName => 'other' }) }), 'NotSent');
    is(scalar journal('unlock_account'), 1);
    is_error(died(sub { $once->('k2', 'fault-close-after-reading') }), 'Unknown') for 1, 2;
    is(scalar journal('fault-close-after-reading'), 1);
    is(died(sub { $once->('full', 'unlock_account', \%jdoe) }), "the disk is full\n");
    is($luma->last_result->outcome, 'ACCEPTED');
    ok(!$luma->last_result->journal_recorded);
    is(died(sub { $once->('lost', 'unlock_account', \%jdoe) }), "the table is gone\n");
    is($luma->last_result->name, 'LUMA_ERROR_JOURNAL_STORE');
    is(scalar journal('unlock_account'), 2);
};

test '25 library lookup' => sub {
    my $program = 'require Luma::Automation; print Luma::Automation->library_version';
    my $folder  = tempdir(CLEANUP => 1);
    my $library = $ENV{LUMA_LIBRARY};
    symlink $library, "$folder/libluma.so.0";
    for my $wrong ('libluma.so.0', './libluma.so.0', '', "$folder/none") {
        my ($code, $output) = perl("chdir '$folder'; $program", LUMA_LIBRARY => $wrong);
        isnt($code, 0);
        like($output, qr/LUMA_LIBRARY/);
    }
    my ($code, $output) = perl($program, LUMA_LIBRARY => $library);
    is($output, $Luma::Automation::VERSION);
} if $ENV{LUMA_LIBRARY};

test '24 secrets' => sub {
    my $luma   = client();
    my $result = $luma->generate_launch_url($luma->trigger('unlock_account', \%jdoe)->trigger_id);
    my $launch = $result->launch_url;
    like($launch, qr/^http/);
    is(index($result->message . encode_json($result->json), $launch), -1);

    # Last: it invalidates the token.
    $result = $luma->regenerate_tenant_token(@ENV{qw(LUMA_SUPER_ADMIN_TOKEN LUMA_TENANT_EXTERNAL_ID)});
    my $new = $result->access_token;
    isnt($new, '');
    is(index($result->message . encode_json($result->json), $new), -1);
    is_error(died(sub { $luma->trigger('unlock_account', \%jdoe) }), 'Rejected');
    $luma->set_access_token($new);
    is($luma->trigger('unlock_account', \%jdoe)->outcome, 'ACCEPTED');
};

done_testing;
