"""An evaluation carried out again in another way: its design was accepted once, and is not accepted anew."""

from collections.abc import Mapping
from typing import Any

from tf_eval.matching import Matched, check_balance, match

REPEATED = "the design was accepted by the evaluation, which is carried out again"


def match_again(arms: Any, asked: Mapping[str, Any], keep: Matched | None = None) -> Matched:
    """Return families matched as asked, whose outcomes may be read; ``acceptance.passed`` says whether they are alike.

    Raises what ``match`` does, as where too few families can be compared.
    """
    return check_balance(match(arms, **asked, keep=keep)).accept(because=REPEATED)
