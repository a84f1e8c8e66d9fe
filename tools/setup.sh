#!/bin/sh
# Installs what building and running need and this machine lacks: Debian packages, and the second recogniser's weights.
set -eu

# build-essential: the linker and make. libtesseract-dev, libleptonica-dev, pkg-config: what tesseract-rs links.
# tesseract-ocr-vie: the Vietnamese language data. tesseract-ocr-osd: tells which way up a page is.
packages="build-essential pkg-config libtesseract-dev libleptonica-dev tesseract-ocr-vie tesseract-ocr-osd"
# python3-pip: fetches the second recogniser's weights, where they and it are not there yet.
if [ ! -f "$(dirname "$0")/../.cache/recogniser/rec.onnx" ] && ! python3 -m pip --version >/dev/null 2>&1; then
    packages="$packages python3-pip"
fi

missing=""
for package in $packages; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    echo "setup: installing$missing" >&2
    root=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "setup: as root, run: apt-get install$missing" >&2; exit 1; }
        root=sudo
    fi
    $root apt-get update -q >&2
    # shellcheck disable=SC2086  # a list of words
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
fi

command -v cargo >/dev/null || { echo "setup: no cargo here; install the Rust toolchain first (rustup, 1.94 or later)" >&2; exit 1; }

# Reading works without it, so that a machine without a network gets on.
"$(dirname "$0")/recogniser.sh" || echo "setup: going on without the second recogniser" >&2
