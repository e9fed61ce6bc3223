/* Makes the calls of First.bas, with the types and names of LumaNative.bas, and of a few more
   functions. Built by test.sh for 32 and 64 bit, run with Wine by test-windows.sh. */
#include <stdio.h>
#include <string.h>

#ifdef _WIN64
#define CONVENTION
#else
#define CONVENTION __stdcall
#endif
#include "declarations.h"

static int passed, failed;

static void check(int is_true, const char *what)
{
    if (is_true) {
        passed++;
    } else {
        failed++;
        printf("FAILED: %s\n", what);
    }
}

/* As VBA passes and reads a string. */
static intptr_t bytes(const char *text)
{
    return (intptr_t)text;
}
static const char *text(intptr_t pointer)
{
    return (const char *)pointer;
}

/* A stdcall function with other arguments than declared moves the stack pointer. */
static const char *stack(void)
{
#ifdef _WIN64
    return NULL;
#else
    const char *pointer;
    __asm__ volatile("movl %%esp, %0" : "=r"(pointer));
    return pointer;
#endif
}

static void trigger(void)
{
    intptr_t client = 0, request = 0, result = 0, wait = 0;
    int64_t pause, contact = 9007199254740993, read = 0;
    int32_t status;
    int is_completed = 0;
    const char *before = stack();

    check(luma_client_new_from_environment(&client, &result) == LUMA_OK && client != 0, "client");
    check(luma_trigger_request_new_with_reason(bytes("unlock_account"), &request, &result) ==
              LUMA_OK,
          "request");
    check(luma_trigger_request_set_variable(request, bytes("userName"), bytes("J\xC3\xBCrgen")) ==
              LUMA_OK,
          "variable");
    check(luma_trigger_request_set_variable_int64(request, bytes("number"), contact) == LUMA_OK,
          "int64");
    check(luma_trigger_request_set_variable_double(request, bytes("share"), 0.5) == LUMA_OK,
          "double");
    check(luma_trigger_request_set_initiator(request, contact, -7) == LUMA_OK, "initiator");
    luma_trigger_workflow(client, request, &result);
    check(luma_result_outcome(result) == LUMA_OUTCOME_ACCEPTED, "accepted");
    check(strlen(text(luma_result_trigger_id(result))) == 36, "trigger id");
    check(luma_result_timing_us(result, LUMA_TIMING_TOTAL) > 0, "a returned int64_t");
    check(luma_result_int64(result, bytes("/no/such/value"), &read) == LUMA_ERROR_POINTER_NOT_FOUND,
          "an int64_t by reference");
    check(luma_wait_new(client, luma_result_trigger_id(result), 60000, &wait) == LUMA_OK, "wait");
    luma_result_free(result);
    do {
        status = luma_wait_poll(wait, &result);
        check(status == LUMA_OK || status == LUMA_ERROR_WAIT_OPEN, "poll");
        is_completed = luma_result_run_status(result) == LUMA_RUN_COMPLETED;
        check(*text(luma_result_run_status_text(result)) != 0, "the status as text");
        luma_result_free(result);
        pause = luma_wait_next_poll_ms(wait);
        if (pause > 0) {
            Sleep((DWORD)pause);
        }
    } while (pause >= 0);
    check(is_completed, "completed");

    luma_trigger_workflow_json(client, bytes("{\"workflowIdentifier\":\"unlock_account\"}"),
                               &result);
    status = luma_result_status(result);
    check(strcmp(text(luma_outcome_name(luma_result_outcome(result))), "REJECTED") == 0,
          "rejected");
    check(strcmp(text(luma_status_name(status)), "LUMA_ERROR_VALIDATION") == 0, "its name");
    check(strstr(text(luma_result_message(result)), "User name is required") != NULL,
          "its message");
    check(strcmp(text(luma_result_error(result, 0)), "User name is required") == 0, "its reason");
    luma_result_free(result);
    luma_wait_free(wait);
    luma_trigger_request_free(request);
    luma_client_free(client);
    luma_wait_free(0);
    luma_trigger_request_free(0);
    luma_client_free(0);
    check(before == stack(), "the stack pointer");
}

int main(void)
{
    HMODULE library = LoadLibraryA("luma.dll");
    size_t i;

    check(library != NULL, "luma.dll");
    for (i = 0; library != NULL && i < sizeof declared / sizeof *declared; i++) {
        FARPROC function = GetProcAddress(library, declared[i].name);
        check(function != NULL, declared[i].name);
        memcpy(declared[i].function, &function, sizeof function);
    }
    if (failed == 0) {
        trigger();
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
