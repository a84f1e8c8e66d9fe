#!/usr/bin/env python3
"""run.py --suite DIR [--sohoa BIN] [--systems NAME,...] [--tasks text,scan,table] [--sets NAME,...] [--limit N] [--keep] [--run-nothing] [--board FILE] [--readme]

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
import shlex
import shutil
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
ENVIRONMENT = {**os.environ, "OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
# Dots per inch of the pages of each recipe, for systems that want to be told.
DPI = {"L2": 200, "L3": 150, "fax": 200}
MARKS = ("<!-- board -->", "<!-- end of board -->")


def python_for(system, suite):
    """An interpreter with the packages that the system needs, in an environment beside the suite."""
    if "pip" not in system:
        return pathlib.Path(sys.executable)
    folder = suite / "environments" / "-".join(system["pip"]).replace("=", "")
    interpreter = folder.resolve() / "bin/python"
    if not interpreter.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([interpreter, "-m", "pip", "install", "-q", *system["pip"]], check=True)
    return interpreter


def samples(suite, task, limit, sets):
    """(set, file, folder of references), the files in the order of their names; limit takes the first of each family."""
    kinds = {"text": ("text", "text", "*.txt"), "scan": ("scans", "pages", "*.png"), "table": ("tables", "table-pages", "*.*")}
    base, truth, pattern = suite / kinds[task][0], suite / "truth" / kinds[task][1], kinds[task][2]
    for folder in sorted(base.iterdir()) if base.is_dir() else []:
        families = collections.Counter()
        for path in sorted(folder.glob(pattern)):
            family = path.stem.split("-")[0]
            families[family] += 1
            if (not limit or families[family] <= limit) and (not sets or folder.name in sets):
                yield folder.name, path, suite / "truth/tables" if folder.name == "digital" else truth


def run(system, path, out, values):
    """Runs one sample; returns CPU seconds and the peak of memory in megabytes, or None where the system failed."""
    values = values | {"input": path, "dpi": DPI.get(path.parent.name, 300)}
    command = [part.format(**values) for part in shlex.split(system["command"])]
    with open(out, "wb") as text:
        process = subprocess.Popen(command, stdout=text, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    # Exit 6 of `sohoa read` is a result with pages missing; they count as lost.
    return None if process.returncode not in (0, 6) else (used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def references(truth, texts, folder):
    """A folder with the references of the texts of the same stems."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for text in texts.glob("*.txt"):
        for name in (f"{text.stem}.txt", f"{text.stem}.gt.txt"):
            if (truth / name).exists():
                shutil.copy(truth / name, folder)
    return folder


def evaluate(sohoa, *arguments):
    return json.loads(subprocess.run([sohoa, "eval", *arguments, "--json"], check=True, capture_output=True).stdout)


def machine():
    kind = {"x86_64": "x86-64"}.get(platform.machine(), platform.machine())
    virtual = " VM" if "hypervisor" in pathlib.Path("/proc/cpuinfo").read_text() else ""
    return f"{os.cpu_count()}-core {kind}{virtual}, {platform.system()}"


def measure(task):
    """What systems are ranked by, and what it is called."""
    return ("cell_recall", "cells right") if task == "table" else ("syllable_recall", "syllables right")


def groups(rows):
    by_set = collections.defaultdict(list)
    for row in rows:
        by_set[(row["task"], row["set"])].append(row)
    return sorted(by_set.items(), key=lambda item: (["text", "scan", "table"].index(item[0][0]), item[0][1]))


def overview(rows):
    """Syllables or cells right of every system on every set, one table for texts, one for scans and one for tables."""
    lines = []
    for task, title in (("text", "Text put right"), ("scan", "Pages read"), ("table", "Tables read")):
        key, called = measure(task)
        sets = [name for (kind, name), _ in groups(rows) if kind == task]
        systems = list(dict.fromkeys(row["system"] for row in rows if row["task"] == task))
        found = {(row["system"], row["set"]): row for row in rows if row["task"] == task}
        if not systems:
            continue
        lines += [f"| {title}: {called}, % | " + " | ".join(sets) + " |", "|---" * (len(sets) + 1) + "|"]
        for system in systems:
            cells = []
            for name in sets:
                row, best = found.get((system, name)), max(found[(s, name)]["total"][key] for s in systems if (s, name) in found)
                right = row and f"{100 * row['total'][key]:.1f}"
                cells.append("" if not row else f"**{right}**" if row["total"][key] == best else right)
            lines.append(f"| {system} | " + " | ".join(cells) + " |")
        lines.append("")
    return lines


def extent(given):
    many = "sample" if given.limit == 1 else f"{given.limit} samples"
    return f"of each set the first {many} of each family" if given.limit else "all samples"


def board(rows, skipped, given):
    """The leaderboard as Markdown; the best of each set in bold."""
    size = extent(given)
    lines = ["# Leaderboard", "", f"Written by `benchmarks/run.py` on {datetime.date.today()}, {machine()}; {size}; sohoa {given.version}.",
             "What is measured and how: docs/accuracy.md. All rates in per cent; [low to high] is the 95 % bootstrap interval.",
             "CPU is a multiple of the least of the set, start-up included, memory the peak in megabytes, both of this run on one thread.", *([given.note] if given.note else []), "", *overview(rows)]
    for (task, name), group in groups(rows):
        ranked, called = measure(task)
        others = (["cells given that are right", "cells with digits right", "rows whole", "TEDS", "TEDS, structure"] if task == "table"
                  else ["CER", "WER", "marks wrong", "letters wrong", "figures exact", "harm"])
        keys = (["cell_precision", "digit_cell_recall", "row_recall", "teds", "teds_structure"] if task == "table"
                else ["cer", "wer", "tone_mark_error_rate", "letter_error_rate", "digit_exact", "harm_rate"])
        lines += [f"## {task}: {name} ({group[0]['syllables']} syllables in {group[0]['samples']} samples)", "",
                  f"| system | {called} | " + " | ".join(others) + " | CPU | memory |", "|---" * (len(others) + 4) + "|"]
        best = max(row["total"][ranked] for row in group)
        least = min((row["cpu"] for row in group if row["cpu"] > 0 and row["system"] != "as given"), default=1)
        for row in sorted(group, key=lambda row: -row["total"][ranked]):
            total, interval = row["total"], row["intervals"].get(ranked)
            right = f"{100 * total[ranked]:.2f}"
            right = f"**{right}**" if total[ranked] == best else right
            cells = [right + (f" [{100 * interval[0]:.1f} to {100 * interval[1]:.1f}]" if interval else "")]
            cells += ["" if total.get(key) is None else f"{100 * total[key]:.2f}" for key in keys]
            cells += ["", ""] if row["system"] == "as given" else [f"{row['cpu'] / least:.1f}", f"{row['memory']:.0f}"]
            lines.append(f"| {row['system']} | " + " | ".join(cells) + " |")
        lines.append("")
        first, second, difference, p = given.differences.get((task, name), (None, None, 0, 1))
        if first:
            lines += [f"{first} against {second}: {100 * difference:+.2f} points of {called}, p = {p:.3f}.", ""]
    if skipped:
        lines += ["## Not run", ""] + [f"- {name}: {why}" for name, why in skipped] + [""]
    return "\n".join(lines)


def write(rows, skipped, given):
    given.board.write_text(board(rows, skipped, given))
    (given.suite / "results").mkdir(exist_ok=True)
    (given.suite / "results/rows.json").write_text(json.dumps(rows, indent=1))


def into_readme(rows, given):
    """The overview between the two marks of the README."""
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text().partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not end:
        raise SystemExit(f"{readme} has no {MARKS[0]} and {MARKS[1]}")
    said = f"{datetime.date.today()}, {machine()}; {extent(given)}; intervals, all measures and notes in [benchmarks/LEADERBOARD.md](benchmarks/LEADERBOARD.md)."
    readme.write_text("\n".join([before + MARKS[0], said, "", *overview(rows)]) + MARKS[1] + after)


def compared(rows, given, truths):
    """For each set the best system against the second, as `sohoa eval --against` finds them."""
    for (task, name), group in groups(rows):
        key = measure(task)[0]
        ranked = sorted(group, key=lambda row: -row["total"][key])
        if len(ranked) > 1:
            a, b = (given.suite / "results" / row["system"].replace(" ", "-") / f"{task}-{name}" / "texts" for row in ranked[:2])
            found = evaluate(given.sohoa, references(truths[(task, name)], a, given.suite / "results/references"), a, "--against", b)
            better = found.get("significance", {}).get(key)
            if better:
                given.differences[(task, name)] = (ranked[0]["system"], ranked[1]["system"], better["difference"], better["p"])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--suite", type=pathlib.Path, required=True)
    options.add_argument("--sohoa", default=str(ROOT / "target/release/sohoa"))
    options.add_argument("--counts", default=str(ROOT / "dictionaries/syllables.tsv"), help="syllable counts for the baselines")
    options.add_argument("--systems", help="only these, by name")
    options.add_argument("--system", action="append", default=[], metavar="NAME=COMMAND")
    options.add_argument("--task", default="text", choices=["text", "scan", "table"], help="of the systems given by --system")
    options.add_argument("--tasks", default="text,scan,table")
    options.add_argument("--sets", help="only these, by name")
    options.add_argument("--limit", type=int, default=0, help="samples of a family in each set")
    options.add_argument("--keep", action="store_true", help="score what an earlier run left where it has the same samples; run the rest")
    options.add_argument("--run-nothing", action="store_true", help="only score what earlier runs left; what they did not run is named")
    options.add_argument("--note", help="a sentence for the board's head")
    options.add_argument("--board", type=pathlib.Path, default=HERE / "LEADERBOARD.md")
    options.add_argument("--readme", action="store_true", help="also put the overview into the README")
    given = options.parse_args()
    given.suite, given.differences = given.suite.resolve(), {}
    given.version = subprocess.run([given.sohoa, "--version"], capture_output=True, text=True).stdout.split()[-1]
    systems = tomllib.loads((HERE / "systems.toml").read_text())["system"]
    systems += [{"name": s.partition("=")[0], "task": given.task, "command": s.partition("=")[2]} for s in given.system]
    chosen, sets = (text.split(",") if text else None for text in (given.systems, given.sets))
    rows, skipped, truths = [], [], {}
    for system in systems:
        name, task = system["name"], system["task"]
        if task not in given.tasks.split(",") or (chosen and name not in chosen):
            continue
        lacking = [program for program in system.get("programs", []) if not shutil.which(program)]
        if lacking and not given.run_nothing:
            skipped.append((name, f"{', '.join(lacking)} is not installed"))
            continue
        try:
            python = pathlib.Path(sys.executable) if given.run_nothing else python_for(system, given.suite)
        except subprocess.CalledProcessError as error:
            skipped.append((name, f"could not be installed ({error})"))
            continue
        values = {"python": python, "bin": python.parent, "here": HERE, "sohoa": given.sohoa, "counts": given.counts}
        found = collections.defaultdict(list)
        for group, path, truth in samples(given.suite, task, given.limit, sets):
            if system.get("only", "") not in ("", "digital" if path.suffix == ".pdf" else "scans"):
                continue
            found[group].append(path)
            truths[(task, group)] = truth
        for group, paths in found.items():
            folder = given.suite / "results" / name.replace(" ", "-") / f"{task}-{group}"
            texts, record = folder / "texts", folder / "costs.json"
            costs = json.loads(record.read_text()) if (given.keep or given.run_nothing) and record.exists() else {}
            if sorted(costs) != [path.stem for path in paths]:
                if given.run_nothing:
                    skipped.append((f"{name} on {group}", "no time in this run"))
                    continue
                shutil.rmtree(folder, ignore_errors=True)
                texts.mkdir(parents=True)
                costs = {path.stem: run(system, path, texts / f"{path.stem}.txt", values) for path in paths}
                record.write_text(json.dumps(costs))
            failed = sum(cost is None for cost in costs.values())
            if failed:
                skipped.append((f"{name} on {group}", f"failed on {failed} of {len(costs)} samples, which count as lost"))
            before = ["--before", given.suite / "text" / group] if task == "text" else []
            scored = evaluate(given.sohoa, references(truths[(task, group)], texts, folder / "truth"), texts, *before)
            total, spent = scored["total"], [cost for cost in costs.values() if cost]
            rows.append({"system": name, "task": task, "set": group, "samples": len(paths), "syllables": total["counts"]["syllables"], "total": total,
                         "intervals": scored["intervals"], "cpu": sum(cpu for cpu, _ in spent), "memory": max((memory for _, memory in spent), default=0)})
            print(f"{task} {group:10} {name:30} syllables {100 * total['syllable_recall']:6.2f}  CER {100 * total['cer']:6.2f}  "
                  f"digits {100 * total['digit_exact']:6.2f}  " + (f"cells {100 * total['cell_recall']:6.2f}  " if task == "table" else "") + f"CPU {rows[-1]['cpu']:.1f} s  memory {rows[-1]['memory']:.0f} MB", flush=True)
            # After every set, so that a run that is stopped leaves the board of what it did.
            write(rows, skipped, given)
    compared(rows, given, truths)
    write(rows, skipped, given)
    if given.readme:
        into_readme(rows, given)


if __name__ == "__main__":
    main()
