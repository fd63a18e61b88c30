"""Of which age the people of a condition are."""

from dataclasses import dataclass

from tf_eval.cohort.whole import whole_number

ADULT = 18
MONTHS = 12
OLDEST = 120


@dataclass(frozen=True)
class Ages:
    """The ages [from_age, under_age) in completed years; a bound that is None is none."""

    from_age: int | None = None
    under_age: int | None = None

    def __bool__(self) -> bool:
        return self.from_age is not None or self.under_age is not None

    def problems(self) -> list[str]:
        """Return what is wrong with the bounds."""
        given = [(name, value) for name, value in vars(self).items() if value is not None]
        problems = [problem for name, value in given for problem in whole_number(name, value, at_most=OLDEST)]
        if not problems and len(given) == 2 and self.from_age >= self.under_age:
            problems.append("from_age must be less than under_age")
        return problems

    @property
    def from_months(self) -> int | None:
        return None if self.from_age is None else self.from_age * MONTHS

    @property
    def under_months(self) -> int | None:
        return None if self.under_age is None else self.under_age * MONTHS

    def noun(self) -> str:
        """Return who has such an age: a child, an adult, or a member aged so and so."""
        if self == Ages(under_age=ADULT):
            return "child"
        if self == Ages(from_age=ADULT):
            return "adult"
        return f"member {self.sentence()}" if self else "member"

    def sentence(self) -> str:
        """Return the ages in words, such as ``aged 16 or over and under 25``."""
        bounds = [f"{self.from_age} or over"] * (self.from_age is not None)
        bounds += [f"under {self.under_age}"] * (self.under_age is not None)
        return f"aged {' and '.join(bounds)}"
