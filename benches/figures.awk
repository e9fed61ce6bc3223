# Reads the results of run.sh. value(scenario, client, name) returns a figure, or the median of its
# rounds; ratio(scenario, client, other, name) the median of the rounds' ratios, so that a machine
# that is slow for a while affects both sides.

$1 == "version" {
    versions[++version_count] = substr($0, index($0, "- ") + 2)
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

# Fails for a missing figure, which awk would read as 0.
function key_of(scenario, client, name) {
    if (!has(scenario, client, name)) {
        print "not measured: " scenario ", " client ", " name | "cat >&2"
        exit 2
    }
    return scenario SUBSEP client SUBSEP name
}

function value(scenario, client, name,    key, i, all) {
    key = key_of(scenario, client, name)
    for (i = 1; i <= rounds[key]; i++)
        all[i] = figures[key, i] + 0
    return median(all, rounds[key])
}

function ratio(scenario, client, other, name,    key, other_key, i, all) {
    key = key_of(scenario, client, name)
    other_key = key_of(scenario, other, name)
    for (i = 1; i <= rounds[key]; i++)
        all[i] = figures[key, i] / figures[other_key, i]
    return median(all, rounds[key])
}

function has(scenario, client, name) {
    return (scenario SUBSEP client SUBSEP name) in rounds
}

function rounds_of(scenario, client, name) {
    return rounds[scenario SUBSEP client SUBSEP name]
}

function label(client) {
    if (client == "luma") return "libluma"
    if (client == "curl") return "libcurl + cJSON"
    if (client == "ureq") return "ureq, default settings"
    if (client == "ureq-timeout") return "ureq, `timeout_global`"
    if (client == "ureq-minimal") return "ureq, minimal"
    if (client == "raw") return "raw socket loop"
    return client
}

# A count: with one decimal if it is small and not an integer.
function count(number,    text) {
    if (number >= 100)
        return grouped(number)
    text = sprintf("%.1f", number)
    sub(/\.0$/, "", text)
    return text
}
