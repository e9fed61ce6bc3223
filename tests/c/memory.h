/* Searches the memory of the process. Include check.h first. */
#ifndef MEMORY_H
#define MEMORY_H

#include <string.h>

#define NEEDLE 24
#define MASK 0x55

/* Part of a secret, masked so that the search does not find this copy. */
static inline void remember(unsigned char needle[NEEDLE], const char *secret)
{
    size_t length = strlen(secret), i;

    CHECK(length >= NEEDLE);
    for (i = 0; i < NEEDLE; i++)
        needle[i] = (unsigned char)secret[(length - NEEDLE) / 2 + i] ^ MASK;
}

static inline int contains(const unsigned char *memory, size_t size, const unsigned char needle[NEEDLE])
{
    size_t at, i;

    for (at = 0; at + NEEDLE <= size; at++) {
        for (i = 0; i < NEEDLE && (memory[at + i] ^ MASK) == needle[i]; i++)
            ;
        if (i == NEEDLE)
            return 1;
    }
    return 0;
}

/* Number of writable mappings, except the stack, that contain it. */
static inline int found(const unsigned char needle[NEEDLE])
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512], rights[8];
    unsigned long start, end;
    int count = 0;

    CHECK(maps != NULL);
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%lx %7s", &start, &end, rights) == 3 && rights[0] == 'r' &&
            rights[1] == 'w' && strstr(line, "[stack]") == NULL && strstr(line, "[v") == NULL)
            count += contains((const unsigned char *)start, end - start, needle);
    }
    if (maps != NULL)
        fclose(maps);
    return count;
}

#endif
