"""A guard for words: a sentence is a release too, and may not count people more finely than a table may."""

import re
from collections.abc import Mapping, Sequence

from tf_eval.errors import DisclosureError
from tf_eval.release.rules import Rules

_WHO = (
    r"families|family|households?|people|persons?|individuals?|children|child|adults?|pupils?|parents?|mothers?"
    r"|fathers?|women|men|girls?|boys?|members?|cases?|clients?|residents?|victims?|offenders?|units?"
)
# Between the number and who is counted there may be one describing word: "3 treated families", "3 of the families".
_COUNT = re.compile(
    rf"(?P<below>fewer than\s+)?(?<![\w.,£])(?P<count>\d[\d,]*)\s+(?:of\s+(?:the\s+)?)?(?:[a-z-]+\s+)?(?:{_WHO})\b",
    re.I,
)


def check_words(value: object, where: str, rules: Rules) -> None:
    """Look through every text of a release, however deep it stands in lists and mappings.

    Raises ``DisclosureError`` where one counts people that a table would hide or round; it tells the place only.
    """
    if isinstance(value, str):
        _check_text(value, where, rules)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            _check_text(str(name), f"a name in {where}", rules)
            check_words(part, f"{where}, {name}", rules)
    elif isinstance(value, Sequence):
        for part in value:
            check_words(part, where, rules)


def _check_text(text: str, where: str, rules: Rules) -> None:
    for found in _COUNT.finditer(text):
        count = int(found["count"].replace(",", ""))
        if found["below"] and count == rules.threshold:  # the rule itself, which everybody may know
            continue
        if rules.hides(count) or rules.shown(count) != count:
            raise DisclosureError(
                f"release: {where} counts families or people in words. "
                f"Leave the count out, or round it to {rules.round_to} and say it only from {rules.threshold} up."
            )
