"""Questions to the lake in SQL, answered by DuckDB: reading only, and nothing but the lake."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from tailorbird.errors import BadRequest, Corrupt, StateUnavailable
from tailorbird.shell.embedded.lake_manifest import Manifest, ManifestFile
from tailorbird.shell.embedded.lake_views import quoted, view_statements

_SPILL = ".spill"


class LakeQuery:
    """One DuckDB in memory whose views follow the manifest. Safe to ask from several threads."""

    def __init__(self, folder: Path, manifest_file: ManifestFile) -> None:
        self._folder = folder
        self._manifest_file = manifest_file
        self._mutex = threading.Lock()
        self._manifest: Manifest | None = None
        self._asking: dict[int, duckdb.DuckDBPyConnection] = {}  # by thread
        self._database = duckdb.connect(":memory:")
        for name, value in _settings(folder).items():
            self._database.execute(f"SET {name} = {value}")

    def rows(self, sql: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
        """The answer as dictionaries; raises BadRequest for anything but one readable SELECT."""
        # A file that was joined away meanwhile stands in the next manifest.
        for last in (False, False, True):
            try:
                with self._cursor() as cursor:
                    return self._ask(cursor, sql, parameters)
            except duckdb.OperationalError as error:
                if last:
                    raise StateUnavailable(f"The lake {self._folder} cannot answer: {error}. Try again.") from error
            except duckdb.InvalidInputException as error:  # of the views, for `ask` speaks of the question
                line = str(error).partition("\n")[0]
                raise Corrupt(f"The lake {self._folder} is damaged: {line}. Restore it from a backup.") from error
        raise AssertionError("unreachable")

    def interrupt(self, thread: int) -> None:
        """Let what that thread asks now end at once, with BadRequest for it."""
        asking = self._asking.get(thread)
        if asking is not None:
            asking.interrupt()

    def _ask(self, cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
        # By thread: whoever waits for an answer asks from a thread of their own, and can be told to give up by its
        # number.
        thread = threading.get_ident()
        self._asking[thread] = cursor
        try:
            return ask(cursor, sql, parameters)
        finally:
            del self._asking[thread]

    def close(self) -> None:
        self._database.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._mutex:
            manifest = self._manifest_file.load()
            if manifest is not self._manifest:
                for statement in view_statements(self._folder, manifest):
                    self._database.execute(statement)
                self._manifest = manifest
            # A cursor is a connection of its own to the same views: questions of several threads run side by side.
            return self._database.cursor()


def ask(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
    """The rows of one SELECT; raises BadRequest for anything else, or what cannot be understood."""
    try:
        statements = connection.extract_statements(sql)
        # Asked of the parser and not of the text: comments, CTEs and quotes make any search for words wrong.
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise BadRequest("The lake answers one SELECT at a time, and changes nothing.")
        answer = connection.execute(sql, parameters)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    except duckdb.OperationalError:  # not the question's fault: files, memory
        raise
    except duckdb.Error as error:
        raise BadRequest(f"The lake cannot answer this SQL: {error}") from error


def _settings(folder: Path) -> dict[str, Any]:
    return {
        "autoinstall_known_extensions": False,  # never fetch anything
        "autoload_known_extensions": False,
        "threads": 2,
        "memory_limit": "'2GB'",
        "parquet_metadata_cache": True,
        "temp_directory": quoted(folder / _SPILL),
        "allowed_directories": f"[{quoted(folder)}]",
        "enable_external_access": False,  # beyond the directories above
        "lock_configuration": True,  # from here on nothing can be set any more
    }
