package Luma::Automation::Library;

# Loads the C library, and calls it. For the other modules of this distribution only.

use 5.014;
use strict;
use warnings;

use Carp qw(croak);
use Exporter qw(import);
use FFI::Platypus 2.00;
use FFI::Platypus::Buffer qw(scalar_to_buffer);
use FFI::Platypus::Closure;
use FFI::Platypus::DL qw(RTLD_PLATYPUS_DEFAULT dlerror dlopen);
use FFI::Platypus::Memory qw(memcpy);
use File::Basename qw(dirname);
use File::Spec;
use JSON::PP ();
use overload ();
use POSIX qw(ceil);

use Luma::Automation::Native;

our @EXPORT_OK
    = qw(encode encode_optional decode integer limit milliseconds seconds invoke callbacks store_callbacks);

# Errors are reported where the program calls, not in here.
$Carp::Internal{$_}++ for 'Luma::Automation', map { "Luma::Automation::$_" }
    qw(Library Wait WaitSet Journal Result Error Native);

my $name = $^O eq 'MSWin32' ? 'luma.dll' : 'libluma.so.0';
{
    my $path = find();
    dlopen($path, RTLD_PLATYPUS_DEFAULT)
        or die "$path cannot be loaded: ${\dlerror()}. Install the distribution for this platform, or the"
        . " library itself, or set LUMA_LIBRARY to its full path.\n";
    my $ffi = FFI::Platypus->new(api => 2, lib => $path);
    eval { Luma::Automation::Native::attach($ffi); 1 } or die "cannot use the library $path: $@";
}

# Returns the path of the library, or the name by which the system finds it.
sub find {
    my $inside = File::Spec->catfile(dirname(File::Spec->rel2abs(__FILE__)), $name);
    return $inside if -e $inside;

    # A full path and never a search, because privileged services set it too.
    my $path = $ENV{LUMA_LIBRARY};
    return $name unless defined $path;
    die "LUMA_LIBRARY must be the full path of $name, not '$path'\n"
        unless File::Spec->file_name_is_absolute($path);
    die "LUMA_LIBRARY names $path, which does not exist\n" unless -e $path;
    return $path;
}

# Encodes an argument as UTF-8. C would cut it off at a NUL, so one in it is an error.
sub encode {
    my ($what, $text) = @_;
    croak "$what is missing" unless defined $text;
    croak "$what must be a text, not a reference" if ref $text && !overload::Method($text, '""');
    my $bytes = "$text";
    croak "$what contains a NUL character" if $bytes =~ /\0/;
    # Surrogates, and what is beyond Unicode, are characters for Perl only.
    croak "$what contains a character that is not in Unicode"
        if $bytes =~ /[^\x{0}-\x{d7ff}\x{e000}-\x{10ffff}]/;
    utf8::encode($bytes);
    return $bytes;
}

sub encode_optional {
    my ($what, $text) = @_;
    return defined $text ? encode($what, $text) : undef;
}

sub decode {
    my ($bytes) = @_;
    return '' unless defined $bytes;
    utf8::decode($bytes);
    return $bytes;
}

# Checks a 64-bit integer, which Perl would otherwise round or wrap.
sub integer {
    my ($what, $number) = @_;
    croak "$what is missing" unless defined $number;
    my $value = $number =~ /\A-?[0-9]+\z/ ? 0 + $number : undef;
    croak "$what must be a 64-bit integer, not '$number'"
        unless defined $value && "$value" eq "$number" && $value <= 9223372036854775807;
    return $value;
}

# Converts seconds, rounded up, so that a tiny timeout is not 0.
sub milliseconds {
    my ($what, $seconds) = @_;
    croak "$what must be a number of seconds"
        unless defined $seconds && $seconds =~ /\A-?[0-9.]+(?:e[-+]?[0-9]+)?\z/i;
    # ceil makes -0 of a tiny negative number.
    return integer($what, sprintf '%.0f', ceil($seconds * 1000) || 0);
}

# The limit of a wait, where 0 means none, so a time that has passed becomes 1.
sub limit {
    my ($seconds) = @_;
    return 0 unless defined $seconds;
    my $milliseconds = milliseconds('timeout', $seconds);
    return $milliseconds < 1 ? 1 : $milliseconds;
}

sub seconds {
    my ($milliseconds) = @_;
    return $milliseconds < 0 ? undef : $milliseconds / 1000;
}

# The call in progress: what a callback died of, and a token that did not fit.
our $call;

# Calls a function whose last argument receives a result. Dies with what a callback died of.
sub invoke {
    my ($function, $result, @arguments) = @_;
    local $call = {};
    my $status = do {
        local $@;
        $function->(@arguments, $result->out);
    };
    die $call->{error} if exists $call->{error};
    return $status;
}

# The library knows callbacks only by a number, so nothing happens if it calls one that is gone.
my %callbacks;
my $last_number = 0;
my ($on_log, $on_token);

# Registers the callbacks of a client: returns their owner, which a client keeps, and what to pass to
# the library.
sub callbacks {
    my (%functions) = @_;
    my $number = ++$last_number;
    $callbacks{$number} = \%functions;
    my $owner = bless { number => $number }, 'Luma::Automation::Callbacks';
    $on_log   ||= Luma::Automation::Closure->new(\&_on_log);
    $on_token ||= Luma::Automation::Closure->new(\&_on_token);
    return ($owner, $number, $on_log, $on_token);
}

# In a new thread: objects stay with the thread that created them.
sub CLONE {
    undef $on_log;
    undef $on_token;
    %callbacks = ();
    return;
}

# Returns closures for the store of one call, which must keep them.
sub store_callbacks {
    my ($store) = @_;
    my $claim = sub {
        my ($key, $digest, $intent, $buffer, $size) = @_;
        return _guard(sub {
            my $claimed
                = $store->claim(decode($key), decode($digest), JSON::PP::decode_json($intent)) // '';
            my $number = $Luma::Automation::Native::CONSTANTS{"LUMA_CLAIM_$claimed"};
            return $number if $number && $claimed ne 'ACCEPTED';
            # Any other text is the trigger id.
            my $id = encode('the trigger id in the store', $claimed) . "\0";
            die "the store returned an invalid trigger id\n" if length $id == 1 || length $id > $size;
            my ($pointer, $length) = scalar_to_buffer($id);
            memcpy($buffer, $pointer, $length);
            return Luma::Automation::Native::LUMA_CLAIM_ACCEPTED();
        }, -1);
    };
    my $complete = sub {
        my ($key, $outcome, $id) = @_;
        return _guard(sub {
            my $name = Luma::Automation::Native::luma_outcome_name($outcome);
            $store->complete(decode($key), $name, decode($id));
            return 0;
        }, -1);
    };
    return map { Luma::Automation::Closure->new($_) } $claim, $complete;
}

# Nothing may be thrown through C.
sub _guard {
    my ($function, $failed) = @_;
    local $@;
    my $value;
    return $value if eval { $value = $function->(); 1 };
    my $error = $@;
    if ($call) {
        $call->{error} = $error unless exists $call->{error};
    }
    else {
        eval { warn $error };
    }
    return $failed // 0;
}

sub _on_log {
    my ($level, $line, $number) = @_;
    _guard(sub {
        my $callbacks = $callbacks{ $number // 0 } or return 0;
        $callbacks->{log}->(Luma::Automation::Native::luma_log_level_name($level), decode($line));
        return 0;
    });
    return;
}

sub _on_token {
    my ($buffer, $size, $number) = @_;
    return _guard(sub {
        my $token = delete $call->{token};
        if (!defined $token) {
            my $callbacks = $callbacks{ $number // 0 } or return 0;
            $token = $callbacks->{token_provider}->();
            return 0 unless defined $token;
            die "the token must be a text, not a reference\n"
                if ref $token && !overload::Method($token, '""');
            $token = "$token";
            utf8::encode($token) if utf8::is_utf8($token);
        }
        my ($pointer, $length) = scalar_to_buffer($token);
        if ($length > $size) {
            $call->{token} = $token;    # the library calls again
        }
        else {
            memcpy($buffer, $pointer, $length);
        }
        return $length;
    });
}

package Luma::Automation::Callbacks;

sub CLONE_SKIP { return 1 }

sub DESTROY {
    my ($self) = @_;
    delete $callbacks{ $self->{number} } if ${^GLOBAL_PHASE} ne 'DESTRUCT';
    return;
}

package Luma::Automation::Closure;

our @ISA = ('FFI::Platypus::Closure');

sub CLONE_SKIP { return 1 }

# Owns a handle of the library. Whoever uses the pointer holds a reference to this object, so the
# handle is freed when nothing uses it any more, in whatever order the objects around it go.
package Luma::Automation::Handle;

sub new {
    my ($class, $free, $keep) = @_;
    return bless { free => $free, keep => $keep, pointer => undef }, $class;
}

# Where the library stores the handle. A signal handler that dies after the call loses nothing.
sub out { return \$_[0]{pointer} }

sub pointer { return $_[0]{pointer} }

sub CLONE_SKIP { return 1 }

sub DESTROY {
    my ($self) = @_;
    return if ${^GLOBAL_PHASE} eq 'DESTRUCT' || !defined $self->{pointer};
    local ($@, $!, $?);
    $self->{free}->(delete $self->{pointer});
    return;
}

1;
