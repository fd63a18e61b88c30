"""What a workbook's own XML says of a sheet and calamine does not: cells with an error, formulas without a result.

Calamine returns both as empty, which would make a missing value of a broken one. The sheet is searched in pieces and
not parsed: in the places that matter, what the writers of workbooks write is regular.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from tf_eval.errors import InputError, unknown

MOST_CELLS = 50_000_000  # a sheet is held in memory from its first cell to its last, empty ones included
PIECE_BYTES = 1 << 20
MOST_BYTES_IN_A_ROW = 1 << 26
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_ERROR = re.compile(rb"""\bt=["']e["']""")
_STRING = re.compile(rb"""\bt=["'](?:str|inlineStr)["']""")
_PLACE = rb"[A-Z]{1,3}[0-9]{1,7}"
_REFERENCE = re.compile(rb"""\br=["'](%s)["']""" % _PLACE)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\b[^>]*\bref=["'](%s(?::%s)?)["']""" % (_PLACE, _PLACE))


def find_errors(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return the text of each cell that holds an error, such as ``#REF!``, by row and column (both from 1).

    Raises:
        InputError: the workbook is no .xlsx or is damaged, has no such sheet, or the sheet holds a formula that was
            never calculated or reaches too far.
    """
    try:
        with ZipFile(path) as archive:
            _require_whole(archive)
            with archive.open(_part_of(path.name, archive, sheet)) as part:
                return dict(_errors(f"{path.name}, sheet '{sheet}'", part))
    except (BadZipFile, ZlibError, ElementTree.ParseError, ExpatError, KeyError, EOFError, OSError, RuntimeError):
        raise not_a_workbook(path.name) from None


def _require_whole(archive: ZipFile) -> None:
    """Read every part to its end, which compares its checksum, and all of its XML, which calamine may read in part."""
    for name in archive.namelist():
        parser = ParserCreate() if name.endswith((".xml", ".rels")) else None
        with archive.open(name) as part:
            while piece := part.read(PIECE_BYTES):
                if parser:
                    parser.Parse(piece)
        if parser:
            parser.Parse(b"", True)


def not_a_workbook(file: str) -> InputError:
    """Return the error that a file is no workbook of the format that can be read in full."""
    return InputError(f"{file}: not an Excel workbook that can be read, or damaged; save it again as .xlsx.")


def _part_of(file: str, archive: ZipFile, sheet: str) -> str:
    """Return where in the archive a sheet is."""
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = {item.get("name", ""): item for item in workbook.iter() if item.tag.rpartition("}")[2] == "sheet"}
    if sheet not in sheets:
        raise InputError(f"{file}: {unknown('sheet', sheet, sheets)}")
    link = next((value for name, value in sheets[sheet].items() if name.endswith("}id")), "")
    return str(PurePosixPath("/xl") / targets[link]).lstrip("/")


def _errors(where: str, part: IO[bytes]) -> Iterator[tuple[tuple[int, int], str]]:
    for number, piece in enumerate(_pieces(where, part)):
        if number == 0:
            _require_size(where, piece)
        if _ERROR.search(piece) or _FORMULA.search(piece):
            yield from _errors_in(where, piece)


def _pieces(where: str, part: IO[bytes]) -> Iterator[bytes]:
    """Yield the XML in pieces that do not cut through a row."""
    kept = b""
    for chunk in iter(partial(part.read, PIECE_BYTES), b""):
        text = kept + chunk
        cut = text.rfind(b"row>") + len(b"row>") if b"row>" in text else 0
        if cut:
            yield text[:cut]
        kept = text[cut:]
        if len(kept) > MOST_BYTES_IN_A_ROW:
            raise InputError(f"{where}: a row is longer than Excel can make one; save the workbook again as .xlsx.")
    yield kept


def _require_size(where: str, head: bytes) -> None:
    """Refuse a sheet that a stray cell far out makes too large to hold, and XML in which nothing would be found."""
    if b"\0" in head:
        raise InputError(f"{where}: its XML is not utf-8; save the workbook again as .xlsx.")
    dimension = _DIMENSION.search(head)
    if dimension is None:
        return
    left, top, right, bottom = range_boundaries(dimension[1].decode())
    if (right - left + 1) * (bottom - top + 1) > MOST_CELLS:
        raise InputError(
            f"{where}: it reaches to row {bottom:,} and column {right:,}; delete the empty rows and columns around "
            "the table and save it again."
        )


def _errors_in(where: str, piece: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for cell in _CELL.finditer(piece):
        attributes, inside = cell[1], cell[2] or b""
        value = _VALUE.search(inside)
        if _ERROR.search(attributes):
            text = value[1].decode(errors="replace") if value else "#VALUE!"
            yield coordinate_to_tuple(_place(where, attributes)), text
        elif value is None and _FORMULA.search(inside) and not _STRING.search(attributes):
            raise InputError(
                f"{where}, cell {_place(where, attributes)}: a formula that was never calculated; open the workbook "
                "in Excel and save it, or have the values pasted in place of the formulas."
            )


def _place(where: str, attributes: bytes) -> str:
    reference = _REFERENCE.search(attributes)
    if reference is None:
        raise InputError(f"{where}: a cell with an error and no place; open the workbook in Excel and save it.")
    return reference[1].decode()
