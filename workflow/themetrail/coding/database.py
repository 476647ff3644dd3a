"""Read SQLite databases from strangers: in memory, tables only, bounded in time and size."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from themetrail.errors import InputError

MOST_ROWS = 2_000_000
MOST_SECONDS = 60.0
_STEPS = 100_000
_JOURNAL = slice(18, 20)
_ROLLBACK = b"\x01\x01"
# The last column of PRAGMA table_xinfo: a generated column, virtual or stored.
_GENERATED = (2, 3)
_LEAST_LENGTH = 10_000
_MAY = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})


# SQLite's own words about damage may hold the damage, which then can't be decoded.
_DAMAGE = (sqlite3.Error, UnicodeDecodeError, OverflowError)


def _said(error: Exception) -> str:
    return "damaged names" if isinstance(error, UnicodeDecodeError) else str(error)[:100]


class Database:
    """A database of which only named tables can be read, row by row.

    Nothing is written anywhere: the bytes are opened in memory. Views, triggers and virtual
    tables never run, since an authoriser lets nothing but reading of plain tables through.

    Raises
    ------
    InputError
        The bytes are no database, or a damaged one.
    """

    def __init__(self, data: bytes) -> None:
        # A database in write-ahead mode can't be opened in memory; the journal is not in the
        # file anyway.
        plain = data[: _JOURNAL.start] + _ROLLBACK + data[_JOURNAL.stop :]
        self._connection = sqlite3.connect(":memory:")
        try:
            self._connection.deserialize(plain)
            self._connection.execute("PRAGMA trusted_schema=OFF")
            self._connection.execute("PRAGMA query_only=ON")
            schema = self._connection.execute("SELECT type, name, sql FROM sqlite_master")
            self.tables = {
                str(name)
                for kind, name, sql in schema.fetchmany(10_000)
                if kind == "table" and not str(sql or "").upper().startswith("CREATE VIRTUAL")
            }
            self._computed = {name for name in self.tables if self._computes(name)}
        except _DAMAGE as error:
            self._connection.close()
            message = f"not a whole database ({_said(error)})"
            raise InputError(message) from error
        self._connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 20)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(len(data), _LEAST_LENGTH))
        self._connection.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_OK if action in _MAY else sqlite3.SQLITE_DENY
        )
        until = time.monotonic() + MOST_SECONDS
        self._connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)

    def _computes(self, table: str) -> bool:
        """Whether a table has columns that are computed as they are read, which no tool makes."""
        quoted = table.replace('"', '""')
        columns = self._connection.execute(f'PRAGMA table_xinfo("{quoted}")')
        return any(column[-1] in _GENERATED for column in columns.fetchmany(10_000))

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def rows(self, table: str, *needed: str) -> Iterator[dict[str, Any]]:
        """Rows of a table by column name.

        Raises
        ------
        InputError
            The table or a needed column is not there, or is damaged or too large.
        """
        if table not in self.tables:
            message = f"has no table {table!r}"
            raise InputError(message)
        if table in self._computed:
            message = f"table {table!r} computes its columns, which no program of coders makes"
            raise InputError(message)
        try:
            # The name is one of those that the schema lists, in double quotes.
            cursor = self._connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            names = [str(column[0]) for column in cursor.description]
            missing = [name for name in needed if name not in names]
            if missing:
                message = f"table {table!r} has no column {missing[0]!r}"
                raise InputError(message)
            for number, values in enumerate(cursor):
                if number >= MOST_ROWS:
                    message = f"table {table!r} has more than {MOST_ROWS} rows"
                    raise InputError(message)
                yield dict(zip(names, values, strict=True))
        except _DAMAGE as error:
            message = f"table {table!r} can't be read ({_said(error)})"
            raise InputError(message) from error


def text(value: Any) -> str:
    """A database value as text; nothing for what is not text or number."""
    return str(value) if isinstance(value, str | int | float) else ""


def whole(value: Any) -> int | None:
    """A database value as a whole number, or None."""
    return value if isinstance(value, int) else None
