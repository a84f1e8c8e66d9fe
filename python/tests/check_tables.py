#!/usr/bin/env python3
"""Opens the Parquet tables of a folder with DuckDB, Polars, PyArrow and pandas, and holds them against the data dictionary and the reports.

    python3 python/tests/check_tables.py DIR SOHOA       (make test-tables)
"""

import collections
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

out, sohoa = Path(sys.argv[1]), sys.argv[2]
dictionary = json.loads(subprocess.run([sohoa, "schema", "--tables", "--json"], capture_output=True, check=True).stdout)

ARROW = {"text": "string", "int64": "int64", "float64": "double", "bool": "bool", "date": "date32[day]", "decimal(38,18)": "decimal128(38, 18)"}
DUCK = {"text": "VARCHAR", "int64": "BIGINT", "float64": "DOUBLE", "bool": "BOOLEAN", "date": "DATE", "decimal(38,18)": "DECIMAL(38,18)"}
POLARS = {"text": pl.String, "int64": pl.Int64, "float64": pl.Float64, "bool": pl.Boolean, "date": pl.Date, "decimal(38,18)": pl.Decimal(38, 18)}


def element(kind):
    return kind[5:-1] if kind.startswith("list<") else None


for table in dictionary["tables"]:
    file = out / "tables" / f"{table['name']}.parquet"
    arrow, polars = pq.read_table(file), pl.read_parquet(file)
    pandas = pd.read_parquet(file, dtype_backend="pyarrow")
    duck = dict(r[:2] for r in duckdb.sql(f"DESCRIBE SELECT * FROM '{file}'").fetchall())
    for column in table["columns"]:
        name, kind = column["name"], column["type"]
        inner = element(kind)
        of_arrow = arrow.schema.field(name).type
        if inner:
            assert str(of_arrow.value_type) == ARROW[inner], (table["name"], name, of_arrow)
            assert duck[name] == DUCK[inner] + "[]", (table["name"], name, duck[name])
            assert polars.schema[name] == pl.List(POLARS[inner]), (table["name"], name, polars.schema[name])
        else:
            assert str(of_arrow) == ARROW[kind], (table["name"], name, of_arrow)
            assert duck[name] == DUCK[kind], (table["name"], name, duck[name])
            assert polars.schema[name] == POLARS[kind], (table["name"], name, polars.schema[name])
        if not column["nullable"]:
            assert arrow[name].null_count == 0, (table["name"], name)
        assert isinstance(pandas.dtypes[name], pd.ArrowDtype) and pandas.dtypes[name].pyarrow_dtype == of_arrow, (table["name"], name)
    assert len(arrow) == len(polars) == len(pandas)
    keys = arrow.select(table["key"]).to_pylist()
    assert len({tuple(k.values()) for k in keys}) == len(keys), f"{table['name']}: a key twice"
    documents = arrow["document"].to_pylist()
    assert documents == sorted(documents), f"{table['name']} is not sorted"
    print(f"{len(arrow):>8} {table['name']}: {arrow.num_columns} columns as the dictionary says, in all four")

# The sums of each indicator over all documents, from the reports themselves, each content once.
sums, seen = collections.Counter(), set()
for report in sorted(out.glob("*.json")):
    report = json.loads(report.read_text(), parse_float=Decimal)
    if report["source"]["sha256"] in seen:
        continue
    seen.add(report["source"]["sha256"])
    for name, indicator in report["indicators"].items():
        sums[name] += Decimal(indicator["value"])
file = out / "tables" / "indicators.parquet"
of_duck = dict(duckdb.sql(f"SELECT indicator, sum(value) FROM '{file}' GROUP BY 1").fetchall())
of_polars = dict(pl.read_parquet(file).group_by("indicator").agg(pl.col("value").sum()).iter_rows())
grouped = pq.read_table(file).group_by("indicator").aggregate([("value", "sum")])
of_arrow = dict(zip(grouped["indicator"].to_pylist(), grouped["value_sum"].to_pylist(), strict=True))
of_pandas = pd.read_parquet(file, dtype_backend="pyarrow").groupby("indicator")["value"].sum().to_dict()
for name, others in (("DuckDB", of_duck), ("Polars", of_polars), ("PyArrow", of_arrow), ("pandas", of_pandas)):
    assert {k: Decimal(v) for k, v in others.items()} == dict(sums), name
print(f"sums of {len(sums)} indicators over {len(seen)} contents are those of the reports, in all four")
