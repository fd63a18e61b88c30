"""The money figures of the founding documents, worked through."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from pydantic import Field

from tf_eval import project
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.value.appraisal.clause import Sentence

FIGURES_FILE = "params/appraisals/founding_figures.yaml"


class FoundingFigure(StrictModel):
    """A figure that a document states, with what it is made of; ``slip`` says what is wrong with it, if anything is."""

    what: Sentence
    pounds: float = Field(gt=0)
    divided_by: float = Field(gt=0)
    stated: float | None = None
    quote: Sentence
    source: Sentence
    slip: Sentence | None = None

    @property
    def worked(self) -> float:
        return self.pounds / self.divided_by

    @property
    def holds(self) -> bool | None:
        """Whether what is stated is what it comes to; None where nothing is stated."""
        return None if self.stated is None else abs(self.stated - self.worked) < 1e-9 * self.worked


class FoundingFigures(StrictModel):
    figures: Mapping[str, FoundingFigure]


def founding_figures(path: str | Path = FIGURES_FILE) -> pd.DataFrame:
    """Return one row per figure: what was stated, what it comes to, whether that holds, and the slip where it does not.

    Raises:
        ConfigError: the file is wrong.
        InputError: there is no such file.
    """
    found = project.locate(path, "file of founding figures")
    figures = validate(FoundingFigures, load_yaml(found), found).figures
    rows = [
        {"figure": name, **one.model_dump(), "worked": one.worked, "holds": one.holds} for name, one in figures.items()
    ]
    return pd.DataFrame(rows)
