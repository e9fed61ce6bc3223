/* See client.h. */
#include "client.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define WARM_UP 200

void fail(const char *message)
{
    fprintf(stderr, "%s\n", message);
    exit(1);
}

const char *setting(const char *name)
{
    const char *value = getenv(name);

    if (!value)
        fail(name);
    return value;
}

const char *trigger_url(void)
{
    static char url[256];

    snprintf(url, sizeof url, "%s/gateway/api/v1/workflow/trigger", setting("BENCH_URL"));
    return url;
}

static uint64_t now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static void time_calls(size_t calls, void (*call)(void))
{
    uint64_t *times = malloc(calls * sizeof *times), processor, start;
    size_t i;

    if (!times)
        fail("out of memory");
    for (i = 0; i < WARM_UP; i++)
        call();
    processor = now(CLOCK_PROCESS_CPUTIME_ID);
    for (i = 0; i < calls; i++) {
        start = now(CLOCK_MONOTONIC);
        call();
        times[i] = now(CLOCK_MONOTONIC) - start;
    }
    processor = now(CLOCK_PROCESS_CPUTIME_ID) - processor;
    qsort(times, calls, sizeof *times, compare);
    printf("%llu %llu %llu\n", (unsigned long long)times[calls / 2],
           (unsigned long long)times[calls * 99 / 100], (unsigned long long)(processor / calls));
    free(times);
}

int run_client(int argc, char **argv, void (*open)(void), void (*call)(void), void (*close)(void))
{
    size_t calls = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, i;
    const char *mode = argc > 2 ? argv[2] : "";

    if (calls == 0)
        fail("the first argument must be a number of calls");
    open();
    if (strcmp(mode, "time") == 0) {
        time_calls(calls, call);
    } else {
        for (i = 0; i < calls; i++) {
            call();
            if (i == 0 && strcmp(mode, "first") == 0) {
                printf("%llu\n", (unsigned long long)now(CLOCK_MONOTONIC));
                fflush(stdout);
            }
        }
    }
    close();
    return 0;
}
