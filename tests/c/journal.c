/*
 * The journal through the C ABI: once per key, in several processes, after a fork, after a kill,
 * and when the disk is full. LUMA_URL and LUMA_TOKEN belong to a gateway; the argument is the
 * folder of the new journal. Prints the number of requests that must have been delivered.
 */
#define _GNU_SOURCE
#include <luma.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static luma_client *client;
static luma_journal *journal;
static luma_trigger_request *request;
static int deliveries;

static char folder[512];

static luma_client *new_client(luma_log_fn log)
{
    luma_config *config = NULL;
    luma_client *created = NULL;

    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    if (log != NULL)
        CHECK(luma_config_set_log(config, LUMA_LOG_DEBUG, log, NULL) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &created) == LUMA_OK);
    luma_config_free(config);
    return created;
}

static int32_t once(const luma_client *with, const char *key, int is_recorded)
{
    luma_result *result = NULL;
    int32_t status = luma_trigger_workflow_once(with, journal, key, request, &result);

    CHECK(luma_result_status(result) == status);
    CHECK(luma_result_journal_recorded(result) == is_recorded);
    if (status == LUMA_OK || status == LUMA_ALREADY_ACCEPTED) {
        CHECK(luma_result_outcome(result) == LUMA_OUTCOME_ACCEPTED);
        CHECK(strlen(luma_result_trigger_id(result)) > 0);
    } else if (is_recorded) {
        fprintf(stderr, "%s: %s\n", key, luma_result_message(result));
    }
    luma_result_free(result);
    return status;
}

static int32_t find(const char *key, char *state)
{
    luma_result *result = NULL;
    int32_t status = luma_journal_find(journal, key, &result);

    strcpy(state, luma_result_string(result, "/state"));
    if (status == LUMA_OK)
        CHECK(strcmp(luma_result_journal_key(result), key) == 0);
    luma_result_free(result);
    return status;
}

/* Everything about one key. */
static void check_one_key(void)
{
    luma_result *result = NULL, *other = NULL;
    char state[32];

    CHECK(once(client, "one", 1) == LUMA_OK);
    deliveries++;
    CHECK(once(client, "one", 1) == LUMA_ALREADY_ACCEPTED);
    CHECK(find("one", state) == LUMA_OK && strcmp(state, "ACCEPTED") == 0);
    CHECK(luma_journal_unfinished(journal, &result) == LUMA_OK);
    CHECK(luma_result_journal_count(result) == 1);
    CHECK(strcmp(luma_result_string(result, "/entries/0/key"), "one") == 0);
    luma_result_free(result);
    CHECK(luma_journal_resolve(journal, "one", NULL, "me", "x", &result) == LUMA_ERROR_KEY_STATE);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    luma_result_free(result);
    CHECK(luma_journal_acknowledge(journal, "one", &result) == LUMA_OK);
    CHECK(luma_result_journal_time_ms(result) > 0);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_ACCEPTED);
    luma_result_free(result);
    CHECK(luma_journal_new_attempt(journal, "one", "me", "again", &result) == LUMA_OK);
    luma_result_free(result);
    CHECK(once(client, "one", 1) == LUMA_OK);
    deliveries++;
    CHECK(luma_journal_acknowledge(journal, "one", &other) == LUMA_OK);
    luma_result_free(other);
    CHECK(luma_journal_prune(journal, -1, &result) == LUMA_ERROR_JOURNAL_AGE);
    luma_result_free(result);
    CHECK(luma_journal_prune(journal, 0, &result) == LUMA_OK);
    CHECK(luma_result_journal_count(result) == 1);
    luma_result_free(result);
    CHECK(find("one", state) == LUMA_ERROR_KEY_NOT_FOUND);
}

/* Runs in a child process, and returns its exit code. */
static int in_child(int (*body)(void))
{
    pid_t child;
    int status = 0;

    fflush(NULL);
    child = fork();
    if (child == 0)
        _exit(body());
    CHECK(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int race(void)
{
    luma_client *own = new_client(NULL);
    char key[32];
    int i, accepted = 0;

    for (i = 0; i < 20; i++) {
        int32_t status;

        sprintf(key, "race %d", i);
        status = once(own, key, 1);
        accepted += status == LUMA_OK;
        if (status != LUMA_OK && status != LUMA_ALREADY_ACCEPTED &&
            status != LUMA_ERROR_KEY_IN_PROGRESS)
            return 100;
    }
    luma_client_free(own);
    return accepted;
}

static void check_processes(void)
{
    pid_t children[4];
    int i, status, accepted = 0;

    fflush(NULL);
    for (i = 0; i < 4; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(race());
    }
    for (i = 0; i < 4; i++) {
        CHECK(waitpid(children[i], &status, 0) == children[i] && WIFEXITED(status));
        accepted += WEXITSTATUS(status);
    }
    CHECK(accepted == 20);
    deliveries += 20;
}

static void kill_at_intent(int32_t level, const char *line, void *user_data)
{
    (void)level;
    (void)user_data;
    if (strstr(line, "triggering") != NULL)
        raise(SIGKILL);
}

static int die_in_call(void)
{
    luma_client *own = new_client(kill_at_intent);

    return (int)once(own, "killed", 1);
}

static pid_t survivor;

static void fork_in_call(int32_t level, const char *line, void *user_data)
{
    (void)level;
    (void)user_data;
    if (strstr(line, "triggering") == NULL)
        return;
    survivor = fork();
    if (survivor == 0) {
        /* Lives on, and must not keep the lock. */
        close(0);
        close(1);
        close(2);
        sleep(30);
        _exit(0);
    }
    raise(SIGKILL);
}

static int die_and_leave_a_child(void)
{
    luma_client *own = new_client(fork_in_call);

    return (int)once(own, "orphan", 1);
}

static void fork_and_go_on(int32_t level, const char *line, void *user_data)
{
    (void)level;
    (void)user_data;
    if (strstr(line, "triggering") != NULL && survivor == -1)
        survivor = fork();
}

static void check_forks(void)
{
    char state[32];
    luma_client *own = new_client(fork_and_go_on);
    luma_result *result = NULL;
    int32_t status;
    int child = 0, tries;

    /* The process dies with an intent. */
    CHECK(in_child(die_in_call) == 128 + SIGKILL);
    CHECK(find("killed", state) == LUMA_OK && strcmp(state, "UNKNOWN") == 0);
    CHECK(once(client, "killed", 1) == LUMA_ERROR_KEY_UNRESOLVED);
    CHECK(luma_journal_resolve(journal, "killed", NULL, "me", "not there", &result) == LUMA_OK);
    luma_result_free(result);
    CHECK(once(client, "killed", 1) == LUMA_OK);
    deliveries++;

    /* A child of it lives on. It may run only after its parent has died. */
    CHECK(in_child(die_and_leave_a_child) == 128 + SIGKILL);
    for (tries = 0; tries < 1000; tries++) {
        if (find("orphan", state) == LUMA_OK && strcmp(state, "UNKNOWN") == 0)
            break;
        usleep(10000);
    }
    CHECK(find("orphan", state) == LUMA_OK && strcmp(state, "UNKNOWN") == 0);
    CHECK(once(client, "orphan", 1) == LUMA_ERROR_KEY_UNRESOLVED);

    /* Both go on: the call is the parent's. */
    survivor = -1;
    fflush(NULL);
    status = once(own, "forked", 1);
    if (survivor == 0)
        _exit(status == LUMA_ERROR_CANCELLED ? 0 : 1);
    CHECK(status == LUMA_OK);
    deliveries++;
    CHECK(waitpid(survivor, &child, 0) == survivor && child == 0);
    CHECK(once(own, "forked", 1) == LUMA_ALREADY_ACCEPTED);
    luma_client_free(own);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int is_sent;

static void note_request(int32_t level, const char *line, void *user_data)
{
    (void)level;
    (void)user_data;
    if (strstr(line, "on a ") == NULL)
        return;
    pthread_mutex_lock(&mutex);
    is_sent = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
}

static luma_client *hanging;
static luma_journal *freed;

static void *hang(void *unused)
{
    luma_trigger_request *hangs = NULL;
    luma_client *timed = NULL;
    luma_result *result = NULL;

    CHECK(luma_trigger_request_new("fault-hang", &hangs) == LUMA_OK);
    CHECK(luma_client_with_timeout_ms(hanging, 3000, &timed) == LUMA_OK);
    CHECK(luma_trigger_workflow_once(timed, freed, "hangs", hangs, &result) ==
          LUMA_ERROR_RESPONSE_TIMEOUT);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_UNKNOWN);
    CHECK(luma_result_journal_recorded(result));
    luma_result_free(result);
    luma_client_free(timed);
    luma_trigger_request_free(hangs);
    return unused;
}

/* The call goes on with the journal, and records its outcome there. */
static void check_freeing(void)
{
    luma_result *reason = NULL;
    char state[32];
    pthread_t thread;

    hanging = new_client(note_request);
    CHECK(luma_journal_open(folder, &freed, &reason) == LUMA_OK);
    CHECK(pthread_create(&thread, NULL, hang, NULL) == 0);
    pthread_mutex_lock(&mutex);
    while (!is_sent)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    luma_journal_free(freed);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(find("hangs", state) == LUMA_OK && strcmp(state, "UNKNOWN") == 0);
    luma_client_free(hanging);
    deliveries++;
}

static rlim_t file_size;

static void fill_the_disk(int32_t level, const char *line, void *user_data)
{
    struct rlimit limit;

    (void)level;
    (void)user_data;
    if (strstr(line, "triggering") == NULL)
        return;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 64; /* Less than the intent. */
    setrlimit(RLIMIT_FSIZE, &limit);
}

static int with_a_full_disk(void)
{
    luma_client *own = new_client(fill_the_disk);
    struct rlimit limit;
    char state[32];

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    file_size = limit.rlim_cur;
    /* Nothing or a part of the intent fits. */
    for (limit.rlim_cur = 0; limit.rlim_cur < 200; limit.rlim_cur += 50) {
        setrlimit(RLIMIT_FSIZE, &limit);
        CHECK(once(client, "full", 1) == LUMA_ERROR_JOURNAL_IO);
        CHECK(find("full", state) == LUMA_ERROR_KEY_NOT_FOUND);
    }
    limit.rlim_cur = file_size;
    setrlimit(RLIMIT_FSIZE, &limit);
    CHECK(once(client, "full", 1) == LUMA_OK);
    /* The disk fills up between intent and outcome. */
    CHECK(once(own, "filled", 0) == LUMA_OK);
    CHECK(once(client, "filled", 1) == LUMA_ERROR_KEY_UNRESOLVED);
    setrlimit(RLIMIT_FSIZE, &limit);
    luma_client_free(own);
    return failed;
}

static int without_descriptors(void)
{
    struct rlimit limit = {0, 0};
    char state[32];

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &limit);
    CHECK(once(client, "descriptors", 1) == LUMA_ERROR_JOURNAL_IO);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    CHECK(find("descriptors", state) == LUMA_ERROR_KEY_NOT_FOUND);
    return failed;
}

static int as_another_user(void)
{
    char state[32];

    if (geteuid() == 0 && setuid(65534) != 0)
        return 1;
    CHECK(once(client, "permission", 1) == LUMA_ERROR_JOURNAL_IO);
    CHECK(find("permission", state) == LUMA_ERROR_JOURNAL_IO);
    return failed;
}

int main(int argc, char **argv)
{
    luma_result *reason = NULL;
    luma_journal *none = NULL;

    CHECK(argc == 2);
    strcpy(folder, argv[1]);
    request = NULL;
    CHECK(luma_trigger_request_new("reset_password", &request) == LUMA_OK);
    CHECK(luma_trigger_request_set_variable(request, "userName", "jdoe") == LUMA_OK);
    CHECK(luma_journal_open(folder, &none, &reason) == LUMA_ERROR_JOURNAL_FOLDER && none == NULL);
    luma_result_free(reason);
    CHECK(luma_journal_create(folder, getenv("LUMA_URL"), &reason) == LUMA_OK && reason == NULL);
    CHECK(luma_journal_open(folder, &journal, &reason) == LUMA_OK && reason == NULL);
    client = new_client(NULL);

    check_one_key();
    check_processes();
    check_forks();
    check_freeing();
    CHECK(in_child(with_a_full_disk) == 0);
    deliveries += 2;
    CHECK(in_child(without_descriptors) == 0);
    if (geteuid() == 0)
        CHECK(in_child(as_another_user) == 0);

    luma_client_free(client);
    luma_journal_free(journal);
    luma_trigger_request_free(request);
    printf("%d deliveries\n", deliveries);
    return closing_line();
}
