# Reads the figures of waits.sh: runs, limit, polls per second, median and 95th percentile of the
# delay, bytes per run, and microseconds per poll. Then reads docs/waiting.md, and prints it with a
# new table. Writes the plot.

FNR == NR {
    if ($2 == 20) {
        runs[++count] = $1
        bytes[$1] = $6
        microseconds[$1] = $7
    }
    polls[$1, $2] = $3
    median[$1, $2] = $4
    late[$1, $2] = $5
    next
}

function rounded(number) {
    return number < 10 ? sprintf("%.1f", number) : sprintf("%.0f", number)
}

function table(    i, n) {
    print ""
    print "| runs | polls per second: a set | each alone | seconds until an end is reported, median and 95 %: a set | each alone |"
    print "| ---: | ---: | ---: | ---: | ---: |"
    for (i = count; i >= 1; i--) {
        n = runs[i]
        printf "| %s | %s | %s | %s, %s | %s, %s |\n", grouped(n), rounded(polls[n, 20]),
            rounded(polls[n, 1000]), rounded(median[n, 20]), rounded(late[n, 20]),
            rounded(median[n, 1000]), rounded(late[n, 1000])
    }
    n = runs[1]
    printf "\nA run in a set of %s takes %d bytes, and its queue %.1f µs per poll.\n\n", grouped(n),
        bytes[n], microseconds[n]
}

function log10(number) { return log(number) / log(10) }
function x_of(number) { return left + 220 * (log10(number) - 1) / 3 }
function y_of(number) { return 250 - 200 * (log10(number) + 1) / 4 }

function line(title, color, dashes, limit, values,    i, points, n) {
    for (i = count; i >= 1; i--) {
        n = runs[i]
        points = points sprintf(" %.1f,%.1f", x_of(n), y_of(values[n, limit]))
    }
    printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>\n",
        substr(points, 2), color, dashes ? " stroke-dasharray=\"5 4\"" : "" >plot
    printf "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n", x_of(runs[1]) + 5,
        y_of(values[runs[1], limit]) + 4, color, title >plot
}

function axes(title,    n) {
    printf "<text x=\"%d\" y=\"25\" font-weight=\"bold\">%s</text>\n", left, title >plot
    for (n = 10; n <= 10000; n *= 10) {
        printf "<path d=\"M%.1f 50v200\" stroke=\"#ddd\"/>\n", x_of(n) >plot
        printf "<text x=\"%.1f\" y=\"268\" text-anchor=\"middle\">%s</text>\n", x_of(n),
            grouped(n) >plot
    }
    for (n = 0.1; n <= 1001; n *= 10) {
        printf "<path d=\"M%d %.1fh220\" stroke=\"#ddd\"/>\n", left, y_of(n) >plot
        printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", left - 6, y_of(n) + 4,
            n < 1 ? "0.1" : grouped(n) >plot
    }
    printf "<text x=\"%d\" y=\"286\" text-anchor=\"middle\">runs</text>\n", left + 110 >plot
}

function plot_all() {
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 300\"" \
        " font-family=\"sans-serif\" font-size=\"12\">" >plot
    print "<rect width=\"760\" height=\"300\" fill=\"white\"/>" >plot
    left = 50
    axes("polls per second")
    line("each alone", "#b33", 1, 1000, polls)
    line("a set", "#27c", 0, 20, polls)
    left = 430
    axes("seconds until an end is reported")
    line("each alone, 95 %", "#b33", 1, 1000, late)
    line("a set, 95 %", "#27c", 1, 20, late)
    line("a set, median", "#27c", 0, 20, median)
    print "</svg>" >plot
    close(plot)
}
