"""sohoa_read.py SOHOA FILE [OPTION...]: the text that `sohoa read` writes for one scan."""

import pathlib
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    command = [sys.argv[1], "read", sys.argv[2], "--out", folder, "--format", "txt", *sys.argv[3:]]
    done = subprocess.run(command, stdout=subprocess.DEVNULL)
    for path in sorted(pathlib.Path(folder).rglob("*.txt")):
        sys.stdout.write(path.read_text(encoding="utf-8"))
sys.exit(done.returncode)
