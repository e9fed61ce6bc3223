/* The JSON of a trigger with yyjson, see json.h. */
#include "json.h"

#include <string.h>
#include <yyjson.h>

char *write_request(void)
{
    yyjson_mut_doc *document = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *request = yyjson_mut_obj(document), *variables, *info;
    char *text;

    yyjson_mut_doc_set_root(document, request);
    yyjson_mut_obj_add_str(document, request, "workflowIdentifier", "reset_password");
    variables = yyjson_mut_obj_add_obj(document, request, "variables");
    yyjson_mut_obj_add_str(document, variables, "notifyBy", "email");
    yyjson_mut_obj_add_str(document, variables, "userName", "jdoe");
    yyjson_mut_obj_add_int(document, request, "initiatorContactId", 4021);
    yyjson_mut_obj_add_int(document, request, "initiatorApplicationId", -4);
    info = yyjson_mut_obj_add_obj(document, request, "initiationInfo");
    yyjson_mut_obj_add_str(document, info, "ticketIdentifier", "100-1");
    text = yyjson_mut_write(document, 0, NULL);
    yyjson_mut_doc_free(document);
    return text;
}

int is_accepted(const char *response, size_t length)
{
    yyjson_doc *document = yyjson_read(response, length, 0);
    yyjson_val *envelope = yyjson_doc_get_root(document);
    const char *status = yyjson_get_str(yyjson_obj_get(envelope, "status"));
    const char *message = yyjson_get_str(yyjson_obj_get(envelope, "statusLine"));
    yyjson_val *config = yyjson_obj_get(yyjson_obj_get(envelope, "resultData"), "executionConfig");
    const char *id = yyjson_get_str(yyjson_obj_get(config, "triggerId"));
    int accepted = status && strcmp(status, "Success") == 0 && id && *id && message && *message;

    yyjson_doc_free(document);
    return accepted;
}
