"""A guard for free text: a sentence is a release too, and may not count families more finely than a table may."""

import re

from tf_eval.errors import DisclosureError
from tf_eval.release.rules import Rules

# Between the number and who is counted there may be one describing word: "3 treated families".
_COUNT = re.compile(r"(?<![\w.,£])(\d[\d,]*)\s+(?:[a-z-]+\s+)?(?:families|family|households?|people|persons?)\b", re.I)


def check_text(text: str, where: str, rules: Rules) -> str:
    """Return ``text``; raise ``DisclosureError`` where it counts families that a table would hide or round."""
    for found in _COUNT.finditer(text):
        count = int(found.group(1).replace(",", ""))
        if rules.hides(count) or rules.shown(count) != count:
            raise DisclosureError(
                f"release: {where} counts families or people in words. "
                f"Leave the count out, or round it to {rules.round_to} and say it only from {rules.threshold} up."
            )
    return text
