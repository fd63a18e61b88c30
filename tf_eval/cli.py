"""The command line: parse, call, print. Every command is a line or two over a function of the package."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from tf_eval import project
from tf_eval.errors import TfEvalError

app = typer.Typer(
    name="tf-eval",
    help="Which local interventions really work? From agencies' extracts to a published evaluation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
screen = Console()
warnings = Console(stderr=True)

EVALUATIONS = Path("params/evaluations")
OUTPUT = Path("output")


@app.command()
def synth(
    preset: Annotated[str, typer.Argument(help="Preset, such as oxfordshire, kent or dartford.")] = "oxfordshire",
    seed: Annotated[int, typer.Option(help="Seed; the same seed gives the same bytes.")] = 2012,
    out: Annotated[Path | None, typer.Option(help="Folder to write to [default: data/PRESET].")] = None,
    null: Annotated[bool, typer.Option("--null", help="Every true effect is nil.")] = False,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Leave a county alone that is there.")] = False,
) -> None:
    """Make a synthetic county: agencies' extracts with a known truth."""
    import synthetic

    folder = project.resolve(out or Path("data") / preset)
    if if_missing and (folder / "extracts").is_dir():
        screen.print(f"The county is there: {_short(folder)}")
        return
    synthetic.generate(preset, seed=seed, out=folder, null=null)
    screen.print(f"Synthetic county written: {_short(folder)}")


@app.command()
def check(sources: Annotated[Path, typer.Argument(help="Sources file, under params/sources/.")]) -> None:
    """Read, check and link the agencies' extracts into a county."""
    from tf_eval.data import build_county

    county = build_county(sources)
    sources = county.sources()[["file", "table_name", "rows_in", "rows_quarantined"]]
    screen.print(_table("Extracts", sources))
    for problem in county.problems().itertuples(index=False):
        screen.print(f"{problem.file}, {problem.column_name}: {problem.rule} ({problem.rows} rows). {problem.advice}")
    screen.print(county.summary())


@app.command()
def run(
    plans: Annotated[list[Path] | None, typer.Argument(help="Plans [default: all of params/evaluations/].")] = None,
    output: Annotated[Path, typer.Option(help="Folder of the runs and the site.")] = OUTPUT,
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks run at the same time.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Run again what has not changed, too.")] = False,
) -> None:
    """Run evaluations: one notebook a plan, through papermill; what has not changed is not run again."""
    from tf_eval.runs.runner import run_tasks
    from tf_eval.runs.task import prepare
    from tf_eval.runs.workspace import Workspace

    tasks = prepare(_plan_files(plans))
    with _progress() as bar:
        ticker = bar.add_task("Evaluations", total=len(tasks))
        for name, state in run_tasks(tasks, Workspace(project.resolve(output)), jobs=jobs, force=force):
            bar.console.print(f"{name}: {state}", highlight=False)
            bar.advance(ticker)


@app.command()
def site(output: Annotated[Path, typer.Option(help="Folder of the runs and the site.")] = OUTPUT) -> None:
    """Render the published site from the newest complete run of each evaluation."""
    from tf_eval.runs.publication import publish_site
    from tf_eval.runs.task import prepare
    from tf_eval.runs.workspace import Workspace

    published = publish_site(Workspace(project.resolve(output)), prepare(_plan_files(None)))
    for title, verdict in published.verdicts:
        screen.print(f"{title}: [bold]{verdict}[/bold]", highlight=False)
    screen.print(f"Open {_short(published.index)}", soft_wrap=True)


@app.command()
def schema() -> None:
    """Print the JSON schema of a plan, for an editor that checks while one types."""
    from tf_eval.runs.plan import Plan

    sys.stdout.write(json.dumps(Plan.model_json_schema(), indent=2) + "\n")


def main() -> None:
    """Run the command; print the message of our own errors alone, and of any other its kind but not its text."""
    try:
        app()
    except TfEvalError as error:
        warnings.print(f"tf-eval: {error}", highlight=False, markup=False, soft_wrap=True)
        sys.exit(1)
    except Exception as error:
        if os.environ.get("TF_EVAL_DEBUG"):
            raise
        kind = type(error).__name__
        warnings.print(f"tf-eval: unexpected {kind}. Set TF_EVAL_DEBUG=1 to see where; its text may hold records.")
        sys.exit(2)


def _plan_files(plans: list[Path] | None) -> list[Path]:
    if plans:
        return [project.locate(plan, "plan") for plan in plans]
    return sorted(project.locate(EVALUATIONS, "folder").glob("*.yaml"))


def _short(path: Path) -> str:
    """A path below the working folder is told relative to it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _table(title: str, frame: pd.DataFrame) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in frame.columns:
        numbers = pd.api.types.is_numeric_dtype(frame[column])
        table.add_column(column.replace("_", " "), justify="right" if numbers else "left", no_wrap=True)
    for row in frame.itertuples(index=False):
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row))
    return table


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=screen)


if __name__ == "__main__":
    main()
