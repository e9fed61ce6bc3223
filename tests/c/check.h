/* Shared by the C tests: a check that counts, and the closing line. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

static int passed, failed;

/* Counters that threads share. Relaxed: a lock would order the threads, and so hide data races of
   the library from ThreadSanitizer. */
#define INCREMENT(counter) __atomic_fetch_add(&(counter), 1, __ATOMIC_RELAXED)
#define READ(counter) __atomic_load_n(&(counter), __ATOMIC_RELAXED)
#define SET(counter, number) __atomic_store_n(&(counter), number, __ATOMIC_RELAXED)

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (condition) {                                                                           \
            INCREMENT(passed);                                                                     \
        } else {                                                                                   \
            INCREMENT(failed);                                                                     \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
        }                                                                                          \
    } while (0)

#define CHECK_TEXT(text, expected) CHECK(strcmp(text, expected) == 0)

static int closing_line(void)
{
    int checks = READ(passed), failures = READ(failed);

    printf("%d passed, %d failed\n", checks, failures);
    return failures == 0 ? 0 : 1;
}

#endif
