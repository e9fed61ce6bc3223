/*
 * Promise 2 on Windows: luma.dll is loaded, used by many threads and unloaded again and again, as
 * the host process of a plug-in does. Some of the threads end before it is unloaded, the others
 * after it. A lookup of a host name that is still running keeps it in memory. LUMA_URL and
 * LUMA_TOKEN belong to a simulator.
 */
#include <luma.h>

#include <stdlib.h>
#include <windows.h>

#include "../c/check.h"

#define ROUNDS 20
#define THREADS 8
#define CALLS 5

/* The library is not linked: only these functions are used, through pointers. */
#define FUNCTIONS(DO)                                                                              \
    DO(luma_config_new)                                                                            \
    DO(luma_config_set_connect_timeout_ms)                                                         \
    DO(luma_config_free)                                                                           \
    DO(luma_client_new)                                                                            \
    DO(luma_client_new_with_config)                                                                \
    DO(luma_client_free)                                                                           \
    DO(luma_trigger_workflow_json)                                                                 \
    DO(luma_result_trigger_id)                                                                     \
    DO(luma_result_message)                                                                        \
    DO(luma_result_free)
#define DECLARE(name) static __typeof__(name) *call_##name;
#define FIND(name)                                                                                 \
    *(FARPROC *)&call_##name = GetProcAddress(library, #name);                                     \
    CHECK(call_##name != NULL);

FUNCTIONS(DECLARE)

static luma_client *client;
static HANDLE used, gone;
static volatile LONG right, working;

static DWORD WINAPI work(void *is_late)
{
    int i;

    for (i = 0; i < CALLS; i++) {
        luma_result *result = NULL;
        int32_t status = call_luma_trigger_workflow_json(
            client,
            "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}",
            &result);

        if (status == LUMA_OK && strlen(call_luma_result_trigger_id(result)) == 36)
            InterlockedIncrement(&right);
        else
            fprintf(stderr, "%s\n", call_luma_result_message(result));
        call_luma_result_free(result);
    }
    if (InterlockedDecrement(&working) == 0)
        SetEvent(used);
    if (is_late != NULL)
        WaitForSingleObject(gone, 60000);
    return 0;
}

static void load_use_and_unload(void)
{
    HMODULE library = LoadLibraryA("luma.dll");
    HANDLE threads[THREADS];
    int i;

    CHECK(library != NULL);
    FUNCTIONS(FIND)
    CHECK(call_luma_client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client) == LUMA_OK);
    right = 0;
    working = THREADS;
    used = CreateEventA(NULL, TRUE, FALSE, NULL);
    gone = CreateEventA(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, work, i % 2 ? &gone : NULL, 0, NULL);
    CHECK(WaitForSingleObject(used, 60000) == WAIT_OBJECT_0);
    for (i = 0; i < THREADS; i += 2)
        CHECK(WaitForSingleObject(threads[i], 60000) == WAIT_OBJECT_0);
    CHECK(right == THREADS * CALLS);
    call_luma_client_free(client);
    CHECK(FreeLibrary(library));
    CHECK(GetModuleHandleA("luma.dll") == NULL);
    SetEvent(gone);
    CHECK(WaitForMultipleObjects(THREADS, threads, TRUE, 60000) == WAIT_OBJECT_0);
    for (i = 0; i < THREADS; i++)
        CloseHandle(threads[i]);
    CloseHandle(used);
    CloseHandle(gone);
}

/*
 * The lookup of a host name fails in time, or outlives its call, so that its thread runs when the
 * library is unloaded. Returns whether the library stays in memory.
 */
static int unload_after_a_lookup(int number, int64_t connect_timeout_ms)
{
    HMODULE library = LoadLibraryA("luma.dll");
    luma_config *config = NULL;
    luma_result *result = NULL;
    char url[64];
    int32_t status;

    CHECK(library != NULL);
    FUNCTIONS(FIND)
    snprintf(url, sizeof url, "https://gateway-%d.test", number);
    CHECK(call_luma_config_new(url, "t", &config) == LUMA_OK);
    CHECK(call_luma_config_set_connect_timeout_ms(config, connect_timeout_ms) == LUMA_OK);
    CHECK(call_luma_client_new_with_config(config, &client) == LUMA_OK);
    call_luma_config_free(config);
    status = call_luma_trigger_workflow_json(client, "{\"workflowIdentifier\":\"w\"}", &result);
    CHECK(status == LUMA_ERROR_CONNECT_TIMEOUT || status == LUMA_ERROR_DNS);
    call_luma_result_free(result);
    call_luma_client_free(client);
    CHECK(FreeLibrary(library));
    CHECK(status == LUMA_ERROR_CONNECT_TIMEOUT || GetModuleHandleA("luma.dll") == NULL);
    return GetModuleHandleA("luma.dll") != NULL;
}

static DWORD handles(void)
{
    DWORD count = 0;

    GetProcessHandleCount(GetCurrentProcess(), &count);
    return count;
}

int main(void)
{
    DWORD before = 0;
    int i;

    for (i = 0; i < ROUNDS; i++) {
        load_use_and_unload();
        if (i == 2) /* after the system's libraries have opened the handles that they keep */
            before = handles();
    }
    CHECK(handles() <= before + 4);
    if (handles() > before + 4)
        fprintf(stderr, "%lu handles, then %lu\n", before, handles());
    /* Last, because the library then stays in memory. */
    unload_after_a_lookup(0, 60000);
    for (i = 1; i < ROUNDS && !unload_after_a_lookup(i, 1); i++)
        ;
    CHECK(i < ROUNDS);
    Sleep(3000);
    return closing_line();
}
