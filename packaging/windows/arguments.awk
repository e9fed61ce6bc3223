# Turns luma.h into a C program that calls every function with NULL for each pointer, and with
# invalid UTF-8 for each string. Each call must return a status or a value, and do nothing else. -v
# promised=N: the expected number of functions.

function good(type, name) {
    if (type ~ /^(const )?luma_config \*$/) return "config"
    if (type ~ /^(const )?luma_client \*$/) return "client"
    if (type ~ /^(const )?luma_trigger_request \*$/) return "request"
    if (type ~ /^(const )?luma_result \*$/) return "result"
    if (type ~ /\*\*$/ || name == "out") return "(void *)&out"
    if (type == "const char *") return "\"a\""
    if (type ~ /\*$/ || type ~ /_fn$/) return "NULL"
    return "1"
}

function call(at, value,    i, text) {
    text = name "("
    for (i = 1; i <= count; i++)
        text = text (i > 1 ? ", " : "") (i == at ? value : good(types[i], argument[i]))
    text = text ")"
    if (returned == "int32_t")
        print "    CHECK_STATUS(" text ");"
    else if (returned == "const char *")
        print "    CHECK(" text " != NULL);"
    else if (returned == "void")
        print "    " text ", passed++;"
    else
        print "    (void)" text ", passed++;"
}

BEGIN {
    print "#include <luma.h>\n#include <stdlib.h>\n#include \"check.h\"\n"
    print "#define CHECK_STATUS(status) do { int32_t got = (status); CHECK(got >= -1 && got < 1000); } while (0)\n"
    print "int main(void)\n{"
    print "    const char *url = getenv(\"LUMA_URL\"), *token = getenv(\"LUMA_TOKEN\");"
    print "    luma_config *config = NULL;\n    luma_client *client = NULL;"
    print "    luma_trigger_request *request = NULL;\n    luma_result *result = NULL;"
    print "    void *out[2] = {NULL, NULL};\n"
    print "    CHECK(luma_config_new(url, token, &config) == LUMA_OK);"
    print "    CHECK(luma_client_new(url, token, &client) == LUMA_OK);"
    print "    CHECK(luma_trigger_request_new(\"unlock_account\", &request) == LUMA_OK);"
    print "    CHECK(luma_trigger_request_set_variable(request, \"userName\", \"x\") == LUMA_OK);"
    print "    CHECK(luma_trigger_workflow(client, request, &result) == LUMA_OK);"
}

{ sub(/\r$/, "") }
/^[a-z].*[ *]luma_[a-z0-9_]*\(/ && !/^typedef/ { declaration = ""; reading = 1 }
reading { sub(/^ +/, ""); declaration = declaration (declaration == "" ? "" : " ") $0 }
reading && /\);$/ {
    reading = 0
    open = index(declaration, "(")
    head = substr(declaration, 1, open - 1)
    match(head, /luma_[a-z0-9_]*$/)
    name = substr(head, RSTART)
    returned = substr(head, 1, RSTART - 1)
    sub(/ $/, "", returned)
    rest = substr(declaration, open + 1)
    sub(/\);$/, "", rest)
    count = rest == "void" ? 0 : split(rest, parts, /, */)
    for (i = 1; i <= count; i++) {
        match(parts[i], /[a-z0-9_]+$/)
        argument[i] = substr(parts[i], RSTART)
        types[i] = substr(parts[i], 1, RSTART - 1)
        sub(/ $/, "", types[i])
    }
    is_free = name ~ /_free$/
    for (i = 1; i <= count; i++) {
        if (types[i] !~ /(\*|_fn)$/)
            continue
        call(i, "NULL")
        if (types[i] == "const char *" && !is_free)
            call(i, "\"\\xC3\\x28\"")
    }
    functions++
}

END {
    print "    luma_result_free(result);\n    luma_trigger_request_free(request);"
    print "    luma_client_free(client);\n    luma_config_free(config);"
    print "    CHECK(" functions + 0 " == " promised + 0 ");"
    print "    return closing_line();\n}"
}
