/* Preloaded into a test's child process: another time, files that hang, and a lack of threads. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
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

/* LUMA_TEST_NO_THREADS: no thread with a stack of 512 KiB, as libluma starts them, can be started.
 */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                   void *argument)
{
    int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    size_t stack = 0;

    if (getenv("LUMA_TEST_NO_THREADS") != NULL && attributes != NULL &&
        pthread_attr_getstacksize(attributes, &stack) == 0 && stack == 512 * 1024) {
        return EAGAIN;
    }
    *(void **)&create = dlsym(RTLD_NEXT, "pthread_create");
    return create(thread, attributes, body, argument);
}
