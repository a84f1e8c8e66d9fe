"""Files as Arrow record batches with the schema of the program's own Parquet tables."""

from __future__ import annotations

import datetime
import functools
import json
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pyarrow as pa

from . import child, errors

NESTED = "nested"


@functools.cache
def _dictionary() -> list[dict]:
    done = subprocess.run([child.program(), "schema", "--tables", "--json"], capture_output=True, check=True)
    return json.loads(done.stdout)["tables"]


def _type(kind: str) -> pa.DataType:
    if kind.startswith("list<"):
        return pa.list_(pa.field("element", _type(kind[5:-1])))
    return {
        "text": pa.string(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "bool": pa.bool_(),
        "date": pa.date32(),
        "decimal(38,18)": pa.decimal128(38, 18),
    }[kind]


def _fields(table: dict) -> list[pa.Field]:
    return [pa.field(c["name"], _type(c["type"]), c["nullable"]) for c in table["columns"]]


def schema(table: str = "documents") -> pa.Schema:
    """The schema of a table, or of `nested`: the documents, each with a list of its rows in every other table.

    >>> schema("indicators").names
    ['document', 'indicator', 'value', 'unit', 'figure_id', 'confidence']
    """
    if table != NESTED:
        return pa.schema(_fields(next(t for t in _dictionary() if t["name"] == table)))
    documents, *others = _dictionary()
    nested = [pa.field(t["name"], pa.list_(pa.field("element", pa.struct(_fields(t)[1:])))) for t in others]
    # A document has columns and tables of the same name: its pages are counted, and listed.
    named = [f.with_name(f"{f.name}_rows") if f.name in {c["name"] for c in documents["columns"]} else f for f in nested]
    return pa.schema(_fields(documents) + named)


def _value(value, kind: str):
    if value is None:
        return None
    if kind.startswith("list<"):
        return [_value(each, kind[5:-1]) for each in value]
    if kind == "float64":
        return float(value)
    if kind.startswith("decimal"):
        return Decimal(value)
    if kind == "date":
        return datetime.date.fromisoformat(value)
    return value


def _row(table: dict, row: list, first: int = 0) -> dict:
    return {c["name"]: _value(v, c["type"]) for c, v in list(zip(table["columns"], row, strict=True))[first:]}


def _rows(answer: dict, table: str) -> list[dict]:
    if table != NESTED:
        chosen = next(t for t in _dictionary() if t["name"] == table)
        return [_row(chosen, row) for row in answer[table]]
    documents, *others = _dictionary()
    row = _row(documents, answer["documents"][0])
    for other in others:
        name = f"{other['name']}_rows" if other["name"] in row else other["name"]
        row[name] = [_row(other, r, 1) for r in answer[other["name"]]]
    return [row]


def rows(
    items: Iterable[tuple[str, bytes]],
    table: str = "documents",
    *,
    engine: str = "both",
    text_layer: str = "auto",
    timeout: float = 600,
    workers: int = 1,
    batch: int = 64,
) -> Iterator[pa.RecordBatch]:
    """Reads files, given as names and bytes, and yields the rows of a table, or of `nested`, in the order of the files.

    A file that cannot be read is a row of `documents` with `state` failed and the reason in `error`; it raises nothing. `timeout` is in seconds a file,
    `workers` is how many children read at a time, each within about 400 MiB; `batch` is how many rows a record batch has at least, the last apart.
    """
    wanted = schema(table)
    pool = child.pool(engine, text_layer)

    def one(item: tuple[str, bytes]) -> list[dict]:
        name, content = item
        try:
            answer = pool.ask({"ask": "rows", "file": name, "bytes": len(content)}, content, timeout)
        except (errors.ReadTimeout, errors.EngineFailedError, errors.TooLargeError) as error:
            # Only the child could have told of the file, and it is gone.
            question = {"ask": "unread", "file": name, "bytes": len(content), "kind": error.kind, "message": error.message}
            answer = pool.ask(question, content, timeout)
        return _rows(answer, table)

    waiting: list[dict] = []
    with ThreadPoolExecutor(workers) as threads:
        for part in _parts(items, 2 * workers):
            for found in threads.map(one, part):
                waiting += found
                if len(waiting) >= batch:
                    yield pa.RecordBatch.from_pylist(waiting, wanted)
                    waiting = []
    if waiting:
        yield pa.RecordBatch.from_pylist(waiting, wanted)


def _parts(items: Iterable, size: int) -> Iterator[list]:
    part = []
    for item in items:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
