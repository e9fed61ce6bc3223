package Luma::Automation;

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Carp qw(croak);
use JSON::PP ();
use Scalar::Util qw(reftype);
use Luma::Automation::Library
    qw(encode encode_optional decode integer limit milliseconds invoke callbacks store_callbacks);
use Luma::Automation::Error;
use Luma::Automation::Result;

my $json = JSON::PP->new->utf8->allow_nonref;

sub CLONE_SKIP { return 1 }

sub library_version { return Luma::Automation::Native::luma_version() }

sub _native {
    my ($name) = @_;
    return Luma::Automation::Native->can("luma_$name");
}

sub _hash {
    my ($what, $hash) = @_;
    croak "$what must be a reference to a hash" if defined $hash && (reftype($hash) // '') ne 'HASH';
    return $hash // {};
}

sub _constant {
    my ($name, $what) = @_;
    return $Luma::Automation::Native::CONSTANTS{"LUMA_$name"} // croak "unknown $what";
}

# Creating a client.

sub new {
    my ($class, %settings) = @_;
    my $base_url = encode('base_url', delete $settings{base_url});
    croak 'access_token or token_provider is missing'
        unless defined $settings{access_token} || $settings{token_provider};
    # With a provider, the token here is never sent.
    my $token = encode('access_token', delete $settings{access_token} // 'from-token-provider');
    return $class->_new(\%settings, 'config_new_with_reason', $base_url, $token);
}

sub from_file {
    my ($class, $path, %settings) = @_;
    my $profile = encode_optional('profile', delete $settings{profile});
    $path = encode_optional('path', $path);
    return $class->_new(\%settings, 'config_new_from_file', $path, $profile);
}

sub from_environment {
    my ($class, %settings) = @_;
    return $class->_new(\%settings, 'config_new_from_environment');
}

sub _new {
    my ($class, $settings, $function, @arguments) = @_;
    my $config = Luma::Automation::Handle->new(_native('config_free'));
    my $reason = Luma::Automation::Result->new;
    my $status = _native($function)->(@arguments, $config->out, $reason->out);
    Luma::Automation::Error->throw('Configuration', $status, $reason) if $status;

    my $owner = _apply($config->pointer, $settings);
    my $handle = Luma::Automation::Handle->new(_native('client_free'), $owner);
    $status = _native('client_new_with_reason')->($config->pointer, $handle->out, $reason->out);
    Luma::Automation::Error->throw('Configuration', $status, $reason) if $status;
    my $folder = decode(_native('config_journal_folder')->($config->pointer));
    return bless { handle => $handle, journal_folder => $folder }, $class;
}

# How each setting is converted.
my %settings = (
    (map { $_ => [ "set_$_", \&encode ] } qw(ca_pem ca_file proxy application_id)),
    (map { $_ => [ "set_${_}_ms", \&milliseconds ] }
        qw(connect_timeout timeout trigger_max_idle read_max_idle)),
    (map { $_ => [ "set_$_", \&integer ] } qw(max_response_bytes max_idle_connections)),
    (map { $_ => [ "set_$_", sub { return $_[1] ? 1 : 0 } ] } qw(retries allow_http auto_proxy)),
    extra_ca_file => [ 'add_ca_file', \&encode ],
    extra_ca_pem  => [ 'add_ca_pem',  \&encode ],
    auth_scheme   => [ 'set_auth_scheme', sub { return _constant("AUTH_$_[1]", "auth_scheme $_[1]") } ],
);

# Applies settings to a configuration, and returns the owner of its callbacks.
sub _apply {
    my ($config, $given) = @_;
    my %given = %$given;
    my ($log, $provider) = delete @given{qw(log token_provider)};
    my ($owner, $number, $on_log, $on_token) = callbacks(log => $log, token_provider => $provider);
    my $set = sub {
        my ($function, @arguments) = @_;
        my $status = _native("config_$function")->($config, @arguments) or return;
        my $message = decode(_native('config_message')->($config));
        Luma::Automation::Error->throw('Configuration', $status, undef, message => $message);
    };
    $set->('set_token_provider', $on_token, $number) if $provider;
    my $level = delete $given{log_level} // 'INFO';
    $level = _constant("LOG_\U$level", "log_level '$level'");
    $set->('set_log', $level, $on_log, $number) if $log;
    for my $kind (qw(file json_file)) {
        my $path = delete $given{"log_$kind"};
        $set->("log_to_$kind", $level, encode("log_$kind", $path)) if defined $path;
    }
    my $headers = _hash('headers', delete $given{headers});
    for my $name (sort keys %$headers) {
        $set->('add_header', encode('the name of a header', $name),
            encode("the header $name", $headers->{$name}));
    }
    for my $name (qw(client_certificate_file client_certificate_pem)) {
        my $pair = delete $given{$name} or next;
        $set->("set_$name", map { encode($name, $_) } @$pair[ 0, 1 ]);
    }
    for my $name (sort keys %given) {
        my ($function, $convert) = @{ $settings{$name} // croak "unknown setting '$name'" };
        $set->($function, $convert->($name, $given{$name}));
    }
    return $owner;
}

sub with_request_id {
    my ($self, $id) = @_;
    return $self->_derive('client_with_request_id', encode('request_id', $id));
}

sub with_timeout {
    my ($self, $seconds) = @_;
    return $self->_derive('client_with_timeout_ms', milliseconds('timeout', $seconds));
}

sub with_own_cancel { return $_[0]->_derive('client_with_own_cancel') }

sub _derive {
    my ($self, $function, @arguments) = @_;
    my $parent = $self->_handle;
    my $handle = Luma::Automation::Handle->new(_native('client_free'), $parent->{keep});
    my $status = _native($function)->($parent->pointer, @arguments, $handle->out);
    Luma::Automation::Error->throw('Configuration', $status) if $status;
    return bless { %$self, handle => $handle, last_result => undef }, ref $self;
}

sub _handle { return $_[0]{handle} // croak 'the client is closed' }

sub close {
    my ($self) = @_;
    my $handle = delete $self->{handle} or return;
    _native('client_close')->($handle->pointer);
    return;
}

sub cancel {
    my ($self) = @_;
    _native('client_cancel')->($self->_handle->pointer);
    return;
}

sub drain {
    my ($self, $seconds) = @_;
    my $status = _native('client_drain')
        ->($self->_handle->pointer, milliseconds('the timeout', $seconds));
    my $was_cancelled = $status == _constant('ERROR_CANCELLED', 'status');
    Luma::Automation::Error->throw('Call', $status) if $status && !$was_cancelled;
    $self->close;
    return !$was_cancelled;
}

sub set_access_token {
    my ($self, $token) = @_;
    my $reason = Luma::Automation::Result->new;
    my $status = _native('client_set_access_token_with_reason')
        ->($self->_handle->pointer, encode('access_token', $token), $reason->out);
    Luma::Automation::Error->throw('Configuration', $status, $reason) if $status;
    return;
}

sub counters {
    my ($self) = @_;
    my $handle    = $self->_handle;
    my $constants = \%Luma::Automation::Native::CONSTANTS;
    return map {
        (lc s/\ALUMA_COUNTER_//r => _native('client_counter')->($handle->pointer, $constants->{$_}))
    } grep { /\ALUMA_COUNTER_/ } keys %$constants;
}

sub journal_folder { return $_[0]{journal_folder} }

sub last_result { return $_[0]{last_result} }

# Triggers.

sub trigger {
    my ($self, $workflow, $variables, %options) = @_;
    my $request = _request($workflow, $variables, \%options);
    return $self->_trigger('trigger_workflow', $request->pointer);
}

sub trigger_json {
    my ($self, $request) = @_;
    return $self->_trigger('trigger_workflow_json', encode('the request', $request));
}

sub trigger_once {
    my ($self, $journal, $key, $workflow, $variables, %options) = @_;
    my $folder  = $journal->_handle;
    my $request = _request($workflow, $variables, \%options);
    return $self->_trigger('trigger_workflow_once', $folder->pointer, encode('key', $key),
        $request->pointer);
}

sub trigger_once_with_store {
    my ($self, $store, $digest_secret, $key, $workflow, $variables, %options) = @_;
    my $request   = _request($workflow, $variables, \%options);
    my @callbacks = store_callbacks($store);
    return $self->_trigger('trigger_workflow_once_with_store', @callbacks, undef,
        encode('the digest secret', $digest_secret), encode('key', $key), $request->pointer);
}

sub _trigger {
    my ($self, $function, @arguments) = @_;
    my $handle = $self->_handle;
    my $result = $self->{last_result} = Luma::Automation::Result->new;
    my $status = invoke(_native($function), $result, $handle->pointer, @arguments);
    my $outcome = $result->outcome;
    return $result if $outcome eq 'ACCEPTED';

    # A token provider without a token is no mistake in the request.
    my $kind
        = $status < 100 && $status != Luma::Automation::Native::LUMA_ERROR_ACCESS_TOKEN()
        ? 'InvalidRequest'
        : { REJECTED => 'Rejected', NOT_SENT => 'NotSent' }->{$outcome} // 'Unknown';
    return Luma::Automation::Error->throw($kind, $status, $result);
}

sub _request {
    my ($workflow, $variables, $options) = @_;
    my %options = %$options;
    my $request = Luma::Automation::Handle->new(_native('trigger_request_free'));
    my $reason  = Luma::Automation::Result->new;
    my $status  = _native('trigger_request_new_with_reason')
        ->(encode('the workflow identifier', $workflow), $request->out, $reason->out);
    Luma::Automation::Error->throw('InvalidRequest', $status, $reason) if $status;
    my $set = sub {
        my ($function, @arguments) = @_;
        my $status = _native("trigger_request_$function")->($request->pointer, @arguments) or return;
        my $message = decode(_native('trigger_request_message')->($request->pointer));
        Luma::Automation::Error->throw('InvalidRequest', $status, undef, message => $message);
    };
    $variables = _hash('the variables', $variables);
    for my $name (sort keys %$variables) {
        my $encoded = encode('the name of a variable', $name);
        my $value   = $variables->{$name};
        # As JSON::PP tells them apart: a string, or a number, a reference or undef.
        my $text = $json->encode($value);
        if ($text =~ /\A"/) {
            $set->('set_variable', $encoded, encode("the variable $name", $value));
        }
        else {
            $set->('set_variable_json', $encoded, $text);
        }
    }
    my $secret = _hash('secret_variables', delete $options{secret_variables});
    for my $name (sort keys %$secret) {
        $set->('set_secret_variable', encode('the name of a variable', $name),
            encode("the variable $name", $secret->{$name}));
    }
    my ($contact, $application) = delete @options{qw(contact_id application_id)};
    if (defined $contact || defined $application) {
        $set->('set_initiator', integer('contact_id', $contact), integer('application_id', $application));
    }
    my $info = _hash('initiation_info', delete $options{initiation_info});
    for my $key (sort keys %$info) {
        $set->('set_initiation_info', encode('a key of initiation_info', $key),
            encode("$key of initiation_info", $info->{$key}));
    }
    for my $name (@{ delete $options{volatile} // [] }) {
        $set->('exclude_from_digest', encode('the name of a variable', $name));
    }
    croak "unknown option '$_'" for sort keys %options;
    return $request;
}

# Other calls.

sub connect { return $_[0]->_call('', 'client_connect') }

sub history {
    my ($self, $trigger_id) = @_;
    return $self->_call($trigger_id, 'get_workflow_history', encode('trigger_id', $trigger_id));
}

sub steps {
    my ($self, $trigger_id, %options) = @_;
    return $self->_call($trigger_id, 'list_workflow_steps', encode('trigger_id', $trigger_id),
        _list_options(\%options));
}

sub step {
    my ($self, $trigger_id, $step_id) = @_;
    return $self->_call($trigger_id, 'get_workflow_step', encode('trigger_id', $trigger_id),
        encode('step_id', $step_id));
}

sub definitions {
    my ($self, %options) = @_;
    return $self->_call('', 'list_workflow_definitions', _list_options(\%options));
}

sub _list_options {
    my ($options) = @_;
    my %options = %$options;
    my @list = (
        (map { encode_optional($_, delete $options{$_}) } qw(filter order_by)),
        (map { integer($_, delete $options{$_} // 0) } qw(skip top)),
    );
    croak "unknown option '$_'" for sort keys %options;
    return @list;
}

sub generate_launch_url {
    my ($self, $trigger_id) = @_;
    return $self->_call($trigger_id, 'generate_launch_url', encode('trigger_id', $trigger_id));
}

sub regenerate_tenant_token {
    my ($self, $super_admin_token, $tenant_external_id) = @_;
    return $self->_call('', 'regenerate_tenant_token', encode('super_admin_token', $super_admin_token),
        encode('tenant_external_id', $tenant_external_id));
}

sub _call {
    my ($self, $trigger_id, $function, @arguments) = @_;
    my $handle = $self->_handle;
    my $result = $self->{last_result} = Luma::Automation::Result->new;
    my $status = invoke(_native($function), $result, $handle->pointer, @arguments);
    return $result unless $status;
    return Luma::Automation::Error->throw('Call', $status, $result, trigger_id => $trigger_id);
}

# Waits.

sub wait {
    my ($self, $trigger_id, %options) = @_;
    my $on_poll = delete $options{on_poll};
    my $wait    = $self->start_wait($trigger_id, %options);
    while (1) {
        my $result = $wait->poll;
        $on_poll->($result) if $on_poll;
        return $result      if $wait->has_ended;
        # A signal handler runs at once, and may die; or it has closed the client.
        while ((my $seconds = $wait->next_poll) > 0) { select undef, undef, undef, $seconds }
    }
}

sub start_wait {
    my ($self, $trigger_id, %options) = @_;
    my $id      = encode('trigger_id', $trigger_id);
    my $timeout = limit(delete $options{timeout});
    my $until_suspended = delete $options{until_suspended};
    croak "unknown option '$_'" for sort keys %options;

    # A scope of its own, so that cancelling this wait cancels nothing else.
    my $scope  = $self->with_own_cancel->_handle;
    my $handle = Luma::Automation::Handle->new(_native('wait_free'), $scope);
    my $status = _native('wait_new')->($scope->pointer, $id, $timeout, $handle->out);
    Luma::Automation::Error->throw('Call', $status, undef, trigger_id => $trigger_id) if $status;
    _native('wait_set_until_suspended')->($handle->pointer, 1) if $until_suspended;
    return bless { handle => $handle, trigger_id => $trigger_id, client => $self },
        'Luma::Automation::Wait';
}

sub wait_set {
    my ($self, %options) = @_;
    my $polls = integer('max_polls_per_second', delete $options{max_polls_per_second} // 20);
    croak "unknown option '$_'" for sort keys %options;
    my $client = $self->_handle;
    my $handle = Luma::Automation::Handle->new(_native('wait_set_free'), $client);
    my $status = _native('wait_set_new')->($client->pointer, $handle->out)
        || _native('wait_set_max_polls_per_second')->($handle->pointer, $polls);
    Luma::Automation::Error->throw('Call', $status) if $status;
    return bless { handle => $handle }, 'Luma::Automation::WaitSet';
}

package Luma::Automation::Wait;

use Luma::Automation::Library qw(invoke);

sub CLONE_SKIP { return 1 }

sub poll {
    my ($self) = @_;
    my $handle = $self->{handle};
    my $result = $self->{client}{last_result} = Luma::Automation::Result->new;
    my $status = invoke(\&Luma::Automation::Native::luma_wait_poll, $result, $handle->pointer);
    return $result if !$status || !$self->has_ended;
    my $kind = $status == Luma::Automation::Native::LUMA_ERROR_WAIT_TIMEOUT() ? 'WaitTimeout' : 'Wait';
    return Luma::Automation::Error->throw($kind, $status, $result, trigger_id => $self->{trigger_id});
}

sub next_poll {
    my ($self) = @_;
    my $milliseconds = Luma::Automation::Native::luma_wait_next_poll_ms($self->{handle}->pointer);
    return Luma::Automation::Library::seconds($milliseconds);
}

sub has_ended { return !defined $_[0]->next_poll }

sub trigger_id { return $_[0]{trigger_id} }

sub cancel {
    my ($self) = @_;
    Luma::Automation::Native::luma_client_close($self->{handle}{keep}->pointer);
    return;
}

package Luma::Automation::WaitSet;

use Carp qw(croak);
use Luma::Automation::Library qw(encode limit milliseconds invoke);
use Time::HiRes ();

my $slice = 0.04;    # seconds, between which signal handlers run

sub CLONE_SKIP { return 1 }

sub _handle { return $_[0]{handle} // croak 'the set of waits is closed' }

sub _change {
    my ($self, $unchanged, $function, $trigger_id, @arguments) = @_;
    my $status = Luma::Automation::Native->can("luma_wait_set_$function")
        ->($self->_handle->pointer, encode('trigger_id', $trigger_id), @arguments);
    return 1 unless $status;
    return 0 if $status == $Luma::Automation::Native::CONSTANTS{"LUMA_ERROR_$unchanged"};
    return Luma::Automation::Error->throw('Call', $status, undef, trigger_id => $trigger_id);
}

sub add {
    my ($self, $trigger_id, %options) = @_;
    my $timeout = limit(delete $options{timeout});
    croak "unknown option '$_'" for sort keys %options;
    return $self->_change('ALREADY_IN_SET', 'add', $trigger_id, $timeout, undef);
}

sub remove {
    my ($self, $trigger_id) = @_;
    return $self->_change('NOT_IN_SET', 'remove', $trigger_id);
}

sub count {
    my $handle = $_[0]{handle} or return 0;
    return Luma::Automation::Native::luma_wait_set_count($handle->pointer);
}

sub next {
    my ($self, $timeout) = @_;
    my $end = defined $timeout ? Time::HiRes::time() + $timeout : undef;
    while (1) {
        my $handle = $self->{handle} or return;
        # If a signal handler has died after the library found an event, it is still in there.
        my $result = $self->{result} //= Luma::Automation::Result->new;
        my $rest   = defined $end ? $end - Time::HiRes::time() : $slice;
        my $time   = $rest < 0 ? 0 : $rest < $slice ? $rest : $slice;
        invoke(\&_next, $result, $handle->pointer, milliseconds('timeout', $time))
            unless defined ${ $result->out };
        my $name = $result->name;
        if ($name eq 'LUMA_ERROR_NOTHING_CHANGED') {
            delete $self->{result};
            return if defined $end && $rest <= $slice;
        }
        elsif ($name =~ /\ALUMA_ERROR_(?:WOKEN|SET_EMPTY|SET_CLOSED)\z/) {
            delete $self->{result};
            return;
        }
        elsif ($name eq 'LUMA_ERROR_CANCELLED') {
            return Luma::Automation::Error->throw('Call', $result->status, delete $self->{result});
        }
        else {
            return _event(delete $self->{result});
        }
    }
}

sub _next {
    my ($set, $timeout, $out) = @_;
    return Luma::Automation::Native::luma_wait_set_next($set, $timeout, $out, undef);
}

sub _event {
    my ($result) = @_;
    my ($name, $id) = ($result->name, $result->trigger_id);
    my $kind
        = $name =~ /\ALUMA_(?:OK|ERROR_WAIT_OPEN)\z/ ? undef
        : $name eq 'LUMA_ERROR_WAIT_TIMEOUT'          ? 'WaitTimeout'
        : $id eq ''                                   ? 'Call'
        :                                               'Wait';
    eval { Luma::Automation::Error->throw($kind, $result->status, $result, trigger_id => $id) } if $kind;
    return {
        trigger_id => $id,
        result     => $result,
        has_ended  => $id ne '' && $name ne 'LUMA_ERROR_WAIT_OPEN',
        error      => $kind ? $@ : undef,
    };
}

sub wake {
    my ($self) = @_;
    Luma::Automation::Native::luma_wait_set_wake($self->_handle->pointer);
    return;
}

sub close {
    my ($self) = @_;
    my $handle = delete $self->{handle} or return;
    Luma::Automation::Native::luma_wait_set_close($handle->pointer);
    return;
}

package Luma::Automation::Journal;

use Carp qw(croak);
use JSON::PP ();
use Luma::Automation::Library qw(encode encode_optional milliseconds);

sub CLONE_SKIP { return 1 }

sub open {
    my ($class, $folder) = @_;
    my $handle = Luma::Automation::Handle->new(\&Luma::Automation::Native::luma_journal_free);
    my $reason = Luma::Automation::Result->new;
    my $status = Luma::Automation::Native::luma_journal_open(encode('folder', $folder), $handle->out,
        $reason->out);
    Luma::Automation::Error->throw('Journal', $status, $reason) if $status;
    return bless { handle => $handle }, $class;
}

sub create {
    my ($class, $folder, $base_url) = @_;
    my $reason = Luma::Automation::Result->new;
    my $status = Luma::Automation::Native::luma_journal_create(encode('folder', $folder),
        encode('base_url', $base_url), $reason->out);
    Luma::Automation::Error->throw('Journal', $status, $reason) if $status;
    return $class->open($folder);
}

sub close {
    my ($self) = @_;
    delete $self->{handle};
    return;
}

sub _handle { return $_[0]{handle} // croak 'the journal is closed' }

sub find {
    my ($self, $key) = @_;
    my $entry = eval { $self->_entry('find', encode('key', $key)) };
    return $entry if $entry;
    my $error = $@;
    return undef    ## no critic: a value also in list context
        if ref $error && $error->isa('Luma::Automation::Error::Journal')
        && $error->status == Luma::Automation::Native::LUMA_ERROR_KEY_NOT_FOUND();
    die $error;
}

sub unfinished { return map { _from_json($_) } @{ $_[0]->_call('unfinished')->json->{entries} } }

sub acknowledge {
    my ($self, $key) = @_;
    return $self->_entry('acknowledge', encode('key', $key));
}

sub resolve {
    my ($self, $key, $trigger_id, %note) = @_;
    return $self->_entry('resolve', encode('key', $key), encode_optional('trigger_id', $trigger_id),
        _note(%note));
}

sub new_attempt {
    my ($self, $key, %note) = @_;
    return $self->_entry('new_attempt', encode('key', $key), _note(%note));
}

sub prune {
    my ($self, $seconds) = @_;
    return $self->_call('prune', milliseconds('older_than', $seconds))->journal_count;
}

sub _note {
    my (%note) = @_;
    return map { encode($_, $note{$_}) } qw(who reason);
}

sub _call {
    my ($self, $function, @arguments) = @_;
    my $handle = $self->_handle;
    my $result = Luma::Automation::Result->new;
    my $status = Luma::Automation::Native->can("luma_journal_$function")
        ->($handle->pointer, @arguments, $result->out);
    Luma::Automation::Error->throw('Journal', $status, $result) if $status;
    return $result;
}

sub _entry {
    my ($self, @arguments) = @_;
    return _from_json($self->_call(@arguments)->json);
}

sub _from_json {
    my ($data) = @_;
    return {
        key        => $data->{key},
        state      => $data->{state},
        trigger_id => $data->{triggerId} // '',
        time       => defined $data->{time} ? $data->{time} / 1000 : undef,
        data       => $data,
    };
}

1;

__END__

=encoding utf8

=head1 NAME

Luma::Automation - a client of the Luma Automation gateway

=head1 SYNOPSIS

    use Luma::Automation;

    my $luma = Luma::Automation->new(base_url => $url, access_token => $token);
    my $run  = eval { $luma->trigger('unlock_account', { userName => 'jdoe' }) };
    if (!$run) {
        die $@ unless ref $@ && $@->isa('Luma::Automation::Error::NotSent');
        ...    # nothing was sent: may be repeated
    }
    print $luma->wait($run->trigger_id, timeout => 600)->run_status, "\n";

=head1 DESCRIPTION

Texts are character strings, times are in seconds. Calls return a L<Luma::Automation::Result>, or
die with a L<Luma::Automation::Error>; a wrong argument dies with a string. A client belongs to the
thread that created it, and may be used after C<fork>.

=head1 CREATING A CLIENT

=over

=item C<< Luma::Automation->new(base_url => $url, access_token => $token, %settings) >>

=item C<< Luma::Automation->from_file($path, profile => $name, %settings) >>

An undefined path is that of the user's or the machine's configuration file.

=item C<< Luma::Automation->from_environment(%settings) >>

=item C<with_request_id($id)>, C<with_timeout($seconds)>, C<with_own_cancel>

Return clients that share connections, token and log. C<cancel> and C<close> on one with an own
cancel end only its own calls.

=item C<cancel>, C<close>, C<set_access_token($token)>, C<journal_folder>

=item C<drain($seconds)>

Refuses new calls, lets those in progress end, and closes the client: for stopping a service. Returns
false if it had to cancel calls.

=item C<counters>

A hash for monitoring: C<calls_accepted>, C<calls_rejected>, C<calls_not_sent>, C<calls_unknown>,
C<retries>, C<connections_opened>, C<connections_reused>, C<bytes_sent>, C<bytes_received>,
C<waits_open>.

=item C<last_result>

The result of the last call of this client, also if a callback or a signal handler died: it tells
whether a trigger was sent.

=back

=head2 Settings

C<token_provider> (called without arguments, returns the token or undef; again after an HTTP 401),
C<auth_scheme> (C<BEARER> or C<API_ACCESS_KEY>), C<headers> (a hash), C<connect_timeout>, C<timeout>,
C<max_response_bytes>, C<trigger_max_idle>, C<read_max_idle>, C<max_idle_connections>, C<retries>,
C<log> (called with level and line), C<log_level> (C<ERROR>, C<WARN>, C<INFO>, C<DEBUG>), C<log_file>,
C<log_json_file>, C<allow_http>, C<ca_file>, C<ca_pem>, C<extra_ca_file>, C<extra_ca_pem>,
C<client_certificate_file> and C<client_certificate_pem> (C<[$certificates, $key]>), C<proxy>,
C<auto_proxy>, C<application_id>.

=head1 CALLS

=over

=item C<trigger($workflow, \%variables, %options)>

Options: C<secret_variables> (a hash, masked in every text), C<contact_id> with C<application_id>,
C<initiation_info> (a hash). A variable is sent as JSON::PP encodes it.

=item C<trigger_once($journal, $key, $workflow, \%variables, %options)>

At most once per key, even if processes die at any time. The option C<volatile> lists variables that
may differ.

=item C<trigger_once_with_store($store, $digest_secret, $key, $workflow, \%variables, %options)>

The same if several machines trigger the same keys. The secret is a random text that these machines
share and nobody else knows. C<$store> is an object, such as for a table of a database.
C<< $store->claim($key, $digest, \%intent) >>, in one transaction, reads what is stored for the key; if
that is nothing, C<REJECTED> or C<NOT_SENT>, it stores the intent durably and returns C<GRANTED>.
Otherwise it returns the trigger id if a request with the same digest was accepted; or
C<IN_PROGRESS>, C<UNRESOLVED> (the outcome is C<UNKNOWN>, or was never stored) or C<OTHER_REQUEST>
(another digest). If it dies, nothing is sent.
C<< $store->complete($key, $outcome, $trigger_id) >> stores the outcome.

=item C<trigger_json($json)>, C<connect>, C<history($trigger_id)>, C<step($trigger_id, $step_id)>,
C<steps($trigger_id, %list)>, C<definitions(%list)>, C<generate_launch_url($trigger_id)>,
C<regenerate_tenant_token($super_admin_token, $tenant_external_id)>

C<%list>: C<filter>, C<order_by>, C<skip>, C<top>.

=item C<wait($trigger_id, timeout =E<gt> $seconds, until_suspended =E<gt> 1, on_poll =E<gt> sub { ... })>

Waits until the run has ended, and returns its last status, also if it FAILED. A signal handler that
dies ends it. C<on_poll> gets every result.

=item C<start_wait($trigger_id, timeout =E<gt> ..., until_suspended =E<gt> ...)>

The same for an event loop: C<poll> the wait it returns when C<next_poll> seconds have passed, until
C<has_ended>. C<cancel> ends it.

=back

=head2 Many runs

    my $waits = $luma->wait_set(max_polls_per_second => 20);
    $waits->add($_, timeout => 600) for @trigger_ids;
    while ($waits->count) {
        my $event = $waits->next or next;
        ...
    }

C<add> returns false if the run is in the set already, C<remove($trigger_id)> if it is not.
C<next($seconds)> waits for a new status of a run, or for the end of its wait, and returns a hash with
C<trigger_id>, C<result>, C<has_ended> and C<error>: why the wait ended before the run. It returns
undef if there was no event, or if the set is empty or closed. If the gateway cannot be polled, the
trigger id is empty and C<error> says why; the set continues when it can. A signal handler runs
within 50 ms, or after a poll. C<wake> makes C<next> return, C<close> ends the set.

=head2 Signals

Perl runs a signal handler when the C library returns: at once between polls, and during a call at
most after its timeout.

=head1 JOURNALS

    my $journal = Luma::Automation::Journal->create($folder, $base_url);    # once
    my $journal = Luma::Automation::Journal->open($folder);

C<find($key)> (undef if it is not known), C<unfinished>, C<acknowledge($key)>,
C<resolve($key, $trigger_id, who =E<gt> ..., reason =E<gt> ...)> (undef if there is no run),
C<new_attempt($key, who =E<gt> ..., reason =E<gt> ...)>, C<prune($seconds)>, C<close>. An entry is a
hash with C<key>, C<state>, C<trigger_id>, C<time> and C<data>.

=cut
