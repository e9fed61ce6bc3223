#!/bin/sh
# Checks the types of the Python package, and runs its tests: from the source, and from a wheel in a
# clean virtual environment.
set -eu
. ../need.sh
need python3 'apt-get install python3 python3-venv'

tools=$(sh tools.sh) || need_because 'the tools for wheels cannot be installed' 'sh tools.sh'

PYTHONPATH=$PWD/src python3 -B -W error tests/run.py

build_packages
"$tools/bin/mypy" --cache-dir "$LUMA_BUILD_DIR/mypy" src
python3 -m venv "$LUMA_BUILD_DIR/venv"
"$LUMA_BUILD_DIR/venv/bin/pip" install --quiet --disable-pip-version-check --no-index --find-links "$packages" luma-automation
unset LUMA_LIBRARY
# With another simulator: the last test invalidates the token.
sh ../../simulator/with-simulator.sh "$LUMA_BUILD_DIR/venv/bin/python" -B -W error tests/run.py
