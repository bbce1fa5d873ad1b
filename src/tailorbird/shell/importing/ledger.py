"""How far a file came: a small file beside the data, replaced whole; kill -9 finds the old one or the new one."""

from hashlib import blake2b
from pathlib import Path

import msgspec

from tailorbird.errors import Corrupt
from tailorbird.shell.embedded.files import replace_file

_CHUNK = 1 << 20


class Ledger(msgspec.Struct):
    """The state of one import. What lies behind `rows` may be in the log already; `resume.py` finds out what is."""

    file_id: str
    kind: str  # "events", "items"
    path: str
    stat: tuple[int, int]  # size and mtime in ns, to know an unchanged file without reading it
    source: str = ""
    rows: int = 0  # the last row that is surely done
    position: int = 0  # where it ends
    taken: int = 0
    refused: int = 0
    report_bytes: int = 0
    offset: int = 0  # of the log, when this was written
    finished: bool = False

    def save(self, folder: Path) -> None:
        """Replace the ledger on disk; it is there when this returns."""
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(ledger_path(folder, self.kind, self.file_id), msgspec.json.encode(self))


def ledger_path(folder: Path, kind: str, file_id: str) -> Path:
    return folder / f"{kind}-{file_id}.json"


def open_ledger(folder: Path, kind: str, path: Path) -> Ledger:
    """The ledger of this file, or a new one. The same bytes are the same file, under whatever name."""
    stat = path.stat()
    known = (stat.st_size, stat.st_mtime_ns)
    # An unchanged file need not be read from end to end to be known.
    for ledger in all_ledgers(folder):
        if (ledger.kind, ledger.path, tuple(ledger.stat)) == (kind, str(path.resolve()), known):
            return ledger
    file_id = identity(path)
    saved = ledger_path(folder, kind, file_id)
    return _read(saved) if saved.exists() else Ledger(file_id, kind, str(path.resolve()), known)


def all_ledgers(folder: Path) -> list[Ledger]:
    """Every import that ever began here."""
    return [_read(path) for path in sorted(folder.glob("*-*.json"))] if folder.is_dir() else []


def identity(path: Path) -> str:
    """What the file is, from all of its bytes (1 GB/s).

    Only size and name would let a corrected file pass for the one before it.
    """
    digest = blake2b(digest_size=12)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _read(path: Path) -> Ledger:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Ledger)
    except ValueError as error:
        raise Corrupt(
            f"The import ledger {path} cannot be read ({error}). Remove it to import that file anew."
        ) from None
