"""Which property numbers name no property."""

_ONE_DIGIT = "|".join(f"{digit}*" for digit in range(1, 10))


def is_placeholder_uprn(uprn: str) -> str:
    """Return the SQL condition that a UPRN is a placeholder, typed where the property was not known.

    A UPRN is a whole number of up to 12 digits, handed out one by one and often written with zeros in front. A number
    that is one digit over and over (0, 1, 7777, 999999999999), whatever zeros stand before it, is somebody's "not
    known", and so is one that begins with 9999 and holds nothing but nines and zeros.

    Args:
        uprn: the SQL of the UPRN as text; where it is null, so is the condition.
    """
    return f"regexp_full_match(trim({uprn}), '0*({_ONE_DIGIT}|9999[09]*)')"
