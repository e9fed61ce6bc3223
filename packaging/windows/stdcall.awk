# Makes of luma.h a header for hosts that know only stdcall: each function is a pointer, found by
# its name in luma.dll before main begins, and a callback is stdcall too.

function end_of_functions() {
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
/^#ifdef __cplusplus/ && count { end_of_functions() }
{ print }
