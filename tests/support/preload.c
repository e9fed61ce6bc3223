/* Preloaded into a test's child process: another time, and files that hang. */

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* LUMA_TEST_CLOCK: the time that the clock shows, in seconds since 1970. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
    const char *seconds = getenv("LUMA_TEST_CLOCK");
    long result = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME && seconds != NULL) {
        now->tv_sec = atoll(seconds);
    }
    return (int)result;
}

/* LUMA_TEST_HANGS: asking about this file hangs, as on a network drive whose server is down.
 * Declared here, because the system's declaration promises a path, and Rust passes NULL to see if
 * it works. */
int statx(int folder, const char *path, int flags, unsigned int mask, void *out);

int statx(int folder, const char *path, int flags, unsigned int mask, void *out)
{
    const char *hangs = getenv("LUMA_TEST_HANGS");
    if (path != NULL && hangs != NULL && strcmp(path, hangs) == 0) {
        sleep(600);
    }
    return (int)syscall(SYS_statx, folder, path, flags, mask, out);
}
