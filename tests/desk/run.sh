#!/bin/sh
# Drives the desk in Debian's Chromium as a person would: `make test-desk`. The program is target/release/sohoa, or $SOHOA.
set -eu
cd "$(dirname "$0")"
sohoa=${SOHOA:-$(cd ../.. && pwd)/target/release/sohoa}
if ! command -v chromium >/dev/null || ! command -v npm >/dev/null; then
    root=""
    [ "$(id -u)" -eq 0 ] || root=sudo
    $root apt-get update -q >&2
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium npm >&2
fi
[ -d node_modules/playwright-core ] && [ -d node_modules/axe-core ] || npm install --no-audit --no-fund --silent
folder=$(mktemp -d)
trap 'kill "$desk" 2>/dev/null || true; rm -rf "$folder"' EXIT
start() {
    "$sohoa" desk "$folder/desk" --who tester >"$folder/address" 2>"$folder/log" &
    desk=$!
    for _ in $(seq 100); do [ -s "$folder/address" ] && return; sleep 0.1; done
    cat "$folder/log" >&2
    exit 1
}
start
node desk.mjs first "$(cat "$folder/address")" "${SHOTS:-}"
# What was corrected outlives the program, and a reading anew by another recogniser.
kill "$desk"; wait "$desk" 2>/dev/null || true
start
node desk.mjs again "$(cat "$folder/address")"
# The page for a colleague, and what comes back of it; taken twice, it is there once.
"$sohoa" review "$folder/desk/suoi-ngan-2025q3-L1.json" --out "$folder/review.html"
node desk.mjs review "$folder/review.html" "${SHOTS:-}"
"$sohoa" review "$folder/desk/suoi-ngan-2025q3-L1.json" --take "$folder/review.html.corrections.jsonl" | grep -q "^1 corrections taken.*, 0 refused"
"$sohoa" review "$folder/desk/suoi-ngan-2025q3-L1.json" --take "$folder/review.html.corrections.jsonl" | grep -q "^0 corrections taken"
"$sohoa" read "$folder/desk/inbox" --out "$folder/desk" --engine tesseract --format json,txt
node desk.mjs text "$folder/desk"
