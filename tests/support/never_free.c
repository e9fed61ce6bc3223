/*
 * Preloaded into a program that searches its memory for secrets. No memory is ever freed, so what
 * was left there is found, whatever would have been allocated in its place.
 */
#include <malloc.h>
#include <stddef.h>
#include <string.h>

void free(void *memory)
{
    (void)memory;
}

void *realloc(void *memory, size_t size)
{
    void *copy = malloc(size);

    if (memory != NULL && copy != NULL) {
        size_t old_size = malloc_usable_size(memory);

        memcpy(copy, memory, old_size < size ? old_size : size);
    }
    return copy;
}
