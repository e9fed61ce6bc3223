#!/bin/sh
# serve.sh COMMAND [ARGUMENT ...]: runs a command next to servers on loopback that send the same
# responses: server.c for http, and nginx for https with a new certificate. Sets
#   BENCH_HTTP, BENCH_HTTPS   their base URLs; responses have 5 headers, or 17 below /17
#   BENCH_SLOW                the base URL of another server.c, which responds after 5 ms
#   BENCH_CA_FILE             the trust anchor of nginx's certificate
#   BENCH_TOKEN               a token
#   BENCH_PROGRAMS            the directory of the programs
#   BENCH_PROCESSORS          the processors that may be used
# The first two servers and the command, with all that it starts, share one processor, so that a
# measured time includes the work of both sides.
set -eu
cd "$(dirname "$0")"
programs=${CARGO_TARGET_DIR:-$PWD/../target}/benches
work=$(mktemp -d)
servers=
stop() {
    for server in $servers; do
        kill "$server" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

wait_for() { # a file that the server writes once it has started, its process id
    tries=100
    until [ -s "$1" ]; do
        kill -0 "$2" 2>/dev/null && [ $((tries -= 1)) -gt 0 ] || return 1
        sleep 0.1
    done
}

response() { # file of the body, file of further headers
    printf 'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Wed, 25 Nov 2026 11:25:32 GMT\r\n'
    printf 'Content-Type: application/json\r\nContent-Length: %d\r\nConnection: keep-alive\r\n' \
        "$(wc -c <"$1")"
    sed 's/$/\r/' "$2"
    printf '\r\n'
    cat "$1"
}
steps() { # the first step of a page
    awk -v first="$1" 'BEGIN {
        printf "{\"status\":\"Success\",\"statusCode\":0,\"statusLine\":\"Successfully retrieved"
        printf " workflow step history records.\",\"errors\":null,\"resultData\":["
        for (i = first; i < first + 100; i++) {
            if (i > first)
                printf ","
            printf "{\"activityName\":\"step %d\",\"activityId\":\"Activity_0onlkqz\",", i
            printf "\"activityType\":\"serviceTask\",\"startTime\":164182398%04d,", i
            printf "\"endTime\":164182399%04d,\"status\":\"COMPLETED\",\"totalAttempts\":1,", i
            printf "\"timeSpent\":10000,\"id\":%d}", i + 1
        }
        printf "],\"warnings\":[],\"timestamp\":1641879020256,\"reasonPhrase\":null,"
        printf "\"metaInfo\":null}"
    }'
}

fixtures=../tests/fixtures
tr -d '\n' <$fixtures/trigger-success.json >"$work/trigger.json"
tr -d '\n' <$fixtures/history-completed.json >"$work/history.json"
response "$work/trigger.json" /dev/null >"$work/trigger"
response "$work/trigger.json" headers.txt >"$work/trigger-17"
response "$work/history.json" /dev/null >"$work/history"
pages=
for first in 0 100 200 300 400 500 600 700 800 900; do
    steps $first >"$work/steps.json"
    response "$work/steps.json" /dev/null >"$work/steps-$first"
    pages="$pages skip=$first&=$work/steps-$first"
done

certificate() { # name, arguments of openssl req
    name=$1
    shift
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
        -keyout "$work/$name.key" -out "$work/$name.pem" "$@" 2>/dev/null
}
certificate ca -subj "/CN=luma bench CA"
certificate server -subj "/CN=127.0.0.1" -CA "$work/ca.pem" -CAkey "$work/ca.key" \
    -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE

numbered() { # the body of a trigger's response, with another trigger id of 36 characters each time
    sed 's/"triggerId":"[^"]*"/"triggerId":"0b6-$request_id"/' "$work/trigger.json"
}

nginx_config() { # port
    cat <<END
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events {}
http {
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    client_body_temp_path $work;
    proxy_temp_path $work;
    fastcgi_temp_path $work;
    scgi_temp_path $work;
    uwsgi_temp_path $work;
    default_type application/json;
    server {
        listen 127.0.0.1:$1 ssl;
        ssl_certificate $work/server.pem;
        ssl_certificate_key $work/server.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        location / { return 200 '$(numbered)'; }
        location /17/ {
            return 200 '$(numbered)';
            $(sed "s/\([^:]*\): \(.*\)/add_header \1 \"\2\";/" headers.txt)
        }
    }
}
END
}

BENCH_PROCESSORS=$(taskset -cp $$ | sed 's/.*: //')
pinned="taskset -c ${BENCH_PROCESSORS##*[,-]}"
serve() { # file for the URL, delay in ms, prefix of the command
    # shellcheck disable=SC2086 # several words
    $3 "$programs/server" $2 $pages "/workflowhistory/=$work/history" "/17/=$work/trigger-17" \
        "=$work/trigger" >"$1" &
    servers="$servers $!"
    wait_for "$1" $!
}
serve "$work/http" 0 "$pinned"
serve "$work/slow" 5 ""
first_port=$((40000 + $$ % 1000))
port=$first_port
while :; do
    nginx_config $port >"$work/nginx.conf"
    $pinned nginx -p "$work" -e "$work/nginx.log" -c "$work/nginx.conf" &
    servers="$servers $!"
    if wait_for "$work/nginx.pid" $!; then
        break
    fi
    # The port may be in use.
    [ $((port += 1)) -lt $((first_port + 10)) ] || { cat "$work/nginx.log" >&2 && exit 1; }
done

BENCH_HTTP=$(cat "$work/http")
BENCH_SLOW=$(cat "$work/slow")
BENCH_HTTPS=https://127.0.0.1:$port
BENCH_CA_FILE=$work/ca.pem
# As long as the gateway's tokens.
BENCH_TOKEN=$(printf '%0400d' 0)
BENCH_PROGRAMS=$programs
export BENCH_HTTP BENCH_HTTPS BENCH_SLOW BENCH_CA_FILE BENCH_TOKEN BENCH_PROGRAMS BENCH_PROCESSORS
$pinned "$@"
