"""Files that are written whole and for good: in one step, and on the disk before anything that rests on them."""

import os
import secrets
from pathlib import Path

OWNER_ONLY = 0o600


def write_durably(path: Path, content: str | bytes, *, mode: int = 0o666) -> None:
    """Write a file, text as UTF-8, in one step; ``mode`` says who may read it, less what the system forbids to all."""
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        error.filename = str(path)  # a full disk does not say whose it is
        raise
    finally:
        draft.unlink(missing_ok=True)
