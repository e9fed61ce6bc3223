/*
 * Promise 2 on Unix: the host process may fork in every callback, exit while its threads call, call
 * from atexit handlers and from destructors of thread-specific data, have no standard streams, be
 * interrupted by timers, and have a clock that jumps. LUMA_URL and LUMA_TOKEN belong to a
 * simulator. The first argument is the number of rounds.
 */
#define _GNU_SOURCE
#include <luma.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define REQUEST "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}"
#define HANGING "{\"workflowIdentifier\":\"fault-hang\"}"
#define SECRET "0123456789abcdef"

static int is_jumping;

/* Replaces that of the C library: in this program, the time of day jumps by years. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
    static unsigned random = 1;
    int result = (int)syscall(SYS_clock_gettime, clock, time);

    if (clock == CLOCK_REALTIME && READ(is_jumping))
        time->tv_sec += (long)(rand_r(&random) % 1000000000) - 500000000;
    return result;
}

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static luma_client *new_client(void)
{
    luma_client *client = NULL;

    CHECK(luma_client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client) == LUMA_OK);
    return client;
}

static int trigger(const luma_client *client)
{
    luma_result *result = NULL;
    int32_t status = luma_trigger_workflow_json(client, REQUEST, &result);

    if (status != LUMA_OK)
        fprintf(stderr, "%s\n", luma_result_message(result));
    luma_result_free(result);
    return status == LUMA_OK;
}

/* Runs a function in a child process. Returns its exit status, or -1 if a signal ended it. */
static int in_child(void (*run)(void))
{
    int status = -1;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        run();
        _exit(failed == 0 ? 0 : 1);
    }
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

/* The callback that forks once, and in which process we are. */
static enum { TOKEN, POLL, CLAIM, COMPLETE, LOG, FREE, CALLBACKS } forking;
static int is_child, has_forked, child_status;

static void fork_in(int callback)
{
    pid_t child;

    if (is_child || has_forked || callback != (int)forking)
        return;
    has_forked = 1;
    fflush(NULL);
    child = fork();
    is_child = child == 0;
    if (!is_child)
        CHECK(waitpid(child, &child_status, 0) == child);
}

static size_t get_token(char *buffer, size_t size, void *user_data)
{
    fork_in(TOKEN);
    (void)user_data;
    snprintf(buffer, size, "%s", getenv("LUMA_TOKEN"));
    return strlen(buffer);
}

static int32_t on_poll(const luma_result *result, void *user_data)
{
    (void)result;
    (void)user_data;
    fork_in(POLL);
    return 0;
}

static int32_t claim(const char *key, const char *digest, const char *intent_json, char *trigger_id,
                     size_t size, void *user_data)
{
    (void)key;
    (void)digest;
    (void)intent_json;
    (void)trigger_id;
    (void)size;
    (void)user_data;
    fork_in(CLAIM);
    return LUMA_CLAIM_GRANTED;
}

static int32_t complete(const char *key, int32_t outcome, const char *trigger_id, void *user_data)
{
    (void)key;
    (void)outcome;
    (void)trigger_id;
    (void)user_data;
    fork_in(COMPLETE);
    return 0;
}

static void on_line(int32_t level, const char *line, void *user_data)
{
    (void)level;
    (void)line;
    (void)user_data;
    fork_in(LOG);
}

static void on_free(void *user_data)
{
    (void)user_data;
    fork_in(FREE);
}

/* Makes a trigger with a store and a wait, both with a client that has all callbacks. In the child,
 * everything from the fork on is cancelled, and nothing is sent. */
static void use_all_callbacks(void)
{
    luma_config *config = NULL;
    luma_client *client = NULL;
    luma_trigger_request *request = NULL;
    luma_result *run = NULL, *end = NULL;
    int32_t status, outcome, is_right;

    has_forked = 0;
    child_status = -1;
    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_DEBUG, on_line, NULL, on_free) == LUMA_OK);
    CHECK(luma_config_set_token_provider_with_free(config, get_token, NULL, on_free) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_config_free(config);
    CHECK(luma_trigger_request_new("unlock_account", &request) == LUMA_OK);
    CHECK(luma_trigger_request_set_variable(request, "userName", "forks") == LUMA_OK);
    status = luma_trigger_workflow_once_with_store(client, claim, complete, NULL, SECRET SECRET,
                                                   "key", request, &run);
    luma_trigger_request_free(request);
    if (is_child) {
        outcome = luma_result_outcome(run);
        /* The fork in complete() comes after the response. */
        is_right = forking == COMPLETE ? status == LUMA_OK || status == LUMA_ERROR_CANCELLED
                                       : status == LUMA_ERROR_CANCELLED;
        if (!is_right)
            fprintf(stderr, "fork in callback %d: status %d, outcome %d: %s\n", (int)forking,
                    status, outcome, luma_result_message(run));
        luma_result_free(run);
        luma_client_free(client);
        _exit(is_right ? 0 : 1);
    }
    CHECK(status == LUMA_OK);
    status = luma_wait_for_workflow(client, luma_result_trigger_id(run), 60000, on_poll, NULL,
                                    &end);
    if (is_child && status != LUMA_ERROR_CANCELLED)
        fprintf(stderr, "fork in callback %d: status %d\n", (int)forking, status);
    luma_result_free(run);
    luma_result_free(end);
    luma_client_free(client);
    if (is_child)
        _exit(forking == FREE || status == LUMA_ERROR_CANCELLED ? 0 : 1);
    CHECK(status == LUMA_OK);
    CHECK(has_forked && child_status == 0);
}

static void fork_in_every_callback(void)
{
    int callback;

    for (callback = TOKEN; callback < CALLBACKS; callback++) {
        forking = callback;
        use_all_callbacks();
    }
}

static luma_client *exiting, *busy;
static int hanging, repeated; /* calls that have begun */

static void count_begun(int32_t level, const char *line, void *begun)
{
    (void)level;
    if (strstr(line, "on a ") != NULL)
        INCREMENT(*(int *)begun);
}

static void exit_in_log(int32_t level, const char *line, void *user_data)
{
    (void)level;
    (void)line;
    (void)user_data;
    exit(7);
}

static luma_client *logging_client(luma_log_fn log, void *user_data)
{
    luma_config *config = NULL;
    luma_client *client = NULL;

    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_log(config, LUMA_LOG_DEBUG, log, user_data) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_config_free(config);
    return client;
}

static void *hang(void *unused)
{
    luma_result *result = NULL;

    (void)unused;
    luma_trigger_workflow_json(exiting, HANGING, &result);
    luma_result_free(result);
    return NULL;
}

static void *repeat(void *unused)
{
    luma_result *result = NULL;

    (void)unused;
    for (;;) {
        luma_trigger_workflow_json(busy, REQUEST, &result);
        luma_result_free(result);
    }
    return NULL;
}

/* Calls while the process ends, and frees a client whose calls are in progress. The other client is
   only closed: its threads begin further calls, which must not use freed memory. */
static void at_exit(void)
{
    luma_client *client = new_client();

    if (!trigger(client) || failed != 0)
        _exit(1);
    luma_client_free(client);
    luma_client_free(exiting);
    luma_client_close(busy);
}

static void exit_while_threads_call(void)
{
    pthread_t thread;
    int i;

    atexit(at_exit);
    exiting = logging_client(count_begun, &hanging);
    busy = logging_client(count_begun, &repeated);
    for (i = 0; i < 6; i++)
        pthread_create(&thread, NULL, i < 3 ? hang : repeat, NULL);
    while (READ(hanging) < 3 || READ(repeated) < 3)
        usleep(1000);
    exit(7);
}

static void exit_in_a_callback(void)
{
    atexit(at_exit);
    exiting = logging_client(exit_in_log, NULL);
    trigger(exiting);
    _exit(1);
}

static pthread_key_t key;
static int destructor_calls;

static void use_in_destructor(void *client)
{
    /* The thread-local variables of the library may be gone already. */
    CHECK(trigger((luma_client *)client));
    if (++destructor_calls % 3 != 0)
        pthread_setspecific(key, client);
    else
        luma_client_free((luma_client *)client);
}

static void *end_with_a_client(void *is_used)
{
    luma_client *client = new_client();

    if (is_used != NULL)
        CHECK(trigger(client));
    pthread_setspecific(key, client);
    return NULL;
}

static void call_in_destructors(void)
{
    int i;

    CHECK(pthread_key_create(&key, use_in_destructor) == 0);
    for (i = 0; i < 2; i++) {
        pthread_t thread;

        destructor_calls = 0;
        CHECK(pthread_create(&thread, NULL, end_with_a_client, i ? &key : NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        CHECK(destructor_calls == 3);
    }
    pthread_key_delete(key);
}

/* No socket may take their numbers: what the host prints would be sent. */
static void have_no_standard_streams(void)
{
    luma_client *client;
    luma_result *result = NULL;
    int number, before;

    for (number = 0; number < 3; number++)
        close(number);
    before = descriptors();
    client = new_client();
    for (number = 0; number < 3; number++) {
        CHECK(trigger(client));
        CHECK(fcntl(number, F_GETFD) == -1);
    }
    CHECK(luma_trigger_workflow_json(client, "{", &result) != LUMA_OK);
    luma_result_free(result);
    luma_client_free(client);
    CHECK(descriptors() == before);
}

static void on_alarm(int number)
{
    (void)number;
}

static void *call_often(void *client)
{
    size_t right = 0;
    int i;

    for (i = 0; i < 50; i++)
        right += (size_t)trigger((luma_client *)client);
    return (void *)right;
}

/* A timer interrupts every system call, 5,000 times per second. */
static void be_interrupted(void)
{
    struct itimerval timer = {{0, 200}, {0, 200}}, none = {{0, 0}, {0, 0}};
    struct sigaction action;
    luma_client *client = new_client();
    luma_result *run = NULL, *end = NULL;
    pthread_t threads[2];
    int i;

    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm; /* without SA_RESTART */
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    for (i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, call_often, client);
    CHECK(luma_trigger_workflow_json(client, REQUEST, &run) == LUMA_OK);
    CHECK(luma_wait_for_workflow(client, luma_result_trigger_id(run), 60000, NULL, NULL, &end) ==
          LUMA_OK);
    for (i = 0; i < 2; i++) {
        void *right = NULL;

        while (pthread_join(threads[i], &right) != 0)
            ;
        CHECK((size_t)right == 50);
    }
    setitimer(ITIMER_REAL, &none, NULL);
    luma_result_free(run);
    luma_result_free(end);
    luma_client_free(client);
}

/* Timeouts, pauses and the age of connections do not depend on the time of day. */
static void have_a_clock_that_jumps(void)
{
    luma_client *client, *hurried = NULL;
    luma_result *run = NULL, *end = NULL, *late = NULL;
    long start;
    int i;

    SET(is_jumping, 1);
    client = new_client();
    for (i = 0; i < 20; i++)
        CHECK(trigger(client));
    CHECK(luma_trigger_workflow_json(client, REQUEST, &run) == LUMA_OK);
    CHECK(luma_wait_for_workflow(client, luma_result_trigger_id(run), 60000, NULL, NULL, &end) ==
          LUMA_OK);
    CHECK(luma_client_with_timeout_ms(client, 300, &hurried) == LUMA_OK);
    start = now_ms();
    CHECK(luma_trigger_workflow_json(hurried, HANGING, &late) == LUMA_ERROR_RESPONSE_TIMEOUT);
    /* A loaded machine may be late, but not by the years of a jump. */
    CHECK(now_ms() - start >= 300 && now_ms() - start < 20000);
    luma_result_free(run);
    luma_result_free(end);
    luma_result_free(late);
    luma_client_free(hurried);
    luma_client_free(client);
    SET(is_jumping, 0);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 1, before, i;

    for (i = 0; i < rounds; i++) {
        before = descriptors();
        fork_in_every_callback();
        CHECK(in_child(exit_while_threads_call) == 7);
        CHECK(in_child(exit_in_a_callback) == 7);
        call_in_destructors();
        CHECK(in_child(have_no_standard_streams) == 0);
        be_interrupted();
        have_a_clock_that_jumps();
        CHECK(descriptors() == before);
    }
    return closing_line();
}
