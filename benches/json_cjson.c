/* The JSON of a trigger with cJSON, see json.h. */
#include "json.h"

#include <cjson/cJSON.h>
#include <string.h>

char *write_request(void)
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

int is_accepted(const char *response, size_t length)
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
