/*
 * A trigger with ureq: with its default settings (ureq/src/lib.rs); with a timeout for the whole
 * call if BENCH_TIMEOUT is set; or ureq's minimal cost (ureq/src/minimal.rs) if BENCH_MINIMAL is
 * set. See client.h for the arguments.
 */
#include <stdlib.h>

#include "body.h"
#include "client.h"

void ureq_open(void);
void ureq_trigger(void);
void minimal_open(const char *body);
void minimal_trigger(void);

static void open_minimal(void)
{
    minimal_open(BODY);
}

static void close_client(void)
{
}

int main(int argc, char **argv)
{
    if (getenv("BENCH_MINIMAL"))
        return run_client(argc, argv, open_minimal, minimal_trigger, close_client);
    return run_client(argc, argv, ureq_open, ureq_trigger, close_client);
}
