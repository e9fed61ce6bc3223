#include "bridge.h"

#include <string.h>

#include "_cgo_export.h"

static __thread uintptr_t current_call;

uintptr_t luma_go_set_call(uintptr_t call)
{
    uintptr_t previous = current_call;
    current_call = call;
    return previous;
}

static void on_log(int32_t level, const char *line, void *user_data)
{
    goLumaLog(current_call, (uintptr_t)user_data, level, (char *)line);
}

static size_t on_token(char *buffer, size_t size, void *user_data)
{
    return goLumaToken(current_call, (uintptr_t)user_data, buffer, size);
}

int32_t luma_go_set_log(luma_config *config, int32_t level, uintptr_t callbacks)
{
    return luma_config_set_log(config, level, callbacks ? on_log : NULL, (void *)callbacks);
}

int32_t luma_go_set_token_provider(luma_config *config, uintptr_t callbacks)
{
    return luma_config_set_token_provider(config, callbacks ? on_token : NULL, (void *)callbacks);
}

static int32_t on_claim(const char *key, const char *digest, const char *intent, char *trigger_id,
                        size_t size, void *user_data)
{
    (void)user_data;
    return goLumaClaim(current_call, (char *)key, (char *)digest, (char *)intent, trigger_id, size);
}

static int32_t on_complete(const char *key, int32_t outcome, const char *trigger_id,
                           void *user_data)
{
    (void)user_data;
    return goLumaComplete(current_call, (char *)key, outcome, (char *)trigger_id);
}

int32_t luma_go_trigger_once_with_store(const luma_client *client, const char *secret,
                                        const char *key, const luma_trigger_request *request,
                                        luma_result **out)
{
    return luma_trigger_workflow_once_with_store(client, on_claim, on_complete, NULL, secret, key,
                                                 request, out);
}

void luma_go_wipe(char *text)
{
    /* A plain memset before free would be removed. */
    volatile char *p = text;
    while (*p != '\0')
        *p++ = '\0';
}
