# Two commands do everything on a Debian machine with a Rust toolchain:
#   make run    install what is missing, build, read the sample scan and show what was found
#   make test   install what is missing, check the style and run all tests

# Where cargo builds.
TARGET := $(or $(CARGO_TARGET_DIR),target)

SAMPLE ?= fixtures/scans/suoi-ngan-2025q3-L1.pdf
OUT ?= $(TARGET)/sample

# Where the benchmark is built, and how many samples of each family in each set its systems get; empty for all.
SUITE ?= $(TARGET)/suite
LIMIT ?= 2

.PHONY: run test test-all setup recogniser check check-deps golden bench suite board clean

run: setup
	cargo build --release --locked
	$(TARGET)/release/sohoa read $(SAMPLE) --out $(OUT) --format json,txt,csv
	@echo; echo "== $(OUT): the text's first lines"; head -n 25 $(OUT)/$(basename $(notdir $(SAMPLE))).txt
	@echo; echo "== the figures"; head -n 40 $(OUT)/$(basename $(notdir $(SAMPLE))).csv

test: setup check
	cargo test --release --locked

# The tests, too, that need the second recogniser or the reference data; those fail where it is missing.
test-all: test recogniser
	cargo test --release --locked -- --ignored

check: setup
	cargo fmt --check
	cargo clippy --release --locked --all-targets -- -D warnings

# Whether every output is the same bytes as when this was first called; `make golden GOLDEN=--all` reads all scans, too.
golden: setup
	cargo build --release --locked
	tools/golden.py $(if $(wildcard $(TARGET)/golden.txt),compare,record) --bin $(TARGET)/release/sohoa --into $(TARGET)/golden.txt $(GOLDEN)

# What the dependencies are: licences, advisories, sources, and none that is not used. Needs cargo-deny and cargo-machete, once
# `cargo install --locked cargo-deny cargo-machete`.
check-deps:
	cargo deny check
	cargo machete

bench: setup
	cargo bench --locked

# The public benchmark: 24 reports of four families, their text and their pages in five kinds of damage each.
suite: setup
	cargo build --release --locked
	test -x $(SUITE)/environments/suite/bin/python || python3 -m venv $(SUITE)/environments/suite
	$(SUITE)/environments/suite/bin/pip install -q -r tools/fixtures/requirements.txt
	$(SUITE)/environments/suite/bin/python benchmarks/suite.py --out $(SUITE) --sohoa $(abspath $(TARGET))/release/sohoa

# Every system of benchmarks/systems.toml over it, and the leaderboard.
board: suite
	$(SUITE)/environments/suite/bin/python benchmarks/run.py --suite $(SUITE) --sohoa $(abspath $(TARGET))/release/sohoa $(if $(LIMIT),--limit $(LIMIT)) --readme

setup:
	@tools/setup.sh

recogniser:
	@tools/recogniser.sh

clean:
	cargo clean
