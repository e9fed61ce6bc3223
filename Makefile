# make        the library in target/release: libluma.so and libluma.a
# make demo   triggers workflows on a simulated gateway, from C
# make test   all tests, the fault catalogue last
# make cost   counts what calls cost and compares that with benches/committed.txt
# make bench  measures libluma beside libcurl, ureq and a raw loop, into docs/cost.md and .svg
# make header include/luma.h anew from src/ffi
# make catalogue  the fault catalogue alone; rewrites docs/faults.md
# make install [PREFIX=/usr/local] [LIBDIR=lib] [DESTDIR=]; make test-install tries it
# make stage  builds what make install installs, so that sudo make install only copies
# make deb    the Debian packages in dist/; make test-deb installs, uses and removes them
# make windows  the DLLs and what belongs to them in dist/; make test-windows uses them with Wine
# make dist   all that is given away, in dist/; make test-dist makes it twice and compares
# make fuzz [SECONDS=30]  each fuzz target for so long; in bytes of a server, a proxy or a caller
# make test-cross  the C examples on 64-bit ARM and with musl
CARGO ?= cargo
TARGET = $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)

.PHONY: all simulator demo test cost bench header catalogue clean
.PHONY: stage install test-install deb test-deb windows test-windows dist test-dist test-cross fuzz

all:
	@. ./packaging/release-flags.sh && $(CARGO) build --locked --release
	@ln -sf libluma.so $(TARGET)/release/libluma.so.0

simulator:
	@. ./packaging/release-flags.sh && $(CARGO) build --locked --release --package luma-simulator

demo: all simulator
	@sh simulator/with-simulator.sh sh examples-c/demo.sh

test: all
	@rm -f $(TARGET)/skipped-tests.txt
	LUMA_LIB_DIR=$(TARGET)/release $(CARGO) test --locked --workspace
	LUMA_LIB_DIR=$(TARGET)/release $(CARGO) test --locked --test catalogue
	@[ ! -s $(TARGET)/skipped-tests.txt ] || { echo 'Skipped tests:'; sort -u $(TARGET)/skipped-tests.txt; }

cost: all
	@$(MAKE) -s -C benches guard
	@sh benches/serve.sh sh guard.sh

bench: all
	@sh benches/install.sh
	@$(MAKE) -s -C benches all
	@sh benches/serve.sh sh run.sh

header:
	LUMA_UPDATE_HEADER=1 $(CARGO) test --locked --test it -- header:: stdcall::

catalogue: all
	LUMA_LIB_DIR=$(TARGET)/release LUMA_UPDATE_DOCS=1 $(CARGO) test --locked --test catalogue

stage:
	@sh packaging/stage.sh

install:
	@sh packaging/install.sh

test-install: simulator
	@sh tests/install.sh

deb:
	@sh packaging/deb.sh

test-deb: deb
	@sh tests/deb.sh

windows:
	@sh packaging/windows/tools.sh build
	@sh packaging/windows/build.sh 64
	@sh packaging/windows/build.sh 32

test-windows: windows
	@sh packaging/windows/tools.sh test
	@sh packaging/windows/test.sh 64
	@sh packaging/windows/test.sh 32

dist: windows
	@sh packaging/dist.sh

test-dist:
	@sh tests/dist.sh

test-cross: simulator
	@sh tests/cross.sh

fuzz:
	@sh fuzz/run.sh $(or $(SECONDS),30)

clean:
	$(CARGO) clean
