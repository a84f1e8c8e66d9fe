#!/usr/bin/env python3
"""A folder of scans into Parquet tables, spread by Spark.

    python3 spark_read.py INPUT OUTPUT [--engine both] [--tables figures,indicators] [--master local[2]]

INPUT is a folder that Spark can read (a path, s3a://, hdfs://). OUTPUT/nested holds one row a document with the rows of all tables; OUTPUT/documents and the tables of `--tables`
are made of it. What it holds already, by the SHA-256 of the content, is left out, so that the same command goes on.
A file that cannot be read is a row of `documents` with `state` failed; no stage fails for it. A task reads one document at a time in one child.
"""

import argparse
import os
import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def nested_schema():
    """The Spark form of the nested rows."""
    import sohoa
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(sohoa.schema("nested"))


def empty_files(spark, folder):
    """Paths of the files without a byte, which Spark's reader leaves out in silence."""
    path = spark._jvm.org.apache.hadoop.fs.Path(folder)
    found = path.getFileSystem(spark._jsc.hadoopConfiguration()).listFiles(path, True)
    empty = []
    while found.hasNext():
        status = found.next()
        if status.getLen() == 0:
            empty.append(status.getPath().toString())
    return empty


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--engine", default="both")
    parser.add_argument("--tables", default="pages,figures,indicators,checks,cells,diagnostics", help="beside documents")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--partitions", type=int, default=8, help="tasks; each holds its files' bytes batch by batch")
    args = parser.parse_args()

    # Local workers are to have the packages that this process has.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(args.master).appName("sohoa")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.ui.enabled", "false")
    # Some hundred files are no work for two hundred tasks, which is what Spark would cut them into.
    builder = builder.config("spark.sql.shuffle.partitions", str(args.partitions))
    # Whole files are in a batch: few of them.
    spark = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "4").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    began = time.time()

    files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(args.input)
    files = files.select("path", "content")
    if empty := empty_files(spark, args.input):
        files = files.union(spark.createDataFrame([(path, bytearray()) for path in empty], "path string, content binary"))
    files = files.filter(F.lower("path").rlike(r"\.(pdf|tiff?|png|jpe?g)$")).withColumn("sha256", F.sha2("content", 256))
    # What is there twice is read once: the first of each content.
    files = files.orderBy("path").dropDuplicates(["sha256"])
    try:
        done = spark.read.parquet(f"{args.output}/nested").select(F.col("document").alias("sha256"))
        files = files.join(done, "sha256", "left_anti")
    except Exception as error:
        if "PATH_NOT_FOUND" not in str(error):
            raise

    engine = args.engine

    def read(batches):
        import sohoa

        def items():
            for batch in batches:
                for path, content in zip(batch["path"], batch["content"], strict=True):
                    yield path.as_py(), content.as_py()

        yield from sohoa.rows(items(), "nested", engine=engine, batch=4)

    rows = files.select("path", "content").repartition(args.partitions).mapInArrow(read, nested_schema())
    # One job writes all that belongs to a document: whenever it is ended, a document is there with all of its rows, or is read again.
    rows.write.mode("append").parquet(f"{args.output}/nested")
    print(f"read in {time.time() - began:.1f} s")
    rows = spark.read.schema(nested_schema()).parquet(f"{args.output}/nested")
    nested = [field.name for field in rows.schema.fields if "struct" in field.dataType.simpleString()]
    for table in args.tables.split(","):
        column = f"{table}_rows" if f"{table}_rows" in nested else table
        flat = rows.select("document", F.explode(column).alias("row")).select("document", "row.*")
        flat.write.mode("overwrite").parquet(f"{args.output}/{table}")
        print(f"{spark.read.parquet(f'{args.output}/{table}').count():>8} {table}")
    documents = rows.drop(*nested)
    documents.write.mode("overwrite").parquet(f"{args.output}/documents")
    failed = documents.filter(F.col("state") == "failed").count()
    print(f"{documents.count():>8} documents, {failed} of them not read, {time.time() - began:.1f} s")
    spark.stop()


if __name__ == "__main__":
    main()
