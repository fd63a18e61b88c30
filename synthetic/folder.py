"""From a preset and a seed to a folder with a synthetic county: extracts, truth and what was asked for."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from synthetic.county import build_county
from synthetic.extracts import agency_listings, write_extracts
from synthetic.faults.plant import plant_faults
from synthetic.faults.planted import Planted
from synthetic.identification import identify
from synthetic.interventions import assign_support
from synthetic.outcomes import draw_histories
from synthetic.presets import Preset, load_preset
from synthetic.programme import run_programme
from synthetic.records import hold_records
from synthetic.truth import draw_potential_outcomes
from synthetic.truth_files import write_truth
from tf_eval.errors import ConfigError, InputError

STAGES = 6
_MARK = "preset.yaml"
_HIGHEST_SEED = 2**32 - 1


def generate(
    preset: str | Preset,
    seed: int,
    out: str | Path,
    null: bool = False,
    faults: bool = False,
    report: Callable[[str], None] = lambda stage: None,
) -> Path:
    """Write a synthetic county into the folder ``out`` and return it.

    Args:
        preset: the name of a preset, or a preset.
        seed: a whole number from 0 to 4294967295; the same seed gives the same bytes of every file.
        out: the folder; a synthetic county that is there already is replaced, anything else is left alone.
        null: make every true effect and every change of recording zero, with the same families and starts.
        faults: let households change and plant faults in the records, at the preset's rates.
        report: called with the name of each stage as it begins.

    Raises:
        ConfigError: there is no such preset, the seed is no such number, or the preset cannot be carried out.
        InputError: ``out`` holds something that is not a synthetic county.
    """
    name = preset if isinstance(preset, str) else preset.county
    preset = load_preset(preset) if isinstance(preset, str) else preset
    seed = _checked_seed(seed)
    asked = {"preset": name, "seed": seed, "null": bool(null), "faults": bool(faults)}
    asked["parameters"] = preset.model_dump(mode="json")
    with _replacing(Path(out)) as folder:
        _write_county(preset.without_effects() if null else preset, seed, folder, faults, report)
        (folder / _MARK).write_text(yaml.safe_dump(asked, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return Path(out)


def _write_county(preset: Preset, seed: int, folder: Path, faults: bool, report: Callable[[str], None]) -> None:
    report("families")
    county = build_county(preset, seed)
    report("lives without support")
    untreated = draw_histories(county)
    report("programme")
    support = assign_support(county, untreated, run_programme(county, untreated, identify(county, untreated)))
    report("lives with support")
    outcomes = draw_potential_outcomes(county, untreated, support)
    report("records")
    records = hold_records(county, untreated.replaced_by(outcomes.recorded), support, faults=faults)
    listings = agency_listings(records)
    planted = plant_faults(records, listings) if faults else Planted(listings)
    report("files")
    for name in ("extracts", "truth"):
        (folder / name).mkdir()
    write_extracts(folder / "extracts", planted.listings)
    write_truth(folder / "truth", county, records, planted, support, outcomes)
    _write_key(folder / "linking", seed)


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
