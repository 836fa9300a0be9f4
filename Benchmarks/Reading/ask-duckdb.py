#!/usr/bin/env python3
"""Asks DuckDB, for Scripts/benchmark reading.

    ask-duckdb.py --import DATABASE FILE    copies what the questions need into a DuckDB file
    ask-duckdb.py FILE ROUNDS SQL           prints the median in milliseconds and the number of rows
"""

import importlib.util
import pathlib
import statistics
import sys
import time

import duckdb

TABLES = ["event", "path", "site", "boot", "reason", "location", "interface", "flow", "task", "tally"]


def copy(database, file):
    pathlib.Path(file).unlink(missing_ok=True)
    package = importlib.util.find_spec("duckdb_extension_sqlite_scanner").submodule_search_locations[0]
    [scanner] = pathlib.Path(package).glob("extensions/*/sqlite_scanner.duckdb_extension")
    connection = duckdb.connect(file)
    connection.execute(f"LOAD '{scanner}'")
    connection.execute("SET sqlite_all_varchar = false")
    for table in TABLES:
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM sqlite_scan(?, ?)", [database, table])
    connection.close()


def ask(file, rounds, sql):
    connection = duckdb.connect(file, read_only=True)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        rows = connection.execute(sql).fetchall()
        times.append((time.perf_counter() - start) * 1000)
    print(statistics.median(times), len(rows))


if sys.argv[1] == "--import":
    copy(*sys.argv[2:])
else:
    ask(sys.argv[1], int(sys.argv[2]), sys.argv[3])
