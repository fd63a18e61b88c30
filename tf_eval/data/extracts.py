"""The extracts of a county as they lie there: where each file is, its hash, and which were deleted as agreed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tf_eval.data.agreements import Agreement
from tf_eval.data.certificates import DELETION, read_certificates
from tf_eval.data.digest import sha256
from tf_eval.data.formats import SqlFormat
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.reading.manifest import FILE_NAME as MANIFEST
from tf_eval.data.reading.manifest import read_manifest
from tf_eval.data.reading.query import snapshot
from tf_eval.data.source import Source
from tf_eval.data.sources import Sources
from tf_eval.errors import InputError, raise_all


@dataclass(frozen=True)
class Extracts:
    """Every extract that is still held, by its name in the sources file.

    ``files`` says where each is (for a query, where its snapshot is) and ``digests`` its SHA-256. ``unlisted`` are
    the files that no manifest names, so that nobody can tell whether they are whole; ``unread`` those in the folder
    and below it that no source reads, and ``absent`` those that the manifest names and that are not there.
    """

    files: dict[str, Path]
    digests: dict[str, str]
    unlisted: tuple[str, ...]
    unread: tuple[str, ...]
    absent: tuple[str, ...]


def held_sources(sources: Sources, county_folder: Path) -> list[Source]:
    """Return the sources that were not deleted under their agreement; with its people's list, all of an agency goes."""
    gone = {
        (file, certificate["agreement"], certificate["delete_by"])
        for certificate in read_certificates(county_folder, DELETION)
        for file in certificate["files"]
    }
    delete_by = {agreement.reference: agreement.delete_by.isoformat() for agreement in sources.agreements}
    deleted = [
        source
        for source in sources.entries
        if (source.file, source.agreement, delete_by.get(source.agreement)) in gone
        and not (sources.extracts / source.file).exists()
    ]
    without_people = {source.agency for source in deleted if source.table == "person_record"}
    return [
        source
        for source in sources.entries
        if source not in deleted and not (source.contract.of_persons and source.agency in without_people)
    ]


def agreements_of(sources: Sources, held: Iterable[Source]) -> list[Agreement]:
    """Return the agreements under which some extract is held."""
    references = {source.agreement for source in held}
    return [agreement for agreement in sources.agreements if agreement.reference in references]


def find_extracts(sources: Sources, held: Sequence[Source], store: LinkingStore, *, ask: bool = True) -> Extracts:
    """Return where the held extracts are; queries are run, and their rows kept in the linking store.

    Args:
        sources: the checked sources file.
        held: those of its sources that are held.
        store: the county's linking store.
        ask: whether queries are run; if not, their rows are those that were last kept.

    Raises:
        InputError: a file is missing, a query fails, or a file is not the one that the manifest describes.
    """
    files: dict[str, Path] = {}
    problems: list[str] = []
    for source in {source.file: source for source in held}.values():
        is_query = isinstance(source.format, SqlFormat)
        if is_query and ask:
            snapshot(source.file, source.format, source.date_format, store.snapshots)
        path = store.snapshot_of(source.file) if is_query else sources.extracts / source.file
        if path.is_file():
            files[source.file] = path
        else:
            problems.append(f"{source.file} is missing.")
    raise_all(InputError, f"extracts in {sources.extracts.name}/", problems)
    manifest = read_manifest(sources.extracts)
    sent = [name for name, path in files.items() if path.is_relative_to(sources.extracts)]
    unlisted = manifest.check(sent) if manifest else tuple(sent)
    unread = unread_files(sources)
    absent = set(manifest.entries) - {MANIFEST, *unread, *sources.names} if manifest else set()
    digests = {name: sha256([path]) for name, path in files.items()}
    return Extracts(files, digests, unlisted, unread, tuple(sorted(absent)))


def unread_files(sources: Sources) -> tuple[str, ...]:
    """Return the files among the extracts and in folders below that no source reads, but for hidden ones."""
    others = (name for name in files_below(sources.extracts) if name not in {MANIFEST, *sources.names})
    return tuple(name for name in others if not any(part.startswith(".") for part in Path(name).parts))


def files_below(folder: Path) -> list[str]:
    """Return the files in a folder and those below it, by their paths from it; a link is one, wherever it leads."""
    paths = (path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in paths)
