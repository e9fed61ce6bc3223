#!/bin/sh
# recorder.sh LIBRARY DIRECTORY: builds DIRECTORY/libluma.so.0, which passes every call on to a
# library, and records in the file RECORDED_CALLS which functions were called: a line each, "1"
# or "0", in the order of tests/luma.symbols. For 64-bit x86. Needs cc.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
library=$(realpath "$1")
mkdir -p "$2"
cd "$2"
grep '^luma_' "$root/tests/luma.symbols" >functions
{
    cat <<END
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const NAMES[] = {
$(sed 's/.*/    "&",/' functions)
};
enum { COUNT = sizeof NAMES / sizeof *NAMES };
static char unrecorded[2 * COUNT];
void *recorder_functions[COUNT];
char *recorder_calls = unrecorded;

/* A file that processes share needs no end of theirs. */
__attribute__((constructor)) static void start(void)
{
    void *library = dlopen("$library", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        abort();
    }
    for (int i = 0; i < COUNT; ++i)
        recorder_functions[i] = dlsym(library, NAMES[i]);
    const char *path = getenv("RECORDED_CALLS");
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return;
    void *calls = mmap(NULL, sizeof unrecorded, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (calls != MAP_FAILED)
        recorder_calls = calls;
    close(file);
}

__asm__(".text\n"
END
    awk '{ printf "    \".globl %s\\n.type %s,@function\\n%s:\\n\"\n", $1, $1, $1
           printf "    \"endbr64; movq recorder_calls@GOTPCREL(%%rip), %%r11; movq (%%r11), %%r11; movb $49, %d(%%r11)\\n\"\n", 2 * (NR - 1)
           printf "    \"movq recorder_functions@GOTPCREL(%%rip), %%r11; jmp *%d(%%r11)\\n\"\n", 8 * (NR - 1) }' functions
    echo ');'
} >recorder.c
cc -shared -fPIC -O1 -Wall -Wextra -Werror -Wl,-soname,libluma.so.0 -o libluma.so.0 recorder.c -ldl
ln -sf libluma.so.0 libluma.so
