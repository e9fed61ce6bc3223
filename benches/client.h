/* Shared by the benchmark clients: the main function and the settings. */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

/*
 * The main function of a client. Its arguments, after the program's name:
 *
 *   CALLS         makes that many calls, for a tool that counts from outside
 *   CALLS time    the same after a warm-up; prints the median and the 99th percentile of the wall
 *                 time of a call, and its mean CPU time, in nanoseconds
 *   CALLS first   prints the monotonic clock in nanoseconds after the first call
 */
int run_client(int argc, char **argv, void (*open)(void), void (*call)(void), void (*close)(void));

/* Returns the value of an environment variable; ends the program if it is not set. */
const char *setting(const char *name);

/* Returns the URL for triggers, below BENCH_URL. */
const char *trigger_url(void);

/* Ends the program with a message. */
void fail(const char *message);

#endif
