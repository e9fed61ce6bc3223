/* What libcurl's users take a JSON library for. */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include <stddef.h>

/* The request of a trigger, built from fields; free() frees it. */
char *write_request(void);

/* Whether a response is a success with a trigger id and a message. */
int is_accepted(const char *response, size_t length);

#endif
