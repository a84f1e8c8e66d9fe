#!/usr/bin/env python3
"""run.py --suite DIR [--sohoa BIN] [--counts TSV] [--systems NAME,...] [--tasks text,scan] [--limit N] [--board FILE]

Runs every system of systems.toml over the suite that suite.py made, scores it with `sohoa eval`, and writes the leaderboard.
A further system needs no file of ours: --system 'name=command with {input}' --task text.

A system that is not installed is named on the board as not run. CPU seconds and peak memory are of the system's own
processes, start-up included, one sample after another on one thread; compare them as ratios within one run only.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import platform
import resource
import shlex
import shutil
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
ENVIRONMENT = {**os.environ, "OMP_THREAD_LIMIT": "1", "RAYON_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}


def python_for(system, suite):
    """An interpreter with the packages that the system needs, in an environment beside the suite."""
    if "pip" not in system:
        return sys.executable
    folder = suite / "environments" / "-".join(system["pip"]).replace("=", "")
    interpreter = folder / "bin/python"
    if not interpreter.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([interpreter, "-m", "pip", "install", "-q", *system["pip"]], check=True)
    return interpreter


def samples(suite, task, limit):
    """(set, file, folder of references), the files in the order of their names; limit takes the first of each family."""
    if task == "text":
        sets, truth, pattern = sorted((suite / "text").iterdir()), suite / "truth/text", "*.txt"
    else:
        sets, truth, pattern = sorted((suite / "scans").iterdir()), suite / "truth/pages", "*.png"
    for folder in sets:
        families = collections.Counter()
        for path in sorted(folder.glob(pattern)):
            family = path.stem.split("-")[0]
            families[family] += 1
            if not limit or families[family] <= limit:
                yield folder.name, path, truth


def run(system, path, out, values):
    """Runs one sample; returns CPU seconds, or None where the system failed."""
    command = [part.format(input=path, **values) for part in shlex.split(system["command"])]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(out, "wb") as text:
        done = subprocess.run(command, stdout=text, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Exit 6 of `sohoa read` is a result with pages missing; they count as lost.
    return None if done.returncode not in (0, 6) else (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def score(sohoa, truth, texts, given, folder):
    """Scores a folder of texts against the references of the same stems."""
    wanted = folder / "truth"
    shutil.rmtree(wanted, ignore_errors=True)
    wanted.mkdir()
    for text in texts.glob("*.txt"):
        for name in (f"{text.stem}.txt", f"{text.stem}.gt.txt"):
            if (truth / name).exists():
                shutil.copy(truth / name, wanted)
    command = [sohoa, "eval", wanted, texts, "--json"] + (["--before", given] if given else [])
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def machine():
    model = next((line.split(": ")[1] for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return f"{model.strip()}, {os.cpu_count()} cores, {platform.system()}"


def board(rows, skipped, limit):
    """The leaderboard as Markdown; the best of each set in bold."""
    lines = ["# Leaderboard", "", f"Written by `benchmarks/run.py` on {datetime.date.today()}, {machine()}.",
             "All rates in per cent; [low to high] is the 95 % bootstrap interval. CPU and memory are compared within this run only.", ""]
    if limit:
        lines += [f"Of each set the first {limit} samples of each family.", ""]
    by_set = collections.defaultdict(list)
    for row in rows:
        by_set[(row["task"], row["set"])].append(row)
    for (task, name), group in sorted(by_set.items(), key=lambda item: (item[0][0] != "text", item[0][1])):
        lines += [f"## {task}: {name} ({group[0]['syllables']} syllables in {group[0]['samples']} samples)", "",
                  "| system | syllables right | CER | WER | marks wrong | letters wrong | figures exact | harm | CPU, ratio |",
                  "|---|---|---|---|---|---|---|---|---|"]
        best = max(row["total"]["syllable_recall"] for row in group)
        base = next((row["cpu"] for row in group if row["cpu"] > 0 and row["system"] != "as given"), 1)
        for row in sorted(group, key=lambda row: -row["total"]["syllable_recall"]):
            total, (low, high) = row["total"], row["intervals"].get("syllable_recall", (0, 0))
            right = f"{100 * total['syllable_recall']:.2f}"
            right = f"**{right}**" if total["syllable_recall"] == best else right
            harm = "" if total.get("harm_rate") is None else f"{100 * total['harm_rate']:.2f}"
            cells = [f"{right} [{100 * low:.1f} to {100 * high:.1f}]"]
            cells += [f"{100 * total[key]:.2f}" for key in ("cer", "wer", "tone_mark_error_rate", "letter_error_rate", "digit_exact")]
            lines.append(f"| {row['system']} | " + " | ".join(cells) + f" | {harm} | {row['cpu'] / base:.2f} |")
        lines.append("")
    if skipped:
        lines += ["## Not run", ""] + [f"- {name}: {why}" for name, why in skipped] + [""]
    return "\n".join(lines)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--suite", type=pathlib.Path, required=True)
    options.add_argument("--sohoa", default=str(ROOT / "target/release/sohoa"))
    options.add_argument("--counts", help="syllable counts for the baseline")
    options.add_argument("--systems", help="only these, by name")
    options.add_argument("--system", action="append", default=[], metavar="NAME=COMMAND")
    options.add_argument("--task", default="text", choices=["text", "scan"], help="of the systems given by --system")
    options.add_argument("--tasks", default="text,scan")
    options.add_argument("--limit", type=int, default=0, help="samples of a family in each set")
    options.add_argument("--board", type=pathlib.Path, default=HERE / "LEADERBOARD.md")
    given = options.parse_args()
    systems = tomllib.loads((HERE / "systems.toml").read_text())["system"]
    systems += [{"name": s.partition("=")[0], "task": given.task, "command": s.partition("=")[2]} for s in given.system]
    chosen = given.systems.split(",") if given.systems else None
    rows, skipped = [], []
    for system in systems:
        name, task = system["name"], system["task"]
        if task not in given.tasks.split(",") or (chosen and name not in chosen):
            continue
        lacking = [program for program in system.get("programs", []) if not shutil.which(program)]
        if lacking or ("{counts}" in system["command"] and not given.counts):
            skipped.append((name, f"{', '.join(lacking)} is not installed" if lacking else "no --counts given"))
            continue
        try:
            values = {"python": python_for(system, given.suite), "here": HERE, "sohoa": given.sohoa, "counts": given.counts}
        except subprocess.CalledProcessError as error:
            skipped.append((name, f"could not be installed ({error})"))
            continue
        groups = collections.defaultdict(list)
        for group, path, truth in samples(given.suite, task, given.limit):
            groups[(group, truth)].append(path)
        for (group, truth), paths in groups.items():
            folder = given.suite / "results" / name.replace(" ", "-") / f"{task}-{group}"
            texts = folder / "texts"
            shutil.rmtree(folder, ignore_errors=True)
            texts.mkdir(parents=True)
            times = [run(system, path, texts / f"{path.stem}.txt", values) for path in paths]
            if None in times:
                skipped.append((f"{name} on {group}", f"failed on {times.count(None)} of {len(times)} samples, which count as lost"))
            scored = score(given.sohoa, truth, texts, given.suite / "text" / group if task == "text" else None, folder)
            total = scored["total"]
            rows.append({"system": name, "task": task, "set": group, "samples": len(paths), "syllables": total["counts"]["syllables"], "total": total,
                         "intervals": scored["intervals"], "cpu": sum(t for t in times if t)})
            print(f"{task} {group:10} {name:22} syllables {100 * total['syllable_recall']:6.2f}  CER {100 * total['cer']:6.2f}  "
                  f"digits {100 * total['digit_exact']:6.2f}  CPU {rows[-1]['cpu']:.1f} s", flush=True)
        # After every system, so that a run that is stopped leaves the board of those before it.
        given.board.write_text(board(rows, skipped, given.limit))
        (given.suite / "results").mkdir(exist_ok=True)
        (given.suite / "results/rows.json").write_text(json.dumps(rows, indent=1))
    given.board.write_text(board(rows, skipped, given.limit))


if __name__ == "__main__":
    main()
