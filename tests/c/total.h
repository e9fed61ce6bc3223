/*
 * Promise 2 for every function: the values of each type of argument, and the checks of what a call
 * returns. tests/it/total.rs generates the calls from include/luma.h. Variant 0 of a pointer is
 * NULL; GOOD is a value that suits its name. LUMA_URL and LUMA_TOKEN name a simulator; the current
 * directory is empty.
 */
#include <luma.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VARIANTS 9
#define GOOD VARIANTS
#define MEGABYTE ((size_t)1024 * 1024)
/* What an out-parameter has before the call, which must overwrite it. */
#define DIRTY(type) ((type *)(void *)&failed)
#define DIRTY_NUMBER 77

static unsigned calls, failed, called_back;
static const char *function_name;
static int current_position, current_variant;
static char *long_text, *longer_text;
/* Results that the getters read: of a mistake, a trigger, and a list. */
static luma_result *results[3];
static luma_journal *journal;
static luma_client *shared;

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

static const char *good_text(const char *name)
{
    static const char *const texts[][2] = {
        {"base_url", "http://127.0.0.1:1"},
        {"access_token", "token"},
        {"json_pointer", "/status"},
        {"folder", "journal"},
        {"path", "file"},
        {"value", "value"},
        {"json", "{\"a\":[1]}"},
        {"json_object", "{}"},
        {"request_json", "{}"},
    };
    size_t i;

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

static int64_t make_int64(int variant)
{
    static const int64_t numbers[] = {
        INT64_MIN, INT32_MIN, -1, 0, 1, INT32_MAX, (int64_t)INT32_MAX + 1, INT64_MAX - 1, INT64_MAX,
    };

    return variant == GOOD ? 1 : numbers[variant];
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

/* A client of the simulator; one that is closed; one that is cancelled; a scope; one of a port that
 * refuses connections. */
static luma_client *make_client(int variant)
{
    luma_client *client = NULL, *scope = NULL;
    luma_config *config = NULL;

    if (variant == 0)
        return NULL;
    luma_config_new(variant == 4 ? "http://127.0.0.1:1" : getenv("LUMA_URL"), getenv("LUMA_TOKEN"),
                    &config);
    luma_config_set_retries(config, 0);
    luma_config_set_timeout_ms(config, 5000);
    luma_client_new_with_config(config, &client);
    luma_config_free(config);
    if (variant == 1)
        luma_client_close(client);
    if (variant == 2)
        luma_client_cancel(client);
    if (variant == 3) {
        luma_client_with_own_cancel(client, &scope);
        luma_client_free(client);
        return scope;
    }
    return client;
}

static luma_config *make_config(int variant)
{
    luma_config *config = NULL;

    if (variant != 0)
        luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config);
    return config;
}

static luma_trigger_request *make_trigger_request(int variant)
{
    luma_trigger_request *request = NULL;

    if (variant == 0)
        return NULL;
    luma_trigger_request_new(variant == 1 ? "no such workflow" : "unlock_account", &request);
    if (variant == GOOD)
        luma_trigger_request_set_variable(request, "userName", "x");
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
    luma_wait_new(client, "t-1", 1000, &wait);
    luma_client_free(client);
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
    luma_client_free(client);
    if (variant == 5)
        luma_wait_set_close(set);
    return set;
}

static luma_result *make_result(int variant)
{
    return variant == 0 ? NULL : results[variant % 3];
}

static luma_result *new_result(int variant)
{
    luma_result *result = NULL;

    if (variant != 0)
        luma_trigger_workflow_json(NULL, NULL, &result);
    return result;
}

/* Callbacks use the library again: they call, cancel, close and free other clients of the same
 * gateway, and cancel the one that calls. */
static void reenter(void)
{
    luma_client *client = make_client(GOOD);
    luma_result *result = NULL;

    called_back++;
    luma_client_cancel(client);
    luma_get_workflow_history(client, "t-1", &result);
    CHECK(luma_result_message(result) != NULL);
    luma_result_free(result);
    luma_client_close(client);
    luma_client_free(client);
}

static void on_line(int32_t level, const char *line, void *user_data)
{
    (void)user_data;
    CHECK(level >= LUMA_LOG_ERROR && level <= LUMA_LOG_DEBUG && line != NULL);
    reenter();
}

static int32_t on_poll(const luma_result *result, void *user_data)
{
    (void)user_data;
    CHECK(luma_result_message(result) != NULL);
    reenter();
    return INT32_MIN;
}

static size_t on_token(char *buffer, size_t size, void *user_data)
{
    (void)buffer;
    (void)user_data;
    reenter();
    return size > 2000 ? 0 : SIZE_MAX;
}

static int32_t on_claim(const char *key, const char *digest, const char *intent_json,
                        char *trigger_id, size_t size, void *user_data)
{
    (void)trigger_id;
    (void)user_data;
    CHECK(key != NULL && digest != NULL && intent_json != NULL && size == 1025);
    reenter();
    return called_back % 2 ? INT32_MIN : LUMA_CLAIM_GRANTED;
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
    CHECK(result != DIRTY(luma_result));
    if (result == NULL || result == DIRTY(luma_result))
        return;
    CHECK(luma_status_name(luma_result_status(result))[0] != '\0');
    CHECK(luma_outcome_name(luma_result_outcome(result))[0] != '\0');
    CHECK(luma_result_message(result)[0] != '\0');
    CHECK(luma_result_json(result) != NULL);
    luma_result_free(result);
}

static void set_up(void)
{
    luma_client *client = make_client(GOOD);
    luma_result *reason = NULL;

    long_text = malloc(MEGABYTE + 1);
    longer_text = malloc(17 * MEGABYTE + 1);
    if (long_text == NULL || longer_text == NULL)
        exit(1);
    memset(long_text, 'x', MEGABYTE);
    memset(longer_text, 'x', 17 * MEGABYTE);
    long_text[MEGABYTE] = longer_text[17 * MEGABYTE] = '\0';
    luma_trigger_workflow_json(NULL, "{}", &results[0]);
    luma_trigger_workflow_json(
        client, "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}",
        &results[1]);
    luma_list_workflow_definitions(client, NULL, NULL, 0, 0, &results[2]);
    begin("set_up", 0, 0);
    CHECK(luma_result_status(results[1]) == LUMA_OK && luma_result_status(results[2]) == LUMA_OK);
    CHECK(luma_journal_create("journal", getenv("LUMA_URL"), &reason) == LUMA_OK);
    luma_result_free(reason);
    CHECK(luma_journal_open("journal", &journal, &reason) == LUMA_OK);
    luma_result_free(reason);
    luma_client_free(client);
    shared = make_client(GOOD);
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
    printf("%u calls\n%u passed, %u failed\n", calls, calls - failed, failed);
    return failed == 0 && called_back > 0 ? 0 : 1;
}
