"""How measurements become a table, a verdict and a line for machines. Knows no figure of its own.

A measurement is a function of (build, quick) that returns {figure: value}; a figure is (what, unit, target), with a target of
None for information, else what its median may be at most.
"""
import argparse
import json
import pathlib
import statistics
import sys


def percentile(values, share):
    values = sorted(values)
    return values[min(int(share * len(values)), len(values) - 1)]


def verdict(value, target):
    return "" if target is None else "met" if value <= target else "missed"


def summarize(figures, runs):
    """{name: {median, min, max, target, verdict}} over all runs."""
    table = {}
    for name, (_, _, target) in figures.items():
        values = [run[name] for run in runs if name in run]
        if values:
            median = statistics.median(values)
            table[name] = {"median": round(median, 3), "min": round(min(values), 3), "max": round(max(values), 3),
                           "target": target, "verdict": verdict(median, target)}
    return table


def print_table(figures, table):
    print(f"{'figure':48} {'median':>9} {'min – max':>19}  {'unit':12} {'target':>7}  verdict")
    for name, row in table.items():
        what, unit, target = figures[name]
        span = f"{row['min']:.1f} – {row['max']:.1f}"
        asked = "" if target is None else f"≤ {target}"
        print(f"{what:48} {row['median']:9.1f} {span:>19}  {unit:12} {asked:>7}  {row['verdict']}")


def run_benchmark(bench, figures, measurements):
    """The whole of a benchmark that is called `tools/bench BENCH`."""
    parser = argparse.ArgumentParser(prog=f"tools/bench {bench}")
    parser.add_argument("--build", required=True, type=pathlib.Path, help="a release build")
    parser.add_argument("--quick", action="store_true", help="fewer people and shorter; no browsers")
    parser.add_argument("--only", choices=measurements, action="append", help="this measurement (may be repeated)")
    parser.add_argument("--runs", type=int, default=1, help="how often; figures are medians")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures there as well")
    options = parser.parse_args()
    runs = []
    for _ in range(options.runs):
        runs.append({})
        for name in options.only or measurements:
            print(f"measuring {name} …", file=sys.stderr)
            runs[-1] |= measurements[name](options.build.resolve(), options.quick)
    table = summarize(figures, runs)
    print_table(figures, table)
    result = json.dumps({"bench": bench, "quick": options.quick, "runs": options.runs, "figures": table})
    print(result)
    if options.json:
        options.json.write_text(result + "\n")
