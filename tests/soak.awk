# Reads the figures of soak.sh: calls, and samples of the resources. Then reads docs/proof.md, and
# prints it with a new table. Writes the plot.

BEGIN {
    split("http,https,http through an HTTP proxy,https through an HTTP proxy,"\
        "http through SOCKS,https through SOCKS", ways, ",")
    outcomes = split("ACCEPTED,REJECTED,NOT_SENT,UNKNOWN", names, ",")
}
FILENAME == "-" {
    if ($1 == "triggers")
        count[$2, $3] = $4
    else if ($1 == "reads")
        reads = $2
    else if ($1 == "sample") {
        time[++samples] = $2 / 1000
        for (i = 1; i <= 3; i++)
            amount[i, samples] = $(2 + i)
    }
    next
}

function row(name, lane,    i, sum, line) {
    for (i = 1; i <= outcomes; i++) {
        sum += count[lane, names[i]]
        total[i] += count[lane, names[i]]
        line = line " | " grouped(count[lane, names[i]])
    }
    triggers += sum
    printf "| %s | %s%s |\n", name, grouped(sum), line
}

function table(    lane, i) {
    printf "\n%s, %s seconds:\n\n", today, grouped(seconds)
    print "| triggers over | | ACCEPTED | REJECTED | NOT_SENT | UNKNOWN |"
    print "| --- | ---: | ---: | ---: | ---: | ---: |"
    for (lane = 0; lane < 6; lane++)
        row(ways[lane + 1], lane)
    printf "| all | %s", grouped(triggers)
    for (i = 1; i <= outcomes; i++)
        printf " | %s", grouped(total[i])
    printf " |\n\nAnd %s reads. No outcome was wrong.\n\n", grouped(reads)
}

# Rounds up to 1, 2 or 5 times a power of ten.
function round_up(number,    step) {
    for (step = 1; step < number; step *= 10)
        ;
    return number <= step / 5 ? step / 5 : number <= step / 2 ? step / 2 : step
}

function panel(title, index_of, divisor, left,    i, most, points) {
    for (i = 1; i <= samples; i++)
        if (amount[index_of, i] / divisor > most)
            most = amount[index_of, i] / divisor
    most = round_up(most)
    printf "<text x=\"%d\" y=\"25\" font-weight=\"bold\">%s</text>\n", left, title >plot
    for (i = 0; i <= 4; i++) {
        printf "<path d=\"M%d %dh190\" stroke=\"#ddd\"/>\n", left, 200 - 40 * i >plot
        printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", left - 6, 204 - 40 * i,
            most * i / 4 >plot
    }
    for (i = 0; i <= 2; i++)
        printf "<text x=\"%d\" y=\"218\" text-anchor=\"middle\">%d</text>\n", left + 95 * i,
            time[samples] * i / 2 >plot
    printf "<text x=\"%d\" y=\"236\" text-anchor=\"middle\">seconds</text>\n", left + 95 >plot
    for (i = 1; i <= samples; i++)
        points = points sprintf(" %.1f,%.1f", left + 190 * time[i] / time[samples],
            200 - 160 * amount[index_of, i] / divisor / most)
    printf "<polyline points=\"%s\" fill=\"none\" stroke=\"#27c\" stroke-width=\"1.5\"/>\n",
        substr(points, 2) >plot
}

function plot_all() {
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 250\"" \
        " font-family=\"sans-serif\" font-size=\"12\">" >plot
    print "<rect width=\"760\" height=\"250\" fill=\"white\"/>" >plot
    panel("resident memory, MB", 1, 1024, 50)
    panel("descriptors", 2, 1, 300)
    panel("threads", 3, 1, 550)
    print "</svg>" >plot
    close(plot)
}
