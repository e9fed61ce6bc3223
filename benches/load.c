/*
 * Measures how long a library takes to load.
 *
 *   load ROUNDS LIBRARY ...
 *
 * Loads the libraries in turn, each in a new process. Prints the median of each in microseconds.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ROUNDS 200
#define MAX_LIBRARIES 8

static double times[MAX_LIBRARIES][MAX_ROUNDS];

static double microseconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double load(const char *library)
{
    double taken = 0;
    int ends[2], status = 1;
    pid_t child;

    if (pipe(ends) || (child = fork()) < 0)
        exit(1);
    if (child == 0) {
        taken = microseconds();
        if (!dlopen(library, RTLD_NOW)) {
            fprintf(stderr, "%s\n", dlerror());
            _exit(1);
        }
        taken = microseconds() - taken;
        _exit(write(ends[1], &taken, sizeof taken) != sizeof taken);
    }
    if (waitpid(child, &status, 0) != child || status != 0 ||
        read(ends[0], &taken, sizeof taken) != sizeof taken)
        exit(1);
    close(ends[0]);
    close(ends[1]);
    return taken;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, round;
    int libraries = argc - 2, i;

    if (rounds == 0 || rounds > MAX_ROUNDS || libraries < 1 || libraries > MAX_LIBRARIES)
        return 2;
    for (round = 0; round < rounds; round++)
        for (i = 0; i < libraries; i++)
            times[i][round] = load(argv[i + 2]);
    for (i = 0; i < libraries; i++) {
        qsort(times[i], rounds, sizeof times[i][0], compare);
        printf("%.0f\n", times[i][rounds / 2]);
    }
    return 0;
}
