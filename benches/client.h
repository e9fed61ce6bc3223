/*
 * What the clients of the benchmarks have in common: they make a number of calls, and are counted
 * from outside or time themselves.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

/*
 * The main function of a client. Its arguments, after the program's name:
 *
 *   CALLS         makes that many calls
 *   CALLS time    the same behind some to warm up; prints the median and the 99th percentile of the
 *                 time of a call and the processor's time per call, in nanoseconds
 *   CALLS first   prints the time of the monotonic clock, in nanoseconds, once the first has ended
 */
int run_client(int argc, char **argv, void (*open)(void), void (*call)(void), void (*close)(void));

/* An environment variable that has to be there. */
const char *setting(const char *name);

/* Where a trigger goes: below BENCH_URL. */
const char *trigger_url(void);

/* Ends the program with a message. */
void fail(const char *message);

#endif
