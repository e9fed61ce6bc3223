/* How a thread of the program talks to the test, see calls.c. */
#ifndef CALLS_H
#define CALLS_H

/* From now on, this thread asks the test at each call. `path` is that of the test's socket. */
void control(const char *path);

/* Sends a line to the test. */
void say(const char *text);

#endif
