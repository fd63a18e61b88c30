"""A long frame taken together with a match of its units: what the estimator must know of the match, in its options."""

from typing import Any

import pandas as pd

from tf_eval.did.arguments import kind_problems
from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching import Matched, restrict
from tf_eval.matching.restriction import MATCHED_ROW


def read_matched(data: pd.DataFrame, matched: Matched, options: dict[str, Any]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the rows of matched units, and the options with what the match brings.

    Errors are clustered by set where each unit is in one, and by unit otherwise. A unit that was matched in several
    risk sets has a row of its own in each, whose comparison rows serve nobody else.

    Raises ``ConfigError`` where the options contradict the match, ``InputError`` as ``restrict`` does.
    """
    raise_all(ConfigError, "estimate_att", kind_problems(Matched, "match makes one", matched=matched))
    raise_all(ConfigError, "estimate_att", _contradictions(matched, options))
    frame = restrict(matched, data)
    several = bool(matched.frame[matched.unit].duplicated().any())
    brought = {
        "unit": MATCHED_ROW if several else matched.unit,
        "weights": "weight",
        "sets": options.get("sets") or matched.design.risk_set,
        "cluster": options.get("cluster") or ("set_id" if matched.in_sets and not several else matched.unit),
        "treated": matched.treated,
        "counted": matched.unit,
    }
    return frame, {**options, **brought}


def _contradictions(matched: Matched, options: dict[str, Any]) -> list[str]:
    estimand, unit = matched.design.estimand, options.get("unit")
    said = {
        f"the match is for estimand '{estimand}'; this estimates the effect on the treated, so match with 'att'.": (
            estimand != "att"
        ),
        "both arms were weighted to be like a third, so that the answer is not about the treated; take a pair whose "
        "first arm is the reference.": estimand == "att" and not matched.about_treated,
        "weights come with the match; leave weights out.": options.get("weights") is not None,
        f"unit is '{unit}', but '{matched.unit}' was matched; leave unit out.": (
            matched.unit is not None and unit not in (None, matched.unit)
        ),
        "sets are the risk sets of the match; leave sets out.": (
            options.get("sets") is not None and matched.design.risk_set is not None
        ),
    }
    return [problem for problem, holds in said.items() if holds]
