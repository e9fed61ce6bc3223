use strict;
use warnings;

use Test::More;

eval { require Luma::Automation; 1 } or plan skip_all => "the C library is missing: $@";
is(Luma::Automation->library_version, $Luma::Automation::VERSION, 'the version of the C library');
done_testing;
