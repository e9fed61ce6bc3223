/*
 * Triggers and reads from several threads on several clients for a while, and prints how each call
 * ended. tests/it/soak.rs runs it through proxies that misbehave, and compares every line with what
 * the gateway received.
 *
 *     soak SECONDS SEED TIMEOUT_MS (URL PROXY)...      PROXY is - for none
 *
 * LUMA_TOKEN belongs to a simulator; LUMA_CA_FILE has the CA of the https URLs. Lines:
 *
 *     trigger LANE USER_NAME OUTCOME STATUS MS TRIGGER_ID
 *     read LANE USER_NAME OUTCOME STATUS MS own|other
 *     sample MS RESIDENT_KB DESCRIPTORS THREADS
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define MAX_LANES 8
#define THREADS_PER_LANE 2
#define SAMPLES 300

static luma_client *clients[MAX_LANES];
static double end_ms;
static unsigned seed;

struct worker {
    pthread_t thread;
    int lane, number;
};

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void pause_us(long us)
{
    struct timespec pause;

    pause.tv_sec = us / 1000000;
    pause.tv_nsec = us % 1000000 * 1000;
    nanosleep(&pause, NULL);
}

/* Counts the entries of a folder, without the descriptor that reads it. */
static int entries(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;

    if (folder == NULL)
        exit(2);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 2;
}

static void sample(double start_ms)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1)
        exit(2);
    fclose(file);
    printf("sample %.0f %ld %d %d\n", now_ms() - start_ms, pages * (sysconf(_SC_PAGESIZE) / 1024),
           entries("/proc/self/fd") - 1, entries("/proc/self/task"));
}

static luma_client *new_client(const char *url, const char *proxy, int64_t timeout_ms)
{
    luma_config *config = NULL;
    luma_client *client = NULL;

    CHECK(luma_config_new(url, getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_allow_http(config, 1) == LUMA_OK);
    CHECK(luma_config_set_timeout_ms(config, timeout_ms) == LUMA_OK);
    if (strncmp(url, "https", 5) == 0)
        CHECK(luma_config_set_ca_file(config, getenv("LUMA_CA_FILE")) == LUMA_OK);
    if (strcmp(proxy, "-") != 0)
        CHECK(luma_config_set_proxy(config, proxy) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_config_free(config);
    return client;
}

/* Of 10 calls, 5 are valid triggers, 1 is a trigger that the gateway refuses, 4 are reads. */
static void *work(void *data)
{
    const struct worker *worker = (const struct worker *)data;
    const luma_client *client = clients[worker->lane];
    unsigned random = seed * 1000 + (unsigned)worker->number;
    char started_id[64] = "", started_name[64] = "";
    int i;

    for (i = 0; now_ms() < end_ms; i++) {
        int kind = rand_r(&random) % 10;
        double start_ms = now_ms();
        luma_result *result = NULL;
        int32_t status;

        if (kind < 6) {
            char name[64], request[256];
            const char *id;

            sprintf(name, "%s-%d-%d", kind < 5 ? "valid" : "invalid", worker->number, i);
            /* The workflow does not exist: the gateway refuses the request. */
            sprintf(request, "{\"workflowIdentifier\":\"%s\",\"variables\":{\"userName\":\"%s\"}}",
                    kind < 5 ? "unlock_account" : "unknown_workflow", name);
            status = luma_trigger_workflow_json(client, request, &result);
            id = luma_result_trigger_id(result);
            printf("trigger %d %s %s %d %.0f %s\n", worker->lane, name,
                   luma_outcome_name(luma_result_outcome(result)), status, now_ms() - start_ms,
                   id[0] == '\0' ? "-" : id);
            if (status == LUMA_OK) {
                sprintf(started_id, "%.60s", id);
                strcpy(started_name, name);
            }
        } else if (started_id[0] != '\0') {
            int is_own;

            status = luma_get_workflow_history(client, started_id, &result);
            is_own = strstr(luma_result_json(result), started_name) != NULL;
            printf("read %d %s %s %d %.0f %s\n", worker->lane, started_name,
                   luma_outcome_name(luma_result_outcome(result)), status, now_ms() - start_ms,
                   is_own ? "own" : "other");
        }
        luma_result_free(result);
        pause_us(rand_r(&random) % 20000);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct worker workers[MAX_LANES * THREADS_PER_LANE];
    int lanes = (argc - 4) / 2, count = 0, i;
    double start_ms = now_ms(), seconds;

    if (lanes < 1 || lanes > MAX_LANES)
        return 2;
    seconds = atof(argv[1]);
    seed = (unsigned)atoi(argv[2]);
    sample(start_ms);
    for (i = 0; i < lanes; i++)
        clients[i] = new_client(argv[4 + 2 * i], argv[5 + 2 * i], atoi(argv[3]));
    end_ms = now_ms() + seconds * 1e3;
    for (i = 0; i < lanes * THREADS_PER_LANE; i++) {
        workers[i].lane = i % lanes;
        workers[i].number = i;
        CHECK(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
    while (now_ms() < end_ms) {
        pause_us((long)(seconds * 1e6 / SAMPLES));
        sample(start_ms);
    }
    for (i = 0; i < lanes * THREADS_PER_LANE; i++)
        pthread_join(workers[i].thread, NULL);
    for (i = 0; i < lanes; i++)
        luma_client_free(clients[i]);
    /* The system may still count a thread that was joined. */
    while (entries("/proc/self/task") > 1 && count++ < 1000)
        pause_us(1000);
    sample(start_ms);
    return closing_line();
}
