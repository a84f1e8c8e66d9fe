#!/usr/bin/env python3
"""hocr_pages.py FILE.hocr...: hocr-check of hocr-tools-lib over each page by itself, since it takes the lines of all pages of a file for those of one.
Prints the pages at fault; ends with 1 where there are any."""

import contextlib
import copy
import io
import sys

from hocr_tools_lib.tools.hocr_check import Checker
from lxml import etree, html

pages = faults = 0
for name in sys.argv[1:]:
    whole = html.parse(name)
    for number, page in enumerate(whole.xpath("//*[@class='ocr_page']"), 1):
        alone = copy.deepcopy(whole)
        for other, element in enumerate(alone.xpath("//*[@class='ocr_page']"), 1):
            if other != number:
                element.getparent().remove(element)
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            Checker(io.StringIO(etree.tostring(alone, method="html", encoding="unicode"))).check()
        wrong = [line for line in said.getvalue().splitlines() if line.startswith("not ok")]
        pages += 1
        faults += bool(wrong)
        if wrong:
            print(f"{name}, page {number}: {'; '.join(wrong)}")
print(f"{pages} pages, {faults} at fault")
sys.exit(faults > 0)
