# Two commands do everything on a Debian machine with a Rust toolchain:
#   make run    install what is missing, build, read the sample scan and show what was found
#   make test   install what is missing, check the style and run all tests

SAMPLE ?= fixtures/scans/suoi-ngan-2025q3-L1.pdf
OUT ?= target/sample

.PHONY: run test setup recogniser check bench clean

run: setup
	cargo build --release --locked
	target/release/sohoa read $(SAMPLE) --out $(OUT) --format json,txt,csv
	@echo; echo "== $(OUT): the text's first lines"; head -n 25 $(OUT)/$(basename $(notdir $(SAMPLE))).txt
	@echo; echo "== the figures"; cut -c1-150 $(OUT)/$(basename $(notdir $(SAMPLE))).csv | head -n 40

test: setup check
	cargo test --release --locked

check: setup
	cargo fmt --check
	cargo clippy --release --locked --all-targets -- -D warnings

bench: setup
	cargo bench --locked

setup:
	@tools/setup.sh

recogniser:
	@tools/recogniser.sh

clean:
	cargo clean
