#!/usr/bin/env python3
"""tools/figures.py [--bin target/release/sohoa] [NAME ...]: the indicators of the reports in fixtures/reports/variety beside
what is right, as other bodies write them. A line a report: how many of its indicators are right; which are wrong, missing, or
right but not told of, each with the confidence; the checks that fail though nothing in the report disagrees."""
import argparse, json, pathlib, subprocess

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "fixtures/reports/variety"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", default="target/release/sohoa")
    parser.add_argument("names", nargs="*", help="reports whose names begin so")
    args = parser.parse_args()
    right = all_ = wrong_ = extra_ = sure = alarms = 0
    for path in sorted(FOLDER.glob("*.txt")):
        if args.names and not any(path.stem.startswith(name) for name in args.names):
            continue
        gold = json.loads(path.with_suffix(".json").read_text())
        report = json.loads(subprocess.run([args.bin, "figures", path], capture_output=True, check=True).stdout)
        confidence = {figure["id"]: figure["confidence"] for figure in report["figures"]}
        told = {name: (i["value"], confidence[i["figure"]]) for name, i in report["indicators"].items()}
        want, also = gold["indicators"], gold.get("also", {})
        wrong = {n: (told[n], v) for n, v in want.items() if n in told and abs(float(told[n][0]) - v) > 1e-6 and abs(float(told[n][0]) - also.get(n, v)) > 1e-6}
        missing = [n for n in want if n not in told]
        extra = {n: v for n, v in told.items() if n not in want and (n not in also or abs(float(v[0]) - also[n]) > 1e-6)}
        fails = [(c["rule"], c["values"]) for c in report["checks"] if c["status"] == "fail"]
        hit = len(want) - len(wrong) - len(missing)
        right, all_, wrong_, extra_ = right + hit, all_ + len(want), wrong_ + len(wrong), extra_ + len(extra)
        sure += sum(v[0][1] > 0.9 for v in wrong.values()) + sum(v[1] > 0.9 for v in extra.values())
        alarms += max(0, len(fails) - gold.get("failing", 0))
        print(f"{path.stem}: {hit}/{len(want)} wrong {wrong} missing {missing} extra {extra} failing {fails} ({gold.get('failing', 0)} are right)")
    print(f"recall {right}/{all_} = {right / all_:.4f}, precision {right / max(1, right + wrong_ + extra_):.4f}, wrong {wrong_}, not in gold {extra_}, of those over 0.9 {sure}, false alarms {alarms}")


main()
