"""Decode a file strictly, a chunk at a time: what is not of the declared encoding is refused, with its line."""

import codecs
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tf_eval.errors import InputError

CHUNK_BYTES = 1 << 21
BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LATIN = ("iso8859-1", "iso8859-15")
SINGLE_BYTE = ("cp1252", *LATIN, "ascii")
_AS_IN_ASCII = (*SINGLE_BYTE, "utf-8", "utf-8-sig")  # bytes below 128 stand for themselves, whatever comes before them
_C1_CONTROLS = bytes(range(0x80, 0xA0))


def utf8_chunks(path: Path, encoding: str) -> Iterator[bytes]:
    """Yield the text of a file as UTF-8, without a byte order mark.

    Args:
        path: the file.
        encoding: its declared encoding, any that Python knows.

    Raises:
        InputError: a byte has no meaning in that encoding, or the file breaks off inside a letter; with the line.
    """
    name = codecs.lookup(encoding).name
    decoder = codecs.getincrementaldecoder(name)()
    at = 0
    for chunk in _chunks(path):
        waiting = decoder.getstate()[0]
        if name in _AS_IN_ASCII and not waiting and chunk.isascii():
            text = chunk
        else:
            text = _decode(path, encoding, decoder, chunk, at - len(waiting))
        yield text.removeprefix(codecs.BOM_UTF8) if at == 0 else text
        at += len(chunk)


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, and an empty chunk as the last."""
    with path.open("rb") as file:
        yield from iter(partial(file.read, CHUNK_BYTES), b"")
    yield b""


def _decode(path: Path, encoding: str, decoder: codecs.IncrementalDecoder, chunk: bytes, starts_at: int) -> bytes:
    try:
        return decoder.decode(chunk, final=not chunk).encode("utf-8")
    except UnicodeError as error:
        line = _line_of(path, encoding, starts_at + getattr(error, "start", 0))
        hint = " Files from Windows programs are often cp1252." if encoding.lower().startswith("utf-8") else ""
        raise InputError(f"{path.name}, line {line:,}: not {encoding} text.{hint}") from None


def _line_of(path: Path, encoding: str, position: int) -> int:
    """Return the line in which a byte of the file stands."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    line = 1
    for chunk in _chunks(path):
        line += decoder.decode(chunk[: max(position, 0)]).count("\n")
        position -= len(chunk)
    return line


def refuse_other_encoding(path: Path, encoding: str) -> None:
    """Refuse a file whose bytes show another encoding beyond doubt, even where the declared one has a meaning for them.

    Raises:
        InputError: names the encoding to declare.
    """
    name = codecs.lookup(encoding).name
    with path.open("rb") as file:
        is_marked = file.read(2) in BYTE_ORDER_MARKS
    if name == "utf-16" and not is_marked:
        raise InputError(
            f"{path.name}: declared utf-16, but without a byte order mark; declare utf-16-le (as Windows has it) or "
            "utf-16-be."
        )
    looks_like = "utf-16" if is_marked and not name.startswith(("utf-16", "utf-32")) else _look(path, name)
    if looks_like:
        raise InputError(
            f"{path.name}: declared {encoding}, but it is {looks_like} text; declare encoding: {looks_like}."
        )


def _look(path: Path, declared: str) -> str | None:
    """Return the encoding that the bytes beyond ASCII are of, where it is not the declared one."""
    if declared in SINGLE_BYTE and _is_utf8_beyond_ascii(path):
        return "utf-8"
    if declared in LATIN and any(len(chunk.translate(None, _C1_CONTROLS)) < len(chunk) for chunk in _chunks(path)):
        return "cp1252"  # these bytes are typographic quotes and dashes there, and nothing that is written in latin
    return None


def _is_utf8_beyond_ascii(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_ascii = True
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk, final=not chunk)
            is_ascii = is_ascii and chunk.isascii()
    except UnicodeDecodeError:
        return False
    return not is_ascii
