#!/bin/sh
# Checks what `sohoa read --format pdf,alto,page,hocr` writes with the tools of others: check.sh BIN OUT FILE...  READ_OPTIONS go to read.
#   qpdf --check on every PDF, pdfsig before and after, xmllint where the schemas are in $SCHEMAS, and, where a folder with
#   veraPDF is in $VERAPDF (see `make test-pdfa`), PDF/A-2u and 3u. It ends with 1 where one of them finds a fault.
set -eu
bin=$1 out=$2
shift 2
faults=0
fault() { echo "FAULT $*"; faults=1; }

mkdir -p "$out/default" "$out/pdfa" "$out/pdfa3"
formats=json,txt,pdf,alto,page,hocr,md,html,record
"$bin" read "$@" ${READ_OPTIONS:-} --format $formats --out "$out/default" 2>"$out/default.log" || fault "read ended with $?: see $out/default.log"
"$bin" read "$@" ${READ_OPTIONS:-} --format json,pdf --pdfa --out "$out/pdfa" 2>"$out/pdfa.log" || fault "read --pdfa ended with $?"
"$bin" read "$@" ${READ_OPTIONS:-} --format json,pdf --pdfa --attach-original --out "$out/pdfa3" 2>"$out/pdfa3.log" || fault "read --attach-original ended with $?"

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
if [ -n "${VERAPDF:-}" ]; then
    # A file that says in its report why it is not PDF/A does not claim to be; all others have to be.
    for flavour in 2u:pdfa 3u:pdfa3; do
        folder=$out/${flavour#*:}
        claimed=$(grep -L 'is not PDF/A' "$folder"/*.json | sed 's/json$/pdf/')
        echo "$(ls "$folder"/*.json | wc -l) files, $(echo "$claimed" | wc -w) claim PDF/A-${flavour%:*}"
        java -cp "$VERAPDF/*:$VERAPDF" ValidatePdfa "${flavour%:*}" $claimed 2>/dev/null || fault "PDF/A-${flavour%:*}"
    done
fi
exit $faults
