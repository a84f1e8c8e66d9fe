"""The program as a child: questions and answers are lines of JSON, a file goes as its bytes behind the question."""

from __future__ import annotations

import atexit
import json
import os
import queue
import shutil
import subprocess
import sys
import sysconfig
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

from . import errors

INSTALL = "apt-get install libtesseract5 liblept5 tesseract-ocr-vie"


def program() -> str:
    """Path of the `sohoa` program: `$SOHOA`, the one that came with this package, or the one on the path.

    Raises EngineMissingError where there is none.
    """
    beside = Path(sysconfig.get_path("scripts")) / "sohoa"
    for found in (os.environ.get("SOHOA"), beside if beside.exists() else None, shutil.which("sohoa")):
        if found:
            return str(found)
    raise errors.EngineMissingError("the program sohoa is not installed", "pip install sohoa, or set SOHOA to its path")


def check() -> str:
    """The program's version.

    Raises EngineMissingError with the command that installs what is missing where it cannot be run.
    """
    try:
        done = subprocess.run([program(), "--version"], capture_output=True, text=True)
    except OSError as error:
        raise errors.EngineMissingError(f"the program sohoa cannot be run: {error}") from error
    if done.returncode != 0:
        missing = next((line for line in done.stderr.splitlines() if "shared librar" in line), done.stderr.strip())
        raise errors.EngineMissingError(f"the program sohoa cannot be run: {missing}", f"install it with: {INSTALL}")
    return done.stdout.split()[-1]


class Child:
    """One process that answers one question at a time."""

    def __init__(self, options: tuple[str, ...]):
        self._options = options
        self._process: subprocess.Popen | None = None
        self._lines: queue.Queue = queue.Queue()

    def _start(self) -> subprocess.Popen:
        process = subprocess.Popen(
            [program(), "serve", "--stdio", *self._options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._process, self._lines = process, queue.Queue()
        threading.Thread(target=_pass_on, args=(process.stdout, self._lines), daemon=True).start()
        return process

    def ask(self, question: dict, content: bytes | None, timeout: float) -> Any:
        """The answer. Raises an error of `sohoa.errors`; a child that ended is started anew and asked once more."""
        for last in (False, True):
            process = self._process if self._process and self._process.poll() is None else self._start()
            try:
                process.stdin.write(json.dumps(question).encode() + b"\n" + (content or b""))
                process.stdin.flush()
                line = self._lines.get(timeout=timeout)
            except queue.Empty:
                self.close()
                raise errors.ReadTimeout(f"it was not read within {timeout:g} seconds", "allow more with timeout=") from None
            except OSError:
                line = None
            if line:
                answer = json.loads(line, parse_float=Decimal)
                if "error" in answer:
                    raise errors.of(answer["error"])
                return answer["ok"]
            self.close()
            if last:
                break
        raise errors.EngineFailedError("the process that read it ended early, twice")

    def close(self) -> None:
        """Ends the process; the next question starts another."""
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                try:
                    pipe.close()
                except OSError:
                    pass
            self._process = None


def _pass_on(stream, lines: queue.Queue) -> None:
    try:
        for line in stream:
            lines.put(line)
    except (OSError, ValueError):
        pass
    lines.put(None)


class Pool:
    """Children with the same options, started as they are needed and used by several threads."""

    def __init__(self, options: tuple[str, ...]):
        self._options = options
        self._idle: list[Child] = []
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def ask(self, question: dict, content: bytes | None = None, timeout: float = 600) -> Any:
        if os.getpid() != self._owner:
            # After a fork the pipes belong to the parent.
            self._idle, self._lock, self._owner = [], threading.Lock(), os.getpid()
        with self._lock:
            child = self._idle.pop() if self._idle else Child(self._options)
        try:
            return child.ask(question, content, timeout)
        finally:
            with self._lock:
                self._idle.append(child)

    def close(self) -> None:
        if os.getpid() != self._owner:
            return
        with self._lock:
            children, self._idle = self._idle, []
        for child in children:
            child.close()


_pools: dict[tuple[str, ...], Pool] = {}


def pool(engine: str, text_layer: str) -> Pool:
    """The pool of this process for these options."""
    options = ("--engine", engine, "--text-layer", text_layer)
    return _pools.setdefault(options, Pool(options))


@atexit.register
def close() -> None:
    """Ends all children."""
    for one in _pools.values():
        one.close()


if sys.platform == "win32":
    raise ImportError("sohoa runs on Linux")
