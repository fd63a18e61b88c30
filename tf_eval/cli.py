"""The command line: parse, call, print. Every command is a line or two over a function of the package."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from tf_eval import project
from tf_eval.errors import ConfigError, TfEvalError, in_words

if TYPE_CHECKING:
    from tf_eval.runs.task import Task

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
OUTPUT = Path(project.OUTPUT)
CERTIFICATE = Path("docs/certificate.md")


@app.command()
def synth(
    preset: Annotated[str, typer.Argument(help="Preset, such as oxfordshire, kent or dartford.")] = "oxfordshire",
    seed: Annotated[int, typer.Option(help="Seed; the same seed gives the same bytes.")] = 2012,
    out: Annotated[Path | None, typer.Option(help="Folder to write to [default: data/PRESET].")] = None,
    null: Annotated[bool, typer.Option("--null", help="Every true effect is nil.")] = False,
    faults: Annotated[bool, typer.Option("--faults", help="With the faults that real records have.")] = False,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Leave a county alone that is there.")] = False,
) -> None:
    """Make a synthetic county: agencies' extracts with a known truth."""
    import synthetic

    folder = project.resolve(out or Path("data") / preset)
    if if_missing and (folder / "extracts").is_dir():
        screen.print(f"The county is there: {_short(folder)}")
        return
    synthetic.generate(preset, seed=seed, out=folder, null=null, faults=faults)
    screen.print(f"Synthetic county written: {_short(folder)}")


SourcesFile = Annotated[Path, typer.Argument(help="Sources file, under params/sources/.")]


@app.command()
def check(sources: SourcesFile) -> None:
    """Read, check and link the agencies' extracts into a county, and report every problem."""
    from tf_eval.data import build_county
    from tf_eval.data.linking_store import LinkingStore
    from tf_eval.data.review import count_pairs

    with screen.status("Reading, checking and linking"):
        county = build_county(sources)
        report = _report(county.path.parent)
    columns = {"file": "file", "table_name": "table", "rows_in": "rows", "rows_used": "used"}
    columns |= {"rows_quarantined": "set aside", "rows_left_out": "left out"}
    sources = county.sources()
    sources["file"] += (", " + sources["part"]).fillna("")
    without = ["rows_left_out"] * (not sources["rows_left_out"].any())
    screen.print(_table("Extracts", sources[list(columns)].drop(columns=without).rename(columns=columns)))
    findings = county.problems().groupby(["severity", "rule"], as_index=False)["rows"].sum()
    if len(findings):
        screen.print(_table("Findings", findings))
    screen.print(county.summary())
    store = LinkingStore.beside(county.path.parent)
    answered, waiting = count_pairs(store)
    screen.print(f"Doubtful pairs of records: {waiting} wait in {_short(store.review)}, {answered} are answered.")
    screen.print(f"Open {_short(report)}", soft_wrap=True)


@app.command(name="map")
def draft_mapping(
    extract: Annotated[Path, typer.Argument(help="A file that an agency sent.")],
    agency: Annotated[str | None, typer.Option(help="The agency that sent it.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Only this sheet of a workbook.")] = None,
) -> None:
    """Draft the entry of a sources file by looking at an extract, for a person to finish."""
    from tf_eval.data.mapping import draft

    drafted = draft(project.resolve(extract), agency=agency, sheet=sheet)
    sys.stdout.write(drafted.text)
    for note in drafted.notes:
        warnings.print(note, markup=False, highlight=False, soft_wrap=True)


@app.command()
def retain(
    sources: SourcesFile,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
) -> None:
    """Delete the extracts whose agreement says so, with all that was made from them, and certify it."""
    from tf_eval.data import build_county
    from tf_eval.data.retention import is_anything_left, overdue, retain

    due = overdue(sources)
    for item in due:
        screen.print(f"{item.agreement.reference}, by {item.agreement.delete_by}: {', '.join(item.names)}")
    if due and not yes:
        typer.confirm("Delete these extracts and what was made from them?", abort=True)
    certificates = retain(sources)
    if not certificates:
        screen.print("Nothing has to be deleted today.")
        return
    for certificate in certificates:
        screen.print(f"Deleted. Certificate: {_short(certificate)}", soft_wrap=True)
    screen.print("What it names as left, and these lines of the sources file, are yours to tidy.")
    if is_anything_left(sources):
        county = build_county(sources)
        screen.print(f"Built again from what is left. {county.summary()}")
        screen.print(f"Open {_short(_report(county.path.parent))}", soft_wrap=True)


@app.command()
def erase(
    sources: SourcesFile,
    agency: Annotated[str, typer.Option(help="An agency that has a record of the person.")],
    local_id: Annotated[str, typer.Option(prompt=True, help="The agency's number for the person.")],
) -> None:
    """Take a person out of the county, and keep them out when an extract is read again."""
    from tf_eval.data.county import FILE_NAME
    from tf_eval.data.erasure import erase

    certificate = erase(sources, agency=agency, local_id=local_id)
    screen.print(certificate.read_text(encoding="utf-8"), highlight=False)
    screen.print(f"Certificate: {_short(certificate)}", soft_wrap=True)
    folder = certificate.parents[2]
    if (folder / FILE_NAME).is_file():
        screen.print(f"Open {_short(_report(folder))}", soft_wrap=True)


DAY, DEFAULT = ["%Y-%m-%d"], "default: the first programme's own."
CountyFolder = Annotated[Path, typer.Option(help="Folder of the county.")]
COUNTY = Path("data/oxfordshire")


@app.command()
def identify(
    programme: Annotated[Path, typer.Argument(help="Programme file, under params/programmes/.")],
    county: CountyFolder = COUNTY,
    clock: Annotated[str, typer.Option(help="By what had 'happened' on a day, or had 'arrived' by it.")] = "happened",
    engine: Annotated[str, typer.Option(help="What runs it: duckdb or spark.")] = "duckdb",
    memory: Annotated[str | None, typer.Option(help="The most that DuckDB may hold in memory, such as 500MB.")] = None,
) -> None:
    """Find the families of a programme, and keep them with the evidence in the secure workspace."""
    from tf_eval.cohort import build_cohort, load_programme
    from tf_eval.cohort.kept_cohort import keep_cohort
    from tf_eval.cohort.words import about
    from tf_eval.data import open_county
    from tf_eval.data.county import COHORTS_FOLDER
    from tf_eval.data.linking_store import LinkingStore

    folder, criteria = project.resolve(county), load_programme(programme)
    opened = open_county(folder, purpose="identification", memory_limit=memory)
    with screen.status("Deciding the criteria for every family"), LinkingStore.beside(folder).alone():
        cohort = build_cohort(opened, criteria, clock=clock, engine=engine)
        kept = keep_cohort(cohort, folder / COHORTS_FOLDER)
    flow = cohort.flow.table()
    excluded = flow["excluded"].map(about).where(flow["reason"] != "", "")
    shown = flow.assign(families=flow["families"].map(about), excluded=excluded)
    screen.print(_table(criteria.title, shown[["step", "families", "excluded", "reason"]]))
    screen.print(cohort.summary(), highlight=False)
    screen.print(f"Families and evidence, not for publication: {_short(kept)}", soft_wrap=True)


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="Programme file, under params/programmes/.")],
    second: Annotated[Path, typer.Argument(help="The programme file to set beside it.")],
    county: CountyFolder = COUNTY,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help=f"First day to look at; {DEFAULT}")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=DAY, help=f"Day after the last; {DEFAULT}")] = None,
) -> None:
    """Say who qualifies under one programme and not under another, and which clause makes the difference."""
    from tf_eval.cohort import Window, compare_programmes, load_programme
    from tf_eval.cohort.words import about
    from tf_eval.data import open_county

    programmes = [load_programme(path) for path in (first, second)]
    own = programmes[0].window
    window = Window(start.date() if start else own.start, until.date() if until else own.until)
    with screen.status("Deciding both programmes for every family"):
        found = compare_programmes(open_county(county), *programmes, window=window)
    screen.print(found.summary(), highlight=False)
    if not found.differences.empty:
        counts = {column: found.differences[column].map(about) for column in ("alone", "earlier")}
        shown = found.table().assign(**counts)
        screen.print(_table("Clauses that make the difference", shown))


@app.command()
def register(
    plans: Annotated[list[Path] | None, typer.Argument(help="Plans; with --check [default: all].")] = None,
    check: Annotated[bool, typer.Option("--check", help="Register nothing, but say how each plan stands.")] = False,
) -> None:
    """Put plans on the register as they are now: before their data are drawn, and again whenever one has to change."""
    from tf_eval.runs.plan import load_plan
    from tf_eval.runs.register import REGISTER, register_plans
    from tf_eval.runs.registration import standing

    if check:
        for path in _plan_files(plans):
            screen.print(f"{path.stem}: {standing(load_plan(path))}", highlight=False)
        return
    if not plans:
        raise ConfigError("register: name the plans that are to be registered, such as params/evaluations/NAME.yaml")
    for name, is_new in register_plans(_plan_files(plans)).items():
        screen.print(f"{name}: {'registered' if is_new else 'unchanged since it was registered'}", highlight=False)
    screen.print(f"Commit {REGISTER}: the history of that file is what shows when a plan was fixed.", soft_wrap=True)


@app.command()
def run(
    plans: Annotated[list[Path] | None, typer.Argument(help="Plans [default: all of params/evaluations/].")] = None,
    output: Annotated[Path, typer.Option(help="Folder of the runs and the site.")] = OUTPUT,
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks run at the same time.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Run again what has not changed, too.")] = False,
) -> None:
    """Run evaluations: one notebook a plan, through papermill; what has not changed is not run again."""
    from tf_eval.runs.runner import run_tasks
    from tf_eval.runs.workspace import Workspace

    tasks = _tasks(plans)
    with _progress() as bar:
        ticker = bar.add_task("Evaluations", total=len(tasks))
        for name, state in run_tasks(tasks, Workspace(project.resolve(output)), jobs=jobs, force=force):
            bar.console.print(f"{name}: {state}", highlight=False)
            bar.advance(ticker)


@app.command()
def site(output: Annotated[Path, typer.Option(help="Folder of the runs and the site.")] = OUTPUT) -> None:
    """Render the published site from the newest run of each evaluation; one that failed has a page that says so."""
    from tf_eval.runs.publication import publish_site
    from tf_eval.runs.workspace import Workspace

    published = publish_site(Workspace(project.resolve(output)), _tasks(None))
    for title, verdict in published.verdicts:
        screen.print(f"{title}: [bold]{verdict}[/bold]", highlight=False)
    for title, problem in published.failed:
        warnings.print(f"{title}: could not be made. {problem}", highlight=False, markup=False, soft_wrap=True)
    screen.print(f"Open {_short(published.index)}", soft_wrap=True)


@app.command()
def certify(
    preset: Annotated[str, typer.Option(help="Preset that counties are drawn of.")] = "oxfordshire",
    counties: Annotated[int, typer.Option(min=0, help="Counties of each world; with 0 only the page is made.")] = 200,
    worlds: Annotated[str | None, typer.Option(help="Worlds, such as planted,null [default: all].")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Counties evaluated at the same time.")] = 1,
    evaluations: Annotated[Path, typer.Option(help="Folder of the plans.")] = EVALUATIONS,
    output: Annotated[Path, typer.Option(help="Folder where what was found in each county is kept.")] = OUTPUT,
    page: Annotated[Path, typer.Option(help="The page to write.")] = CERTIFICATE,
) -> None:
    """Evaluate drawn counties whose truth is known, and certify how often the answers are right."""
    from tf_eval.certificate import Store, certificate, run_trials, trials_of
    from tf_eval.runs.plan import load_plan

    plans = [load_plan(path) for path in _plan_files(None, evaluations)]
    store = Store.below(project.resolve(output), preset, plans)
    trials = trials_of(preset, worlds.split(",") if worlds else None, counties)
    with _progress() as bar:
        ticker = bar.add_task("Counties", total=len(trials))
        for _ in run_trials(trials, plans, store, jobs=jobs):
            bar.advance(ticker)
    path = project.resolve(page)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(certificate(preset, store.key, store.records()), encoding="utf-8")
    screen.print(f"Open {_short(path)}", soft_wrap=True)


@app.command()
def schema() -> None:
    """Print the JSON schema of a plan, for an editor that checks while one types."""
    from tf_eval.runs.plan import Plan

    sys.stdout.write(json.dumps(Plan.model_json_schema(), indent=2) + "\n")


def main() -> None:
    """Run the command; of an error that is not our own, print no text, for it may hold records."""
    try:
        app()
    except Exception as error:
        is_ours = isinstance(error, TfEvalError)
        if os.environ.get("TF_EVAL_DEBUG") and not is_ours:
            raise
        warnings.print(f"tf-eval: {in_words(error)}", highlight=False, markup=False, soft_wrap=True)
        sys.exit(1 if is_ours else 2)


def _report(folder: Path) -> Path:
    """Write the problem report of the county in a folder, while nobody changes it, and return its page."""
    from tf_eval.data import open_county
    from tf_eval.data.linking_store import LinkingStore
    from tf_eval.data.retention import CHECK_FOLDER
    from tf_eval.report.problems import write_problem_report

    with LinkingStore.beside(folder).alone():
        return write_problem_report(open_county(folder, purpose=None), folder / CHECK_FOLDER)


def _tasks(plans: list[Path] | None) -> list["Task"]:
    """The tasks of these plans; of a county whose extracts cannot be looked at here, it is said that they were not."""
    from tf_eval.data.origin import is_at_hand
    from tf_eval.runs.task import counties_of, prepare, site_files

    tasks = prepare(_plan_files(plans) if plans else site_files())
    for county in counties_of(tasks):
        if not is_at_hand(county):
            warnings.print(f"county {county.name}: its extracts are not at hand here; taken as it was last checked.")
    return tasks


def _plan_files(plans: list[Path] | None, folder: Path = EVALUATIONS) -> list[Path]:
    from tf_eval.runs.task import plan_files

    return [project.locate(plan, "plan") for plan in plans] if plans else plan_files(folder)


def _short(path: Path) -> str:
    """A path below the working folder is told relative to it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _table(title: str, frame: pd.DataFrame) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in frame.columns:
        numbers = pd.api.types.is_numeric_dtype(frame[column])
        # A narrow window folds words; a number that is cut short says something else.
        name, justify = column.replace("_", " "), "right" if numbers else "left"
        table.add_column(name, justify=justify, no_wrap=numbers, overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row))
    return table


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=screen)


if __name__ == "__main__":
    main()
