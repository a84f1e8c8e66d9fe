#!/usr/bin/env python3
"""A folder of scans into Parquet tables, spread by Ray Data.

    python3 ray_read.py INPUT OUTPUT [--engine both] [--table documents] [--actors 2]

INPUT is a folder that Ray can read (a path, s3://, gs://). OUTPUT/nested holds one row a document with the rows of all tables; OUTPUT/TABLE the rows of one of them where `--table` is
given. What OUTPUT/nested holds already, by the SHA-256 of the content, is left out, so that the same command goes on. A file that cannot be read is a row with `state` failed.
An actor reads one document at a time in one child.
"""

import argparse
import hashlib
import os
import time

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as dataset
import ray

import sohoa


FORMS = ["pdf", "tif", "tiff", "png", "jpg", "jpeg"]


def digests(batch: pa.Table) -> pa.Table:
    """The content hash of each file."""
    found = [hashlib.sha256(content).hexdigest() for content in batch["bytes"].to_pylist()]
    return pa.table({"path": batch["path"], "sha256": pa.array(found, pa.string())})


class Reader:
    """An actor with a child of its own."""

    def __init__(self, engine: str):
        self.engine = engine

    def __call__(self, batch: pa.Table) -> pa.Table:
        items = zip(batch["path"].to_pylist(), batch["bytes"].to_pylist(), strict=True)
        return pa.Table.from_batches(sohoa.rows(items, "nested", engine=self.engine), sohoa.schema("nested"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--engine", default="both")
    parser.add_argument("--table", default=None)
    parser.add_argument("--actors", type=int, default=2)
    parser.add_argument("--memory", type=int, default=200, help="MiB of the object store, which holds files on their way")
    args = parser.parse_args()

    # The actors hold a core each as long as they live; one more is for what fetches the files and writes the rows, or nothing would ever begin.
    ray.init(num_cpus=args.actors + 1, object_store_memory=args.memory << 20, include_dashboard=False, log_to_driver=False)
    began = time.time()
    nested = f"{args.output}/nested"
    done = set()
    if os.path.isdir(nested):
        done.update(dataset.dataset(nested, format="parquet").to_table(columns=["document"])["document"].to_pylist())
    # What is there twice is read once: the first of each content, of those that are not done.
    files = ray.data.read_binary_files(args.input, include_paths=True, file_extensions=FORMS)
    new = {}
    for file in files.map_batches(digests, batch_format="pyarrow", batch_size=16).take_all():
        if file["sha256"] not in done:
            new[file["sha256"]] = min(file["path"], new.get(file["sha256"], file["path"]))
    if new:
        files = ray.data.read_binary_files(sorted(new.values()), include_paths=True, override_num_blocks=min(len(new), 8 * args.actors))
        rows = files.map_batches(
            Reader,
            fn_constructor_args=(args.engine,),
            batch_format="pyarrow",
            batch_size=4,
            compute=ray.data.ActorPoolStrategy(size=args.actors),
        )
        rows.write_parquet(nested)
    print(f"read in {time.time() - began:.1f} s")
    table = dataset.dataset(nested, format="parquet")
    states = table.to_table(columns=["state"])["state"]
    failed = pc.sum(pc.equal(states, "failed")).as_py() or 0
    print(f"{len(states)} documents, {failed} of them not read, {time.time() - began:.1f} s")
    if args.table:
        column = f"{args.table}_rows" if f"{args.table}_rows" in table.schema.names else args.table
        flat = table.to_table(columns=["document", column])
        lists = flat[column].combine_chunks()
        parents = pc.list_parent_indices(lists)
        out = pa.Table.from_struct_array(pc.list_flatten(lists))
        out = out.add_column(0, "document", flat["document"].combine_chunks().take(parents))
        import pyarrow.parquet as parquet

        os.makedirs(f"{args.output}/{args.table}", exist_ok=True)
        parquet.write_table(out, f"{args.output}/{args.table}/part.parquet")
        print(f"{out.num_rows} {args.table}")
    ray.shutdown()


if __name__ == "__main__":
    main()
