/*
 * Follows all runs whose trigger ids it reads from stdin, one per line, on one thread, and prints
 * every change: a new status, and the end.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   follow < trigger-ids
 *
 * The settings come from LUMA_URL and LUMA_TOKEN, or from the configuration file, see
 * docs/configuration-file.md. LUMA_WAIT_SECONDS limits the time to follow a run; without it, there
 * is no limit.
 *
 * Exit code: 0 all runs have ended, 2 a wait ended before its run, 1 invalid settings or ids.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Adds the id on each line of stdin. Returns false if one is not a trigger id. */
static int add_all(luma_wait_set *set, int64_t timeout_ms)
{
    char id[1100];

    while (fgets(id, sizeof id, stdin) != NULL) {
        int32_t status;

        id[strcspn(id, "\r\n")] = '\0';
        if (id[0] == '\0')
            continue;
        /* The user data, NULL here, would come back with each result: a ticket, for example. */
        status = luma_wait_set_add(set, id, timeout_ms, NULL);
        if (status != LUMA_OK && status != LUMA_ERROR_ALREADY_IN_SET) {
            fprintf(stderr, "%s: %s\n", id, luma_status_message(status));
            return 0;
        }
    }
    return 1;
}

/* Follows all runs. Returns the exit code. */
static int follow(luma_wait_set *set)
{
    int code = 0;

    while (luma_wait_set_count(set) > 0) {
        luma_result *result = NULL;
        int32_t status = luma_wait_set_next(set, -1, &result, NULL);
        const char *id = luma_result_trigger_id(result);

        if (id[0] == '\0') {
            /* About the whole set, which pauses, because of an expired token for example. No wait
             * has ended. */
            fprintf(stderr, "%s\n", luma_result_message(result));
        } else if (status == LUMA_ERROR_WAIT_OPEN) {
            printf("%s %s\n", id, luma_result_run_status_text(result));
        } else if (status == LUMA_OK) {
            printf("%s %s, the end\n", id, luma_result_run_status_text(result));
        } else {
            printf("%s not followed any more: %s\n", id, luma_result_message(result));
            code = 2;
        }
        fflush(stdout);
        luma_result_free(result);
        if (status == LUMA_ERROR_CANCELLED || status == LUMA_ERROR_INTERNAL)
            return 2; /* the next call would return the same */
    }
    return code;
}

int main(void)
{
    const char *seconds = getenv("LUMA_WAIT_SECONDS");
    int64_t timeout_ms = seconds != NULL ? (int64_t)strtol(seconds, NULL, 10) * 1000 : 0;
    luma_client *client = NULL;
    luma_wait_set *set = NULL;
    luma_result *reason = NULL;
    int code = 1;

    if (luma_client_new_from_environment(&client, &reason) != LUMA_OK)
        fprintf(stderr, "%s\n", luma_result_message(reason)); /* the variable, or file and line */
    else if (luma_wait_set_new(client, &set) == LUMA_OK && add_all(set, timeout_ms))
        code = follow(set);
    luma_wait_set_free(set);
    luma_result_free(reason);
    luma_client_free(client);
    return code;
}
