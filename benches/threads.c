/*
 * Triggers from many threads at once.
 *
 *   threads THREADS CLIENTS CALLS
 *
 * The threads share the clients, and each makes CALLS calls. Prints the calls per second of all
 * threads.
 */
#include <luma.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "client.h"
#include "luma_client.h"

#define MAX_THREADS 64
#define WARM_UP 50

static pthread_barrier_t start, end;
static long calls;
static double started, ended;

static void trigger(const luma_client *client)
{
    luma_trigger_request *request = NULL;
    luma_result *result = NULL;

    luma_trigger_request_new("reset_password", &request);
    luma_trigger_request_set_variable(request, "userName", "jdoe");
    if (luma_trigger_workflow(client, request, &result) != LUMA_OK)
        fail(luma_result_message(result));
    luma_result_free(result);
    luma_trigger_request_free(request);
}

static double seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void *run(void *client)
{
    long i;

    for (i = 0; i < WARM_UP; i++)
        trigger(client);
    /* The last thread to arrive takes the time: main() may be scheduled much later. */
    if (pthread_barrier_wait(&start) == PTHREAD_BARRIER_SERIAL_THREAD)
        started = seconds();
    for (i = 0; i < calls; i++)
        trigger(client);
    if (pthread_barrier_wait(&end) == PTHREAD_BARRIER_SERIAL_THREAD)
        ended = seconds();
    return NULL;
}

int main(int argc, char **argv)
{
    long threads = argc == 4 ? strtol(argv[1], NULL, 10) : 0, i;
    long clients = argc == 4 ? strtol(argv[2], NULL, 10) : 0;
    luma_client *client[MAX_THREADS];
    pthread_t thread[MAX_THREADS];

    if (threads < 1 || threads > MAX_THREADS || clients < 1 || clients > threads)
        fail("threads THREADS CLIENTS CALLS");
    calls = strtol(argv[3], NULL, 10);
    pthread_barrier_init(&start, NULL, (unsigned)threads);
    pthread_barrier_init(&end, NULL, (unsigned)threads);
    for (i = 0; i < clients; i++)
        client[i] = new_client();
    for (i = 0; i < threads; i++)
        pthread_create(&thread[i], NULL, run, client[i % clients]);
    for (i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    printf("%.0f\n", (double)(threads * calls) / (ended - started));
    for (i = 0; i < clients; i++)
        luma_client_free(client[i]);
    return 0;
}
