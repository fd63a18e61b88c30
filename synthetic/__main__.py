"""``python -m synthetic --preset oxfordshire --seed 2012 --out data/oxfordshire [--null] [--faults]``"""

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from synthetic.folder import generate, stages
from synthetic.presets import preset_names
from tf_eval.errors import TfEvalError


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a synthetic county as asked; return 0, or 1 after a message on standard error."""
    asked = _parser().parse_args(arguments)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            task = progress.add_task("", total=stages(asked.preset))

            def report(stage: str) -> None:
                progress.update(task, advance=1, description=stage)

            folder = generate(asked.preset, asked.seed, asked.out, asked.null, asked.faults, report)
    except TfEvalError as error:
        print(error, file=sys.stderr)
        return 1
    print(folder)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m synthetic", description="Write a synthetic county.")
    parser.add_argument("--preset", required=True, help=f"one of: {', '.join(preset_names())}")
    parser.add_argument("--seed", type=int, required=True, help="a whole number; the same seed gives the same bytes")
    parser.add_argument("--out", required=True, help="the folder to write")
    parser.add_argument("--null", action="store_true", help="make every true effect zero")
    parser.add_argument("--faults", action="store_true", help="let households change and records go wrong")
    return parser


if __name__ == "__main__":
    sys.exit(main())
