# Turns luma.h into a header for host programs that support only stdcall: each function becomes a
# pointer, which is loaded from luma.dll by name before main(), and callbacks are stdcall too.

function print_loader() {
    print "static void __attribute__((constructor)) luma_load(void)\n{"
    print "    HMODULE library = LoadLibraryA(\"luma.dll\");\n"
    for (i = 1; i <= count; i++) {
        print "    *(FARPROC *)&" names[i] " = GetProcAddress(library, \"" names[i] "_stdcall\");"
        print "    if (" names[i] " == NULL)\n        abort();"
    }
    print "}"
    count = 0
}

/^#include <stdint.h>/ { print; print "#include <stdlib.h>\n#include <windows.h>"; next }
/^typedef .*\(\*luma_[a-z_]*_fn\)/ { sub(/\(\*/, "(__stdcall *") }
/^[a-z].*[ *]luma_[a-z0-9_]*\(/ && !/^typedef/ {
    match($0, /luma_[a-z0-9_]*\(/)
    name = substr($0, RSTART, RLENGTH - 1)
    names[++count] = name
    $0 = "static " substr($0, 1, RSTART - 1) "(__stdcall *" name ")" substr($0, RSTART + RLENGTH - 1)
}
/^#ifdef __cplusplus/ && count { print_loader() }
{ print }
