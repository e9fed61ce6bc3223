package Luma::Automation::Error;

use 5.014;
use strict;
use warnings;

use Carp ();
use Luma::Automation::Library qw(decode);
use overload '""' => sub { $_[0]{message} . $_[0]{where} }, bool => sub { 1 }, fallback => 1;

{
    package Luma::Automation::Error::Configuration;
    our @ISA = ('Luma::Automation::Error');
    package Luma::Automation::Error::InvalidRequest;
    our @ISA = ('Luma::Automation::Error');
    package Luma::Automation::Error::Journal;
    our @ISA = ('Luma::Automation::Error');
    package Luma::Automation::Error::Trigger;
    our @ISA = ('Luma::Automation::Error');
    package Luma::Automation::Error::Rejected;
    our @ISA = ('Luma::Automation::Error::Trigger');
    package Luma::Automation::Error::NotSent;
    our @ISA = ('Luma::Automation::Error::Trigger');
    package Luma::Automation::Error::Unknown;
    our @ISA = ('Luma::Automation::Error::Trigger');
    package Luma::Automation::Error::Call;
    our @ISA = ('Luma::Automation::Error');
    package Luma::Automation::Error::Wait;
    our @ISA = ('Luma::Automation::Error::Call');
    package Luma::Automation::Error::WaitTimeout;
    our @ISA = ('Luma::Automation::Error::Wait');
}

# Luma::Automation::Error->throw(KIND, STATUS, RESULT or undef, message => ..., trigger_id => ...)
sub throw {
    my ($class, $kind, $status, $result, %more) = @_;
    my $message = $more{message} // ($result ? $result->message : '');
    $message = decode(Luma::Automation::Native::luma_status_message($status)) if $message eq '';
    my $where = Carp::shortmess('');
    die bless {
        status     => $status,
        message    => $message,
        where      => $where,
        result     => $result,
        trigger_id => $more{trigger_id} // '',
    }, "Luma::Automation::Error::$kind";
}

sub status     { return $_[0]{status} }
sub name       { return Luma::Automation::Native::luma_status_name($_[0]{status}) }
sub message    { return $_[0]{message} }
sub result     { return $_[0]{result} }
sub outcome    { my $result = $_[0]{result}; return $result ? $result->outcome : undef }
sub reasons    { my $result = $_[0]{result}; return $result ? $result->reasons : () }
sub trigger_id { return $_[0]{trigger_id} }

1;

__END__

=encoding utf8

=head1 NAME

Luma::Automation::Error - the exceptions of Luma::Automation

=head1 DESCRIPTION

Each class is a Luma::Automation::Error, which as a string is its message and the place of the call.

    Error::Trigger            a trigger was not accepted; one of these:
      Error::Rejected           the gateway refused it, nothing runs
      Error::NotSent            not one byte was sent, repeating it is safe; also if a journal
                                cannot be used, or the key belongs to another request
      Error::Unknown            it may be running, check before you repeat it
    Error::InvalidRequest     a request that cannot be sent and must be corrected
    Error::Call               another call failed, whatever its outcome
      Error::Wait               a wait ended before its run, which goes on
        Error::WaitTimeout        because of its timeout
    Error::Journal            a method of a journal failed; a trigger never dies of it
    Error::Configuration      a setting or the configuration file is wrong

=head1 METHODS

C<status> (a number), C<name> (its name, such as C<LUMA_ERROR_TLS>), C<message>, C<outcome>,
C<reasons> (a list: those of the gateway), C<result> (a L<Luma::Automation::Result>, or undef),
C<trigger_id> (of the run that a C<Call> or C<Wait> was about).

=cut
