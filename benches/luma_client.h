/* Creates the libluma client of a benchmark. */
#ifndef BENCH_LUMA_CLIENT_H
#define BENCH_LUMA_CLIENT_H

#include <luma.h>

/* For BENCH_URL and BENCH_TOKEN. If BENCH_CA is set, it names the file of trust anchors. */
luma_client *new_client(void);

#endif
