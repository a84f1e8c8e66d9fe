"""Reads scanned Vietnamese administrative reports: right text, checked figures, everything offline.

The work is done by the program `sohoa`, which this package carries and keeps as a child: a page that ends it costs one document, which is tried again.

>>> restore("Khong co noi dung bao cao")
'Không có nội dung báo cáo'
>>> [str(figure.value) for figure in figures("Đã tiếp nhận 1.077 hồ sơ trong kỳ báo cáo.").figures]
['1077']
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import overload

from . import child, document, errors
from .document import Diagnostic, Document, Figure, Indicator, Page
from .errors import SohoaError

__version__ = child.check()

__all__ = [
    "Diagnostic",
    "Document",
    "Figure",
    "Indicator",
    "Page",
    "SohoaError",
    "errors",
    "figures",
    "read",
    "restore",
    "rows",
    "schema",
]


def read(
    source: bytes | str | os.PathLike,
    *,
    name: str = "document",
    engine: str = "both",
    text_layer: str = "auto",
    timeout: float = 600,
) -> Document:
    """Reads a file, given as its bytes or its path; `name` is what bytes are called in the report.

    `engine` is both, tesseract or fast; `text_layer` is auto, trust, restore or ignore; `timeout` is in seconds for the whole file.
    Raises an error of `sohoa.errors`. A page that fails raises nothing: its `status` says so.
    """
    pool = child.pool(engine, text_layer)
    if isinstance(source, bytes):
        answer = pool.ask({"ask": "read", "file": name, "bytes": len(source)}, source, timeout)
    else:
        answer = pool.ask({"ask": "read", "file": os.path.abspath(os.fspath(source))}, None, timeout)
    return document.of(answer["report"], answer["pages"])


# Enough to keep the cores busy, little enough to be told of a crash before long. The program looks at 400 lines together: with a multiple of
# that it is told the same groups as if it were given all lines in one file.
_TEXTS = 16_000


@overload
def restore(text: str, *, together: bool = False, timeout: float = 600) -> str: ...
@overload
def restore(text: Iterable[str], *, together: bool = False, timeout: float = 600) -> list[str]: ...
def restore(text, *, together: bool = False, timeout: float = 600):
    """Text with its marks and misread letters restored: one text, or a list of them. Digits are never changed.

    Each text is restored by itself, so that the same text is the same each time, wherever it stands. With `together` they are the lines of one
    text, as `sohoa restore FILE` takes them: names and the kind of damage are learned from those beside them, 400 lines at a time, which is
    right for a column of short texts from one source: fewer errors, in less time.

    >>> restore(["Uy ban nhan dan xa", "thu tuc hanh chinh"])
    ['Ủy ban nhân dân xã', 'thủ tục hành chính']
    """
    pool = child.pool("both", "auto")
    if isinstance(text, str):
        return pool.ask({"ask": "restore", "texts": [text]}, None, timeout)[0]
    texts = list(text)
    if together:
        parts = (texts[start : start + _TEXTS] for start in range(0, len(texts), _TEXTS))
        return [t for part in parts for t in pool.ask({"ask": "restore", "texts": part, "together": True}, None, timeout)]
    # Each is restored by itself, so that the same text is the same each time; columns of tables repeat themselves.
    different, restored = list(dict.fromkeys(texts)), {}
    for start in range(0, len(different), _TEXTS):
        part = different[start : start + _TEXTS]
        answers = pool.ask({"ask": "restore", "texts": part}, None, timeout)
        restored.update(zip(part, answers, strict=True))
    return [restored[text] for text in texts]


def figures(text: str, *, as_it_is: bool = False, timeout: float = 600) -> Document:
    """The figures, fields and references of a text; one that has lost its marks is restored first, unless it is to be taken as it is."""
    report = child.pool("both", "auto").ask({"ask": "figures", "text": text, "as_it_is": as_it_is}, None, timeout)
    return document.of(report, [])


def rows(items: Iterable[tuple[str, bytes]], table: str = "documents", **options) -> Iterator:
    """Arrow record batches of files; see `sohoa.arrow.rows`. Needs pyarrow."""
    from . import arrow

    return arrow.rows(items, table, **options)


def schema(table: str = "documents"):
    """The Arrow schema of a table; see `sohoa.arrow.schema`. Needs pyarrow."""
    from . import arrow

    return arrow.schema(table)
