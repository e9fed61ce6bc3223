/*
 * A trigger with ureq, see ureq/src/lib.rs; with BENCH_TIMEOUT set, with a timeout for the whole of a
 * call. Run as client.h says.
 */
#include "client.h"

void ureq_open(void);
void ureq_trigger(void);

static void close_client(void)
{
}

int main(int argc, char **argv)
{
    return run_client(argc, argv, ureq_open, ureq_trigger, close_client);
}
