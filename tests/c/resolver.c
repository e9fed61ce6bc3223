/*
 * Promise 2: a slow name server costs one thread, however many calls wait for it. This program is
 * its own name server: its getaddrinfo replaces libc's. LUMA_URL belongs to a simulator, and names
 * it `gateway.test`.
 */
#define _DEFAULT_SOURCE
#include <luma.h>

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define THREADS 20

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int lookups; /* started so far */
static int signals_arrived; /* lookups that a signal could interrupt */
static long delay_ms;
static int failure; /* returned instead of an address */

static void sleep_ms(long ms)
{
    struct timespec pause;

    pause.tv_sec = ms / 1000;
    pause.tv_nsec = ms % 1000 * 1000000;
    nanosleep(&pause, NULL);
}

int getaddrinfo(const char *restrict node, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
    struct addrinfo *info = calloc(1, sizeof *info);
    struct sockaddr_in *address = calloc(1, sizeof *address);
    sigset_t blocked;

    (void)service;
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    pthread_mutex_lock(&lock);
    lookups++;
    signals_arrived += !sigismember(&blocked, SIGTERM) || !sigismember(&blocked, SIGALRM) ||
                       sigismember(&blocked, SIGSEGV);
    pthread_mutex_unlock(&lock);
    sleep_ms(delay_ms);
    if (failure != 0 || strcmp(node, "gateway.test") != 0) {
        free(info);
        free(address);
        return failure != 0 ? failure : EAI_NONAME;
    }
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    info->ai_family = AF_INET;
    info->ai_socktype = hints != NULL ? hints->ai_socktype : SOCK_STREAM;
    info->ai_addr = (struct sockaddr *)address;
    info->ai_addrlen = sizeof *address;
    *list = info;
    return 0;
}

void freeaddrinfo(struct addrinfo *info)
{
    free(info->ai_addr);
    free(info);
}

static luma_client *new_client(int64_t connect_timeout_ms, int64_t timeout_ms)
{
    luma_config *config = NULL;
    luma_client *client = NULL;

    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_allow_http(config, 1) == LUMA_OK);
    CHECK(luma_config_set_proxy(config, "direct") == LUMA_OK);
    CHECK(luma_config_set_connect_timeout_ms(config, connect_timeout_ms) == LUMA_OK);
    CHECK(luma_config_set_timeout_ms(config, timeout_ms) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_config_free(config);
    return client;
}

static void *trigger(void *client)
{
    luma_result *result = NULL;
    size_t is_accepted;

    luma_trigger_workflow_json(
        client, "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}",
        &result);
    is_accepted = luma_result_outcome(result) == LUMA_OUTCOME_ACCEPTED;
    if (!is_accepted)
        fprintf(stderr, "%s\n", luma_result_message(result));
    luma_result_free(result);
    return (void *)is_accepted;
}

static void callers_share_a_lookup(void)
{
    luma_client *client = new_client(60000, 60000);
    pthread_t threads[THREADS];
    void *is_accepted;
    int i;

    lookups = 0;
    delay_ms = 2000; /* so that all threads have called before it ends, on a busy machine too */
    for (i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, trigger, client);
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &is_accepted);
        CHECK(is_accepted != NULL);
    }
    CHECK(lookups == 1);
    luma_client_free(client);
}

static void a_retry_waits_for_the_lookup_in_progress(void)
{
    luma_client *client = new_client(500, 60000);

    lookups = 0;
    delay_ms = 900;
    CHECK(trigger(client) != NULL);
    CHECK(lookups == 1);
    luma_client_free(client);
}

static void a_failure_is_not_kept(void)
{
    luma_client *client = new_client(60000, 60000);
    luma_result *result = NULL;

    lookups = 0;
    delay_ms = 0;
    failure = EAI_NONAME;
    CHECK(luma_get_workflow_history(client, "x", &result) == LUMA_ERROR_DNS);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    CHECK(lookups == luma_result_attempts(result));
    luma_result_free(result);
    failure = 0;
    CHECK(trigger(client) != NULL);
    luma_client_free(client);
}

static void a_child_does_not_wait_for_its_parents_lookup(void)
{
    luma_client *client = new_client(100, 100);
    luma_result *result = NULL;
    int status = 1;
    pid_t child;

    delay_ms = 3000;
    CHECK(luma_get_workflow_history(client, "x", &result) == LUMA_ERROR_CONNECT_TIMEOUT);
    luma_result_free(result);
    child = fork();
    if (child == 0) {
        /* The parent's thread does not exist here: the name has to be resolved again. */
        lookups = 0;
        delay_ms = 0;
        luma_get_workflow_history(client, "x", &result);
        /* Killed, because valgrind would report the memory of the thread that does not exist. */
        if (lookups == 1)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    luma_client_free(client);
    sleep_ms(delay_ms + 500); /* until the abandoned lookups have ended, for valgrind */
}

int main(void)
{
    callers_share_a_lookup();
    a_retry_waits_for_the_lookup_in_progress();
    a_failure_is_not_kept();
    a_child_does_not_wait_for_its_parents_lookup();
    CHECK(signals_arrived == 0);
    return closing_line();
}
