"""Files in one ZIP archive, whose bytes depend on their content alone: no time of day, nobody's machine."""

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest time that the format knows


def to_zip(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files by name, in their order."""
    held = io.BytesIO()
    with ZipFile(held, "w") as archive:
        for name, content in files.items():
            entry = ZipInfo(name, FIRST_DAY)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return held.getvalue()


def from_zip(content: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name, in their order."""
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
