/* Large arguments, requests and responses in processes that are short of memory. Each child process
 * gets a little more address space than it uses, makes its calls, and must end normally: whatever
 * does not fit gives LUMA_ERROR_OUT_OF_MEMORY, and nothing is printed.
 *
 *   short_memory CALLS: a letter for each call, see make_call.
 *   short_memory none: has no memory at all; may abort, but must not print. */

#define _POSIX_C_SOURCE 200809L

#include <luma.h>

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEGABYTE ((size_t)1024 * 1024)
/* The largest request is 16 MiB. */
#define LARGE (15 * MEGABYTE)
#define MEDIUM (4 * MEGABYTE)

/* How much address space the children get, in MB. */
static const size_t limits[] = {3, 8, 12, 24, 61, 400};

static char *long_text, *long_json, *many_members;
static unsigned short_of_memory;

static void check(int holds, const char *what, int status)
{
    if (!holds) {
        printf("%s: status %d %s\n", what, status, luma_status_name(status));
        fflush(stdout);
        _exit(1);
    }
}

/* A status that a mistake or short memory gives. */
static void expect(int status, int expected, const char *what)
{
    if (status == LUMA_ERROR_OUT_OF_MEMORY) {
        short_of_memory++;
        return;
    }
    check(status == expected, what, status);
}

static void read_result(const luma_result *result)
{
    const char *text = NULL;
    size_t length = 1, count = 0;
    int64_t number = 0;
    const char *pointers[] = {"", "/padding", "/resultData", "/resultData/inputParameters/0/value",
                              "/resultData/0/activityName"};
    check(luma_result_message(result)[0] != '\0', "message", 0);
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++) {
        luma_result_text(result, pointers[i], &text, &length);
        check(text != NULL && strlen(text) <= length, "text", 0);
        luma_result_count(result, pointers[i], &count);
        luma_result_int64(result, pointers[i], &number);
        check(luma_result_string(result, pointers[i]) != NULL, "string", 0);
    }
    text = luma_result_json(result);
    length = luma_result_json_length(result);
    check(strlen(text) == length || text[0] == '\0', "json", 0);
    for (size_t i = 0; i < luma_result_error_count(result); i++)
        check(luma_result_error(result, i) != NULL, "error", 0);
    check(luma_result_step_name(result, 0) != NULL, "step", 0);
    check(luma_result_definition_name(result, 0) != NULL, "definition", 0);
    count = luma_result_parameter_count(result);
    check(count < MEGABYTE * 100, "parameters", 0);
    if (count == 0 &&
        luma_result_json_type(result, "/resultData/inputParameters") >= LUMA_JSON_STRING)
        short_of_memory++;
    check(luma_result_parameter_value(result, 0) != NULL, "parameter", 0);
    check(luma_result_definition_parameter_name(result, 0, 0) != NULL, "parameter", 0);
}

static int on_poll(const luma_result *state, void *user_data)
{
    (void)user_data;
    check(luma_result_message(state) != NULL, "poll", 0);
    return 0;
}

static luma_trigger_request *new_request(char call)
{
    luma_trigger_request *request = NULL;
    int status = luma_trigger_request_new("reset", &request);
    check(status == LUMA_OK, "request", status);
    switch (call) {
    case 'V':
        expect(luma_trigger_request_set_variable(request, "a", long_text), LUMA_OK, "variable");
        break;
    case 'J':
        expect(luma_trigger_request_set_variable_json(request, "a", long_json), LUMA_OK, "json");
        break;
    case 'M':
        expect(luma_trigger_request_set_variables_json(request, many_members), LUMA_OK, "members");
        break;
    case 'I':
        expect(luma_trigger_request_set_initiation_info(request, "a", long_text), LUMA_OK, "info");
        break;
    case 'E': /* Each of them becomes 6 bytes. */
        memset(long_text, 1, MEGABYTE);
        long_text[MEGABYTE] = '\0';
        expect(luma_trigger_request_set_variable(request, "a", long_text), LUMA_OK, "escapes");
        break;
    }
    check(luma_trigger_request_message(request) != NULL, "message", 0);
    if (short_of_memory > 0) {
        luma_trigger_request_free(request);
        return NULL;
    }
    return request;
}

static void make_call(luma_client *client, char call)
{
    luma_result *result = NULL;
    luma_trigger_request *request = NULL;
    luma_config *config = NULL;
    int status, outcome;
    switch (call) {
    case 'h':
        status = luma_get_workflow_history(client, "t-1", &result);
        break;
    case 's':
        status = luma_list_workflow_steps(client, "t-1", NULL, NULL, 0, 10, &result);
        break;
    case 'd':
        status = luma_list_workflow_definitions(client, NULL, NULL, 0, 10, &result);
        break;
    case 'p':
        status = luma_get_workflow_step(client, "t-1", "s-1", &result);
        break;
    case 'l':
        status = luma_generate_launch_url(client, "t-1", &result);
        break;
    case 'k':
        status = luma_regenerate_tenant_token(client, "t-1", getenv("LUMA_TOKEN"), &result);
        break;
    case 'w':
        status = luma_wait_for_workflow(client, "t-1", 100, on_poll, NULL, &result);
        break;
    case 'T':
        status = luma_trigger_workflow_json(client, many_members, &result);
        break;
    case 'c': /* Settings. */
        expect(luma_config_new("https://acme.example", "t", &config), LUMA_OK, "config");
        expect(luma_config_set_ca_pem(config, long_text), LUMA_ERROR_CA_PEM, "PEM");
        check(luma_config_message(config) != NULL, "message", 0);
        luma_config_free(config);
        return;
    case 'S':
        luma_trigger_request_new("reset", &request);
        luma_trigger_request_set_secret_variable(request, "a", "abcd");
        status = luma_trigger_workflow(client, request, &result);
        luma_trigger_request_free(request);
        break;
    default:
        if ((request = new_request(call)) == NULL)
            return;
        status = luma_trigger_workflow(client, request, &result);
        luma_trigger_request_free(request);
    }
    check(result != NULL && luma_result_status(result) == status, "result", status);
    outcome = luma_result_outcome(result);
    if (status == LUMA_ERROR_OUT_OF_MEMORY ||
        luma_result_page_status(result) == LUMA_ERROR_OUT_OF_MEMORY) {
        short_of_memory++;
        check(outcome == LUMA_OUTCOME_NOT_SENT || outcome == LUMA_OUTCOME_UNKNOWN, "outcome",
              status);
        check((outcome == LUMA_OUTCOME_NOT_SENT) ==
                  (luma_client_counter(client, LUMA_COUNTER_BYTES_SENT) == 0),
              "bytes sent", status);
    }
    read_result(result);
    luma_result_free(result);
}

static size_t address_space(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%lu", &pages) != 1)
        exit(1);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Makes the calls. Exits with 2 if memory was short, with 3 if not. */
static void child(const char *calls, size_t megabytes)
{
    luma_client *client = NULL;
    luma_config *config = NULL;
    struct rlimit limit;
    int status = luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config);
    check(status == LUMA_OK, "config", status);
    luma_config_set_max_response_bytes(config, 64 * MEGABYTE);
    status = luma_client_new_with_config(config, &client);
    luma_config_free(config);
    check(status == LUMA_OK, "client", status);
    limit.rlim_cur = limit.rlim_max = address_space() + megabytes * MEGABYTE;
    if (setrlimit(RLIMIT_AS, &limit) != 0)
        _exit(1);
    for (; *calls != '\0'; calls++)
        make_call(client, *calls);
    luma_client_free(client);
    _exit(short_of_memory > 0 ? 2 : 3);
}

/* Creates clients until even the smallest allocation fails. */
static void child_without_memory(void)
{
    struct rlimit limit;
    luma_client *client = NULL;
    limit.rlim_cur = limit.rlim_max = address_space();
    if (luma_client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client) != LUMA_OK ||
        setrlimit(RLIMIT_AS, &limit) != 0)
        _exit(1);
    for (size_t size = MEGABYTE; size > 0; size /= 2)
        while (malloc(size) != NULL)
            continue;
    for (int i = 0; i < 1000; i++)
        luma_client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client);
    _exit(3);
}

int main(int argc, char **argv)
{
    unsigned count[4] = {0};
    if (argc != 2 || (long_text = malloc(LARGE + 1)) == NULL ||
        (long_json = malloc(MEDIUM + 1)) == NULL || (many_members = malloc(MEDIUM + 1)) == NULL)
        return 1;
    memset(long_text, 'x', LARGE);
    long_text[LARGE] = '\0';
    memset(long_json, 'y', MEDIUM);
    long_json[0] = long_json[MEDIUM - 1] = '"';
    long_json[MEDIUM] = '\0';
    size_t at = (size_t)sprintf(many_members, "{\"workflowIdentifier\":\"a\"");
    for (unsigned i = 0; at < MEDIUM - 30; i++)
        at += (size_t)sprintf(many_members + at, ",\"m%u\":%u", i, i % 10);
    strcpy(many_members + at, "}");
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        int status = 0, pipe_ends[2];
        char printed[256];
        if (pipe(pipe_ends) != 0)
            return 1;
        pid_t pid = fork();
        if (pid == 0) {
            dup2(pipe_ends[1], STDERR_FILENO);
            close(pipe_ends[0]);
            if (strcmp(argv[1], "none") == 0)
                child_without_memory();
            child(argv[1], limits[i]);
        }
        close(pipe_ends[1]);
        ssize_t length = read(pipe_ends[0], printed, sizeof printed);
        close(pipe_ends[0]);
        if (pid < 0 || waitpid(pid, &status, 0) != pid)
            return 1;
        if (length == 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT &&
            strcmp(argv[1], "none") == 0)
            status = 2 << 8; /* as if it had exited with 2 */
        if (length != 0 || !WIFEXITED(status) || WEXITSTATUS(status) < 2) {
            printf("%s with %zu MB: wait status %#x, printed %.*s\n", argv[1], limits[i],
                   (unsigned)status, (int)(length < 0 ? 0 : length), printed);
            return 1;
        }
        count[WEXITSTATUS(status)]++;
    }
    printf("%u short, %u with enough memory\n", count[2], count[3]);
    return 0;
}
