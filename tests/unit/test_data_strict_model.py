"""Problems of a configuration file that has something quite different where several kinds of thing may stand."""

from typing import Any

import pytest

from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.errors import ConfigError


class Either(StrictModel):
    rule: dict[str, Any] | str


@pytest.mark.parametrize("rule", [["crime"], [], [{"k": 2}], 3, None])
def test_what_is_none_of_several_kinds_is_told_at_its_place(tmp_path, rule):
    path = tmp_path / "either.yaml"
    path.write_text("title: x\nrule: y\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"line 2, rule"):
        validate(Either, {"rule": rule}, path)
