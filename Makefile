# `make help` lists the targets: the comments that start with two hash signs.
CARGO ?= cargo
TARGET = $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)

.PHONY: all help simulator demo test crash-test lint format cost scale bench bench-waits header bindings test-bindings
.PHONY: catalogue docs clean test-page test-demo test-openapi
.PHONY: stage install uninstall test-install deb test-deb rpm test-rpm windows test-windows
.PHONY: packages test-packages dist test-dist test-cross fuzz test-fuzz sanitize soak proof
.PHONY: abi test-abi lifecycle total seeded-faults models mutants coverage

all: ## Builds libluma.so and libluma.a in target/release (the default)
	@. ./packaging/release-flags.sh && $(CARGO) build --locked --release
	@sh packaging/static-lib.sh $(TARGET)/release/libluma.a
	@ln -sf libluma.so $(TARGET)/release/libluma.so.0

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

simulator: ## Builds the simulated gateway, target/release/luma-simulator
	@. ./packaging/release-flags.sh && $(CARGO) build --locked --release --package luma-simulator

demo: all simulator ## Triggers workflows on the simulated gateway, from C; KEEP=1 for the web page
	@sh simulator/with-simulator.sh sh examples-c/demo.sh

test-demo: all simulator ## Runs the demo, and opens the URL that it prints
	@sh tests/demo.sh

test: all ## Runs all tests, the fault catalogue last
	@rm -f $(TARGET)/skipped-tests.txt
	LUMA_LIB_DIR=$(TARGET)/release $(CARGO) test --locked --workspace
	LUMA_LIB_DIR=$(TARGET)/release $(CARGO) test --locked --test it -- --ignored
	LUMA_LIB_DIR=$(TARGET)/release $(CARGO) test --locked --test catalogue
	@[ ! -s $(TARGET)/skipped-tests.txt ] || { echo 'Skipped tests:'; sort -u $(TARGET)/skipped-tests.txt; }

test-page: simulator ## Shows the simulator's web pages in Chromium; screenshots in target/page
	@command -v chromedriver >/dev/null || \
	    { echo 'make test-page needs Chromium: apt-get install chromium chromium-driver' >&2; exit 1; }
	@python3 -B simulator/tests/page/test.py $(TARGET)/release/luma-simulator $(TARGET)/page

crash-test: all ## Kills processes that use the journal at every call, in all schedules
	LUMA_CRASH_TEST=1 LUMA_LIB_DIR=$(TARGET)/release $(CARGO) test --locked --test it -- crash:: --include-ignored --nocapture --test-threads=1

lint: ## Checks formatting, lints, dependencies and scripts, as CI does
	@sh .ci/lint.sh

format: ## Formats Rust, C and C++
	@$(CARGO) fmt --all
	@$(CARGO) fmt --manifest-path fuzz/Cargo.toml
	@$(CARGO) fmt --manifest-path models/Cargo.toml
	@sh .ci/lint.sh --format

cost: all ## Counts the instructions, allocations and system calls of a call
	@$(MAKE) -s -C benches guard
	@sh benches/serve.sh sh guard.sh

scale: simulator ## Measures the simulated gateway with 60,000 and 100,000 runs
	@python3 -B benches/simulator.py $(TARGET)/release/luma-simulator

bench-waits: ## Measures sets of waits in virtual time, and writes docs/waiting.svg
	@sh benches/waits.sh

bench: all ## Compares libluma with libcurl and ureq, and writes docs/cost.md
	@sh benches/install.sh
	@$(MAKE) -s -C benches all
	@sh benches/serve.sh sh run.sh

header: ## Generates include/luma.h from src/ffi, and from it what `make bindings` does
	LUMA_UPDATE_HEADER=1 $(CARGO) test --locked --test it -- header:: stdcall::
	@$(MAKE) -s bindings

bindings: ## Generates the raw declarations of the language bindings from include/luma.h
	@for python in python3 /usr/bin/python3; do \
	    $$python -c 'import pycparser' 2>/dev/null && exec $$python -B bindings/generate.py; \
	done; echo 'make bindings needs pycparser: apt-get install python3-pycparser' >&2; exit 1

# LANG is also the locale, so only the one from the command line counts.
test-bindings: all simulator ## Tests the language bindings; LANG=python for one of them
	@sh bindings/test.sh $(if $(filter command line,$(origin LANG)),$(LANG))

test-openapi: all simulator ## Validates requests and responses against docs/gateway.openapi.yaml
	@sh tests/openapi.sh

catalogue: all ## Runs the fault catalogue and writes docs/faults.md
	LUMA_LIB_DIR=$(TARGET)/release LUMA_UPDATE_DOCS=1 $(CARGO) test --locked --test catalogue

docs: ## Renders the C, C++ and Rust documentation into target/docs
	@sh packaging/docs.sh

stage: ## Builds the files that `sudo make install` then only copies
	@sh packaging/stage.sh

install: ## Installs; variables: PREFIX=/usr/local LIBDIR=lib DESTDIR=
	@sh packaging/install.sh

uninstall: ## Removes what `make install` installed; the same variables
	@sh packaging/install.sh --uninstall

test-install: simulator ## Tests `make install`
	@sh tests/install.sh

test-abi: all ## Compares types, names and linking with the recorded ABI
	@sh tests/abi.sh $(TARGET)/release/libluma.so

abi: all ## Records the ABI in tests/libluma.abi; from 0.1.0 on, only additions
	@sh tests/abi.sh $(TARGET)/release/libluma.so --update

deb: ## Builds the Debian packages in dist/
	@sh packaging/deb.sh

test-deb: deb ## Installs, uses and removes the Debian packages
	@sh tests/deb.sh

rpm: ## Builds the RPM packages in dist/, for glibc 2.17 or later
	@sh packaging/portable.sh $(shell uname -m)
	@sh packaging/rpm.sh $(shell uname -m)

test-rpm: rpm ## Uses the RPM packages, and that library on Debian 11
	@sh tests/rpm.sh

windows: ## Cross-compiles the Windows DLLs, in dist/
	@sh packaging/windows/tools.sh build
	@sh packaging/windows/build.sh 64
	@sh packaging/windows/build.sh 32

test-windows: windows ## Tests the DLLs with Wine
	@sh packaging/windows/tools.sh test
	@sh packaging/windows/test.sh 64
	@sh packaging/windows/test-cli.sh 64
	@sh packaging/windows/test.sh 32

packages: ## Packages the bindings in dist/packages, with all built libraries or LIBRARY=...
	@sh bindings/packages.sh $(if $(filter command line,$(origin LIBRARY)),"$(LIBRARY)")

test-packages: all simulator ## Tests `make packages`, and installs and uses the packages
	@sh bindings/test-packages.sh $(if $(filter command line,$(origin LIBRARY)),"$(LIBRARY)")

dist: windows ## Builds all release files, in dist/
	@sh packaging/dist.sh

test-dist: dist ## Builds the release files twice and compares them
	@sh tests/dist.sh

test-cross: simulator ## Runs the C examples on 64-bit ARM and with musl
	@sh tests/cross.sh

sanitize: simulator ## Runs the tests, and 64 threads, with ThreadSanitizer and AddressSanitizer
	@sh tests/sanitize.sh thread
	@sh tests/sanitize.sh address

fuzz: ## Runs each fuzz target for SECONDS=30
	@sh fuzz/run.sh $(or $(SECONDS),30)

test-fuzz: ## Compiles the fuzz targets, and repeats their seeds
	@sh fuzz/run.sh 0

soak: all ## Calls through proxies that misbehave, for SECONDS=600; plots docs/soak.svg
	@sh tests/soak.sh $(or $(SECONDS),600)

lifecycle: all ## Forks, exits and lives without streams in 50 rounds
	LUMA_LIFECYCLE_ROUNDS=50 LUMA_LIB_DIR=$(TARGET)/release $(CARGO) test --locked --test it -- a_host_process --include-ignored

total: all ## Calls every C function with every kind of wrong argument, under valgrind
	LUMA_PROOF=1 LUMA_LIB_DIR=$(TARGET)/release $(CARGO) test --locked --test it -- total::

models: ## Runs the canceller in every order of its threads, and the journal in longer files
	cd models && $(CARGO) test --locked
	LUMA_MODEL_LINES=5 $(CARGO) test --locked --lib -- journal::model

mutants: ## Changes the code that decides about outcomes, and expects that unit tests fail
	@sh tests/mutants.sh

seeded-faults: ## Puts known faults into a copy, and expects that named tests fail
	@sh tests/seeded_faults.sh

coverage: ## Counts the lines that the tests reach, and lists the others
	@sh tests/coverage.sh

proof: ## Runs every check that is too long for CI, each with a limit (hours)
	@sh tests/proof.sh

clean: ## Deletes the build directory
	$(CARGO) clean
