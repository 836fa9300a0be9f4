#!/usr/bin/env python3
"""Times the command's answers from a database, a cold process each time, and prints Markdown. Started by Scripts/benchmark.

    time-answers.py DROPDB FILE [ROUNDS]

With QUESTION in the environment, those whose arguments contain it.
"""

import os
import sqlite3
import statistics
import subprocess
import sys
import time

if len(sys.argv) not in (3, 4) or not os.access(sys.argv[2], os.R_OK):
    sys.exit("benchmark: name a database to read; usage: answers FILE [ROUNDS]")
dropdb, file = sys.argv[1:3]
rounds = int(sys.argv[3]) if len(sys.argv) == 4 else 5

connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
(end,) = connection.execute("SELECT max(time) / 1000000000 FROM event").fetchone()
(events,) = connection.execute("SELECT count(*) FROM event").fetchone()
connection.close()

last_hour = ["--since", f"@{end - 3600}", "--until", f"@{end}"]
database = ["--db", file]
# What is asked, and how many seconds of the processor it may take; None where nothing has been promised.
questions = [
    (["report"], database, 0.5),
    (["report", "(the last hour)"], last_hour + database, 0.2),
    (["query", "--group-by", "reason"], database, 2),
    (["query", "--group-by", "comm,reason"], database, 2),
    (["query", "--group-by", "saddr"], database, 2),
    (["query", "--group-by", "saddr,daddr,dport"], database, 2),
    (["query", "--group-by", "length,cpu"], database, 2),
    (["query", "--group-by", "location,interface,comm,saddr"], database, 2),
    (["query", "--group-by", "tcp_seq"], database, 2),
    (["query", "--group-by", "tcp_seq,saddr"], database, 2),
    (["flows"], database, 2),
    (["reasons", "--seen"], database, None),
    (["stacks"], database, None),
    (["--help"], [], 0.03),
    (["reasons", "NO_SOCKET"], [], None),
]


def measure(arguments):
    """The processor's and the clock's seconds of one run."""
    start = time.monotonic()
    process = subprocess.Popen([dropdb] + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"benchmark: dropdb {' '.join(arguments)}: {message.decode(errors='replace')}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


print(f"{events} recorded events; the median of {rounds} cold processes each")
print()
print("| `dropdb` | CPU, ms | least | limit, ms | clock, ms | memory at most, MiB |")
print("| --- | ---: | ---: | ---: | ---: | ---: |")
for shown, hidden, limit in questions:
    name = " ".join(shown)
    if os.environ.get("QUESTION", "") not in name:
        continue
    arguments = [word for word in shown if not word.startswith("(")] + hidden
    runs = [measure(arguments) for _ in range(rounds)]
    cpu = [run[0] * 1000 for run in runs]
    wall = statistics.median(run[1] * 1000 for run in runs)
    memory = max(run[2] for run in runs)
    digits = 0 if statistics.median(cpu) >= 20 else 1
    print(
        f"| `{name}` | {statistics.median(cpu):.{digits}f} | {min(cpu):.{digits}f} |"
        f" {'–' if limit is None else f'{limit * 1000:.0f}'} | {wall:.{digits}f} | {memory:.0f} |",
        flush=True,
    )
