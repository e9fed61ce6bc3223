/*
 * Preloaded, it makes time pass only while a thread sleeps: a sleep returns at once and moves the
 * clocks forward.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static long long slept;

static long long nanoseconds(const struct timespec *time)
{
    return time->tv_sec * 1000000000LL + time->tv_nsec;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    static int (*real)(clockid_t, struct timespec *);
    long long now;
    int result;

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    result = real(clock, time);
    now = nanoseconds(time) + slept;
    time->tv_sec = now / 1000000000;
    time->tv_nsec = now % 1000000000;
    return result;
}

int nanosleep(const struct timespec *duration, struct timespec *left)
{
    (void)left;
    slept += nanoseconds(duration);
    return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left)
{
    struct timespec now = {0};

    (void)left;
    if (flags == TIMER_ABSTIME)
        clock_gettime(clock, &now);
    slept += nanoseconds(time) - nanoseconds(&now);
    return 0;
}
