"""What does it take to find a cohort and lay out its months, beside pandas, polars, hand-written SQL and Spark?

    python -m benchmarks.cohort                                        # 10 million events of 0.5 million people
    python -m benchmarks.cohort --folder FOLDER                        # keeps the generated county there
    python -m benchmarks.cohort --events 100000000 --contestants tf_eval "DuckDB SQL" polars

Writes a county's tables as Parquet files (``cohort_peers/county.py``) and asks four questions of them: call-outs of the
last twelve months by family and month end; the first day, exact to the day, on which a family meets all three criteria;
the same with the records that decided; and a monthly panel of five counts and a state for 80,000 families. A record of
a person counts for the family that the person belongs to on the day asked about, by the dates of ``family_member``.

For each question it prints a row per contestant: seconds of the processors (user and system, of the whole process
tree), peak memory, both as a multiple of ours, seconds of the clock, and the answer's rows and checksum. Every
contestant answers every question in a process of its own, from the files to columns in memory; imports and the start of
Spark are not in the seconds. Ours always gives the evidence; pandas and polars are not written for it. A contestant
that is not installed is left out. Answers that differ are an error, said at the end.
"""

import argparse
import os
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.cohort_peers.county import EVENTS, FAMILIES, write_county
from benchmarks.cohort_peers.duckdb_peer import MEMORY
from benchmarks.cohort_peers.measure import CONTESTANTS, OURS, Measured, measure
from benchmarks.cohort_peers.questions import TITLES
from benchmarks.contestant import Contestant

Results = dict[str, Measured | str]


def main() -> None:
    options = arguments()
    if options.memory:
        os.environ[MEMORY] = options.memory  # the contestants run in processes of their own
    contestants = present(options.contestants)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        write_where_missing(folder, options.events, options.families)
        differing = [
            question for question in options.questions if not compare(question, contestants, folder, options.repeats)
        ]
    if differing:
        raise SystemExit(f"The answers differ: {', '.join(differing)}.")


def arguments() -> argparse.Namespace:
    names = [contestant.name for contestant in CONTESTANTS]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--folder", type=Path, help="where the county is, or is to be kept; default: a temporary folder"
    )
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--families", type=int, default=FAMILIES)
    parser.add_argument("--memory", help="the most that DuckDB may hold in memory, under ours and by hand: 500MB")
    parser.add_argument("--repeats", type=int, default=1, help="how often each runs; the fewest CPU seconds count")
    parser.add_argument("--contestants", nargs="+", choices=names, default=names)
    parser.add_argument("--questions", nargs="+", choices=list(TITLES), default=list(TITLES))
    return parser.parse_args()


def present(names: list[str]) -> list[Contestant]:
    """Return the contestants of these names that are installed, and say which are not."""
    chosen = [contestant for contestant in CONTESTANTS if contestant.name in names]
    for contestant in chosen:
        if contestant.missing():
            print(f"{contestant.name} is left out: {', '.join(contestant.missing())} not found.")
    return [contestant for contestant in chosen if not contestant.missing()]


def write_where_missing(folder: Path, events: int, families: int) -> None:
    """Write the county unless the folder holds one of that size."""
    sizes = {"event": events, "family": families}
    files = {folder / f"{name}.parquet": rows for name, rows in sizes.items()}
    if not all(file.exists() and pq.read_metadata(file).num_rows == rows for file, rows in files.items()):
        write_county(folder, events, families)


def compare(question: str, contestants: list[Contestant], folder: Path, repeats: int) -> bool:
    """Measure all contestants at one question, print a table, and return whether all answered and agree."""
    print(f"\n{question}: {TITLES[question]}")
    print(
        f"{'':12}{'CPU s':>9}{'x ours':>8}{'peak MB':>10}{'x ours':>8}{'wall s':>9}{'rows':>12}  checksum", flush=True
    )
    results: Results = {}
    for contestant in contestants:
        results[contestant.name] = best([measure(contestant, question, folder) for _ in range(repeats)])
        print(row(contestant.name, results), flush=True)
    answers = {(result.rows, result.digest) for result in results.values() if is_compared(result)}
    failed = [result for result in results.values() if isinstance(result, str) and result.startswith("failed")]
    return len(answers) <= 1 and not failed


def best(runs: list[Measured | str]) -> Measured | str:
    """Return the run of the fewest CPU seconds, or what was said in place of an answer."""
    said = [run for run in runs if isinstance(run, str)]
    return said[0] if said else min(runs, key=lambda run: run.processor_seconds)


def is_compared(result: Measured | str) -> bool:
    return isinstance(result, Measured) and not result.note


def row(name: str, results: Results) -> str:
    """Return what a contestant took, beside ours where ours ran before."""
    result, ours = results[name], results.get(OURS.name)
    if isinstance(result, str):
        return f"{name:12}{result}"
    processor, memory = result.processor_seconds, result.memory
    shares = ["-", "-"]
    if isinstance(ours, Measured):
        shares = [f"{processor / ours.processor_seconds:.2f}", f"{memory / ours.memory:.2f}"]
    note = f"\n{'':12}(not compared: {result.note})" if result.note else ""
    return (
        f"{name:12}{processor:9.2f}{shares[0]:>8}{memory:10.0f}{shares[1]:>8}{result.seconds:9.2f}"
        f"{result.rows:12,}  {result.digest}{note}"
    )


if __name__ == "__main__":
    main()
