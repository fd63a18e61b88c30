"""Messages that say what is wrong and what to do."""

import errno

import duckdb
import pytest

from tf_eval import cli
from tf_eval.errors import ConfigError, InputError, NotEstimated, did_you_mean, in_words, raise_all, require_columns


def test_a_near_miss_is_suggested():
    with pytest.raises(InputError, match=r"extract: no column 'uprm'. Did you mean 'uprn'\?"):
        require_columns(["uprn", "upn"], ["uprm"], "extract")


def test_capitals_are_no_distance():
    assert did_you_mean("ATT", ["att", "ate"]) == " Did you mean 'att'?"


def test_what_is_no_name_is_told_by_its_kind_alone():
    with pytest.raises(InputError) as told:
        require_columns(["uprn"], [["SW1A 1AA"]], "extract")
    assert "no column can be of type list" in str(told.value) and "SW1A" not in str(told.value)


def test_all_missing_columns_are_told_at_once():
    with pytest.raises(InputError, match="2 problems") as told:
        require_columns(["kind"], ["date", "value", "kind"], "extract")
    assert "'date'" in str(told.value) and "'value'" in str(told.value) and "'kind'." not in str(told.value)


def test_what_is_known_is_listed_where_nothing_is_near():
    assert did_you_mean("xyz", ["alpha", "beta"]) == " Known: alpha, beta."
    assert did_you_mean("xyz", [f"name_{number}" for number in range(40)]) == ""


def test_no_problem_raises_nothing():
    raise_all(ConfigError, "anywhere", [])


def test_not_estimated_is_false_and_says_why():
    result = NotEstimated("too few families")
    assert not result
    assert result.summary() == "Not estimated: too few families"


FULL = 'IO Error: Could not write file "/data/testshire/linking/.draft-x/county.duckdb": No space left on device'
SPILT = "Out of Memory Error: failed to offload data block of size 256.0 KiB (0 bytes/0 bytes used)."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "/data/testshire/extracts/incidents.csv"),
            "extracts/incidents.csv: you have no right to read it or to write there; ask for it, then run the command "
            "again.",
        ),
        (
            duckdb.IOException('IO Error: Cannot open file "/data/testshire/county.duckdb": Permission denied'),
            "testshire/county.duckdb: you have no right to read it or to write there; ask for it, then run the command "
            "again.",
        ),
        (
            duckdb.IOException(FULL),
            ".draft-x/county.duckdb: the disk is full; make room on it, then run the command again.",
        ),
        (
            OSError(errno.ENOSPC, "[Errno 28] Error writing to file '/data/check/.problems.parquet'"),
            "check/.problems.parquet: the disk is full; make room on it, then run the command again.",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/linking/draft", None, "/kent/county.duckdb"),
            "kent/county.duckdb: you have no right to read it or to write there; ask for it, then run the command "
            "again.",
        ),
        (OSError(errno.ENOSPC, "No space left"), "the disk is full; make room on it, then run the command again."),
        (
            duckdb.OutOfMemoryException(SPILT),
            "neither the memory nor the disk has room for so much; close other programs or make room, then run the "
            "command again.",
        ),
        (
            IsADirectoryError(errno.EISDIR, "Is a directory", "data"),
            "data: it is a folder where a file was expected; name a file.",
        ),
        (InputError("persons.csv is missing."), "persons.csv is missing."),
    ],
)
def test_a_failure_of_the_machine_says_what_where_and_what_to_do(error, words):
    assert in_words(error) == words


def test_the_text_of_an_unknown_error_is_not_told_for_it_may_hold_a_value(monkeypatch, capsys):
    def fail():
        raise duckdb.ConversionException("Could not convert string 'Ann Lee' to DATE")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == 2 and "unexpected ConversionException" in told and "Ann" not in told
