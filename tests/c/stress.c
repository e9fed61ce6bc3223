/*
 * Everything at once, for ThreadSanitizer and AddressSanitizer: threads share a client and results,
 * a set of waits and a journal, open and cancel scopes, replace the token, log, drain, close and
 * free. tests/sanitize.sh runs it. LUMA_URL and LUMA_TOKEN belong to a simulator; LUMA_CA_FILE is
 * set for https. TMPDIR is the folder for a new journal.
 *
 *     stress ROUNDS [--race | --use-after-free]
 *
 * The option makes a mistake that the sanitizer must report.
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"

/* 64 threads at once, with one each for add, disturb and review. */
#define TRIGGERERS 20
#define SCOPES 16
#define FOLLOWERS 16
#define AGENTS 9
/* Calls in progress on each client that stop() stops. */
#define HANGING 8

static const char request[] =
    "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}";
static const char hanging_request[] = "{\"workflowIdentifier\":\"fault-hang\"}";

static int rounds, has_race, has_use_after_free;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static luma_client *client;
static const luma_result *shared;
static luma_client *scopes[SCOPES]; /* under the mutex: each while its call may be in progress */
static luma_wait_set *set;
static luma_journal *journal;
static int lines, freed, in_calls, is_done, added, removed, ended, sent;
static int unprotected;

static void pause_us(long us)
{
    struct timespec pause;

    pause.tv_sec = 0;
    pause.tv_nsec = us * 1000;
    nanosleep(&pause, NULL);
}

static void on_line(int32_t level, const char *line, void *user_data)
{
    (void)level;
    INCREMENT(*(int *)user_data);
    if (strstr(line, "on a ") != NULL)
        INCREMENT(in_calls);
    if (has_race)
        unprotected++;
}

static void on_free(void *user_data)
{
    (void)user_data;
    INCREMENT(freed);
}

static luma_client *new_client(void)
{
    luma_config *config = NULL;
    luma_client *created = NULL;
    const char *ca = getenv("LUMA_CA_FILE");

    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_DEBUG, on_line, &lines, on_free) ==
          LUMA_OK);
    if (ca != NULL)
        CHECK(luma_config_set_ca_file(config, ca) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &created) == LUMA_OK);
    luma_config_free(config);
    return created;
}

/* Triggers, and polls the run that it started. Nothing that other threads do may disturb it. */
static void *work(void *unused)
{
    int i;

    for (i = 0; i < rounds; i++) {
        luma_result *run = NULL, *history = NULL;
        int32_t status = luma_trigger_workflow_json(client, request, &run);

        CHECK(status == LUMA_OK && luma_result_message(run)[0] != '\0');
        status = luma_get_workflow_history(client, luma_result_trigger_id(run), &history);
        CHECK(status == LUMA_OK && luma_result_run_status_text(history)[0] != '\0');
        luma_result_free(run);
        luma_result_free(history);
        /* All threads read the same result, whose strings are made when they are first read. */
        CHECK(luma_result_json(shared)[0] == '{');
        CHECK(strcmp(luma_result_string(shared, "/status"), "Success") == 0);
    }
    return unused;
}

/* Follows a run until it ends or the wait is cancelled. */
static int32_t poll_to_the_end(const luma_client *timed, luma_result **result)
{
    luma_wait *wait = NULL;
    int32_t status = luma_wait_new(timed, luma_result_trigger_id(shared), 60000, &wait);

    CHECK(status == LUMA_OK);
    while (luma_wait_next_poll_ms(wait) >= 0) {
        luma_result_free(*result);
        status = luma_wait_poll(wait, result);
        pause_us(200);
    }
    luma_wait_free(wait);
    return status;
}

/* Adds runs to the set while other threads follow them, and removes some. */
static void *add(void *unused)
{
    int i;

    for (i = 0; i < rounds; i++) {
        luma_result *run = NULL;
        const char *id;

        CHECK(luma_trigger_workflow_json(client, request, &run) == LUMA_OK);
        id = luma_result_trigger_id(run);
        CHECK(luma_wait_set_add(set, id, 0, set) == LUMA_OK);
        INCREMENT(added);
        if (i % 5 == 0) {
            if (luma_wait_set_remove(set, id) == LUMA_OK)
                INCREMENT(removed);
            CHECK(luma_wait_set_wake(set) == LUMA_OK);
        }
        CHECK(luma_wait_set_max_polls_per_second(set, 900 + i % 100) == LUMA_OK);
        luma_result_free(run);
    }
    return unused;
}

/* Ends when the set is closed. */
static void *follow(void *unused)
{
    for (;;) {
        luma_result *change = NULL;
        void *user_data = NULL;
        int32_t status = luma_wait_set_next(set, 20, &change, &user_data);

        if (status == LUMA_OK && user_data == set)
            INCREMENT(ended);
        else
            CHECK(status == LUMA_ERROR_WAIT_OPEN || status == LUMA_ERROR_NOTHING_CHANGED ||
                  status == LUMA_ERROR_SET_EMPTY || status == LUMA_ERROR_WOKEN ||
                  status == LUMA_ERROR_SET_CLOSED);
        luma_result_free(change);
        if (status == LUMA_ERROR_SET_EMPTY)
            pause_us(1000);
        if (status == LUMA_ERROR_SET_CLOSED)
            return unused;
    }
}

/* Triggers the same keys as its siblings, with the same journal. */
static void *work_once(void *unused)
{
    luma_trigger_request *of_key = NULL;
    luma_result *result = NULL;
    char key[32];
    int i;

    CHECK(luma_trigger_request_new("unlock_account", &of_key) == LUMA_OK);
    CHECK(luma_trigger_request_set_variable(of_key, "userName", "x") == LUMA_OK);
    for (i = 0; i < rounds; i++) {
        int32_t status, is_found;

        sprintf(key, "K%d", i);
        status = luma_trigger_workflow_once(client, journal, key, of_key, &result);
        CHECK(status == LUMA_OK || status == LUMA_ALREADY_ACCEPTED ||
              status == LUMA_ERROR_KEY_IN_PROGRESS);
        if (status == LUMA_OK)
            INCREMENT(sent);
        luma_result_free(result);
        /* A sibling may have locked the key and not written its intent yet. */
        is_found = luma_journal_find(journal, key, &result);
        CHECK(is_found == LUMA_OK ||
              (status == LUMA_ERROR_KEY_IN_PROGRESS && is_found == LUMA_ERROR_KEY_NOT_FOUND));
        CHECK(is_found != LUMA_OK || luma_result_string(result, "/state")[0] != '\0');
        luma_result_free(result);
    }
    luma_trigger_request_free(of_key);
    return unused;
}

/* Reads, settles and prunes the keys that others are sending. */
static void *review(void *unused)
{
    luma_result *result = NULL;

    while (!READ(is_done)) {
        CHECK(luma_journal_unfinished(journal, &result) == LUMA_OK);
        luma_result_free(result);
        CHECK(luma_journal_resolve(journal, "K1", NULL, "x", "x", &result) != LUMA_OK);
        luma_result_free(result);
        /* No key is finished, because nobody acknowledges one. */
        CHECK(luma_journal_prune(journal, 0, &result) == LUMA_OK);
        CHECK(luma_result_journal_count(result) == 0);
        luma_result_free(result);
        pause_us(5000);
    }
    return unused;
}

static void open_journal(void)
{
    const char *parent = getenv("TMPDIR");
    luma_result *reason = NULL;
    char folder[512];

    sprintf(folder, "%.400s/stress-XXXXXX", parent != NULL ? parent : "/tmp");
    CHECK(mkdtemp(folder) != NULL);
    CHECK(luma_journal_create(folder, getenv("LUMA_URL"), &reason) == LUMA_OK);
    CHECK(luma_journal_open(folder, &journal, &reason) == LUMA_OK);
}

/* Makes calls and waits on scopes that another thread cancels. */
static void *work_in_scopes(void *slot)
{
    luma_client **published = (luma_client **)slot;
    int i;

    for (i = 0; i < rounds; i++) {
        luma_client *scope = NULL, *timed = NULL;
        luma_result *result = NULL;
        int32_t status;

        CHECK(luma_client_with_own_cancel(client, &scope) == LUMA_OK);
        CHECK(luma_client_with_timeout_ms(scope, 60000, &timed) == LUMA_OK);
        pthread_mutex_lock(&mutex);
        *published = scope;
        pthread_mutex_unlock(&mutex);
        if (i % 4 == 0)
            status = luma_trigger_workflow_json(timed, hanging_request, &result);
        else if (i % 4 == 1)
            status = luma_wait_for_workflow(timed, luma_result_trigger_id(shared), 60000, NULL,
                                            NULL, &result);
        else if (i % 4 == 2)
            status = poll_to_the_end(timed, &result);
        else
            status = luma_trigger_workflow_json(timed, request, &result);
        CHECK(status == LUMA_ERROR_CANCELLED || (status == LUMA_OK && i % 4 != 0));
        luma_result_free(result);
        luma_client_free(timed);
        pthread_mutex_lock(&mutex);
        *published = NULL;
        pthread_mutex_unlock(&mutex);
        luma_client_free(scope);
    }
    return NULL;
}

/* Cancels the scopes, replaces the token and reads the counters. */
static void *disturb(void *unused)
{
    int i;

    while (!READ(is_done)) {
        for (i = 0; i < SCOPES; i++) {
            pthread_mutex_lock(&mutex);
            if (scopes[i] != NULL)
                CHECK(luma_client_cancel(scopes[i]) == LUMA_OK);
            pthread_mutex_unlock(&mutex);
            pause_us(700);
        }
        CHECK(luma_client_set_access_token(client, getenv("LUMA_TOKEN")) == LUMA_OK);
        for (i = 1; luma_counter_name(i)[0] != '\0'; i++)
            CHECK(luma_client_counter(client, i) >= 0);
    }
    return unused;
}

static void *hang(void *used)
{
    luma_result *result = NULL;
    int32_t status = luma_trigger_workflow_json((luma_client *)used, hanging_request, &result);

    CHECK(status == LUMA_ERROR_CANCELLED);
    luma_result_free(result);
    return NULL;
}

static void *drain(void *used)
{
    int32_t status = luma_client_drain((luma_client *)used, 50);

    CHECK(status == LUMA_OK || status == LUMA_ERROR_CANCELLED);
    return NULL;
}

/* Drains a client twice while its calls hang, and frees it while they end. */
static void stop(int how)
{
    pthread_t threads[HANGING], drains[2];
    luma_client *stopped = new_client(), *kept = NULL;
    int i, already;

    CHECK(luma_client_with_own_cancel(stopped, &kept) == LUMA_OK);
    already = READ(in_calls);
    for (i = 0; i < HANGING; i++)
        pthread_create(&threads[i], NULL, hang, i % 2 ? stopped : kept);
    while (READ(in_calls) < already + HANGING)
        pause_us(500);
    if (how == 0) {
        for (i = 0; i < 2; i++)
            pthread_create(&drains[i], NULL, drain, stopped);
        for (i = 0; i < 2; i++)
            pthread_join(drains[i], NULL);
    } else {
        CHECK(luma_client_close(stopped) == LUMA_OK);
    }
    luma_client_free(stopped);
    luma_client_free(kept);
    for (i = 0; i < HANGING; i++)
        pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
    pthread_t triggerers[TRIGGERERS], scoped[SCOPES], followers[FOLLOWERS], agents[AGENTS];
    pthread_t disturber, adder, reviewer;
    luma_result *result = NULL;
    int i;

    rounds = argc > 1 ? atoi(argv[1]) : 0;
    has_race = argc > 2 && strcmp(argv[2], "--race") == 0;
    has_use_after_free = argc > 2 && strcmp(argv[2], "--use-after-free") == 0;
    client = new_client();
    CHECK(luma_trigger_workflow_json(client, request, &result) == LUMA_OK);
    shared = result;
    CHECK(luma_wait_set_new(client, &set) == LUMA_OK);
    open_journal();
    for (i = 0; i < FOLLOWERS; i++)
        pthread_create(&followers[i], NULL, follow, NULL);
    for (i = 0; i < AGENTS; i++)
        pthread_create(&agents[i], NULL, work_once, NULL);
    pthread_create(&adder, NULL, add, NULL);
    pthread_create(&reviewer, NULL, review, NULL);
    for (i = 0; i < TRIGGERERS; i++)
        pthread_create(&triggerers[i], NULL, work, NULL);
    for (i = 0; i < SCOPES; i++)
        pthread_create(&scoped[i], NULL, work_in_scopes, &scopes[i]);
    pthread_create(&disturber, NULL, disturb, NULL);
    for (i = 0; i < TRIGGERERS; i++)
        pthread_join(triggerers[i], NULL);
    for (i = 0; i < SCOPES; i++)
        pthread_join(scoped[i], NULL);
    for (i = 0; i < AGENTS; i++)
        pthread_join(agents[i], NULL);
    pthread_join(adder, NULL);
    while (luma_wait_set_count(set) > 0)
        pause_us(1000);
    SET(is_done, 1);
    pthread_join(disturber, NULL);
    pthread_join(reviewer, NULL);
    CHECK(luma_wait_set_close(set) == LUMA_OK);
    for (i = 0; i < FOLLOWERS; i++)
        pthread_join(followers[i], NULL);
    /* The end of each run was returned once, and each key was sent once. */
    CHECK(added == rounds && ended + removed == added && sent == rounds);
    luma_wait_set_free(set);
    luma_journal_free(journal);
    for (i = 0; i < 4; i++)
        stop(i % 2);
    if (has_use_after_free) {
        const char *message = luma_result_message(result);

        luma_result_free(result);
        printf("%c\n", message[0]);
    } else {
        luma_result_free(result);
    }
    luma_client_free(client);
    CHECK(freed == 5);
    return closing_line();
}
