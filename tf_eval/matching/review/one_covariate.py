"""One covariate as a reader knows it: a number, a yes/no or the levels of a category, and where it was missing."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from tf_eval.matching.everyone import Everyone
from tf_eval.matching.reading.missing import MISSING
from tf_eval.matching.review.bins import Bins
from tf_eval.matching.review.counted import Counted
from tf_eval.matching.review.distributions import overlap_coefficients

YES_NO = ("no", "yes")


@dataclass(frozen=True, eq=False)
class OneCovariate:
    """One covariate of a sample.

    values   a number for each row; of yes/no and categories the place of its level among the words
    words    the levels, empty for a number
    apart    rows whose value was missing and filled in, where the match took note of that
    """

    everyone: Everyone
    values: np.ndarray
    words: tuple[str, ...]
    apart: np.ndarray

    @classmethod
    def of(cls, everyone: Everyone, name: str) -> Self:
        """Put a covariate together from its columns."""
        levels = everyone.covariates.levels
        own = [column for column, level in enumerate(levels) if level.covariate == name]
        missing = [column for column in own if levels[column].level == MISSING and not levels[column].baseline]
        coded = [column for column in own if column not in missing]
        values = everyone.covariates.values
        apart = values[:, missing].any(axis=1)
        if levels[coded[0]].level is None:
            return cls(everyone, values[:, coded[0]], YES_NO if levels[coded[0]].binary else (), apart)
        words = tuple(str(levels[column].level) for column in coded)
        return cls(everyone, values[:, coded].argmax(axis=1), words, apart)

    @classmethod
    def of_score(cls, everyone: Everyone) -> Self:
        """Take the score by which rows were matched for a covariate."""
        return cls(everyone, everyone.score, (), np.zeros(len(everyone.score), dtype=bool))

    @property
    def is_number(self) -> bool:
        return not self.words

    def bins(self) -> Bins:
        """Return the bin of each row; rows that were filled in are in one of their own."""
        if not self.is_number:
            words = (*self.words, MISSING) if self.apart.any() else self.words
            return Bins.of_levels(self._codes(), words)
        seen = ~self.apart
        bins = Bins.of_numbers(self.values[seen], self.everyone.treated[seen])
        return bins.beside(self.apart, MISSING) if self.apart.any() else bins

    def shared(self) -> list[float]:
        """Return what the arms' distributions have in common, before and after: see ``overlap_coefficients``.

        Of levels it is the sum of the smaller shares; filled-in rows are a level.
        """
        treated = self.everyone.treated
        counted = [Counted.of(treated, weight) for weight in (np.ones(len(treated)), self.everyone.weight)]
        if self.is_number:
            return overlap_coefficients(self.values, treated, counted)
        codes, many = self._codes(), len(self.words) + 1
        shares = [[np.bincount(of_arm, share, many) for of_arm, share in each.parts(codes)] for each in counted]
        return [float(np.minimum(*arms).sum()) for arms in shares]

    def _codes(self) -> np.ndarray:
        return np.where(self.apart, len(self.words), self.values).astype(np.int64)
