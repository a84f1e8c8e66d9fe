#!/usr/bin/env python3
"""Says which files under src import each other, in a circle of any length, and which of its folders do; exit code 1 where some do.

    tools/imports.py

An import is a `use`, or a path through `crate` or `super`, outside tests. A module that only re-exports what a file below it holds
does not import it.
"""

import re
import sys
from pathlib import Path

SRC = Path(__file__).resolve().parent.parent / "src"


def modules():
    """The files by the paths of their modules."""
    found = {}
    for file in sorted(SRC.rglob("*.rs")):
        parts = file.relative_to(SRC).with_suffix("").parts
        if parts != ("main",):
            found[parts[:-1] if parts[-1] in ("mod", "lib") else parts] = file
    return found


def spread(prefix, tree):
    """The paths of a `use` tree."""
    tree = tree.strip()
    if "{" not in tree:
        return [prefix + re.sub(r"\s+as\s+\w+", "", tree).split("::")]
    head, body = tree[: tree.index("{")], tree[tree.index("{") + 1 : tree.rindex("}")]
    parts, depth = [""], 0
    for c in body:
        depth += (c == "{") - (c == "}")
        if c == "," and not depth:
            parts.append("")
        else:
            parts[-1] += c
    prefix = prefix + [part for part in head.split("::") if part.strip()]
    return [path for part in parts if part.strip() for path in spread(prefix, part)]


def absolute(module, path, known):
    """The path from the root of the crate; None for what is not of it."""
    if path[0] == "crate":
        return path[1:]
    if path[0] in ("super", "self"):
        base = list(module)
        while path and path[0] in ("super", "self"):
            base = base[:-1] if path[0] == "super" else base
            path = path[1:]
        return base + path
    return [*module, *path] if (*module, path[0]) in known else None


def imports(known):
    """Which files each file imports."""
    edges = {module: set() for module in known}
    for module, file in known.items():
        text = re.split(r"\n#\[cfg\(test\)\]\n(?:pub\S* )?mod ", file.read_text(encoding="utf-8"))[0]
        text = re.sub(r"//[^\n]*", "", text)
        text = re.sub(r"pub\(in [^)]*\)", "pub", text)
        use = r"\b(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);"
        paths = [p for shown, tree in re.findall(use, text) if not shown for p in spread([], tree)]
        paths += [p.split("::") for p in re.findall(r"\b((?:crate|super)(?:::\w+)+)", re.sub(use, "", text))]
        for path in paths:
            target = absolute(module, path, known)
            while target and tuple(target) not in known:
                target = target[:-1]
            if target and tuple(target) != module:
                edges[module].add(tuple(target))
    return edges


def circles(edges):
    """Sets of more than one node that all reach each other."""
    def reach(start):
        seen, open_ = set(), [start]
        while open_:
            for to in edges.get(open_.pop(), ()):
                if to not in seen:
                    seen.add(to)
                    open_.append(to)
        return seen

    reached = {node: reach(node) for node in edges}
    found = {frozenset(n for n in reached[node] if node in reached.get(n, ())) for node in edges if node in reached[node]}
    return sorted(sorted("::".join(n) for n in circle) for circle in found if len(circle) > 1)


def main():
    files = imports(modules())
    folders = {}
    for module, targets in files.items():
        if module:
            folders.setdefault(module[:1], set()).update(t[:1] for t in targets if t[0] != module[0])
    between = {"files": circles(files), "folders": circles(folders)}
    for what, found in between.items():
        for circle in found:
            print(f"{what} import each other: {', '.join(circle)}")
    arrows = sum(map(len, files.values()))
    print(f"{len(files)} files, {arrows} imports, {len(between['files'])} circles of files, {len(between['folders'])} of folders")
    return 1 if any(between.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
