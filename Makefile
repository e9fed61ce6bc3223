# make        the library in target/release: libluma.so and libluma.a
# make demo   triggers workflows on a simulated gateway, from C
# make test   all tests
# make cost   what a call costs: instructions, system calls, allocations, size
# make header include/luma.h anew from src/ffi
# make windows       luma.dll and what belongs to it in dist/win64 and dist/win32, and a zip of each
# make test-windows  uses both with Wine; needs root
CARGO ?= cargo
TARGET = $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)

.PHONY: all simulator demo test cost header windows test-windows clean

# Without the rlib of Cargo.toml, beside which Cargo leaves link-time optimisation out.
all:
	$(CARGO) rustc --locked --release --lib --crate-type cdylib,staticlib

simulator:
	$(CARGO) build --locked --release --package luma-simulator

demo: all simulator
	@sh simulator/with-simulator.sh sh examples-c/demo.sh

test: all
	LUMA_LIB_DIR=$(TARGET)/release $(CARGO) test --locked --workspace

cost: all simulator
	@sh simulator/with-simulator.sh sh benches/cost.sh

header:
	LUMA_UPDATE_HEADER=1 $(CARGO) test --locked --test header --test stdcall

windows:
	sh packaging/windows/tools.sh build
	sh packaging/windows/build.sh 64
	sh packaging/windows/build.sh 32

test-windows: windows
	sh packaging/windows/tools.sh test
	sh packaging/windows/test.sh 64
	sh packaging/windows/test.sh 32

clean:
	$(CARGO) clean
