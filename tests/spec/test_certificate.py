"""The certificate: drawn counties are evaluated as real ones are, once, and the page is made of what there is."""

import json
from concurrent.futures import Executor, Future

import duckdb
import pytest
from typer.testing import CliRunner

from synthetic.draw import draw_county
from synthetic.presets import load_preset
from tf_eval.certificate import Store, Trial, carry_out, run_trials, trials_of
from tf_eval.certificate.county import county_of
from tf_eval.cli import app
from tf_eval.data import open_county
from tf_eval.errors import ConfigError, RunError
from tf_eval.runs import load_plan

# Without their row numbers, which a drawn county has no files to take from, and with workers as they are.
TABLES = {
    "person": "*",
    "family": "*",
    "family_member": "*",
    "family_home": "*",
    "event": "* EXCLUDE (event_id)",
    "spell": "* EXCLUDE (spell_id)",
    "attendance": "* EXCLUDE (attendance_id)",
    "support": "* EXCLUDE (support_id)",
    "term": "*",
    "coverage": "*",
    "agreement": "*",
}


@pytest.fixture
def in_dartford(dartford, monkeypatch):
    monkeypatch.chdir(dartford.folder)
    return dartford


@pytest.fixture
def plans(in_dartford):
    return [load_plan(path) for path in sorted((in_dartford.folder / "params" / "evaluations").glob("*.yaml"))]


def test_a_drawn_county_is_the_one_that_is_checked_and_linked(in_dartford, tmp_path):
    drawn = draw_county(load_preset("dartford"), 40, lambda stage: None)
    folder = tmp_path / "drawn"
    folder.mkdir()
    known = county_of(drawn, in_dartford.folder / in_dartford.sources, folder)
    linked = open_county("data/dartford")
    for table, columns in TABLES.items():
        rows = [rows_of(county.path, table, columns) for county in (known, linked)]
        assert rows[0] == rows[1] and rows[0], table
    assert known.months == linked.months
    assert "Dartford" in known.summary()


def rows_of(path, table, columns):
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("SET search_path = 'standard,main'")
        return connection.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()


def test_a_trial_is_kept_and_not_made_again_and_the_page_is_made_of_it(in_dartford, plans):
    trial = Trial("dartford", "planted", 1)
    record = carry_out(trial, plans)
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert {cell["intervention"] for cell in record["cells"]} == {plan.intervention for plan in plans}
    store = Store.below(in_dartford.folder / "output", "dartford", plans)
    store.keep(record)
    (before,) = store.folder.glob("planted/*.json")
    written = before.stat().st_mtime_ns
    said = CliRunner().invoke(app, ["certify", "--preset", "dartford", "--counties", "1", "--worlds", "planted"])
    assert said.exit_code == 0, said.exception
    assert before.stat().st_mtime_ns == written
    page = (in_dartford.folder / "docs" / "certificate.md").read_text(encoding="utf-8")
    assert "### Planted effects, 1 county" in page


def test_another_plan_is_another_certificate(in_dartford, plans):
    output = in_dartford.folder / "output"
    key = Store.below(output, "dartford", plans).key
    assert Store.below(output, "dartford", plans).key == key
    assert Store.below(output, "dartford", plans[:1]).key != key
    assert Store.below(output, "oxfordshire", plans).key != key


def test_trials_go_round_the_worlds_and_unknown_ones_are_refused():
    trials = trials_of("dartford", ["null", "planted"], 2)
    assert [(trial.seed, trial.world) for trial in trials] == [
        (1, "null"),
        (1, "planted"),
        (2, "null"),
        (2, "planted"),
    ]
    with pytest.raises(ConfigError, match="planted"):
        trials_of("dartford", ["plantd"], 1)


def test_a_county_that_cannot_be_drawn_is_told(plans, monkeypatch):
    def too_few(*asked, **options):
        raise ConfigError("only 3 of the 40 families could start")

    monkeypatch.setattr("tf_eval.certificate.trial.draw_county", too_few)
    record = carry_out(Trial("dartford", "null", 1), plans)
    assert record["cells"] == [] and record["problems"] == ["only 3 of the 40 families could start"]


def test_what_fails_in_a_county_does_not_keep_others_from_being_tried(tmp_path, monkeypatch):
    def broken(trial, plans):
        if trial.seed == 2:
            raise ValueError("a bug")
        return {"world": trial.world, "seed": trial.seed}

    monkeypatch.setattr("tf_eval.certificate.running.carry_out", broken)
    monkeypatch.setattr("tf_eval.certificate.running.ProcessPoolExecutor", InThisProcess)
    store = Store(tmp_path, "key")
    done = run_trials(trials_of("dartford", ["null"], 3), [], store)
    assert {next(done).seed, next(done).seed} == {1, 3}
    with pytest.raises(RunError, match="null 2: unexpected ValueError"):
        next(done)
    assert [record["seed"] for record in store.records()] == [1, 3]


class InThisProcess(Executor):
    def __init__(self, jobs, **settings):
        pass

    def submit(self, work, *given):
        done = Future()
        done.set_result(work(*given))
        return done
