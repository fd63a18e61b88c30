"""From a preset and a seed to a folder with a synthetic county or country: extracts, truth and what was asked for."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from synthetic.country import write_country
from synthetic.draw import Report, draw_county
from synthetic.extracts import write_extracts
from synthetic.presets import Preset, load_preset
from synthetic.truth_files import write_truth
from tf_eval.errors import ConfigError, InputError

_STAGES = 6
_MARK = "preset.yaml"
_HIGHEST_SEED = 2**32 - 1


def generate(
    preset: str | Preset,
    seed: int,
    out: str | Path,
    null: bool = False,
    faults: bool = False,
    report: Report = lambda stage: None,
) -> Path:
    """Write a synthetic county into the folder ``out`` and return it; a country area by area, in Parquet.

    Args:
        preset: the name of a preset, or a preset.
        seed: a whole number from 0 to 4294967295; the same seed gives the same bytes of every file.
        out: the folder; a synthetic county that is there already is replaced, anything else is left alone.
        null: make every true effect and every change of recording zero, with the same families and starts.
        faults: let households change and plant faults in the records, at the preset's rates; not in a country.
        report: called with the name of each stage as it begins.

    Raises:
        ConfigError: there is no such preset, the seed is no such number, the preset cannot be carried out, or faults
            are asked for in a country.
        InputError: ``out`` holds something that is not a synthetic county.
    """
    name = preset if isinstance(preset, str) else preset.county
    preset = load_preset(preset) if isinstance(preset, str) else preset
    seed = _checked_seed(seed)
    if faults and preset.areas:
        raise ConfigError(f"faults: are planted in counties only, and '{name}' is a country; ask for 'kent' instead.")
    asked = {"preset": name, "seed": seed, "null": bool(null), "faults": bool(faults)}
    asked["parameters"] = preset.model_dump(mode="json")
    with _replacing(Path(out)) as folder:
        _write_files(preset.without_effects() if null else preset, seed, folder, faults, report)
        _write_key(folder / "linking", seed)
        (folder / _MARK).write_text(yaml.safe_dump(asked, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return Path(out)


def stages(preset: str | Preset) -> int:
    """Return how many stages ``generate`` will report; raise ``ConfigError`` if there is no such preset."""
    preset = load_preset(preset) if isinstance(preset, str) else preset
    return _STAGES * max(len(preset.areas), 1)


def _write_files(preset: Preset, seed: int, folder: Path, faults: bool, report: Report) -> None:
    extracts, truth = folder / "extracts", folder / "truth"
    for part in (extracts, truth):
        part.mkdir()
    if preset.areas:
        write_country(extracts, truth, preset, seed, report)
        return
    drawn = draw_county(preset, seed, report, faults=faults)
    report("files")
    write_extracts(extracts, drawn.planted.listings)
    write_truth(truth, drawn)


def _write_key(folder: Path, seed: int) -> None:
    """Write a linking key made from the seed: it guards nobody, and so the same seed gives the same results."""
    folder.mkdir(mode=0o700)
    path = folder / "key"
    path.write_text(hashlib.sha256(f"synthetic {seed}".encode()).hexdigest() + "\n", encoding="ascii")
    path.chmod(0o600)


def _checked_seed(seed: int) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= _HIGHEST_SEED:
        raise ConfigError(f"seed: expected a whole number from 0 to {_HIGHEST_SEED}, such as 2012.")
    return seed


@contextmanager
def _replacing(out: Path) -> Iterator[Path]:
    """Give a folder beside ``out`` to write into, and put it in the place of ``out`` once it is whole."""
    if out.exists() and not (out / _MARK).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: is there and is no synthetic county. Name another folder, or remove it yourself.")
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield fresh
        fresh.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
