/* A client of libluma from the benchmarks' settings. */
#ifndef BENCH_LUMA_CLIENT_H
#define BENCH_LUMA_CLIENT_H

#include <luma.h>

/* For BENCH_URL and BENCH_TOKEN; it trusts the certificates in the file BENCH_CA, if that is set. */
luma_client *new_client(void);

#endif
