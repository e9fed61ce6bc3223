/*
 * The caller in C of the fault catalogue: makes one call, chosen by the environment, and prints its
 * result, one value per line. With LUMA_FIRST it makes another call first, and then waits for a
 * line, so that the test can disturb the idle connection.
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static luma_client *client;

/* Memory of this process in KiB, current ("VmRSS:") or peak ("VmHWM:"), on Linux. */
static long memory(const char *name)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kib = -1;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0) {
            kib = strtol(line + strlen(name), NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return kib;
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The longest delay of a wake-up in a thread that only sleeps, in microseconds. */
static volatile long delay_us;

static void *measure_delay(void *unused)
{
    struct timespec pause = {0, 5000000};

    (void)unused;
    for (;;) {
        int64_t started = now_us();
        long late;

        nanosleep(&pause, NULL);
        late = (long)(now_us() - started) - 5000;
        if (late > delay_us)
            delay_us = late;
    }
    return NULL;
}

/* Lets what the other side sends at once arrive before the request. */
static void pause_before_request(int32_t level, const char *line, void *unused)
{
    struct timespec pause = {0, 100000000};

    (void)level;
    (void)unused;
    if (strstr(line, "on a new connection") != NULL)
        nanosleep(&pause, NULL);
}

static int32_t new_client(void)
{
    luma_config *config = NULL;
    const char *value;
    int32_t status = luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config);

    if (status == LUMA_OK && (value = getenv("LUMA_CA_PEM")) != NULL) {
        status = luma_config_set_ca_pem(config, value);
    }
    if (status == LUMA_OK && (value = getenv("LUMA_CLIENT_CERTIFICATE")) != NULL) {
        status = luma_config_set_client_certificate_pem(config, value, getenv("LUMA_CLIENT_KEY"));
    }
    if (status == LUMA_OK && getenv("LUMA_PAUSE") != NULL) {
        status = luma_config_set_log(config, LUMA_LOG_INFO, pause_before_request, NULL);
    }
    if (status == LUMA_OK && (value = getenv("LUMA_PROXY")) != NULL) {
        status = luma_config_set_proxy(config, value);
        if (status == LUMA_OK) {
            status = luma_config_set_allow_http(config, 1);
        }
    }
    if (status == LUMA_OK) {
        status = luma_config_set_connect_timeout_ms(config,
                                                    atol(getenv("LUMA_CONNECT_TIMEOUT_MS")));
    }
    if (status == LUMA_OK) {
        status = luma_config_set_timeout_ms(config, atol(getenv("LUMA_TIMEOUT_MS")));
    }
    if (status == LUMA_OK && getenv("LUMA_NO_RETRIES") != NULL) {
        status = luma_config_set_retries(config, 0);
    }
    if (status == LUMA_OK) {
        status = luma_client_new_with_config(config, &client);
    }
    luma_config_free(config);
    return status;
}

/* Cancels the call of the other thread after a pause. */
static void *cancel(void *milliseconds)
{
    struct timespec pause;

    pause.tv_sec = *(long *)milliseconds / 1000;
    pause.tv_nsec = *(long *)milliseconds % 1000 * 1000000;
    nanosleep(&pause, NULL);
    luma_client_cancel(client);
    return NULL;
}

static int32_t call(luma_result **result)
{
    char request[256];
    const char *trigger_id = getenv("LUMA_TRIGGER_ID");
    const char *name = getenv("LUMA_CALL");

    if (name != NULL && strcmp(name, "list") == 0) {
        return luma_list_workflow_definitions(client, NULL, NULL, 0, 0, result);
    }
    if (name != NULL && strcmp(name, "wait") == 0) {
        return luma_wait_for_workflow(client, "x", 60000, NULL, NULL, result);
    }
    if (name != NULL && strcmp(name, "launch-url") == 0) {
        return luma_generate_launch_url(client, "x", result);
    }
    if (name != NULL && strcmp(name, "token") == 0) {
        return luma_regenerate_tenant_token(client, getenv("LUMA_TOKEN"), "acme", result);
    }
    if (trigger_id != NULL) {
        return luma_get_workflow_history(client, trigger_id, result);
    }
    snprintf(request, sizeof request,
             "{\"workflowIdentifier\":\"reset_password\",\"variables\":%s}",
             getenv("LUMA_VARIABLES"));
    return luma_trigger_workflow_json(client, request, result);
}

int main(void)
{
    long before_kib;
    const char *pointer = getenv("LUMA_POINTER");
    const char *cancel_ms = getenv("LUMA_CANCEL_MS");
    luma_result *result = NULL;
    pthread_t canceller, sleeper;
    long pause_ms;
    int64_t started;
    int32_t status;

    /* Ends a call that hangs. */
    alarm(120);
    pthread_create(&sleeper, NULL, measure_delay, NULL);
    before_kib = memory("VmRSS:");
    status = new_client();
    if (status == LUMA_OK && getenv("LUMA_FIRST") != NULL) {
        status = call(&result);
        printf("first %s\n", luma_status_name(status));
        fflush(stdout);
        luma_result_free(result);
        result = NULL;
        getchar();
    }
    started = now_us();
    delay_us = 0;
    if (status == LUMA_OK && cancel_ms != NULL) {
        pause_ms = atol(cancel_ms);
        pthread_create(&canceller, NULL, cancel, &pause_ms);
    }
    if (status == LUMA_OK) {
        status = call(&result);
    }
    printf("microseconds %ld\n", (long)(now_us() - started));
    printf("delay %ld\n", delay_us);
    if (client != NULL && cancel_ms != NULL) {
        pthread_join(canceller, NULL);
    }
    printf("kib %ld\n", memory("VmHWM:") - before_kib);
    printf("status %s\n", luma_status_name(status));
    if (result == NULL) {
        /* Without a client nothing was sent. */
        printf("outcome %s\n", luma_outcome_name(LUMA_OUTCOME_NOT_SENT));
        printf("message %s\n", luma_status_message(status));
    } else {
        printf("outcome %s\n", luma_outcome_name(luma_result_outcome(result)));
        printf("message %s\n", luma_result_message(result));
        printf("attempts %d\n", (int)luma_result_attempts(result));
        printf("trigger_id %s\n", luma_result_trigger_id(result));
        if (pointer != NULL) {
            printf("value %s\n", luma_result_string(result, pointer));
        }
    }
    luma_result_free(result);
    luma_client_free(client);
    return 0;
}
