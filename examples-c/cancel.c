/*
 * Waits for a run on one thread and cancels the wait from another, as an application does when it
 * is closed: close the client, join the thread, then free. The run itself continues.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   cancel TRIGGER_ID SECONDS
 *
 * The settings come from LUMA_URL and LUMA_TOKEN, or from the configuration file, see
 * docs/configuration-file.md.
 *
 * Exit code: 0 the wait was cancelled after SECONDS, 5 it had ended earlier, 1 invalid arguments
 * or settings.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>

#ifdef _WIN32
#include <windows.h>
typedef HANDLE thread_handle;
#else
#include <pthread.h>
#include <unistd.h>
typedef pthread_t thread_handle;
#endif

/* The arguments of the thread, and its result. */
struct job {
    const luma_client *client;
    const char *trigger_id;
    luma_result *result;
};

/* Blocks until the run has ended, for up to a day. */
static void wait_for_run(struct job *job)
{
    (void)luma_wait_for_workflow(job->client, job->trigger_id, 24 * 60 * 60 * 1000, NULL, NULL,
                                 &job->result);
}

#ifdef _WIN32
static DWORD WINAPI work(void *job)
{
    wait_for_run((struct job *)job);
    return 0;
}

static int start(thread_handle *thread, struct job *job)
{
    *thread = CreateThread(NULL, 0, work, job, 0, NULL);
    return *thread != NULL;
}

static void join(thread_handle thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void pause_for(unsigned seconds)
{
    Sleep(seconds * 1000);
}
#else
static void *work(void *job)
{
    wait_for_run((struct job *)job);
    return NULL;
}

static int start(thread_handle *thread, struct job *job)
{
    return pthread_create(thread, NULL, work, job) == 0;
}

static void join(thread_handle thread)
{
    pthread_join(thread, NULL);
}

static void pause_for(unsigned seconds)
{
    sleep(seconds);
}
#endif

static int report(const struct job *job)
{
    printf("%s: %s\n", luma_status_name(luma_result_status(job->result)),
           luma_result_message(job->result));
    return luma_result_status(job->result) == LUMA_ERROR_CANCELLED ? 0 : 5;
}

int main(int argc, char **argv)
{
    luma_client *client = NULL;
    struct job job = {NULL, NULL, NULL};
    thread_handle thread;
    int code = 1;

    if (argc != 3) {
        fprintf(stderr, "usage: cancel TRIGGER_ID SECONDS\n");
        return 1;
    }
    if (luma_client_new_from_environment(&client, &job.result) != LUMA_OK) {
        fprintf(stderr, "%s\n", luma_result_message(job.result));
        luma_result_free(job.result);
        return 1;
    }
    job.client = client;
    job.trigger_id = argv[1];
    if (start(&thread, &job)) {
        pause_for((unsigned)atoi(argv[2]));
        /* Ends the wait immediately, even if it has not started yet. */
        (void)luma_client_close(client);
        join(thread);
        code = report(&job); /* a cancelled wait has a result too */
    }
    luma_result_free(job.result);
    luma_client_free(client); /* only after the join: no thread may use it any more */
    return code;
}
