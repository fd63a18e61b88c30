"""The drafts from the files of a synthetic county are what a person wrote by hand."""

from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

import synthetic
from tests.drafts import entries
from tf_eval.data.mapping import Draft, draft
from tf_eval.data.sources import load_sources

PROJECT = Path(__file__).resolve().parents[2]
WRITTEN_BY_HAND = yaml.safe_load((PROJECT / "params/sources/synthetic_dartford.yaml").read_text(encoding="utf-8"))
# So few rows in a small county that some of the first months have none.
SPARSE = ("dwp_provision.csv",)


@pytest.fixture(scope="session")
def extracts(tmp_path_factory) -> Path:
    """The extracts of a small synthetic county."""
    return synthetic.generate("dartford", seed=40, out=tmp_path_factory.mktemp("county") / "dartford") / "extracts"


@pytest.fixture(scope="session")
def drafts(extracts) -> dict[str, Draft]:
    """A draft for each file of the county."""
    agencies = {entry["file"]: entry["agency"] for entry in WRITTEN_BY_HAND["sources"]}
    return {file: draft(extracts / file, agency=agency) for file, agency in agencies.items()}


def key(entry: dict) -> tuple[str, str, str]:
    return entry["file"], entry["table"], entry["format"].get("sheet", "")


def share(wanted: Iterable[tuple], found: Iterable[tuple]) -> float:
    """Return the share of what a person wrote that the draft says too."""
    wanted, found = set(wanted), set(found)
    return len(wanted & found) / len(wanted)


@pytest.fixture(scope="session")
def pairs(drafts) -> list[tuple[dict, dict]]:
    """Each entry that a person wrote, and the one drafted for the same file, sheet and table."""
    drafted = {key(entry): entry for found in drafts.values() for entry in entries(found)}
    assert sorted(drafted) == sorted(key(entry) for entry in WRITTEN_BY_HAND["sources"])
    return [(entry, drafted[key(entry)]) for entry in WRITTEN_BY_HAND["sources"]]


def test_nearly_all_columns_are_found(pairs):
    wanted = [(*key(hand), column) for hand, _ in pairs for column in hand["columns"].items()]
    found = [(*key(drafted), column) for _, drafted in pairs for column in drafted["columns"].items()]
    assert share(wanted, found) >= 0.98


def test_every_date_format_and_constant_is_found(pairs):
    for hand, drafted in pairs:
        assert drafted["date_format"] == hand["date_format"]
        assert drafted.get("constants") == hand.get("constants")


def test_every_reference_that_tells_rows_apart_is_found(pairs):
    assert [drafted.get("unique") for _, drafted in pairs] == [hand.get("unique") for hand, _ in pairs]


def test_nearly_all_codes_are_found_and_free_text_is_left_to_a_person(pairs):
    """What an agency's own codes of interventions stand for, nobody else can know."""
    wanted = [(*key(hand), *code) for hand, _ in pairs for code in codes(hand)]
    found = [(*key(drafted), *code) for _, drafted in pairs for code in codes(drafted)]
    assert share(wanted, found) >= 0.98
    (support,) = [drafted for _, drafted in pairs if drafted["table"] == "support"]
    assert support["codes"]["intervention"] == ["TODO"]


def codes(entry: dict) -> list[tuple]:
    mapped = {column: words for column, words in entry.get("codes", {}).items() if isinstance(words, dict)}
    return [
        (column, code, str(word).lower())
        for column, words in mapped.items()
        if column != "intervention"
        for code, word in words.items()
    ]


def test_the_covered_time_is_that_of_the_months_seen(pairs):
    for hand, drafted in pairs:
        if drafted["table"] in ("event", "spell") and hand["file"] not in SPARSE:
            assert {name: str(day) for name, day in drafted["covers"].items()} == {
                name: str(day) for name, day in hand["covers"].items()
            }


HEAD = """
county: dartford
extracts: data/dartford/extracts
agreements:
  - reference: DSA-1
    gateway: SI 2012/1483, regulation 5(1)(d)
    purposes: [evaluation]
    signed: 2010-01-01
    expires: 2016-01-01
    delete_by: 2017-01-01
sources:
"""


def test_the_drafts_load_once_the_marked_places_are_mended(drafts, tmp_path):
    text = "".join(found.text for found in drafts.values()).replace("agreement: TODO", "agreement: DSA-1")
    assert text.replace("# TODO", "").count(": TODO") == 0
    (tmp_path / "dartford.yaml").write_text(HEAD + text, encoding="utf-8")
    assert len(load_sources(tmp_path / "dartford.yaml").entries) == len(WRITTEN_BY_HAND["sources"])
