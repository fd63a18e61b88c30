"""A country written area by area: one area is in memory at a time, and each table is one Parquet file of them all."""

from collections.abc import Sequence
from pathlib import Path

from synthetic.areas import Area, areas_of
from synthetic.draw import Draw, Report, draw_county
from synthetic.extracts.manifest import write_manifest
from synthetic.files import Columns, references, write_parquet
from synthetic.growing import GrowingFolder
from synthetic.listing import Listing
from synthetic.presets import Preset
from synthetic.truth import pooled_effects
from synthetic.truth_files import TRUTH_TYPES, truth_tables


def write_country(extracts: Path, truth: Path, preset: Preset, seed: int, report: Report) -> None:
    """Draw the areas of a country one after the other and write them into two existing folders.

    Raises:
        ConfigError: the preset cannot be carried out in some area.
    """
    with GrowingFolder(extracts) as sent, GrowingFolder(truth) as true:
        effects = [_write_area(sent, true, area, report) for area in areas_of(preset, seed)]
    write_parquet(truth / "effects.parquet", pooled_effects(effects))
    write_manifest(extracts)


def _write_area(extracts: GrowingFolder, truth: GrowingFolder, area: Area, report: Report) -> Columns:
    """Draw an area, add it to the files and return its effects."""

    def report_here(stage: str) -> None:
        report(f"{area.preset.county}: {stage}")

    drawn = draw_county(area.preset, area.seed, report_here, block=area.block)
    report_here("files")
    _add_extracts(extracts, drawn.planted.listings)
    return _add_truth(truth, drawn, area.block.first)


def _add_extracts(folder: GrowingFolder, listings: Sequence[Listing]) -> None:
    """Add what the agencies of an area hold; the school calendar is the same in all areas and stands there once."""
    for listing in listings:
        if listing.layout.table != "term" or not folder.rows(listing.layout.parquet):
            folder.add(listing.layout.parquet, listing.layout.written(_numbered_on(folder, listing)), {})


def _numbered_on(folder: GrowingFolder, listing: Listing) -> Columns:
    """Return the listing's columns, in which the running numbers of rows go on from those of the areas before."""
    layout = listing.layout
    if layout.reference is None:
        return listing.columns
    first = folder.rows(layout.parquet) + 1
    return {**listing.columns, "reference": references(layout.reference, len(listing), first=first)}


def _add_truth(folder: GrowingFolder, drawn: Draw, families_before: int) -> Columns:
    """Add the truth of an area, its families and people numbered on, and return its effects."""
    tables = truth_tables(drawn)
    before = {"family_id": families_before, "person_id": folder.rows("people.parquet")}
    for name in [name for name in tables if name != "effects"]:
        shifted = {column: tables[name][column] + number for column, number in before.items() if column in tables[name]}
        folder.add(f"{name}.parquet", {**tables[name], **shifted}, TRUTH_TYPES.get(name, {}))
    return tables["effects"]
