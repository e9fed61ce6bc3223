#!/bin/sh
# serve.sh COMMAND [ARGUMENT ...]: runs a command beside two servers on loopback that give the same
# responses: server.c for http, nginx for https, with a certificate made on the spot. It finds in
#   BENCH_HTTP, BENCH_HTTPS   their URLs; below /17, responses have 17 headers, else 5
#   BENCH_CA_FILE             who vouches for nginx
#   BENCH_TOKEN               a token
#   BENCH_PROGRAMS            where the programs are
#   BENCH_SHARED              a second server.c, which is not pinned
#   BENCH_PROCESSORS          the processors that there are
# The servers, the command and what it starts share one processor, so that a time is the work of
# both sides.
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

wait_for() { # a file of a server that has started: its process
    tries=100
    until [ -s "$1" ]; do
        kill -0 "$2" 2>/dev/null && [ $((tries -= 1)) -gt 0 ] || return 1
        sleep 0.1
    done
}

response() { # file of the body, file of more headers
    printf 'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Wed, 25 Nov 2026 11:25:32 GMT\r\n'
    printf 'Content-Type: application/json\r\nContent-Length: %d\r\nConnection: keep-alive\r\n' \
        "$(wc -c <"$1")"
    sed 's/$/\r/' "$2"
    printf '\r\n'
    cat "$1"
}
steps() { # a page of the list: its first step
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
sed 's/"COMPLETED"/"RUNNING"/' "$work/history.json" >"$work/running.json"
response "$work/trigger.json" /dev/null >"$work/trigger"
response "$work/trigger.json" headers.txt >"$work/trigger-17"
response "$work/history.json" /dev/null >"$work/history"
response "$work/running.json" /dev/null >"$work/running"
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
        location / { return 200 '$(cat "$work/trigger.json")'; }
        location /17/ {
            return 200 '$(cat "$work/trigger.json")';
            $(sed "s/\([^:]*\): \(.*\)/add_header \1 \"\2\";/" headers.txt)
        }
    }
}
END
}

BENCH_PROCESSORS=$(taskset -cp $$ | sed 's/.*: //')
pinned="taskset -c ${BENCH_PROCESSORS##*[,-]}"
serve() { # file for the URL, command in front
    # shellcheck disable=SC2086 # several words
    $2 "$programs/server" $pages "/workflowhistory/running=$work/running" \
        "/workflowhistory/=$work/history" "/17/=$work/trigger-17" "=$work/trigger" >"$1" &
    servers="$servers $!"
    wait_for "$1" $!
}
serve "$work/http" "$pinned"
serve "$work/shared" ""
first_port=$((40000 + $$ % 1000))
port=$first_port
while :; do
    nginx_config $port >"$work/nginx.conf"
    $pinned nginx -p "$work" -e "$work/nginx.log" -c "$work/nginx.conf" &
    servers="$servers $!"
    if wait_for "$work/nginx.pid" $!; then
        break
    fi
    # The port may be taken.
    [ $((port += 1)) -lt $((first_port + 10)) ] || { cat "$work/nginx.log" >&2 && exit 1; }
done

BENCH_HTTP=$(cat "$work/http")
BENCH_SHARED=$(cat "$work/shared")
BENCH_HTTPS=https://127.0.0.1:$port
BENCH_CA_FILE=$work/ca.pem
# As long as those of the gateway.
BENCH_TOKEN=$(printf '%0400d' 0)
BENCH_PROGRAMS=$programs
export BENCH_HTTP BENCH_HTTPS BENCH_SHARED BENCH_CA_FILE BENCH_TOKEN BENCH_PROGRAMS BENCH_PROCESSORS
$pinned "$@"
