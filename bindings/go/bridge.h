/* What Go cannot express: callbacks, and a value per thread. */
#include <luma.h>
#include <stdint.h>
#include <stdlib.h>

/* Sets the call that is in progress on this thread, for its callbacks; 0 for none. Returns the
 * previous one. */
uintptr_t luma_go_set_call(uintptr_t call);

int32_t luma_go_set_log(luma_config *config, int32_t level, uintptr_t callbacks);
int32_t luma_go_set_token_provider(luma_config *config, uintptr_t callbacks);

void luma_go_wipe(char *text);
