"""Where the rules of verdicts stand: the one place at which this room looks at a file."""

from pathlib import Path

from tf_eval import project
from tf_eval.data.strict_model import validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.evidence.rules import VerdictRules

RULES_FILE = "params/verdicts.yaml"


def load_verdict_rules(path: str | Path = RULES_FILE) -> VerdictRules:
    """Return the rules that a file sets.

    Raises:
        ConfigError: every slip of the file, with its place: an unknown word, a rule that can never be reached, a case
            that no rule decides.
        InputError: there is no such file.
    """
    found = project.locate(path, "file of rules of verdicts")
    return validate(VerdictRules, load_yaml(found), found)
