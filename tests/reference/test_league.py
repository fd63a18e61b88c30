"""League tables against published ones: ranks of countries in PISA, and Efron and Morris's batting averages."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.evidence import rank_interventions

PEERS = json.loads((Path(__file__).parent / "data" / "league.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("confidence", ["0.95", "0.9"])
def test_who_may_be_among_the_best_five_is_as_in_csranks(confidence):
    peer = PEERS["pisa"]
    frame = pd.DataFrame({"intervention": peer["country"], "value": peer["value"], "std_error": peer["std_error"]})
    league = rank_interventions(frame, good_direction="rise", confidence=float(confidence), seed=1)
    ranks = league.table().set_index("intervention")
    assert sorted(ranks.index[ranks["rank_low"] <= 5]) == peer["among_best_five"][confidence]
    worst = ranks.loc[peer["worse_than_all_others"]]
    assert worst["rank_low"].min() > ranks.drop(worst.index)["rank_high"].max()


def test_batting_averages_are_shrunk_as_efron_and_morris_do():
    peer = PEERS["baseball"]
    raw = np.array(peer["hits"]) / peer["at_bats"]
    error = np.sqrt(raw.mean() * (1 - raw.mean()) / peer["at_bats"])
    frame = pd.DataFrame({"intervention": [f"Player {place}" for place in range(18)], "value": raw, "std_error": error})
    league = rank_interventions(frame, good_direction="rise", seed=1)
    # Printed to three decimals.
    assert league.prior.mean == pytest.approx(peer["mean"], abs=5e-4)
    shrunk = league.table().set_index("intervention")["shrunk"][frame["intervention"]].to_numpy()
    assert np.polyfit(raw, shrunk, 1)[0] == pytest.approx(peer["c"], abs=5e-4)
    assert not league.tells_apart
