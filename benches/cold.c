/*
 * Measures the first call of a process.
 *
 *   cold ROUNDS PROGRAM ...
 *
 * Starts the programs in turn, each as `PROGRAM 1 first` (see client.h). Prints two medians for
 * each: the time from the start of the process to the end of its first call in microseconds, and
 * the peak memory in KiB.
 */
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ROUNDS 200
#define MAX_PROGRAMS 16

extern char **environ;

static uint64_t times[MAX_PROGRAMS][MAX_ROUNDS], peaks[MAX_PROGRAMS][MAX_ROUNDS];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void run(char *program, uint64_t *time, uint64_t *peak)
{
    char calls[] = "1", mode[] = "first", output[64] = "";
    char *arguments[] = {program, calls, mode, NULL};
    posix_spawn_file_actions_t actions;
    struct timespec now;
    struct rusage usage;
    int ends[2], status;
    pid_t child;

    if (pipe(ends))
        fail("pipe");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (posix_spawn(&child, program, &actions, NULL, arguments, environ))
        fail(program);
    close(ends[1]);
    posix_spawn_file_actions_destroy(&actions);
    if (read(ends[0], output, sizeof output - 1) <= 0 ||
        wait4(child, &status, 0, &usage) != child || status != 0)
        fail(program);
    close(ends[0]);
    *time = strtoull(output, NULL, 10) -
            ((uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
    *peak = (uint64_t)usage.ru_maxrss;
}

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, round;
    int programs = argc - 2, i;

    if (rounds == 0 || rounds > MAX_ROUNDS || programs < 1 || programs > MAX_PROGRAMS)
        return 2;
    for (round = 0; round < rounds; round++)
        for (i = 0; i < programs; i++)
            run(argv[i + 2], &times[i][round], &peaks[i][round]);
    for (i = 0; i < programs; i++) {
        qsort(times[i], rounds, sizeof times[i][0], compare);
        qsort(peaks[i], rounds, sizeof peaks[i][0], compare);
        printf("%.0f %llu\n", (double)times[i][rounds / 2] / 1000,
               (unsigned long long)peaks[i][rounds / 2]);
    }
    return 0;
}
