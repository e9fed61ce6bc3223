# Draws what a trigger costs as SVG, behind figures.awk: a panel for each figure, in it a row for each
# client with a bar for http and one for https.

END {
    WIDTH = 960
    LEFT = 170      # of the first panel: the clients' names stand there
    ROW = 46
    TOP = 96
    BAR = 15
    for (i = 1; i <= client_count; i++)
        if (has("http-5", clients[i], "instructions"))
            shown[++shown_count] = clients[i]
    height = TOP + shown_count * ROW + 40
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\"", \
        WIDTH, height
    print " font-size=\"12\" fill=\"#1f2328\">"
    printf "<title>What a trigger costs</title>\n"
    printf "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, height
    text(16, 28, "start", "What a trigger costs on a connection that stands, responses with 5 headers", 16)
    legend(16, "#2563a8", "http")
    legend(86, "#e08a2c", "https")
    for (i = 1; i <= shown_count; i++) {
        name = label(shown[i])
        gsub(/`/, "", name)
        text(LEFT - 10, TOP + i * ROW - ROW / 2 + 4, "end", name, shown[i] == "luma" ? 13 : 12)
    }
    panel(0, "instructions", "instructions in user space")
    panel(1, "allocations", "allocations")
    panel(2, "system_calls", "system calls")
    panel(3, "p50", "p50, libcurl + cJSON = 1")
    text(16, height - 14, "start", "Less is better. Written by make bench; figures in cost.md.", 11)
    print "</svg>"
}

function panel(number, name, title,    x, width, i, largest, y) {
    width = (WIDTH - LEFT) / 4
    x = LEFT + number * width
    text(x, TOP - 12, "start", title, 12)
    for (i = 1; i <= shown_count; i++) {
        largest = max(largest, figure("http-5", shown[i], name))
        if (has("https-5", shown[i], name))
            largest = max(largest, figure("https-5", shown[i], name))
    }
    printf "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#b8bec6\"/>\n", x, x, TOP - 4, \
        TOP + shown_count * ROW
    for (i = 1; i <= shown_count; i++) {
        y = TOP + (i - 1) * ROW + ROW / 2 - BAR - 1
        bar(x, y, width - 80, figure("http-5", shown[i], name), largest, name, "#2563a8")
        if (has("https-5", shown[i], name))
            bar(x, y + BAR + 2, width - 80, figure("https-5", shown[i], name), largest, name, "#e08a2c")
    }
}

function figure(what, client, name) {
    return name == "p50" ? ratio(what, client, "curl-cjson", name) : value(what, client, name)
}

function bar(x, y, width, amount, largest, name, color) {
    printf "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", x, y, \
        max(width * amount / largest, 1), BAR, color
    text(x + width * amount / largest + 5, y + BAR - 3, "start", \
        name == "p50" ? sprintf("%.2f", amount) : count(amount), 11)
}

function legend(x, color, name) {
    printf "<rect x=\"%d\" y=\"44\" width=\"12\" height=\"12\" fill=\"%s\"/>\n", x, color
    text(x + 18, 55, "start", name, 12)
}

function text(x, y, anchor, words, size) {
    printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">%s</text>\n", x, y, anchor, \
        size, words
}

function max(a, b) {
    return a > b ? a : b
}
