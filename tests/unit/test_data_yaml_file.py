"""The strict reading of YAML files."""

from pathlib import Path

import pytest

from tf_eval.data.yaml_file import line_of, load_yaml
from tf_eval.errors import ConfigError


def load(folder: Path, text: str) -> dict:
    path = folder / "params.yaml"
    path.write_text(text, encoding="utf-8")
    return load_yaml(path)


def test_plain_values_are_read_as_they_stand(tmp_path):
    text = "a: 1\nb: -0.5\nc: true\nd: null\ne: 2009-04-01\nf: [x, 'NO']\ng: {h: '010'}\n1: one\n"
    assert load(tmp_path, text) == {
        "a": 1,
        "b": -0.5,
        "c": True,
        "d": None,
        "e": "2009-04-01",
        "f": ["x", "NO"],
        "g": {"h": "010"},
        1: "one",
    }


@pytest.mark.parametrize(
    "word", ["NO", "no", "Yes", "on", "OFF", "True", "012", "12:30", "1_000", "0x1F", ".nan", ".inf"]
)
@pytest.mark.parametrize("text", ["a: 1\nb: {}\n", "a: 1\nb: [{}]\n", "a: 1\n{}: b\n"])
def test_a_word_that_could_be_read_in_two_ways_is_refused_with_its_line(tmp_path, word, text):
    with pytest.raises(ConfigError, match=r"params\.yaml, line 2: .* can be read in two ways"):
        load(tmp_path, text.format(word))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: the key 'a' stands twice"),
        ("a:\n  - b: 1\n    b: 2\n", "line 3: the key 'b' stands twice"),
        ("[1]: a\n", "a key must be one word"),
        ("- a\n- b\n", "expected 'key: value' lines"),
        ("", "expected 'key: value' lines"),
        ("a: [1\nb: 2\n", "not valid YAML. Line 2"),
        ("a: !!python/object:os.system x\n", "not valid YAML"),
    ],
)
def test_what_is_no_plain_mapping_is_refused(tmp_path, text, message):
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, text)
    assert message in str(refused.value)


def test_a_missing_file_and_a_wrong_encoding_are_told(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        load_yaml(tmp_path / "missing.yaml")
    (tmp_path / "latin.yaml").write_bytes("a: Zoë".encode("cp1252"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_yaml(tmp_path / "latin.yaml")


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (("a",), 1),
        (("b",), 2),
        (("b", 0), 3),
        (("b", 1), 5),
        (("b", 1, "d"), 6),
        (("b", 1, "e", 0, "start"), 7),  # written without the dash of a list
        (("b", 1, "f", 2), 10),
        (("b", 1, "f", 9), 9),  # as deep as the file goes
        (("b", 1, "absent", "deeper"), 5),
        (("absent",), None),
        ((), None),
    ],
)
def test_the_line_of_a_place_is_found(tmp_path, location, line):
    path = tmp_path / "params.yaml"
    lines = ["a: 1", "b:", "  - c: 1", "    d: 2", "  - c: 1", "    d: 2", "    e: {start: 1,", "        end: 2}"]
    path.write_text("\n".join([*lines, "    f: [1, 2,", "      3]", ""]), encoding="utf-8")
    assert line_of(path, location) == line
