/*
 * 32-bit Windows: each function with a stdcall name removes exactly its arguments from the stack,
 * and its cdecl counterpart removes none. The argument is the path of tests/luma.stdcall.symbols.
 */
#include <stdlib.h>
#include <windows.h>

#include "../c/check.h"

/* Calls a function with zeros as arguments; returns how many bytes it removed from the stack. */
static unsigned popped(FARPROC function)
{
    unsigned bytes;

    __asm__ volatile("movl %%esp, %%esi\n\t"
                     ".rept 16\n\t"
                     "pushl $0\n\t"
                     ".endr\n\t"
                     "movl %%esp, %%edi\n\t"
                     "call *%%ebx\n\t"
                     "movl %%esp, %%ecx\n\t"
                     "subl %%edi, %%ecx\n\t"
                     "movl %%esi, %%esp"
                     : "=&c"(bytes)
                     : "b"(function)
                     : "eax", "edx", "esi", "edi", "memory", "cc");
    return bytes;
}

int main(int argc, char **argv)
{
    HMODULE library = LoadLibraryA("luma.dll");
    FILE *symbols = argc > 1 ? fopen(argv[1], "r") : NULL;
    char line[256], *size;

    CHECK(library != NULL && symbols != NULL);
    while (symbols != NULL && fgets(line, sizeof line, symbols) != NULL) {
        FARPROC function;

        size = strchr(line, '@');
        *size++ = '\0';
        function = GetProcAddress(library, line);
        CHECK(function != NULL);
        if (function == NULL || popped(function) != (unsigned)atoi(size)) {
            fprintf(stderr, "%s\n", line);
            failed++;
        }
        *strstr(line, "_stdcall") = '\0';
        function = GetProcAddress(library, line);
        CHECK(function != NULL && popped(function) == 0);
    }
    return closing_line();
}
