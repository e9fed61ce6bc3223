/*
 * Promise 2 for every function: the values of each type of argument, and the checks of what a call
 * returns. tests/it/total.rs generates the calls from include/luma.h. Variant 0 of a pointer is
 * NULL; GOOD is a value with which the call succeeds. LUMA_URL, LUMA_TOKEN and the other variables
 * name a simulator; the current directory is empty.
 *
 * tests/c/panics.h uses the same values, and defines PANICS.
 */
#include <luma.h>

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VARIANTS 9
#define GOOD VARIANTS
#ifndef WORKFLOW
#define WORKFLOW "unlock_account"
#define EXTENDED(text) text
#endif
#define MEGABYTE ((size_t)1024 * 1024)
/* What an out-parameter has before the call, which must overwrite it. */
#define DIRTY(type) ((type *)(void *)&failed)
#define DIRTY_NUMBER 77

static unsigned calls, failed, called_back, acted;
static const char *function_name;
static int current_position, current_variant;
static char *long_text, *longer_text;
/* Results that the getters read: of a mistake, a trigger, and a list. */
static luma_result *results[3];
static luma_journal *journal;
static luma_client *shared;
/* The client of the current call, which is freed after it unless a callback has done that; and what
 * the callbacks do to it. */
static luma_client *calling;
static enum { NOTHING, CANCEL, CLOSE, FREE, DRAIN, CLOSE_ELSEWHERE } action;
/* What names the current run and step. Generating an access token replaces it. */
static char token[8192], run_id[128], step_id[128];
/* The text and the key that only the current call has. */
static char unique[64], last_key[64];

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            failed++;                                                                              \
            fprintf(stderr, "%s, argument %d, variant %d: %s\n", function_name, current_position,  \
                    current_variant, #condition);                                                  \
        }                                                                                          \
    } while (0)

static void begin(const char *name, int position, int variant)
{
    function_name = name;
    current_position = position;
    current_variant = variant;
    calls++;
}

/* Returns a text that no other call has. */
static const char *unique_text(void)
{
    static unsigned number;

    sprintf(unique, "unique-%u-", ++number);
    return unique;
}

/* A request whose variable is the text that is unique to the call. */
static const char *good_request(void)
{
    static char json[256];

    sprintf(json, "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"%s\"}}",
            unique_text());
    return json;
}

/* A key that the journal knows in the state in which the function changes it. */
static const char *good_key(void)
{
    char *const key = last_key;
    luma_trigger_request *request = NULL;
    luma_result *result = NULL;
    luma_client *client = NULL;
    const int resolves = strcmp(function_name, "luma_journal_resolve") == 0;

    strcpy(key, unique_text());
    if (strncmp(function_name, "luma_journal_", 13) != 0)
        return key;
    luma_trigger_request_new(resolves ? "fault-close-after-reading" : "unlock_account", &request);
    luma_trigger_request_set_variable(request, "userName", "x");
    luma_client_new(getenv("LUMA_URL"), token, &client);
    luma_trigger_workflow_once(client, journal, key, request, &result);
    CHECK(luma_result_status(result) == (resolves ? LUMA_ERROR_CONNECTION_LOST : LUMA_OK));
    luma_result_free(result);
    luma_trigger_request_free(request);
    luma_client_free(client);
    return key;
}

static const char *good_text(const char *name)
{
    const char *const texts[][2] = {
        {"base_url", getenv("LUMA_URL")},
        {"access_token", token},
        {"super_admin_token", getenv("LUMA_SUPER_ADMIN_TOKEN")},
        {"tenant_external_id", getenv("LUMA_TENANT_EXTERNAL_ID")},
        {"trigger_id", run_id},
        {"step_id", step_id},
        {"filter", ""},
        {"order_by", ""},
        {"url", "direct"},
        {"json_pointer", "/status"},
        {"folder", "journal"},
        {"path", "file"},
        {"value", "value"},
        {"json", "{\"a\":[1]}"},
        {"json_object", "{}"},
    };
    size_t i;

    if (strcmp(name, "request_json") == 0)
        return good_request();
    if (strcmp(name, "key") == 0)
        return good_key();
    if (strcmp(function_name, "luma_journal_create") == 0 && strcmp(name, "folder") == 0)
        return unique_text();

    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i][0], name) == 0)
            return texts[i][1];
    return "a";
}

static const char *make_text(int variant, const char *name)
{
    static const char *const texts[] = {NULL, "", "\xC3\x28", "\x01\x7F", "../%2e/\\", "\"{[", " "};

    if (variant == GOOD)
        return good_text(name);
    if (variant < 7)
        return texts[variant];
    return variant == 7 ? long_text : longer_text;
}

static int64_t make_int64(int variant, const char *name)
{
    static const int64_t numbers[] = {
        INT64_MIN, INT32_MIN, -1, 0, 1, INT32_MAX, (int64_t)INT32_MAX + 1, INT64_MAX - 1, INT64_MAX,
    };

    if (variant != GOOD)
        return numbers[variant];
    if (strcmp(name, "skip") == 0 || strcmp(name, "top") == 0)
        return 0;
    return strcmp(name, "timeout_ms") != 0 || strcmp(function_name, "luma_wait_set_next") == 0
               ? 1
               : 2000;
}

static int32_t make_int32(int variant)
{
    static const int32_t numbers[] = {INT32_MIN, -1, 0, 2, 3, 4, 99, 1001, INT32_MAX};

    return variant == GOOD ? 1 : numbers[variant];
}

static size_t make_size(int variant)
{
    return variant == GOOD ? 0 : SIZE_MAX >> (variant * 7);
}

static double make_double(int variant)
{
    const double numbers[] = {NAN, INFINITY, -INFINITY, 0.0, -0.0, 1e308, 5e-324, -1e-5, 0.1};

    return variant == GOOD ? 1.5 : numbers[variant];
}

static void on_line(int32_t level, const char *line, void *user_data);
static size_t on_token(char *buffer, size_t size, void *user_data);

/* A client of the simulator; one that is closed; one that is cancelled; a scope; one of a port that
 * refuses connections; from 5 on, one whose callbacks do something to it during the call. */
static luma_client *make_client(int variant)
{
    luma_client *client = NULL, *scope = NULL;
    luma_config *config = NULL;

    if (variant == 0)
        return NULL;
    action = NOTHING;
    luma_config_new(variant == 4 ? "http://127.0.0.1:1" : getenv("LUMA_URL"), token, &config);
    luma_config_set_timeout_ms(config, 5000);
#ifdef PANICS
    prepare(&config);
#else
    luma_config_set_retries(config, 0);
    if (variant >= 5 && variant != GOOD) {
        luma_config_set_log(config, LUMA_LOG_DEBUG, on_line, NULL);
        luma_config_set_token_provider(config, on_token, NULL);
    }
#endif
    luma_client_new_with_config(config, &client);
    luma_config_free(config);
    if (variant == 1)
        luma_client_close(client);
    if (variant == 2)
        luma_client_cancel(client);
    if (variant == 3) {
        luma_client_with_own_cancel(client, &scope);
        luma_client_free(client);
        client = scope;
    }
    CHECK(client != NULL);
    calling = client;
    if (variant >= 5 && variant != GOOD)
        action = (int)CANCEL + (variant - 5 + (int)calls) % 5;
    return client;
}

static luma_config *make_config(int variant)
{
    luma_config *config = NULL;

    if (variant != 0)
        luma_config_new(getenv("LUMA_URL"), token, &config);
    luma_config_set_timeout_ms(config, 2000);
    return config;
}

static luma_trigger_request *make_trigger_request(int variant)
{
    luma_trigger_request *request = NULL;

    if (variant == 0)
        return NULL;
    luma_trigger_request_new(variant == 1 ? "no such workflow" : WORKFLOW, &request);
    if (variant == GOOD)
        luma_trigger_request_set_variable(request, "userName", EXTENDED(unique_text()));
    if (variant == 2)
        luma_trigger_request_set_initiator(request, 1, LUMA_APPLICATION_ISM);
    return request;
}

static luma_journal *make_journal(int variant)
{
    return variant == 0 ? NULL : journal;
}

static luma_wait *make_wait(int variant)
{
    luma_client *client;
    luma_wait *wait = NULL;

    if (variant == 0)
        return NULL;
    client = make_client(variant);
    luma_wait_new(client, run_id, 1000, &wait);
    return wait;
}

static luma_wait_set *make_wait_set(int variant)
{
    luma_client *client;
    luma_wait_set *set = NULL;

    if (variant == 0)
        return NULL;
    client = make_client(variant);
    luma_wait_set_new(client, &set);
    if (variant == 4)
        luma_wait_set_close(set);
    if (variant >= 5 && strcmp(function_name, "luma_wait_set_add") != 0)
        luma_wait_set_add(set, run_id, 2000, set);
    return set;
}

static luma_result *make_result(int variant)
{
    return variant == 0 ? NULL : results[variant == GOOD ? 1 : variant % 3];
}

static luma_journal *new_journal(int variant)
{
    luma_journal *opened = NULL;
    luma_result *reason = NULL;

    if (variant != 0)
        luma_journal_open("journal", &opened, &reason);
    luma_result_free(reason);
    return opened;
}

static luma_result *new_result(int variant)
{
    luma_result *result = NULL;

    if (variant != 0)
        luma_trigger_workflow_json(NULL, NULL, &result);
    return result;
}

#ifdef PANICS
/* A call in a callback would pass points, too. */
static void reenter(void)
{
    called_back++;
}
#else
static void *close_elsewhere(void *client)
{
    luma_client_close(client);
    return NULL;
}

/* Callbacks call the library for their own client and for another one. Not if such a call has
 * called them: it may log, too. */
static void reenter(void)
{
    static int is_inside;
    luma_client *const own = calling;
    luma_client *other = NULL;
    luma_result *result = NULL;
    pthread_t thread;

    called_back++;
    if (is_inside)
        return;
    is_inside = 1;
    if (own != NULL)
        acted++;
    switch (own == NULL ? NOTHING : action) {
    case CANCEL:
        CHECK(luma_client_cancel(own) == LUMA_OK);
        break;
    case CLOSE:
        CHECK(luma_client_close(own) == LUMA_OK);
        break;
    case FREE:
        calling = NULL;
        luma_client_free(own);
        break;
    case DRAIN:
        CHECK(luma_client_drain(own, 1) != LUMA_ERROR_INTERNAL);
        break;
    case CLOSE_ELSEWHERE:
        if (pthread_create(&thread, NULL, close_elsewhere, own) == 0)
            pthread_join(thread, NULL);
        break;
    case NOTHING:
        break;
    }
    if (called_back % 16 == 0) {
        luma_client_new(getenv("LUMA_URL"), token, &other);
        luma_client_cancel(other);
        luma_get_workflow_history(other, run_id, &result);
        CHECK(luma_result_message(result) != NULL);
        luma_result_free(result);
        luma_client_close(other);
        luma_client_free(other);
    }
    is_inside = 0;
}
#endif

static void on_line(int32_t level, const char *line, void *user_data)
{
    (void)user_data;
    CHECK(level >= LUMA_LOG_ERROR && level <= LUMA_LOG_DEBUG && line != NULL);
    reenter();
}

static int32_t on_poll(const luma_result *result, void *user_data)
{
    (void)result;
    (void)user_data;
#ifndef PANICS
    CHECK(luma_result_message(result) != NULL);
#endif
    reenter();
    return INT32_MIN;
}

/* Usually a token, otherwise none or one that is too long. */
static size_t on_token(char *buffer, size_t size, void *user_data)
{
    const size_t length = strlen(token);

    (void)user_data;
    reenter();
#ifndef PANICS
    if (called_back % 8 == 0)
        return called_back % 16 == 0 ? 0 : SIZE_MAX;
#endif
    if (length <= size)
        memcpy(buffer, token, length);
    return length;
}

static int32_t on_claim(const char *key, const char *digest, const char *intent_json,
                        char *trigger_id, size_t size, void *user_data)
{
    (void)trigger_id;
    (void)user_data;
    CHECK(key != NULL && digest != NULL && intent_json != NULL && size == 1025);
    reenter();
#ifndef PANICS
    if (called_back % 4 == 3)
        return INT32_MIN;
#endif
    return LUMA_CLAIM_GRANTED;
}

static int32_t on_complete(const char *key, int32_t outcome, const char *trigger_id,
                           void *user_data)
{
    (void)user_data;
    CHECK(key != NULL && luma_outcome_name(outcome)[0] != '\0' && trigger_id != NULL);
    reenter();
    return INT32_MIN;
}

static void on_free(void *user_data)
{
    (void)user_data;
    reenter();
}

/* Every status has a name, and every getter a text. */
static void check_status(int32_t status)
{
    CHECK(luma_status_name(status)[0] != '\0');
}

static void check_text(const char *text)
{
    CHECK(text != NULL && strlen(text) < 64 * MEGABYTE);
}

/* A result that was returned has a message and an outcome. */
static void check_result(luma_result *result)
{
    const char *new_token;

    CHECK(result != DIRTY(luma_result));
    if (result == NULL || result == DIRTY(luma_result))
        return;
    CHECK(luma_status_name(luma_result_status(result))[0] != '\0');
    CHECK(luma_outcome_name(luma_result_outcome(result))[0] != '\0');
    CHECK(luma_result_message(result)[0] != '\0');
    CHECK(luma_result_json(result) != NULL);
    new_token = luma_result_access_token(result);
    if (new_token[0] != '\0' && strlen(new_token) < sizeof token) {
        strcpy(token, new_token);
        luma_client_set_access_token(shared, token);
#ifdef PANICS
        keep(token);
#endif
    }
    luma_result_free(result);
}

/* Makes a call with a configuration that a function may have changed. */
static void use(luma_config *config)
{
    luma_result *result = NULL;

    if (luma_client_new_with_config(config, &calling) != LUMA_OK)
        return;
    action = (int)(calls % 6);
    luma_get_workflow_history(calling, run_id, &result);
    check_result(result);
}

/* Frees the client of a call. */
static void end(void)
{
    luma_client *const client = calling;

    calling = NULL;
    luma_client_free(client);
}

static void set_up(void)
{
    luma_client *client;
    luma_result *reason = NULL, *steps = NULL;

    begin("set_up", 0, 0);
    strcpy(token, getenv("LUMA_TOKEN"));
    client = make_client(GOOD);
    calling = NULL;
    long_text = malloc(MEGABYTE + 1);
    longer_text = malloc(17 * MEGABYTE + 1);
    if (long_text == NULL || longer_text == NULL)
        exit(1);
    memset(long_text, 'x', MEGABYTE);
    memset(longer_text, 'x', 17 * MEGABYTE);
    long_text[MEGABYTE] = longer_text[17 * MEGABYTE] = '\0';
    luma_trigger_workflow_json(NULL, "{}", &results[0]);
    luma_trigger_workflow_json(client, good_request(), &results[1]);
    luma_list_workflow_definitions(client, NULL, NULL, 0, 0, &results[2]);
    CHECK(luma_result_status(results[1]) == LUMA_OK && luma_result_status(results[2]) == LUMA_OK);
    strcpy(run_id, luma_result_trigger_id(results[1]));
    luma_list_workflow_steps(client, run_id, NULL, NULL, 0, 0, &steps);
    CHECK(luma_result_status(steps) == LUMA_OK && luma_result_step_count(steps) > 0);
    strcpy(step_id, luma_result_step_id(steps, 0));
    luma_result_free(steps);
    CHECK(luma_journal_create("journal", getenv("LUMA_URL"), &reason) == LUMA_OK);
    luma_result_free(reason);
    CHECK(luma_journal_open("journal", &journal, &reason) == LUMA_OK);
    luma_result_free(reason);
    shared = client;
}

static int tear_down(void)
{
    size_t i;

    for (i = 0; i < 3; i++)
        luma_result_free(results[i]);
    luma_journal_free(journal);
    luma_client_free(shared);
    free(long_text);
    free(longer_text);
    printf("%u calls, %u callbacks, %u to the client of a call\n", calls, called_back, acted);
    printf("%u passed, %u failed\n", calls - failed, failed);
    return failed == 0 ? 0 : 1;
}
