/*
 * A trigger with ureq, see ureq/src/lib.rs; with BENCH_TIMEOUT set, with a timeout for the whole of a
 * call; with BENCH_LEAST set, with the least that ureq takes, see ureq/src/least.rs. Run as client.h
 * says.
 */
#include <stdlib.h>

#include "body.h"
#include "client.h"

void ureq_open(void);
void ureq_trigger(void);
void least_open(const char *body);
void least_trigger(void);

static void open_least(void)
{
    least_open(BODY);
}

static void close_client(void)
{
}

int main(int argc, char **argv)
{
    if (getenv("BENCH_LEAST"))
        return run_client(argc, argv, open_least, least_trigger, close_client);
    return run_client(argc, argv, ureq_open, ureq_trigger, close_client);
}
