"""Every public name is there, says what it is, and misspelt names are refused as Python does."""

import subprocess
import sys

import pytest

import tf_eval as tf


@pytest.mark.parametrize("name", tf.__all__)
def test_every_public_name_has_a_docstring(name):
    assert getattr(tf, name).__doc__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'macth'"):
        _ = tf.macth


def test_names_are_listed_for_completion():
    assert {"open_county", "match", "estimate_att", "judge", "publish"} <= set(dir(tf))


def test_importing_the_package_is_light():
    """The command line imports it for every answer, `--help` too."""
    code = "import sys, tf_eval; print(sorted({'numpy', 'pandas', 'matplotlib', 'duckdb'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
