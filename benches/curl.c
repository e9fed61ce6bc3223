/*
 * A trigger with libcurl and cJSON. All calls use one easy handle; cJSON writes the request and
 * parses the response. See client.h for the arguments.
 */
#include <cjson/cJSON.h>
#include <curl/curl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

static CURL *easy;
static struct curl_slist *headers;
static char body[64 * 1024];
static size_t body_length;

static size_t collect(char *bytes, size_t size, size_t count, void *unused)
{
    (void)unused;
    if (body_length + size * count > sizeof body)
        return 0;
    memcpy(body + body_length, bytes, size * count);
    body_length += size * count;
    return size * count;
}

static void open_client(void)
{
    char authorization[1024];

    curl_global_init(CURL_GLOBAL_DEFAULT);
    easy = curl_easy_init();
    snprintf(authorization, sizeof authorization, "Authorization: Bearer %s",
             setting("BENCH_TOKEN"));
    headers = curl_slist_append(NULL, authorization);
    headers = curl_slist_append(headers, "Content-Type: application/json");
    curl_easy_setopt(easy, CURLOPT_URL, trigger_url());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
    if (getenv("BENCH_CA")) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, getenv("BENCH_CA"));
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    } else if (getenv("SSL_CERT_FILE")) {
        /* The curl command reads this variable; libcurl does not. */
        curl_easy_setopt(easy, CURLOPT_CAINFO, getenv("SSL_CERT_FILE"));
    }
}

static char *write_request(void)
{
    cJSON *request = cJSON_CreateObject(), *variables, *info;
    char *text;

    cJSON_AddStringToObject(request, "workflowIdentifier", "reset_password");
    variables = cJSON_AddObjectToObject(request, "variables");
    cJSON_AddStringToObject(variables, "notifyBy", "email");
    cJSON_AddStringToObject(variables, "userName", "jdoe");
    cJSON_AddNumberToObject(request, "initiatorContactId", 4021);
    cJSON_AddNumberToObject(request, "initiatorApplicationId", -4);
    info = cJSON_AddObjectToObject(request, "initiationInfo");
    cJSON_AddStringToObject(info, "ticketIdentifier", "100-1");
    text = cJSON_PrintUnformatted(request);
    cJSON_Delete(request);
    return text;
}

/* True if the response is a success with a trigger id and a message. */
static int is_accepted(const char *response, size_t length)
{
    cJSON *envelope = cJSON_ParseWithLength(response, length);
    const char *status = cJSON_GetStringValue(cJSON_GetObjectItem(envelope, "status"));
    const char *message = cJSON_GetStringValue(cJSON_GetObjectItem(envelope, "statusLine"));
    cJSON *data = cJSON_GetObjectItem(envelope, "resultData");
    cJSON *config = cJSON_GetObjectItem(data, "executionConfig");
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(config, "triggerId"));
    int accepted = status && strcmp(status, "Success") == 0 && id && *id && message && *message;

    cJSON_Delete(envelope);
    return accepted;
}

static void trigger(void)
{
    char *request = write_request();
    long status = 0;
    CURLcode code;

    body_length = 0;
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request);
    code = curl_easy_perform(easy);
    if (code != CURLE_OK)
        fail(curl_easy_strerror(code));
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200 || !is_accepted(body, body_length))
        fail("the trigger was not accepted");
    free(request);
}

static void close_client(void)
{
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    curl_global_cleanup();
}

int main(int argc, char **argv)
{
    return run_client(argc, argv, open_client, trigger, close_client);
}
