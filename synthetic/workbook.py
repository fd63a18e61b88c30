"""Writing an Excel workbook of text cells: small, quick, and the same bytes whenever it is written.

A general writer spends most of a county's time here and stamps the clock into the file; text in plain sheets needs
five short parts of the Office Open XML format (ECMA-376, part 1, section 18).
"""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGE_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_STAMP = (2015, 4, 1, 0, 0, 0)


def write_workbook(path: Path, sheets: Mapping[str, Iterable[Sequence[str]]]) -> None:
    """Write a workbook whose ``sheets`` are rows of text, the header first; an empty text is an empty cell."""
    numbered = list(enumerate(sheets.items(), start=1))
    parts = {
        "[Content_Types].xml": _content_types(len(numbered)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(list(sheets)),
        "xl/_rels/workbook.xml.rels": _relations([("worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered]),
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": _sheet(rows) for n, (_, rows) in numbered}
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, date_time=_STAMP)
            archive.writestr(entry, _HEAD + text, compress_type=zipfile.ZIP_DEFLATED)


def _content_types(sheets: int) -> str:
    part = '<Override PartName="/xl/{}.xml" ContentType="' + _TYPE + '.{}+xml"/>'
    overrides = [part.format("workbook", "sheet.main")]
    overrides += [part.format(f"worksheets/sheet{number}", "worksheet") for number in range(1, sheets + 1)]
    relations = f'<Default Extension="rels" ContentType="{_PACKAGE_TYPE}"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{relations}{"".join(overrides)}</Types>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    links = (
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(links)}</Relationships>'


def _workbook(titles: Sequence[str]) -> str:
    sheets = (
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(titles, start=1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{"".join(sheets)}</sheets></workbook>'


def _sheet(rows: Iterable[Sequence[str]]) -> str:
    lines = (f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else "<c/>"
