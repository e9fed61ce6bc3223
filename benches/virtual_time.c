/*
 * Preloaded, it makes time pass only while a thread sleeps: a sleep returns at once and moves the
 * clocks forward.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>
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

/* A thread that waits until it is woken, or until a time: nobody is there to wake it. */
static int is_timed_wait(long number, const long *arguments)
{
    return number == SYS_futex && (arguments[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET &&
           arguments[3] != 0;
}

long syscall(long number, ...)
{
    static long (*real)(long, ...);
    long arguments[6];
    va_list list;
    int i;

    va_start(list, number);
    for (i = 0; i < 6; i++)
        arguments[i] = va_arg(list, long);
    va_end(list);
    if (is_timed_wait(number, arguments)) {
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, (const struct timespec *)arguments[3], NULL);
        errno = ETIMEDOUT;
        return -1;
    }
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "syscall");
    return real(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
                arguments[5]);
}
