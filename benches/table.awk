# Writes the table of run.sh's figures, behind figures.awk: `table` is its file, `date` the day. Prints
# the targets; fails when one is missed.

END {
    print "# What a call costs" >table
    print "" >table
    print "Written by `make bench` on " date ". Counts repeat with the same compiler and C library; times hold" >table
    print "for this machine, and only their ratios mean something on another." >table
    print "" >table
    print "![What a trigger costs](cost.svg)" >table
    triggers()
    first_calls()
    library()
    threads()
    other_calls()
    targets()
    print "\n## With\n" >table
    for (i = 1; i <= version_count; i++)
        print "- " versions[i] " " version_of[versions[i]] >table
    exit missed
}

function triggers(    i, j, what, client, scenarios) {
    print "\n## A trigger on a connection that stands\n" >table
    print "Client and server share one processor: `server.c` for http, nginx for https (TLS 1.3). All send" >table
    print "the same fields, some 800 bytes with head and token, and get the same response, JSON of " \
        value("size", "response", "bytes") " bytes." >table
    print "" >table
    print "- libluma: the request is built from fields through the C ABI; outcome, trigger id and message" >table
    print "  are read; all is freed." >table
    print "- libcurl, with one handle that is kept and the same timeouts, and ureq: they write and read the" >table
    print "  JSON, and look at its status, line and id." >table
    print "- ureq, the least: what ureq takes whatever is around it. The bytes are ready-made, a connection is" >table
    print "  lent to it without a look, and of the response it gets one header. libluma is built on ureq; what it" >table
    print "  takes above this is its own." >table
    print "- The raw loop writes ready-made bytes and looks at `HTTP/1.1 200`, no further." >table
    print "" >table
    print "libcurl and the raw loop have TLS from OpenSSL, libluma and ureq from rustls. Instructions are those" >table
    print "in user space. Times are of a call, medians of " rounds_of("http-5", "luma", "p50") " rounds of " \
        grouped(value("size", "round", "calls")) " calls in which the clients take" >table
    print "turns, p99 too; the processor is what the client takes of it, in user space and in the kernel." >table
    split("http-5 http-17 https-5 https-17", scenarios, " ")
    for (i = 1; i <= 4; i++) {
        what = scenarios[i]
        split(what, parts, "-")
        print "\n### " parts[1] ", " parts[2] " response headers\n" >table
        print "| client | instructions | of libcurl + cJSON | allocations | system calls | p50, µs | of libcurl + cJSON | p99, µs | processor, µs |" >table
        print "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |" >table
        for (j = 1; j <= client_count; j++) {
            client = clients[j]
            if (!has(what, client, "instructions"))
                continue
            printf "| %s | %s | %.2f | %s | %s | %.1f | %.2f | %.1f | %.1f |\n", label(client),
                grouped(value(what, client, "instructions")),
                value(what, client, "instructions") / value(what, "curl-cjson", "instructions"),
                count(value(what, client, "allocations")), count(value(what, client, "system_calls")),
                value(what, client, "p50") / 1000, ratio(what, client, "curl-cjson", "p50"),
                value(what, client, "p99") / 1000, value(what, client, "processor") / 1000 >table
        }
    }
}

function first_calls(    i, j, what, kinds, words) {
    print "\n## The first call of a process\n" >table
    print "From the start of the process to the first trigger id, and the process's peak memory." >table
    print "" >table
    print "| | client | ms | memory, MB |" >table
    print "| --- | --- | ---: | ---: |" >table
    split("cold-http cold-https cold-https-system", kinds, " ")
    words["cold-http"] = "http"
    words["cold-https"] = "https, one CA given"
    words["cold-https-system"] = "https, the system's CAs"
    for (i = 1; i <= 3; i++)
        for (j = 1; j <= client_count; j++) {
            what = kinds[i]
            if (has(what, clients[j], "microseconds"))
                printf "| %s | %s | %.2f | %.1f |\n", words[what], label(clients[j]),
                    value(what, clients[j], "microseconds") / 1000,
                    value(what, clients[j], "kibibytes") / 1024 >table
        }
}

function library(    j, client, name) {
    print "\n## The library\n" >table
    print "Its files are those that a program loads for it, without the C library itself." >table
    print "" >table
    print "| | loading, ms | files | their size, MB |" >table
    print "| --- | ---: | ---: | ---: |" >table
    for (j = 1; j <= client_count; j++) {
        client = clients[j]
        if (has("load", client, "microseconds"))
            printf "| %s | %.2f | %d | %.2f |\n", label(client),
                value("load", client, "microseconds") / 1000, value("files", client, "count"),
                value("files", client, "bytes") / 1e6 >table
    }
    printf "\n`libluma.so` alone has %.3f MB.\n", value("files", "luma", "own_bytes") / 1e6 >table
}

function threads(    i, counts) {
    print "\n## Threads\n" >table
    print "Medians of " rounds_of("threads-8", "one-client", "calls_per_second") \
        " rounds, on all processors, which the server shares. One thread alone lets them sleep" >table
    print "between its calls, and waking one takes longer than a call.\n" >table
    print "| threads | clients | triggers a second | of 8 threads with 8 clients |" >table
    print "| ---: | ---: | ---: | ---: |" >table
    split("1 2 4 8 16", counts, " ")
    for (i = 1; i <= 5; i++)
        thread_row(counts[i], 1, rate(counts[i], "one-client"))
    thread_row(8, 8, rate(8, "eight-clients"))
}

function rate(thread_count, who) {
    return value("threads-" thread_count, who, "calls_per_second")
}

function thread_row(thread_count, clients_used, calls) {
    printf "| %d | %d | %s | %.2f |\n", thread_count, clients_used, grouped(calls),
        calls / rate(8, "eight-clients") >table
}

function other_calls() {
    print "\n## Other calls of libluma, over http\n" >table
    print "| | instructions | allocations | system calls | p50, µs |" >table
    print "| --- | ---: | ---: | ---: | ---: |" >table
    call_row("history", "a look at a run")
    call_row("steps", "a list of 1,000 steps (10 pages), six values of each by getters")
    call_row("steps-by-pointer", "the same by JSON pointers")
    call_row("variables-1", "a trigger with 1 variable")
    call_row("variables-100", "a trigger with 100 variables")
    call_row("variables-10000", "a trigger with 10,000 variables")
    printf "\nA wait of an hour in virtual time, for a run that does not end: %d looks, %s instructions,\n",
        value("wait", "luma", "looks"), grouped(value("wait", "luma", "instructions")) >table
    printf "%s allocations and %s system calls.\n",
        grouped(value("wait", "luma", "allocations")), grouped(value("wait", "luma", "system_calls")) >table
}

function call_row(what, words) {
    printf "| %s | %s | %s | %s | %.1f |\n", words, grouped(value(what, "luma", "instructions")),
        count(value(what, "luma", "allocations")), count(value(what, "luma", "system_calls")),
        value(what, "luma", "p50") / 1000 >table
}

function per_variable(few, many) {
    return (value("variables-" many, "luma", "instructions") - \
        value("variables-" few, "luma", "instructions")) / (many - few)
}

function targets(    curl, http, https) {
    print "\n## Targets\n" >table
    print "They were set before anything was measured. Counts and ratios decide; a time is shown and decides" >table
    print "nothing, as it is another on another machine." >table
    print "" >table
    print "| | measured | target | |" >table
    print "| --- | ---: | ---: | --- |" >table
    trigger_targets("http", 36000, 0.26, 36, 0.65, 1.35)
    trigger_targets("https", 45000, 0.28, 38, 0.60, 1.25)
    at_least("8 threads on one client against 8 clients", ratio("threads-8", "one-client", "eight-clients",
        "calls_per_second"), 0.9, "%.2f")
    shown("first call, http, ms", value("cold-http", "luma", "microseconds") / 1000, 1.5)
    shown("first call, https, one CA, ms", value("cold-https", "luma", "microseconds") / 1000, 3.8)
    at_most("first call, https, against libcurl + cJSON",
        value("cold-https", "luma", "microseconds") / value("cold-https", "curl-cjson", "microseconds"),
        0.3, "%.2f")
    at_most("libluma.so, MB", value("files", "luma", "own_bytes") / 1e6, 2.2, "%.3f")
    at_most("libraries that it needs beside libc and libgcc_s", value("files", "luma", "others"), 0, "%.0f")
    at_most("memory after one https call, MB", value("cold-https", "luma", "kibibytes") / 1024, 4.8, "%.1f")
    at_most("the same against libcurl + cJSON",
        value("cold-https", "luma", "kibibytes") / value("cold-https", "curl-cjson", "kibibytes"), 0.45, "%.2f")
    at_most("a variable among 10,000 against one among 100, instructions",
        per_variable(100, 10000) / per_variable(1, 100), 2, "%.2f")
}

function trigger_targets(scheme, instructions, of_curl, allocations, p50, p50_of_raw,    what) {
    what = scheme "-5"
    at_most(scheme ": instructions", value(what, "luma", "instructions"), instructions, "%d")
    at_most(scheme ": instructions against libcurl + cJSON",
        value(what, "luma", "instructions") / value(what, "curl-cjson", "instructions"), of_curl, "%.3f")
    at_most(scheme ": allocations", value(what, "luma", "allocations"), allocations, "%.1f")
    at_most(scheme ": system calls", value(what, "luma", "system_calls"), 3, "%.1f")
    at_most(scheme ": p50 against libcurl + cJSON", ratio(what, "luma", "curl-cjson", "p50"), p50, "%.2f")
    at_most(scheme ": p50 against the raw loop", ratio(what, "luma", "raw", "p50"), p50_of_raw, "%.2f")
}

function at_most(words, measured, limit, format) {
    verdict(words, measured, "≤", limit, format, measured <= limit ? "pass" : "MISS")
}

function at_least(words, measured, limit, format) {
    verdict(words, measured, "≥", limit, format, measured >= limit ? "pass" : "MISS")
}

function shown(words, measured, limit) {
    verdict(words, measured, "≤", limit, "%.2f", (measured <= limit ? "pass" : "miss") ", a time")
}

function verdict(words, measured, sign, limit, format, said) {
    if (said == "MISS")
        missed = 1
    if (format == "%d")
        printf "| %s | %s | %s %s | %s |\n", words, grouped(measured), sign, grouped(limit), said >table
    else
        printf "| %s | " format " | %s %s | %s |\n", words, measured, sign, limit, said >table
    printf "%-62s " format "  (%s %s)  %s\n", words, measured, sign, limit, said
}
