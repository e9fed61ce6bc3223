# make        the library in target/release: libluma.so and libluma.a
# make demo   triggers workflows on a simulated gateway, from C
# make test   all tests
# make cost   what a call costs: instructions, system calls, allocations, size
CARGO ?= cargo

.PHONY: all simulator demo test cost header clean

all:
	$(CARGO) build --release

simulator:
	$(CARGO) build --release --package luma-simulator

demo: all simulator
	@sh examples-c/demo.sh

test: all
	LUMA_LIB_DIR=target/release $(CARGO) test --workspace

cost: all simulator
	@sh benches/cost.sh

header:
	LUMA_UPDATE_HEADER=1 $(CARGO) test --test header

clean:
	$(CARGO) clean
