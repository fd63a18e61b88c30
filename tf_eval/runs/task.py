"""One notebook to be run: its validated plan, and a key that changes when anything it depends on changes."""

import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tf_eval import project
from tf_eval.data import County, open_county
from tf_eval.data.origin import require_current
from tf_eval.errors import ConfigError, TfEvalError, raise_all
from tf_eval.report import address
from tf_eval.runs import fingerprint
from tf_eval.runs.changes_plan import Changes, load_changes
from tf_eval.runs.head_to_head import HeadToHead, load_head_to_head
from tf_eval.runs.identification import Identification, load_identification
from tf_eval.runs.payment import Payment, load_payment
from tf_eval.runs.plan import Plan, load_plan
from tf_eval.runs.quality import DataQuality, load_data_quality
from tf_eval.runs.register import entries_of
from tf_eval.runs.several_plans import EVALUATIONS, SeveralPlans
from tf_eval.runs.synthesis import Synthesis, load_synthesis

NOTEBOOKS = {
    Plan: Path("notebooks/evaluation.ipynb"),
    Synthesis: Path("notebooks/what_works.ipynb"),
    Payment: Path("notebooks/payment_by_results.ipynb"),
    Identification: Path("notebooks/identification.ipynb"),
    DataQuality: Path("notebooks/data_quality.ipynb"),
    HeadToHead: Path("notebooks/head_to_head.ipynb"),
    Changes: Path("notebooks/changes.ipynb"),
}
# What is about a county as a whole, by the name of its file; every other file is the plan of one evaluation.
OF_A_COUNTY = {
    "what_works": load_synthesis,
    "payment_by_results": load_payment,
    "head_to_head": load_head_to_head,
    "identification": load_identification,
    "data_quality": load_data_quality,
    "changes": load_changes,
}


@dataclass(frozen=True)
class Task:
    """A plan with what its result depends on.

    Attributes:
        name: the evaluation's name: its file's name without ending.
        plan: the validated plan, or what is asked of several together.
        notebook: the notebook that carries it out.
        inputs: hash of each thing that the result depends on.
    """

    name: str
    plan: Plan | SeveralPlans
    notebook: Path
    inputs: dict[str, str]

    @property
    def key(self) -> str:
        """The hash of all inputs: the same key, the same result."""
        return fingerprint.of_object(self.inputs)

    @property
    def is_last(self) -> bool:
        """Whether it looks at what all others came to."""
        return isinstance(self.plan, Changes)

    @property
    def title(self) -> str:
        """What its page is about, for a list of pages."""
        return self.plan.title if isinstance(self.plan, Plan) else self.name.replace("_", " ").capitalize()

    @property
    def page(self) -> str:
        """The address of its page within the site."""
        return address(self.name, of_county=not isinstance(self.plan, Plan))


def site_files() -> list[Path]:
    """Return the files of all that a site is made of: every plan, then what is asked of the county as a whole."""
    of_a_county = (project.resolve(f"params/{name}.yaml") for name in OF_A_COUNTY)
    return [*plan_files(), *(path for path in of_a_county if path.exists())]


def plan_files(folder: str | Path = EVALUATIONS) -> list[Path]:
    """Return the files of the plans in a folder."""
    return sorted(project.locate(folder, "folder").glob("*.yaml"))


def prepare(paths: Sequence[Path]) -> list[Task]:
    """Validate every plan before any kernel starts, and hold every county against what it was made from.

    Raises:
        ConfigError: a plan is wrong, no plan was given, two have the same name, or a county is older than its extracts.
            All problems are told at once.
    """
    if not paths:
        raise ConfigError("no plan to run: params/evaluations/ holds no .yaml file")
    twice = [name for name, count in Counter(path.stem for path in paths).items() if count > 1]
    raise_all(ConfigError, "plans", [f"the name '{name}' is used twice" for name in twice])
    tasks, problems = [], []
    for path in paths:
        try:
            tasks.append(prepare_one(path))
        except TfEvalError as problem:
            problems.append(str(problem))
    for county in counties_of(tasks):
        try:
            require_current(county)
        except TfEvalError as problem:
            problems.append(str(problem))
    # A plan that is wrong is so on its own and among all.
    raise_all(ConfigError, "plans", list(dict.fromkeys(problems)))
    return tasks


def counties_of(tasks: Iterable[Task]) -> list[County]:
    """Return the counties that tasks are about, each once."""
    folders = dict.fromkeys(task.plan.county for task in tasks)
    return [open_county(folder, purpose=None) for folder in folders]


def prepare_one(path: Path) -> Task:
    """Validate one plan and take the fingerprint of what it depends on."""
    plan = OF_A_COUNTY.get(path.stem, load_plan)(path)
    notebook = project.locate(NOTEBOOKS[type(plan)], "notebook")
    inputs = {
        "plan": fingerprint.of_plan(plan),
        "register": fingerprint.of_object([entry.seal for each in plan.each for entry in entries_of(each)]),
        "notebook": fingerprint.of_text(notebook.read_text(encoding="utf-8")),
        "county": open_county(plan.county, purpose=plan.purpose).stamp,
        **_shared_inputs(),
    }
    return Task(name=path.stem, plan=plan, notebook=notebook, inputs=inputs)


@cache
def _shared_inputs() -> dict[str, str]:
    return {
        "code": fingerprint.of_code(),
        "parameters": fingerprint.of_parameters(),
        "lock": fingerprint.of_lock(),
        "python": platform.python_version(),
    }
