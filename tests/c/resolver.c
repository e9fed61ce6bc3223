/*
 * Promise 2: a slow name server costs one thread, however many calls wait for it; and a name with
 * several addresses is usable while one of them responds. This program is its own name server: its
 * getaddrinfo replaces libc's. LUMA_URL belongs to a simulator at 127.0.0.1, and names it
 * `gateway.test`. At the same port, nothing responds at 127.0.0.2, and nothing listens elsewhere.
 */
#define _DEFAULT_SOURCE
#include <luma.h>

#include <arpa/inet.h>
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
static int running, most_running; /* lookups at the same time */
static const char *addresses[8] = {"127.0.0.1"}; /* up to the first NULL */

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
    struct addrinfo **next = list;
    sigset_t blocked;
    size_t i;
    int fails;

    (void)service;
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    pthread_mutex_lock(&lock);
    INCREMENT(lookups);
    running++;
    if (running > READ(most_running))
        SET(most_running, running);
    if (!sigismember(&blocked, SIGTERM) || !sigismember(&blocked, SIGALRM) ||
        sigismember(&blocked, SIGSEGV))
        INCREMENT(signals_arrived);
    pthread_mutex_unlock(&lock);
    sleep_ms(READ(delay_ms));
    pthread_mutex_lock(&lock);
    running--;
    pthread_mutex_unlock(&lock);
    fails = READ(failure);
    if (fails != 0 || strcmp(node, "gateway.test") != 0)
        return fails != 0 ? fails : EAI_NONAME;
    for (i = 0; addresses[i] != NULL; i++) {
        struct addrinfo *info = calloc(1, sizeof *info);
        struct sockaddr_in *v4 = calloc(1, sizeof *v4);
        struct sockaddr_in6 *v6 = calloc(1, sizeof *v6);

        info->ai_socktype = hints != NULL ? hints->ai_socktype : SOCK_STREAM;
        if (inet_pton(AF_INET, addresses[i], &v4->sin_addr) == 1) {
            info->ai_family = v4->sin_family = AF_INET;
            info->ai_addr = (struct sockaddr *)v4;
            info->ai_addrlen = sizeof *v4;
            free(v6);
        } else {
            CHECK(inet_pton(AF_INET6, addresses[i], &v6->sin6_addr) == 1);
            info->ai_family = v6->sin6_family = AF_INET6;
            info->ai_addr = (struct sockaddr *)v6;
            info->ai_addrlen = sizeof *v6;
            free(v4);
        }
        *next = info;
        next = &info->ai_next;
    }
    return 0;
}

void freeaddrinfo(struct addrinfo *info)
{
    while (info != NULL) {
        struct addrinfo *next = info->ai_next;

        free(info->ai_addr);
        free(info);
        info = next;
    }
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

    SET(lookups, 0);
    SET(delay_ms, 2000); /* so that all threads have called before it ends, on a busy machine too */
    for (i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, trigger, client);
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &is_accepted);
        CHECK(is_accepted != NULL);
    }
    CHECK(READ(lookups) == 1);
    luma_client_free(client);
}

static void a_retry_waits_for_the_lookup_in_progress(void)
{
    luma_client *client = new_client(500, 60000);

    SET(lookups, 0);
    SET(delay_ms, 900);
    CHECK(trigger(client) != NULL);
    CHECK(READ(lookups) == 1);
    luma_client_free(client);
}

static void a_failure_is_not_kept(void)
{
    luma_client *client = new_client(60000, 60000);
    luma_result *result = NULL;

    SET(lookups, 0);
    SET(delay_ms, 0);
    SET(failure, EAI_NONAME);
    CHECK(luma_get_workflow_history(client, "x", &result) == LUMA_ERROR_DNS);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    CHECK(READ(lookups) == luma_result_attempts(result));
    luma_result_free(result);
    SET(failure, 0);
    CHECK(trigger(client) != NULL);
    luma_client_free(client);
}

static void many_calls_that_time_out_share_a_lookup(void)
{
    luma_client *client = new_client(50, 50);
    luma_result *result = NULL;
    int i;

    SET(lookups, 0);
    SET(most_running, 0);
    SET(delay_ms, 1500);
    for (i = 0; i < 10; i++) {
        CHECK(luma_get_workflow_history(client, "x", &result) == LUMA_ERROR_CONNECT_TIMEOUT);
        luma_result_free(result);
    }
    CHECK(READ(lookups) == 1 && READ(most_running) == 1);
    sleep_ms(READ(delay_ms) + 500);
    luma_client_free(client);
}

/* A lookup whose calls have all timed out: whether a later call uses what it found. */
static void an_answer_outlives_the_call_that_asked_for_it_and_a_failure_does_not(int fails)
{
    luma_client *client = new_client(1000, 1000);
    luma_result *result = NULL;

    SET(lookups, 0);
    SET(delay_ms, 1200);
    SET(failure, fails ? EAI_AGAIN : 0);
    CHECK(luma_get_workflow_history(client, "x", &result) == LUMA_ERROR_CONNECT_TIMEOUT);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    luma_result_free(result);
    sleep_ms(1000);
    SET(delay_ms, 0);
    SET(failure, 0);
    CHECK(trigger(client) != NULL);
    CHECK(READ(lookups) == (fails ? 2 : 1));
    luma_client_free(client);
}

static void set_addresses(const char *first, const char *second, const char *third)
{
    addresses[0] = first;
    addresses[1] = second;
    addresses[2] = third;
}

/* Triggers on a new connection. Returns how long connecting took, in milliseconds. */
static int64_t connecting_ms(luma_client *client)
{
    luma_result *result = NULL;
    int64_t took;

    luma_trigger_workflow_json(
        client, "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}",
        &result);
    if (luma_result_outcome(result) != LUMA_OUTCOME_ACCEPTED)
        fprintf(stderr, "%s\n", luma_result_message(result));
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_ACCEPTED);
    CHECK(luma_result_connection_reused(result) == 0);
    took = luma_result_timing_us(result, LUMA_TIMING_CONNECT) / 1000;
    luma_result_free(result);
    CHECK(luma_client_cancel(client) == LUMA_OK); /* closes the connection */
    return took;
}

static void a_dead_address_costs_a_quarter_second_once(void)
{
    int is_in_time = 0;
    int i;

    set_addresses("127.0.0.2", "127.0.0.1", NULL);
    /* A loaded machine may be late, but not every time. */
    for (i = 0; i < 5 && !is_in_time; i++) {
        luma_client *client = new_client(60000, 60000);
        int64_t first = connecting_ms(client);
        int64_t second = connecting_ms(client); /* tries the address that worked first */

        CHECK(first >= 250);
        is_in_time = first < 400 && second < 250;
        luma_client_free(client);
    }
    CHECK(is_in_time);
}

static void refused_and_unreachable_addresses_are_skipped(void)
{
    luma_client *client = new_client(60000, 60000);

    set_addresses("127.0.0.3", "255.255.255.255", "127.0.0.1");
    CHECK(connecting_ms(client) < 5000);
    luma_client_free(client);
    /* The families alternate, so the third address is tried second. */
    client = new_client(60000, 60000);
    set_addresses("127.0.0.2", "127.0.0.2", "::1");
    addresses[3] = "127.0.0.1";
    CHECK(connecting_ms(client) < 5000);
    addresses[3] = NULL;
    luma_client_free(client);
}

static void a_message_names_every_address(void)
{
    luma_client *client = new_client(700, 700);
    luma_result *result = NULL;

    set_addresses("127.0.0.2", "127.0.0.3", NULL);
    CHECK(luma_get_workflow_history(client, "x", &result) == LUMA_ERROR_CONNECT_TIMEOUT);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    CHECK(strstr(luma_result_message(result), "ms expired while connecting to gateway.test") !=
          NULL);
    CHECK(strstr(luma_result_message(result), "127.0.0.3:") != NULL);
    CHECK(strstr(luma_result_message(result), "127.0.0.2:") != NULL);
    CHECK(strstr(luma_result_message(result), ": no response") != NULL);
    luma_result_free(result);
    luma_client_free(client);
    set_addresses("127.0.0.1", NULL, NULL);
}

static void a_child_does_not_wait_for_its_parents_lookup(void)
{
    luma_client *client = new_client(100, 100);
    luma_result *result = NULL;
    int status = 1;
    pid_t child;

    SET(delay_ms, 3000);
    CHECK(luma_get_workflow_history(client, "x", &result) == LUMA_ERROR_CONNECT_TIMEOUT);
    luma_result_free(result);
    child = fork();
    if (child == 0) {
        /* The parent's thread does not exist here: the name has to be resolved again. */
        SET(lookups, 0);
        SET(delay_ms, 0);
        luma_get_workflow_history(client, "x", &result);
        /* Killed, because valgrind would report the memory of the thread that does not exist. */
        if (READ(lookups) == 1)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    luma_client_free(client);
    sleep_ms(READ(delay_ms) + 500); /* until the abandoned lookups have ended, for valgrind */
}

int main(void)
{
    callers_share_a_lookup();
    a_retry_waits_for_the_lookup_in_progress();
    a_failure_is_not_kept();
    many_calls_that_time_out_share_a_lookup();
    an_answer_outlives_the_call_that_asked_for_it_and_a_failure_does_not(0);
    an_answer_outlives_the_call_that_asked_for_it_and_a_failure_does_not(1);
    a_dead_address_costs_a_quarter_second_once();
    refused_and_unreachable_addresses_are_skipped();
    a_message_names_every_address();
    a_child_does_not_wait_for_its_parents_lookup();
    CHECK(READ(signals_arrived) == 0);
    return closing_line();
}
