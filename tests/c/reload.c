/*
 * Promise 2 on Unix: a host process loads and unloads a plug-in, and the library with it, again and
 * again. A thread that uses it begins before and ends afterwards. In the end, no descriptor, no
 * thread and hardly any memory remains, and the process may fork: no fork handler is left in
 * unmapped memory. LUMA_URL and LUMA_TOKEN belong to a simulator.
 *
 *     reload LIBRARY ROUNDS BYTES
 *
 * LIBRARY is the path of the library, or of a plug-in that exports its functions. A round may leave
 * so many bytes of memory.
 */
#define _DEFAULT_SOURCE
#include <luma.h>

#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
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

static int entries(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;

    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static long resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    CHECK(file != NULL && fscanf(file, "%*d %ld", &pages) == 1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static void use(void)
{
    int32_t (*client_new)(const char *, const char *, luma_client **);
    int32_t (*trigger)(const luma_client *, const char *, luma_result **);
    void (*result_free)(luma_result *);
    void (*client_free)(luma_client *);
    luma_client *client = NULL;
    luma_result *result = NULL;

    find("luma_client_new", &client_new);
    find("luma_trigger_workflow_json", &trigger);
    find("luma_result_free", &result_free);
    find("luma_client_free", &client_free);
    CHECK(client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client) == LUMA_OK);
    CHECK(trigger(client, REQUEST, &result) == LUMA_OK);
    result_free(result);
    client_free(client);
}

/* What the thread is to do next. */
static enum { BEGIN, USE, KEEP, END } phase;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void set_phase(int next)
{
    pthread_mutex_lock(&mutex);
    phase = next;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void wait_for_phase(int least)
{
    pthread_mutex_lock(&mutex);
    while ((int)phase < least)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
}

static void *use_in_thread(void *unused)
{
    wait_for_phase(USE);
    use();
    set_phase(KEEP);
    wait_for_phase(END);
    return unused;
}

static void load_use_and_unload(const char *path)
{
    pthread_t thread;

    phase = BEGIN;
    CHECK(pthread_create(&thread, NULL, use_in_thread, NULL) == 0);
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    use();
    set_phase(USE);
    wait_for_phase(KEEP);
    CHECK(dlclose(library) == 0);
    /* The thread ends when the library may be gone. */
    set_phase(END);
    CHECK(pthread_join(thread, NULL) == 0);
}

int main(int argc, char **argv)
{
    int rounds = argc == 4 ? atoi(argv[2]) : 0, warm = rounds / 3, descriptors = 0, i, status = -1;
    long before = 0, more;
    pid_t child;

    if (rounds < 1) {
        fprintf(stderr, "usage: reload LIBRARY ROUNDS BYTES\n");
        return 1;
    }
    for (i = 0; i < rounds; i++) {
        if (i == warm) {
            before = resident_bytes();
            descriptors = entries("/proc/self/fd");
        }
        load_use_and_unload(argv[1]);
    }
    CHECK(entries("/proc/self/fd") == descriptors);
    for (i = 0; i < 1000 && entries("/proc/self/task") > 3; i++)
        usleep(1000);
    CHECK(entries("/proc/self/task") == 3); /* this one, and two names of folders */
    more = resident_bytes() - before;
    if (more > (rounds - warm) * atol(argv[3]) + (1 << 20))
        fprintf(stderr, "%ld bytes more\n", more);
    CHECK(more <= (rounds - warm) * atol(argv[3]) + (1 << 20));
    child = fork();
    if (child == 0)
        _exit(42);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
    printf("%ld bytes per round\n", more / (rounds - warm));
    return closing_line();
}
