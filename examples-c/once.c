/*
 * An agent that triggers a workflow once for each ticket, and can be killed at any time: start it
 * again with the same tickets. It reads one ticket per line from stdin, and at the end lists the
 * tickets that a person must check.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   once FOLDER create                          creates the journal, once
 *   once FOLDER WORKFLOW VARIABLE < TICKETS     lines: TICKET VALUE
 *   once FOLDER found TICKET TRIGGER_ID WHO     a person found the run of a ticket
 *   once FOLDER none TICKET WHO                 a person found that there is no run
 *
 * The settings come from LUMA_URL and LUMA_TOKEN, or from the configuration file, see
 * docs/configuration-file.md; `create` needs LUMA_URL.
 *
 * Exit code: 0 all accepted, 4 some need a person, 5 call again for the rest, 1 invalid arguments,
 * settings or journal.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The contact on whose behalf the tickets are handled. */
#define CONTACT_ID 4021

static int fail(const char *what, luma_result *reason)
{
    fprintf(stderr, "%s: %s\n", what, luma_result_message(reason));
    luma_result_free(reason);
    return 1;
}

/* Triggers the workflow of a ticket, unless that has happened before. Returns an exit code. */
static int submit(const luma_client *client, const luma_journal *journal, const char *workflow,
                  const char *variable, const char *ticket, const char *value)
{
    luma_trigger_request *request = NULL;
    luma_result *result = NULL;
    int32_t status = luma_trigger_request_new_with_reason(workflow, &request, &result);
    int code;

    if (status == LUMA_OK)
        status = luma_trigger_request_set_initiator(request, CONTACT_ID, LUMA_APPLICATION_ISM);
    if (status == LUMA_OK)
        status = luma_trigger_request_set_initiation_info(request, "ticketIdentifier", ticket);
    if (status == LUMA_OK)
        status = luma_trigger_request_set_variable(request, variable, value);
    if (status == LUMA_OK)
        status = luma_trigger_workflow_once(client, journal, ticket, request, &result);
    switch (luma_result_outcome(result)) {
    case LUMA_OUTCOME_ACCEPTED:
        printf("%s: %s as %s\n", ticket,
               status == LUMA_ALREADY_ACCEPTED ? "accepted before" : "accepted",
               luma_result_trigger_id(result));
        code = 0;
        break;
    case LUMA_OUTCOME_UNKNOWN:
        /* It may be running. Calling again with this key is safe, but does not help. */
        printf("%s: UNKNOWN: %s\n", ticket, luma_result_message(result));
        code = status == LUMA_ERROR_KEY_IN_PROGRESS ? 5 : 4;
        break;
    default:
        /* This call started nothing. The next call with this key sends, perhaps a corrected
         * request. After the two statuses below it does not, because an earlier call may have
         * started a run. */
        printf("%s: %s: %s\n", ticket, luma_status_name(status),
               result == NULL ? luma_status_message(status) : luma_result_message(result));
        code = 5;
        if (status == LUMA_ERROR_KEY_OTHER_REQUEST || status == LUMA_ERROR_JOURNAL_DAMAGED)
            code = 4;
    }
    if (code == 0 && !luma_result_journal_recorded(result))
        printf("%s: not recorded, write this down: %s\n", ticket, luma_result_trigger_id(result));
    luma_result_free(result);
    luma_trigger_request_free(request);
    return code;
}

/* Lists the tickets that a person must check. Returns an exit code. */
static int review(const luma_journal *journal)
{
    /* Only a file that cannot be read has `file` and `problem`. */
    static const char *const names[] = {"key", "state", "workflow", "requestId", "file", "problem"};
    luma_result *list = NULL;
    int code = 0;
    size_t i, j;

    if (luma_journal_unfinished(journal, &list) != LUMA_OK)
        return fail("review", list);
    for (i = 0; i < luma_result_journal_count(list); i++) {
        char pointer[64];

        sprintf(pointer, "/entries/%lu/state", (unsigned long)i);
        /* This program does not follow runs, so accepted tickets are not acknowledged. */
        if (strcmp(luma_result_string(list, pointer), "ACCEPTED") == 0)
            continue;
        printf("needs a person:");
        for (j = 0; j < sizeof names / sizeof *names; j++) {
            sprintf(pointer, "/entries/%lu/%s", (unsigned long)i, names[j]);
            if (luma_result_string(list, pointer)[0] != '\0')
                printf(" %s", luma_result_string(list, pointer));
        }
        printf("\n");
        code = 4;
    }
    luma_result_free(list);
    return code;
}

static int settle(const luma_journal *journal, const char *ticket, const char *trigger_id,
                  const char *who)
{
    luma_result *result = NULL;
    const char *reason = trigger_id == NULL ? "there is no run in the Execution History"
                                            : "found in the Execution History";

    if (luma_journal_resolve(journal, ticket, trigger_id, who, reason, &result) != LUMA_OK)
        return fail(ticket, result);
    printf("%s\n", luma_result_message(result));
    luma_result_free(result);
    return 0;
}

static int run(const luma_journal *journal, const char *workflow, const char *variable)
{
    luma_client *client = NULL;
    luma_result *reason = NULL;
    char line[1024];
    int code = 0, ticket_code, review_code;

    if (luma_client_new_from_environment(&client, &reason) != LUMA_OK)
        return fail("settings", reason);
    while (fgets(line, sizeof line, stdin) != NULL) {
        const char *ticket = strtok(line, " \r\n");
        const char *value = ticket == NULL ? NULL : strtok(NULL, "\r\n");

        if (value != NULL) {
            ticket_code = submit(client, journal, workflow, variable, ticket, value);
            /* 4 takes precedence: one ticket that needs a person is enough. */
            if (ticket_code != 0 && code != 4)
                code = ticket_code;
            fflush(stdout);
        }
    }
    luma_client_free(client);
    review_code = review(journal);
    return review_code != 0 ? review_code : code;
}

int main(int argc, char **argv)
{
    luma_journal *journal = NULL;
    luma_result *reason = NULL;
    int code = 1;

    if (argc == 3 && strcmp(argv[2], "create") == 0) {
        if (luma_journal_create(argv[1], getenv("LUMA_URL"), &reason) != LUMA_OK)
            return fail(argv[1], reason);
        return 0;
    }
    if (argc < 4) {
        fprintf(stderr, "usage: once FOLDER create | WORKFLOW VARIABLE | found TICKET TRIGGER_ID "
                        "WHO | none TICKET WHO\n");
        return 1;
    }
    if (luma_journal_open(argv[1], &journal, &reason) != LUMA_OK)
        return fail(argv[1], reason);
    if (argc == 6 && strcmp(argv[2], "found") == 0)
        code = settle(journal, argv[3], argv[4], argv[5]);
    else if (argc == 5 && strcmp(argv[2], "none") == 0)
        code = settle(journal, argv[3], NULL, argv[4]);
    else if (argc == 4)
        code = run(journal, argv[2], argv[3]);
    else
        fprintf(stderr, "too many arguments\n");
    luma_journal_free(journal);
    return code;
}
