"""Where things lie in a data folder: the one place that spells its file names."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths below `--data DIR`.

    >>> Layout(Path("shop")).lake.as_posix()
    'shop/lake'
    """

    root: Path

    @property
    def secret(self) -> Path:
        """32 random bytes that key the hashes of identifiers; mode 0600. Losing it orphans every person."""
        return self.root / "secret"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def keys(self) -> Path:
        """The key store: kept out of ordinary backups, because destroying a key is how a person is forgotten."""
        return self.root / "keys"

    @property
    def state(self) -> Path:
        """LMDB, one environment per partition."""
        return self.root / "state" / "0"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def definitions(self) -> Path:
        return self.root / "definitions.sqlite"

    @property
    def catalogue(self) -> Path:
        return self.root / "catalogue.sqlite"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def clusters(self) -> Path:
        """The trained versions of each clustering, a folder each."""
        return self.root / "clusters"

    @property
    def predictions(self) -> Path:
        """The trained versions of each predictive model, a folder each."""
        return self.root / "predictions"

    @property
    def imports(self) -> Path:
        """How far each imported file came, and the rows it refused."""
        return self.root / "imports"

    @property
    def native(self) -> Path:
        """Compiled segments (extra `native`): only we may write there, and it can be deleted while nothing runs."""
        return self.root / "native"

    @property
    def run(self) -> Path:
        """Locks, pids, the console's token, metrics of running processes: nothing here outlives a reboot."""
        return self.root / "run"
