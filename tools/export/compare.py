#!/usr/bin/env python3
"""Is anything of the originals lost in the searchable PDFs? Each is held against the file that it was made from.

    compare.py OUT ORIGINALS...      (files or folders; OUT as `sohoa read ORIGINALS --format json,pdf --out OUT` leaves it)

Compared are pages, bookmarks, annotations, attachments, page labels, form fields and document information, the raw bytes of every image
stream (SHA-256), what `qpdf --check` says before and after, and the size: it may grow by 15 KB a page and 20 KB. An original without a PDF has
to have a report that says why. Ends with 1 where anything is worse. Needs qpdf; pip install pikepdf.
"""

import collections
import hashlib
import json
import pathlib
import subprocess
import sys

import pikepdf


def qpdf(path):
    """0 clean, 3 with warnings, 2 damaged."""
    return subprocess.run(["qpdf", "--check", path], capture_output=True).returncode


def bookmarks(pdf):
    with pdf.open_outline() as outline:
        waiting, count = list(outline.root), 0
        while waiting:
            item = waiting.pop()
            count += 1
            waiting += item.children
    return count


def fields(pdf):
    waiting, count = list(pdf.Root.get("/AcroForm", {}).get("/Fields", [])), 0
    while waiting:
        count += 1
        waiting += list(waiting.pop().get("/Kids", []))
    return count


def held(path):
    """What a reader finds in the file; None where pikepdf cannot open it."""
    found = {}
    try:
        pdf = pikepdf.open(path)
    except Exception:
        return None
    def count(what, how):
        try:
            found[what] = how()
        except Exception as error:
            found[what] = type(error).__name__
    count("pages", lambda: len(pdf.pages))
    count("bookmarks", lambda: bookmarks(pdf))
    count("annotations", lambda: sum(len(p.get("/Annots", [])) for p in pdf.pages))
    count("attachments", lambda: sorted(pdf.attachments))
    count("labels", lambda: [p.label for p in pdf.pages])
    count("fields", lambda: fields(pdf))
    count("information", lambda: sorted((k, str(v)) for k, v in pdf.docinfo.items()))
    images = collections.Counter()
    for stream in pdf.objects:
        try:
            if isinstance(stream, pikepdf.Stream) and stream.get("/Subtype") == "/Image":
                images[hashlib.sha256(stream.read_raw_bytes()).hexdigest()] += 1
        except Exception:
            continue
    return found, images


def main():
    out = pathlib.Path(sys.argv[1])
    originals = []
    for given in map(pathlib.Path, sys.argv[2:]):
        originals += sorted(given.rglob("*.pdf")) if given.is_dir() else [given]
    reports = {}
    for report in out.glob("*.json"):
        source = json.loads(report.read_text())
        if "source" in source:
            reports.setdefault(source["source"]["sha256"], (report, source))
    counts, worse, images_seen, growth, most = collections.Counter(), [], 0, 0, 0
    for original in originals:
        content = original.read_bytes()
        report, said = reports.get(hashlib.sha256(content).hexdigest(), (None, None))
        pdf = report.with_suffix(".pdf") if report else None
        if pdf is None or not pdf.exists():
            errors = [d["message"] for d in said["diagnostics"] if d["severity"] == "error"] if said else []
            counts["refused, and the report says why" if errors else "refused without a word"] += 1
            if not errors:
                worse.append(f"{original.name}: no PDF, and no reason")
            continue
        counts["written"] += 1
        before, after = qpdf(original), qpdf(pdf)
        counts[f"qpdf --check {before} before, {after} after"] += 1
        # Clean is 0, warnings 3, errors 2.
        if [0, 3, 2].index(after) > [0, 3, 2].index(before):
            worse.append(f"{original.name}: qpdf --check gave {before}, now {after}")
        old, new = held(original), held(pdf)
        if old is None:
            counts["not opened by pikepdf before"] += 1
        elif new is None:
            worse.append(f"{original.name}: pikepdf no longer opens it")
        else:
            for what, was in old[0].items():
                if new[0][what] != was:
                    worse.append(f"{original.name}: {what} {was!r:.80} became {new[0][what]!r:.80}")
            lost = old[1] - new[1]
            images_seen += old[1].total()
            if lost:
                worse.append(f"{original.name}: {lost.total()} of {old[1].total()} image streams differ")
            pages = old[0]["pages"]
            grown = pdf.stat().st_size - len(content)
            growth, most = growth + max(0, grown), max(most, grown / max(1, pages))
            if grown > 15_000 * pages + 20_000:
                worse.append(f"{original.name}: {grown} bytes more for {pages} pages")
            counts["pages compared"] += pages
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    print(f"{images_seen:6} image streams compared; size over the originals {growth / max(1, counts['pages compared']):.0f} bytes a page in the mean, {most:.0f} at most")
    print(f"{len(worse):6} worse")
    print("\n".join(worse))
    sys.exit(bool(worse))


if __name__ == "__main__":
    main()
