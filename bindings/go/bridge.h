/* What Go cannot express: callbacks, and a value per thread. */
#include <luma.h>
#include <stdint.h>
#include <stdlib.h>

/* Sets the call that is in progress on this thread, for its callbacks; 0 for none. Returns the
 * previous one. */
uintptr_t luma_go_set_call(uintptr_t call);

int32_t luma_go_set_log(luma_config *config, int32_t level, uintptr_t callbacks);
int32_t luma_go_set_token_provider(luma_config *config, uintptr_t callbacks);
/* The store is that of the call in progress. */
int32_t luma_go_trigger_once_with_store(const luma_client *client, const char *secret,
                                        const char *key, const luma_trigger_request *request,
                                        luma_result **out);

void luma_go_wipe(char *text);
