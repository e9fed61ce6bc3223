# Reads the figures of run.sh: value(what, who, name) is the figure, or the median of its rounds;
# ratio(what, who, other, name) the median of the rounds' ratios, so that a machine that is slow for
# a while slows both sides.

$1 == "version" {
    versions[++version_count] = $3
    version_of[$3] = substr($0, index($0, $3) + length($3) + 1)
    next
}
{
    key = $1 SUBSEP $2 SUBSEP $3
    figures[key, ++rounds[key]] = $4
    if (!($2 in is_client)) {
        is_client[$2] = 1
        clients[++client_count] = $2
    }
}

function median(values, count,    i, j, value) {
    for (i = 2; i <= count; i++) {
        value = values[i]
        for (j = i - 1; j >= 1 && values[j] > value; j--)
            values[j + 1] = values[j]
        values[j + 1] = value
    }
    return values[int((count + 1) / 2)]
}

# What was not measured must not count as 0.
function key_of(what, who, name) {
    if (!has(what, who, name)) {
        print "not measured: " what ", " who ", " name | "cat >&2"
        exit 2
    }
    return what SUBSEP who SUBSEP name
}

function value(what, who, name,    key, i, all) {
    key = key_of(what, who, name)
    for (i = 1; i <= rounds[key]; i++)
        all[i] = figures[key, i] + 0
    return median(all, rounds[key])
}

function ratio(what, who, other, name,    key, other_key, i, all) {
    key = key_of(what, who, name)
    other_key = key_of(what, other, name)
    for (i = 1; i <= rounds[key]; i++)
        all[i] = figures[key, i] / figures[other_key, i]
    return median(all, rounds[key])
}

function has(what, who, name) {
    return (what SUBSEP who SUBSEP name) in rounds
}

function label(client) {
    if (client == "luma") return "libluma"
    if (client == "curl-cjson") return "libcurl + cJSON"
    if (client == "curl-yyjson") return "libcurl + yyjson"
    if (client == "ureq") return "ureq, as it comes"
    if (client == "ureq-timeout") return "ureq, `timeout_global`"
    if (client == "ureq-least") return "ureq, the least"
    if (client == "raw") return "raw loop, the limit"
    return client
}

# 12345 as 12,345.
function grouped(number,    text, result) {
    text = sprintf("%.0f", number)
    while (length(text) > 3) {
        result = "," substr(text, length(text) - 2) result
        text = substr(text, 1, length(text) - 3)
    }
    return text result
}

# A count: whole, but for small ones that are not.
function count(number,    text) {
    if (number >= 100)
        return grouped(number)
    text = sprintf("%.1f", number)
    sub(/\.0$/, "", text)
    return text
}

function rounds_of(what, who, name) {
    return rounds[what SUBSEP who SUBSEP name]
}
