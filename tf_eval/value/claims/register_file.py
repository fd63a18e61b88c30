"""The register of claims as a workbook of the secure side: it names families, and may never stand where pages do."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pandas as pd

from tf_eval import project
from tf_eval.data.durable import OWNER_ONLY, write_durably
from tf_eval.errors import DisclosureError, InputError

DAY_FORMAT = "YYYY-MM-DD"


def write_register(sheets: Mapping[str, pd.DataFrame], path: str | Path) -> Path:
    """Write frames as the sheets of a new Excel workbook that its owner alone can read, and return where it is.

    The numbers of families are text there: Excel keeps no more than fifteen figures of a number.

    Raises:
        DisclosureError, InputError: see ``Claims.write_register``.
    """
    found = project.resolve(path)
    _require_secure(found)
    if found.suffix.lower() != ".xlsx":
        raise InputError(f"{found.name}: a register is an Excel workbook; give it a name that ends in .xlsx")
    if not found.parent.is_dir():
        raise InputError(f"{found.name}: there is no folder '{found.parent.name}' to write it in")
    if found.exists():
        raise InputError(f"{found.name}: there is such a file already; a register is not written over, name another")
    book = BytesIO()
    with pd.ExcelWriter(book, engine="openpyxl", date_format=DAY_FORMAT, datetime_format=DAY_FORMAT) as writer:
        for name, frame in sheets.items():
            as_text = {name: "str" for name in frame if name == "family_id"}
            frame.astype(as_text).to_excel(writer, sheet_name=name, index=False)
    write_durably(found, book.getvalue(), mode=OWNER_ONLY)
    return found


def _require_secure(path: Path) -> None:
    """A folder of what is published is the project's own, or one that has runs and a site in it."""
    output = project.resolve(project.OUTPUT).resolve()
    for folder in path.resolve().parents:
        if folder == output or all((folder / name).is_dir() for name in ("runs", "site")):
            raise DisclosureError(
                f"{path.name}: the register names families, and '{folder.name}' is a folder of what is published; "
                "keep it beside the county's data"
            )
