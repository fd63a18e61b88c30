"""Repeated cross-sections: R did 2.5.1 and csdid 0.4.3 on mpdta, its rows taken each by itself or with gaps."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import GroupTimeATT, estimate_att

DATA = Path(__file__).parent / "data"
R = json.loads((DATA / "did.json").read_text())["group_time_att"]
CSDID = json.loads((DATA / "did_cross_sections.json").read_text())["cells"]
COLUMNS = {"outcome": "lemp", "period": "year", "adopted": "first.treat"}
SECTIONS = {"sample": "cross_sections", "comparison": "never_treated"}


def mpdta() -> pd.DataFrame:
    return pd.read_csv(DATA / "mpdta.csv")


def cells(effect: GroupTimeATT, reference: list[dict]) -> pd.DataFrame:
    return effect.table().set_index(["adopted", "period"]).loc[[(cell["g"], cell["t"]) for cell in reference]]


@pytest.mark.parametrize("method", list(CSDID))
def test_cells_agree_with_csdid(method):
    effect = estimate_att(mpdta(), **COLUMNS, **SECTIONS, covariates=["lpop"], method=method)
    own, reference = cells(effect, CSDID[method]), CSDID[method]
    # csdid stops its logit earlier than we do: 1e-6 of the effect, and 1e-5 of its error, leave room for that alone.
    np.testing.assert_allclose(own["att"], [cell["att"] for cell in reference], rtol=1e-6)
    np.testing.assert_allclose(own["std_error"], [cell["se"] for cell in reference], rtol=1e-5)


def test_cells_agree_with_r():
    reference = R["RCS|lpop|dr"]
    effect = estimate_att(mpdta(), **COLUMNS, **SECTIONS, covariates=["lpop"])
    own = cells(effect, reference["attgt"])
    np.testing.assert_allclose(own["att"], [cell["att"] for cell in reference["attgt"]], rtol=1e-6)
    # R's did and DRDID differ from each other by up to 0.5 % in these errors, and csdid sides with us.
    np.testing.assert_allclose(own["std_error"], [cell["se"] for cell in reference["attgt"]], rtol=5e-3)
    np.testing.assert_allclose(effect.overall().att, reference["simple"][0], rtol=1e-6)
    np.testing.assert_allclose(effect.overall().std_error, reference["simple"][1], rtol=5e-3)


def test_an_unbalanced_panel_agrees_with_r():
    frame = mpdta()
    frame = frame[(frame["countyreal"] * 7 + frame["year"] * 13) % 15 != 0]
    reference = R["UNBAL|1"]
    effect = estimate_att(frame, **COLUMNS, **SECTIONS, unit="countyreal")
    own = cells(effect, reference["attgt"])
    # Without covariates nothing is iterated: all that is left are the 15 digits that the reference was stored with.
    np.testing.assert_allclose(own["att"], [cell["att"] for cell in reference["attgt"]], rtol=1e-10)
    np.testing.assert_allclose(own["std_error"], [cell["se"] for cell in reference["attgt"]], rtol=1e-10)
    np.testing.assert_allclose(effect.overall().att, reference["simple"][0], rtol=1e-10)
    np.testing.assert_allclose(effect.overall().std_error, reference["simple"][1], rtol=1e-10)
