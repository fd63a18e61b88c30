"""How far back a condition looks: so many days, months or consecutive school terms."""

from dataclasses import dataclass

from tf_eval.cohort.whole import whole_number

UNITS = ("days", "months", "terms")
# A hundred years: records go back no further, and dates that no calendar has would be reached.
MOST = {"days": 36_525, "months": 1_200, "terms": 300}


@dataclass(frozen=True)
class Lookback:
    """A look-back from a day. What happened on a day is in it from that day on.

    ``days``: for so many days, its own among them. ``months``: until the same day of the month so many months later,
    which is outside (1 April 2012 counts for 12 months up to and including 31 March 2013). ``terms``: while the term it
    fell in (in the holidays: that began last before it) is among the last so many that have begun.
    """

    days: int | None = None
    months: int | None = None
    terms: int | None = None

    def problems(self, *, needed: bool) -> list[str]:
        """Return what is wrong with it; where it is not ``needed`` none of the three may be given, and more never."""
        given = [unit for unit in UNITS if getattr(self, unit) is not None]
        if len(given) > 1 or (needed and not given):
            return ["give one of days, months and terms"]
        return [problem for unit in given for problem in whole_number(unit, getattr(self, unit), at_most=MOST[unit])]

    def __bool__(self) -> bool:
        return any(getattr(self, unit) is not None for unit in UNITS)

    def sentence(self) -> str:
        """Return it in words, such as ``in the last 12 months``; the last day is the day itself."""
        unit = next(unit for unit in UNITS if getattr(self, unit) is not None)
        number = getattr(self, unit)
        if number == 1:
            return "on the day" if unit == "days" else f"in the last {unit[:-1]}"
        return f"in the last {number} {'consecutive terms' if unit == 'terms' else unit}"
