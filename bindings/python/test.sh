#!/bin/sh
# Runs the tests of the Python package, and checks its types.
set -eu
. ../need.sh
need python3 'apt-get install python3'

PYTHONPATH=$PWD/src python3 -B -W error tests/run.py
