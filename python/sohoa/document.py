"""What was read, as dataclasses. Printed values are `Decimal`s, exact; confidences lie between 0 and 1; rectangles are pixels of the page as scanned."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Page:
    """A page; `text` has a line a printed line. `origin` and `confidence` are None where it failed."""

    page: int
    status: str
    origin: str | None
    confidence: float | None
    quality: float | None
    error: str | None
    text: str


@dataclass(frozen=True)
class Figure:
    """A number of the text. `value` is None where the print is no number that is understood; `raw` is what is printed."""

    id: str
    value: Decimal | None
    unit: str | None
    label: str
    raw: str
    readings: tuple[Decimal, ...]
    page: int | None
    line: int | None
    rect: tuple[float, float, float, float] | None
    confidence: float


@dataclass(frozen=True)
class Indicator:
    """A named value, and the figure that it was read from."""

    value: Decimal
    unit: str | None
    figure: str


@dataclass(frozen=True)
class Diagnostic:
    """A remark: `severity` is info, warning or error."""

    severity: str
    message: str
    hint: str | None
    page: int | None


@dataclass(frozen=True)
class Document:
    """Everything that was read of a file. `report` is the whole report, as the program writes it."""

    name: str
    sha256: str | None
    pages: tuple[Page, ...]
    figures: tuple[Figure, ...]
    indicators: dict[str, Indicator]
    diagnostics: tuple[Diagnostic, ...]
    report: dict[str, Any] = field(repr=False)

    @property
    def text(self) -> str:
        """The restored text, pages parted by form feeds."""
        return "\f".join(page.text for page in self.pages)

    @property
    def tables(self) -> list[dict[str, Any]]:
        """The tables with their cells, as in the report."""
        return self.report.get("tables", [])

    @property
    def fields(self) -> dict[str, Any]:
        """What the document says of itself: number, issuer, date, signer."""
        return self.report["document"]

    def to_dict(self) -> dict[str, Any]:
        """The report; exact decimals are `Decimal`s."""
        return self.report

    def to_json(self) -> str:
        """The report as JSON."""
        return json.dumps(self.report, ensure_ascii=False, default=float)

    def to_arrow(self, what: str = "figures"):
        """The figures or indicators as an Arrow table; needs pyarrow."""
        import pyarrow as pa

        if what == "figures":
            columns = ["id", "value", "unit", "label", "raw", "page", "line", "confidence"]
            rows = [{name: getattr(figure, name) for name in columns} for figure in self.figures]
        else:
            columns = ["indicator", "value", "unit", "figure"]
            rows = [
                {"indicator": name, "value": i.value, "unit": i.unit, "figure": i.figure}
                for name, i in self.indicators.items()
            ]
        kinds = {"value": pa.decimal128(38, 18), "page": pa.int64(), "line": pa.int64(), "confidence": pa.float64()}
        return pa.Table.from_pylist(rows, pa.schema([(name, kinds.get(name, pa.string())) for name in columns]))

    def to_pandas(self, what: str = "figures"):
        """The same as a data frame whose columns keep their types; needs pandas and pyarrow."""
        import pandas as pd

        return self.to_arrow(what).to_pandas(types_mapper=pd.ArrowDtype)


def _float(number) -> float | None:
    return None if number is None else float(number)


def _decimal(number) -> Decimal | None:
    return None if number is None else Decimal(number)


def of(report: dict[str, Any], texts: list[str]) -> Document:
    """The document of a report and the texts of its pages."""

    def place(of: dict) -> dict:
        return of.get("place") or {}

    def rect(of: dict):
        found = place(of).get("rect")
        return None if found is None else tuple(float(edge) for edge in found)

    pages = tuple(
        Page(
            page=page["page"],
            status=page["status"],
            origin=page.get("origin"),
            confidence=_float(page.get("confidence")),
            quality=_float(page.get("quality")),
            error=page.get("error"),
            text=text,
        )
        for page, text in zip(report["pages"], texts, strict=False)
    )
    figures = tuple(
        Figure(
            id=figure["id"],
            value=_decimal(figure["value"]),
            unit=figure.get("unit"),
            label=figure["label"],
            raw=figure["raw"],
            readings=tuple(Decimal(r) for r in figure["readings"]),
            page=place(figure).get("page"),
            line=place(figure).get("line"),
            rect=rect(figure),
            confidence=float(figure["confidence"]),
        )
        for figure in report["figures"]
    )
    indicators = {
        name: Indicator(Decimal(i["value"]), i.get("unit"), i["figure"]) for name, i in report["indicators"].items()
    }
    diagnostics = tuple(
        Diagnostic(d["severity"], d["message"], d.get("hint"), place(d).get("page")) for d in report["diagnostics"]
    )
    source = report["source"]
    return Document(source["file"], source["sha256"], pages, figures, indicators, diagnostics, report)
