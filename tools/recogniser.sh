#!/bin/sh
# Fetches the second recogniser by name and pinned hash and unpacks its networks into .cache/recogniser, which git does not
# track: weights that others trained are not part of this repository. sohoa reads without them too, with more errors.
set -eu
cd "$(dirname "$0")/.."
folder=.cache/recogniser

if [ -f "$folder/rec.onnx" ] && [ -f "$folder/det.onnx" ] && [ -f "$folder/meta.json" ]; then
    exit 0
fi
if ! python3 -m pip --version >/dev/null 2>&1; then
    echo "recogniser: python3 has no pip here; install python3-pip and run \`make recogniser\` again" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download --quiet --no-deps --only-binary :all: --require-hashes -r tools/recogniser.txt -d "$work" >&2
python3 -m zipfile -e "$work"/trueocr-0.1.1-*.whl "$work/wheel"
mkdir -p "$folder"
for file in det.onnx meta.json; do
    cp "$work/wheel/trueocr/models/$file" "$folder/$file"
done
cp "$work"/wheel/trueocr-0.1.1.dist-info/licenses/LICENSE "$folder/LICENSE"
# Last, since this file is what says that the recogniser is there.
cp "$work/wheel/trueocr/models/rec.onnx" "$folder/rec.onnx"
echo "recogniser: unpacked into $folder" >&2
