/*
 * Promise 2: many threads share a client and a result while signals interrupt their system calls
 * and the token is replaced again and again. LUMA_URL and LUMA_TOKEN belong to a simulator.
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define THREADS 8
#define CALLS 25

static luma_client *client;
static const luma_result *shared;
static int is_done;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void on_signal(int number)
{
    (void)number;
}

/* Returns the number of calls that succeeded. */
static void *work(void *unused)
{
    size_t right = 0;
    int i;

    (void)unused;
    for (i = 0; i < CALLS; i++) {
        luma_result *result = NULL;
        int32_t status = luma_trigger_workflow_json(
            client,
            "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}",
            &result);

        right += status == LUMA_OK && strlen(luma_result_trigger_id(result)) == 36 &&
                 strcmp(luma_result_string(shared, "/status"), "Success") == 0 &&
                 luma_result_message(shared)[0] != '\0';
        if (status != LUMA_OK)
            fprintf(stderr, "%s\n", luma_result_message(result));
        luma_result_free(result);
    }
    return (void *)right;
}

static void block_signal(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

static int get_done(void)
{
    int done;

    pthread_mutex_lock(&lock);
    done = is_done;
    pthread_mutex_unlock(&lock);
    return done;
}

/* Interrupts the other threads: no call may fail with EINTR, or send half a token. */
static void *interrupt(void *unused)
{
    struct timespec pause = {0, 500000};
    size_t replaced = 0;

    (void)unused;
    block_signal();
    while (!get_done()) {
        kill(getpid(), SIGUSR1);
        replaced += luma_client_set_access_token(client, getenv("LUMA_TOKEN")) == LUMA_OK;
        nanosleep(&pause, NULL);
    }
    return (void *)replaced;
}

int main(void)
{
    struct sigaction action;
    pthread_t threads[THREADS], interrupter;
    luma_result *result = NULL;
    void *right;
    int i;

    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal; /* without SA_RESTART */
    sigaction(SIGUSR1, &action, NULL);

    CHECK(luma_client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client) == LUMA_OK);
    CHECK(luma_trigger_workflow_json(
              client,
              "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}",
              &result) == LUMA_OK);
    shared = result;
    for (i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, work, NULL);
    block_signal(); /* so that the threads above get them */
    pthread_create(&interrupter, NULL, interrupt, NULL);
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &right);
        CHECK((size_t)right == CALLS);
    }
    pthread_mutex_lock(&lock);
    is_done = 1;
    pthread_mutex_unlock(&lock);
    pthread_join(interrupter, &right);
    CHECK((size_t)right > 0);
    luma_result_free(result);
    luma_client_free(client);
    return closing_line();
}
