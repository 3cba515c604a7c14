"""Runs Google Benchmark programs one after the other and prints one table of medians.

usage: bench_table.py --build DIR [--wire TEST] PROGRAM...
In each program the first benchmark is the baseline: 'speed' says how many times as fast as it a row is (for rows that
count items, by items a second). The disk's fdatasyncs are measured in the same run, since durable figures hang on them.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

REPETITIONS = 5
# What Google Benchmark writes of every row; the rest are the program's own counters.
STANDARD = {"name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions",
            "repetition_index", "threads", "aggregate_name", "aggregate_unit", "iterations", "real_time", "cpu_time",
            "time_unit", "items_per_second", "label"}
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def fdatasyncs_a_second(folder, seconds=2.0):
    """Appends 4 KiB and waits for the disk, over and over: the ceiling of anything that promises durability."""
    block, spans = os.urandom(4096), []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            begun = time.perf_counter()
            os.write(file.fileno(), block)
            os.fdatasync(file.fileno())
            spans.append(time.perf_counter() - begun)
    return 1 / statistics.median(spans)


def find_program(build, name):
    return next((path for path in build.rglob(name) if path.is_file() and os.access(path, os.X_OK)), None)


def run(program, folder):
    """The rows of medians of one program, in its order."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run([program, "--benchmark_format=json", f"--benchmark_repetitions={REPETITIONS}",
                           "--benchmark_report_aggregates_only=true"],
                          stdout=subprocess.PIPE, text=True, env=environment, cwd=folder)
    if done.returncode:
        sys.exit(f"{program.name} ended with {done.returncode}")
    found = json.loads(done.stdout)["benchmarks"]
    failed = [row for row in found if row.get("error_occurred")]
    if failed:
        sys.exit(f"{program.name}: {failed[0]['name']}: {failed[0]['error_message']}")
    return [row for row in found if row.get("aggregate_name") == "median"]


def name_of(row):
    """The benchmark and its argument, without how it was timed."""
    return re.sub(r"/(real_time|manual_time|process_time|iterations:\d+|repeats:\d+)", "", row["run_name"])


def baseline_of(row, rows):
    """The first benchmark's row with the same argument, else its first row."""
    first = name_of(rows[0]).split("/")[0]
    argument = name_of(row).split("/")[1:]
    family = [other for other in rows if name_of(other).split("/")[0] == first]
    return next((other for other in family if name_of(other).split("/")[1:] == argument), family[0])


def speed(row, baseline):
    if "items_per_second" in row and "items_per_second" in baseline:
        return row["items_per_second"] / baseline["items_per_second"]
    return nanoseconds(baseline) / nanoseconds(row)


def nanoseconds(row):
    return row["real_time"] * NANOSECONDS[row["time_unit"]]


def duration(ns):
    for unit, size in [("s", 1e9), ("ms", 1e6), ("us", 1e3)]:
        if ns >= size:
            return f"{ns / size:.2f} {unit}"
    return f"{ns:.1f} ns"


def number(value):
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def counters(row):
    own = {name: value for name, value in row.items() if name not in STANDARD and isinstance(value, (int, float))}
    return ", ".join(f"{name} {duration(value * 1e9) if name.startswith('time_') else number(value)}"
                     for name, value in own.items())


def table_rows(program, rows):
    for row in rows:
        baseline = baseline_of(row, rows)
        ratio = "baseline" if row is baseline else f"{number(speed(row, baseline))}x"
        rate = f"{number(row['items_per_second'])}/s" if "items_per_second" in row else ""
        yield [program, name_of(row), duration(nanoseconds(row)), rate, ratio, counters(row)]


def print_table(table):
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))]
    for number_of, line in enumerate(table):
        cells = [cell.rjust(width) if 2 <= i <= 4 else cell.ljust(width)
                 for i, (cell, width) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())
        if number_of == 0:
            print("  ".join("-" * width for width in widths))


def wire_cost(program):
    """What the wire's test prints of one gestor's day."""
    done = subprocess.run([program], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the wire's cost was not within its bounds:\n{done.stdout}")
    return [line.rstrip() for line in done.stdout.splitlines() if line.strip() and "doctest" not in line and
            set(line) != {"="}]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--wire", help="the test whose output tells what a day costs on the wire")
    parser.add_argument("programs", nargs="+")
    arguments = parser.parse_args()
    table = [["program", "benchmark", "median", "items", "speed", "more"]]
    # Beside the build, so that programs and fsyncs meet the same disk.
    with tempfile.TemporaryDirectory(dir=arguments.build) as folder:
        syncs = [fdatasyncs_a_second(folder)]
        for name in arguments.programs:
            program = find_program(arguments.build, name)
            if not program:
                sys.exit(f"{name} is not built")
            print(f"{name} ...", flush=True)
            table += table_rows(name.removeprefix("bench_"), run(program, folder))
        syncs.append(fdatasyncs_a_second(folder))
    print()
    print_table(table)
    print()
    for line in wire_cost(find_program(arguments.build, arguments.wire)) if arguments.wire else []:
        print(line)
    print(f"\ndisk: {number(syncs[0])} fdatasync/s before, {number(syncs[1])} after (appends of 4 KiB, median)")


if __name__ == "__main__":
    main()
