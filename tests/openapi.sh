#!/bin/sh
# Validates the samples, libluma's requests and the simulator's responses against
# docs/gateway.openapi.yaml: with openapi-core, and with requests that Schemathesis generates.
# `make test-openapi` runs it.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
requirements=tests/openapi/requirements.txt
tools=$target/openapi

if ! cmp -s $requirements "$tools/complete"; then
    python3 -m venv --clear "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --requirement $requirements
    cp $requirements "$tools/complete"
fi

export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=bindings/python/src
export LUMA_LIBRARY="${LUMA_LIBRARY:-$target/release/libluma.so.0}"
export LUMA_SIMULATOR="${LUMA_SIMULATOR:-$target/release/luma-simulator}"
"$tools/bin/python" tests/openapi/check.py "$LUMA_SIMULATOR"

# The same requests each time, so that a failure can be repeated.
# shellcheck disable=SC2016 # the variables are those of with-simulator.sh
sh simulator/with-simulator.sh sh -c '
    "$0" run docs/gateway.openapi.yaml --url "$LUMA_URL" --header "Authorization: Bearer $LUMA_TOKEN" \
        --checks not_a_server_error,status_code_conformance,content_type_conformance \
        --checks response_headers_conformance,response_schema_conformance \
        --phases examples,coverage,fuzzing --generation-deterministic --max-examples 20 \
        --warnings off' "$tools/bin/st"
