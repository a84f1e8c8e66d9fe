"""The package as its users use it: on the fixtures of the repository, and on what cannot be read."""

import doctest
import os
import signal
import subprocess
import threading
import time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

import sohoa
from sohoa import arrow, child, errors

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SCAN = FIXTURES / "scans/suoi-ngan-2025q3-L0-page01.png"
READ = {"engine": "tesseract"}


def test_examples_in_the_documentation():
    for module in (sohoa, arrow):
        assert doctest.testmod(module).failed == 0


def test_a_scan_by_path_and_by_bytes_is_the_same_document():
    by_path = sohoa.read(SCAN, **READ)
    by_bytes = sohoa.read(SCAN.read_bytes(), name=SCAN.name, **READ)
    assert by_path == by_bytes
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in by_path.text
    assert by_path.indicators["dossiers.received.online"].value == Decimal(1905)
    assert len(by_path.figures[0].rect) == 4


def test_figures_keep_their_types_in_arrow_and_pandas():
    document = sohoa.figures("Tổng thu 1.234,56 triệu đồng; đã tiếp nhận 1.077 hồ sơ.")
    table = document.to_arrow()
    assert table.schema.field("value").type == pa.decimal128(38, 18)
    assert Decimal("1234.56") in table["value"].to_pylist()
    assert str(document.to_pandas()["line"].dtype) == "int64[pyarrow]"


def test_each_kind_of_error_is_a_class():
    encrypted = (FIXTURES / "broken/user-password.pdf").read_bytes()
    for content, error in ((b"", errors.UnreadableError), (encrypted, errors.EncryptedError), (b"PK\x03\x04", errors.SohoaError)):
        with pytest.raises(error):
            sohoa.read(content, **READ)
    with pytest.raises(errors.UnreadableError):
        sohoa.read("no/such/file.pdf", **READ)
    with pytest.raises(TimeoutError):
        sohoa.read(SCAN, timeout=0.05, **READ)
    assert sohoa.read(SCAN, **READ).text, "the next one is read"


def test_a_child_that_is_killed_costs_nothing():
    pool = child.pool("tesseract", "auto")
    sohoa.restore("xin chao")
    killed = []

    def kill():
        deadline = time.time() + 60
        while time.time() < deadline and not killed:
            found = subprocess.run(["ps", "-ww", "-o", "pid=", "-o", "args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
            for line in found.stdout.splitlines():
                pid, *args = line.split()
                if "--stdio" in args and "tesseract" in args:
                    time.sleep(0.5)
                    os.kill(int(pid), signal.SIGKILL)
                    killed.append(pid)
                    return
            time.sleep(0.01)

    pool.close()
    thread = threading.Thread(target=kill)
    thread.start()
    document = sohoa.read(SCAN, **READ)
    thread.join()
    assert killed and document.text


def test_a_bad_file_is_a_row_that_says_why():
    items = [("good.png", SCAN.read_bytes()), ("empty.pdf", b""), ("torn.pdf", b"%PDF-1.4\nnothing more")]
    table = pa.Table.from_batches(sohoa.rows(items, **READ), sohoa.schema())
    assert table["file"].to_pylist() == ["good.png", "empty.pdf", "torn.pdf"]
    assert table["state"].to_pylist() == ["read", "failed", "failed"]
    assert all(table["error"].to_pylist()[1:])
    figures = pa.Table.from_batches(sohoa.rows(items, "figures", **READ), sohoa.schema("figures"))
    assert figures.num_rows > 10 and figures.schema == sohoa.schema("figures")


def test_one_pass_gives_all_tables():
    [batch] = sohoa.rows([("good.png", SCAN.read_bytes())], "nested", **READ)
    [row] = batch.to_pylist()
    figures = pa.Table.from_batches(sohoa.rows([("good.png", SCAN.read_bytes())], "figures", **READ))
    assert len(row["figures"]) == figures.num_rows
    assert [f["value"] for f in row["figures"]] == figures["value"].to_pylist()
    assert row["pages"] == 1 and len(row["pages_rows"]) == 1


def test_a_time_that_is_over_is_a_row_too():
    [batch] = sohoa.rows([("slow.png", SCAN.read_bytes())], timeout=0.3, **READ)
    assert batch.to_pylist()[0]["state"] == "failed"


def test_texts_restored_together_are_the_lines_of_one_file():
    texts = ["Uy ban nhan dan xa Dai Son", "", "thu tuc\nhanh chinh", "Chu tich xa Dai Son 1.077"] * 500
    file = "\n".join(texts)
    lines = subprocess.run([child.program(), "restore"], input=file, capture_output=True, text=True, check=True).stdout
    assert "\n".join(sohoa.restore(texts, together=True)) == lines
    assert sohoa.restore([], together=True) == []


def test_restore_keeps_the_order_of_many_texts():
    texts = ["Uy ban nhan dan xa", "", "thu tuc hanh chinh"] * 2000
    restored = sohoa.restore(texts)
    assert restored == ["Ủy ban nhân dân xã", "", "thủ tục hành chính"] * 2000
