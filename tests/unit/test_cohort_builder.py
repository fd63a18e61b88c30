"""What is large and no longer asked for is let go of while a cohort is made."""

from tests.cohort_county import small_county
from tf_eval.cohort import load_programme
from tf_eval.cohort.builder import CohortBuilder
from tf_eval.cohort.engines import DuckDB


def kept(connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}


def test_of_the_records_only_those_of_the_cohorts_members_are_kept():
    county = small_county()
    county.family(1, ["1975-05-05", "1999-04-10"])
    county.event(11, "proven_offence", "2012-06-01")
    programme = load_programme("params/programmes/oxfordshire_2012.yaml")
    with county.connect() as connection:
        builder = CohortBuilder(DuckDB(connection), programme, "happened")
        assert {"wanted_event", "wanted_spell"} < kept(connection)
        builder.qualify(below_threshold=False)
        names = kept(connection)
    assert {"cohort_event", "cohort_spell", "truth_happened_0"} < names
    assert not [name for name in names if name.startswith("wanted") or name.endswith("_seen")]
