#!/bin/sh
# Checks what `sohoa read --format pdf,alto,page,hocr` writes with the tools of others: check.sh BIN OUT FILE...  READ_OPTIONS go to read.
#   qpdf --check on every PDF, pdfsig before and after, xmllint where the schemas are in $SCHEMAS, hocr-check where $HOCR is a Python that has
#   hocr-tools-lib, and, where a folder with
#   veraPDF is in $VERAPDF (see `make test-pdfa`), PDF/A-2u and 3u. It ends with 1 where one of them finds a fault.
set -eu
bin=$1 out=$2
shift 2
faults=0
fault() { echo "FAULT $*"; faults=1; }

mkdir -p "$out/default" "$out/pdfa" "$out/pdfa3"
# Reading, where 6 says that some pages failed, which the report names.
read_to() {
    folder=$out/$1
    shift
    "$bin" read "$@" ${READ_OPTIONS:-} --out "$folder" 2>"$folder.log" || test $? -eq 6 || fault "read to $folder: see $folder.log"
}
formats=json,txt,pdf,alto,page,hocr,md,html,record
read_to default "$@" --format $formats
read_to pdfa "$@" --format json,pdf --pdfa
read_to pdfa3 "$@" --format json,pdf --pdfa --attach-original

for pdf in "$out"/*/*.pdf; do
    qpdf --check "$pdf" >/dev/null 2>&1 || fault "qpdf --check $pdf"
done
for original in "$@"; do
    case $original in *.pdf) ;; *) continue ;; esac
    valid() { pdfsig -nocert "$1" 2>/dev/null | grep -c 'Signature is Valid' || true; }
    ours="$out/default/$(basename "$original")"
    test "$(valid "$original")" -eq "$(valid "$ours")" || fault "signatures of $original"
done
if [ -n "${SCHEMAS:-}" ]; then
    echo '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"><system systemId="http://www.loc.gov/standards/xlink/xlink.xsd" uri="'"$SCHEMAS"'/xlink.xsd"/></catalog>' >"$out/catalogue.xml"
    export XML_CATALOG_FILES="$out/catalogue.xml"
    xmllint --nonet --noout --schema "$SCHEMAS/alto-4-4.xsd" "$out"/default/*.alto.xml 2>"$out/alto.log" || fault "ALTO: see $out/alto.log"
    xmllint --nonet --noout --schema "$SCHEMAS/page-2019-07-15.xsd" "$out"/default/*.page.xml 2>"$out/page.log" || fault "PAGE: see $out/page.log"
fi
if [ -n "${HOCR:-}" ]; then
    "$HOCR" "$(dirname "$0")/hocr_pages.py" "$out"/default/*.hocr || fault "hOCR"
fi
if [ -n "${VERAPDF:-}" ]; then
    # A file that says in its report why it is not PDF/A does not claim to be; all others have to be what they claim.
    for folder in "$out/pdfa" "$out/pdfa3"; do
        claimed=$(grep -L 'is not PDF/A' "$folder"/*.json | sed 's/json$/pdf/')
        echo "$folder: $(ls "$folder"/*.json | wc -l) files, $(echo "$claimed" | wc -w) claim PDF/A"
        for part in 2 3; do
            of_part=$(grep -la "<pdfaid:part>$part<" $claimed || true)
            test -z "$of_part" || java -cp "$VERAPDF/*:$VERAPDF" ValidatePdfa ${part}u $of_part 2>/dev/null || fault "PDF/A-${part}u in $folder"
        done
        echo "$claimed" | xargs grep -La "<pdfaid:part>" | while read -r pdf; do echo "FAULT $pdf neither claims PDF/A nor says why not"; done
    done
fi
exit $faults
