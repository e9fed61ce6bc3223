/*
 * Promise 2 on Unix: a host process loads and unloads a plug-in, and the library with it, again and
 * again. Afterwards it may fork: no fork handler is left in unmapped memory. The first argument is
 * the path of the library, or of a plug-in that exports its functions; LUMA_URL and LUMA_TOKEN
 * belong to a simulator.
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define REQUEST "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}"

static void *library;

/* ISO C has no conversion from an object pointer to a function pointer. */
static void find(const char *name, void *function)
{
    void *symbol = dlsym(library, name);

    CHECK(symbol != NULL);
    memcpy(function, &symbol, sizeof symbol);
}

static void load_use_and_unload(const char *path)
{
    int32_t (*client_new)(const char *, const char *, luma_client **);
    int32_t (*trigger)(const luma_client *, const char *, luma_result **);
    void (*result_free)(luma_result *);
    void (*client_free)(luma_client *);
    luma_client *client = NULL;
    luma_result *result = NULL;

    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    find("luma_client_new", &client_new);
    find("luma_trigger_workflow_json", &trigger);
    find("luma_result_free", &result_free);
    find("luma_client_free", &client_free);
    CHECK(client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client) == LUMA_OK);
    CHECK(trigger(client, REQUEST, &result) == LUMA_OK);
    result_free(result);
    client_free(client);
    CHECK(dlclose(library) == 0);
}

int main(int argc, char **argv)
{
    int i, status = -1;
    pid_t child;

    for (i = 0; argc > 1 && i < 20; i++)
        load_use_and_unload(argv[1]);
    CHECK(i == 20);
    child = fork();
    if (child == 0)
        _exit(42);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
    return closing_line();
}
