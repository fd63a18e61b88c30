"""The public check rules of national identifiers: which numbers can be somebody's, and which cannot.

NHS number: ten digits, the last a modulus 11 check digit (NHS Data Dictionary, NHS NUMBER). Unique pupil number: a
check letter and twelve digits, weighted 2 to 13, modulus 23 (Department for Education, Unique pupil numbers guide).
National Insurance number: two letters, six digits and A to D, without the letters and prefixes that are not used (HMRC
manual NIM39110). The prefix QQ is never issued and stands in examples: it is taken as a test number.
"""

from collections.abc import Callable

IDENTIFIERS = ("nhs_number", "upn", "nino")
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_NINO = "(QQ|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])[0-9]{6}[A-D]"
_NINO_PREFIXES_NOT_USED = "(BG|GB|KN|NK|NT|TN|ZZ).*"
_ONE_DIGIT = "|".join(f"{digit}+" for digit in range(10))  # passes modulus 11 and is nobody's number


def usable_identifier(kind: str, text: str) -> str:
    """Return the SQL of an identifier in capitals without blanks and hyphens; null where it fails its public check.

    A number that fails was mistyped or made up, so it may link nobody.

    Args:
        kind: ``nhs_number``, ``upn`` or ``nino``, as the contract calls them.
        text: the SQL of the identifier as an agency wrote it.
    """
    written = _plain(text)
    return f"CASE WHEN {_CHECKS[kind](written)} THEN {written} END"


def _plain(text: str) -> str:
    """Return the SQL of an identifier in capitals without blanks and hyphens; null where nothing is left."""
    return rf"nullif(regexp_replace(upper({text}), '[\s\x{{A0}}-]', '', 'g'), '')"


def _is_nhs_number(text: str) -> str:
    total = _weighted_sum(text, first=1, weights=range(10, 0, -1))
    return (
        f"regexp_full_match({text}, '[0-9]{{10}}') AND NOT regexp_full_match({text}, '{_ONE_DIGIT}')"
        f" AND ({total}) % 11 = 0"
    )


def _is_upn(text: str) -> str:
    total = _weighted_sum(text, first=2, weights=range(2, 14))
    letter = f"substr('{_UPN_LETTERS}', ({total}) % {len(_UPN_LETTERS)} + 1, 1)"
    return f"regexp_full_match({text}, '[A-Z][0-9]{{12}}') AND substr({text}, 1, 1) = {letter}"


def _is_nino(text: str) -> str:
    return f"regexp_full_match({text}, '{_NINO}') AND NOT regexp_full_match({text}, '{_NINO_PREFIXES_NOT_USED}')"


def _weighted_sum(text: str, *, first: int, weights: range) -> str:
    """Return the SQL of the digits from the place ``first`` on, each times its weight, added up."""
    digits = enumerate(weights, start=first)
    return " + ".join(f"(ascii(substr({text}, {place}, 1)) - 48) * {weight}" for place, weight in digits)


_CHECKS: dict[str, Callable[[str], str]] = {"nhs_number": _is_nhs_number, "upn": _is_upn, "nino": _is_nino}
