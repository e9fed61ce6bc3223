package Luma::Automation::Result;

use 5.014;
use strict;
use warnings;

use Carp qw(croak);
use FFI::Platypus::Buffer qw(buffer_to_scalar);
use JSON::PP ();
use Luma::Automation::Library qw(decode encode seconds);

my $json = JSON::PP->new->utf8->allow_nonref;

sub new {
    my ($class) = @_;
    my $handle = Luma::Automation::Handle->new(\&Luma::Automation::Native::luma_result_free);
    return bless { handle => $handle }, $class;
}

sub out { return $_[0]{handle}->out }

sub CLONE_SKIP { return 1 }

# Most getters take nothing but the result.
my %getters = (
    text => [qw(message trigger_id run_status_text request_id peer_address tls_version)],
    number => [qw(status page_status http_status attempts poll_count journal_count)],
    flag => [qw(connection_reused journal_recorded)],
    # In seconds; a time counts from the epoch. undef if it is not known.
    seconds => [
        qw(retry_after run_start_time run_end_time run_time_spent wait_elapsed journal_time
            certificate_expires)
    ],
    # Secrets, as bytes; '' if the result has none.
    bytes => [qw(launch_url access_token)],
);
my %convert = (
    text    => \&decode,
    number  => sub { return $_[0] },
    flag    => sub { return $_[0] == 1 },
    seconds => \&seconds,
    bytes   => sub { return $_[0] },
);
for my $kind (keys %getters) {
    my $convert = $convert{$kind};
    for my $name (@{ $getters{$kind} }) {
        my $function = 'luma_result_' . $name . ($kind eq 'seconds' ? '_ms' : '');
        my $get = Luma::Automation::Native->can($function) or die "no $function";
        no strict 'refs';
        *$name = sub { return $convert->($get->($_[0]{handle}{pointer})) };
    }
}

sub name { return Luma::Automation::Native::luma_status_name($_[0]->status) }

sub outcome {
    my ($self) = @_;
    return Luma::Automation::Native::luma_outcome_name(
        Luma::Automation::Native::luma_result_outcome($self->{handle}{pointer}));
}

sub run_status {
    my ($self) = @_;
    return Luma::Automation::Native::luma_run_status_name(
        Luma::Automation::Native::luma_result_run_status($self->{handle}{pointer}));
}

sub is_final {
    my ($self) = @_;
    return Luma::Automation::Native::luma_run_status_is_final(
        Luma::Automation::Native::luma_result_run_status($self->{handle}{pointer})) == 1;
}

sub already_accepted {
    return $_[0]->status == Luma::Automation::Native::LUMA_ALREADY_ACCEPTED();
}

sub reasons { return @{ $_[0]->_list('error', undef) } }

sub steps {
    my ($self) = @_;
    my $steps = $self->_list('step', 'id name status status_text start_time_ms end_time_ms time_spent_ms');
    for my $step (@$steps) {
        $step->{status} = Luma::Automation::Native::luma_run_status_name($step->{status});
        $step->{$_} = seconds(delete $step->{"${_}_ms"}) for qw(start_time end_time time_spent);
    }
    return @$steps;
}

sub parameters {
    return @{ $_[0]->_list('parameter', 'name value data_type caption description') };
}

sub definitions {
    my ($self) = @_;
    my $definitions = $self->_list('definition', 'identifier name description');
    my $i = 0;
    $_->{parameters} = $self->_list('definition_parameter',
        'name data_type required caption description', $i++) for @$definitions;
    return @$definitions;
}

# Reads a list of hashes, or of texts if there are no fields.
sub _list {
    my ($self, $what, $fields, @index) = @_;
    my $pointer = $self->{handle}{pointer};
    my $count = Luma::Automation::Native->can("luma_result_${what}_count")->($pointer, @index);
    my $get = sub {
        my ($getter, $i) = @_;
        return decode(Luma::Automation::Native->can("luma_result_$getter")->($pointer, @index, $i));
    };
    return [ map { $get->($what, $_) } 0 .. $count - 1 ] unless defined $fields;
    my @fields = split / /, $fields;
    return [ map { my $i = $_; +{ map { $_ => $get->("${what}_$_", $i) } @fields } } 0 .. $count - 1 ];
}

sub json {
    my ($self) = @_;
    my $text = Luma::Automation::Native::luma_result_json($self->{handle}{pointer});
    return $text eq '' ? undef : $json->decode($text);
}

sub get {
    my ($self, $json_pointer) = @_;
    my ($text, $length);
    my $where = encode('the JSON pointer', $json_pointer);
    my $pointer = $self->{handle}{pointer};
    my $status = Luma::Automation::Native::luma_result_text($pointer, $where, \$text, \$length);
    croak "not a JSON pointer: $json_pointer"
        if $status == Luma::Automation::Native::LUMA_ERROR_POINTER_SYNTAX();
    return undef if $status;    ## no critic: a value also in list context
    my $type = Luma::Automation::Native::luma_result_json_type($pointer, $where);
    return undef if $type == Luma::Automation::Native::LUMA_JSON_NULL();    ## no critic
    my $value = $length ? buffer_to_scalar($text, $length) : '';
    return $type == Luma::Automation::Native::LUMA_JSON_STRING() ? decode($value) : $json->decode($value);
}

sub timings {
    my ($self) = @_;
    return map {
        my $part = $Luma::Automation::Native::CONSTANTS{ 'LUMA_TIMING_' . uc };
        my $us = Luma::Automation::Native::luma_result_timing_us($self->{handle}{pointer}, $part);
        ($_ => $us < 0 ? undef : $us / 1e6);
    } qw(dns connect tls first_byte total);
}

1;

__END__

=encoding utf8

=head1 NAME

Luma::Automation::Result - the result of a call

=head1 DESCRIPTION

It stays valid after its client is gone. Times are seconds since the epoch, durations seconds, both
with fractions; undef if they are not known. No text has a secret in it.

=head1 METHODS

=over

=item The call

C<status>, C<name>, C<outcome> (C<ACCEPTED>, C<REJECTED>, C<NOT_SENT>, C<UNKNOWN>), C<message>,
C<reasons> (a list), C<http_status>, C<page_status>, C<retry_after>, C<request_id>, C<attempts>,
C<connection_reused>, C<peer_address>, C<tls_version>, C<certificate_expires>, C<timings> (a hash).

=item The run

C<trigger_id>, C<run_status> (C<RUNNING>, C<COMPLETED>, C<FAILED>, ...), C<run_status_text> (the
gateway's own word), C<is_final>, C<run_start_time>, C<run_end_time>, C<run_time_spent>,
C<poll_count>, C<wait_elapsed>, C<parameters> (a list of hashes).

=item Lists

C<steps> and C<definitions> return lists of hashes.

=item The response

C<json> returns all of it, C<get($json_pointer)> one value. An integer that Perl cannot hold is
returned as a string.

=item The journal

C<already_accepted> is true if nothing was sent, because the key was accepted before;
C<journal_time>, C<journal_recorded>, C<journal_count>.

=item Secrets

C<launch_url> and C<access_token> return bytes.

=back

=cut
