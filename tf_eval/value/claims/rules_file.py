"""Where rules of payment stand: the one place at which this room looks for a file."""

from pathlib import Path

from tf_eval import project
from tf_eval.data.strict_model import validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.value.claims.rules import PaymentRules


def load_payment_rules(path: str | Path) -> PaymentRules:
    """Return the rules of payment by results that a file states, such as ``params/pbr/troubled_families_2012.yaml``.

    Raises:
        ConfigError: every slip of the file, each with its place and the nearest known word.
        InputError: there is no such file.
    """
    found = project.locate(path, "file of rules of payment")
    return validate(PaymentRules, load_yaml(found), found)
