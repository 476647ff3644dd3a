"""Read and write the tables of ``themetrail.contracts``; outputs appear whole or not at all.

Parquet and CSV by the file's extension. Text that is missing is the empty string, so that a
code called "NA" stays a code; missing numbers are null.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.contracts import PROBLEMS, ColumnType, Contract
from themetrail.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

_DTYPES: dict[ColumnType, str] = {
    "str": "object",
    "int": "int64",
    "float": "float64",
    "bool": "bool",
}
PART = ".part"


@contextlib.contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """Give a temporary path to write to; on success it becomes ``path`` in one step.

    A process killed halfway leaves ``.<name>.<random>.part``, which the next run sweeps away.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    # The suffix stays, since writers choose a format by it.
    part = target.with_name(f".{target.stem}.{secrets.token_hex(4)}{PART}{target.suffix}")
    try:
        yield part
        # Data before name: after a power cut the name must not point at an empty file.
        descriptor = os.open(part, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def write_text(text: str, path: str | Path) -> None:
    r"""Write UTF-8 text with ``\n`` line ends, whole or not at all."""
    with whole(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def write_json(value: Any, path: str | Path) -> None:
    """Write JSON with sorted keys, so that the same value gives the same bytes."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    write_text(text + "\n", path)


def frame(rows: Iterable[Any], contract: Contract) -> pd.DataFrame:
    """A table of the contract's columns from dicts or dataclasses; empty where there are none."""
    import dataclasses

    import pandas as pd

    dicts = [dataclasses.asdict(row) if dataclasses.is_dataclass(row) else row for row in rows]  # type: ignore[arg-type]
    table = pd.DataFrame(dicts, columns=None if dicts else contract.names)
    return conform(table, contract)


def conform(table: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Order, type and check a table by its contract.

    Raises
    ------
    InputError
        A column is missing or not declared, a value has the wrong type or is missing where it
        may not be, or two rows share a key.
    """
    import pandas as pd

    names = contract.names
    missing = [name for name in names if name not in table.columns]
    extra = [str(name) for name in table.columns if name not in names]
    if missing or (extra and not contract.free):
        message = f"not a {contract.name!r} table: missing {missing}, not declared {extra}"
        raise InputError(message)
    done: dict[str, Any] = {}
    for column in contract.columns:
        values = table[column.name]
        absent = values.isna()
        if column.type != "str" and not column.optional and bool(absent.any()):
            message = f"{contract.name}: column {column.name!r} has {int(absent.sum())} missing"
            raise InputError(message)
        try:
            if column.type == "str":
                done[column.name] = values.astype("object").where(~absent, "").map(str)
            elif column.type == "int" and column.optional:
                done[column.name] = values.astype("Int64")
            else:
                done[column.name] = values.astype(_DTYPES[column.type])  # type: ignore[call-overload]
        except (TypeError, ValueError) as error:
            message = f"{contract.name}: column {column.name!r} is not {column.type}: {error}"
            raise InputError(message) from error
    for name in extra:
        values = table[name]
        done[name] = values.astype("object").where(~values.isna(), "").map(str)
    result = pd.DataFrame(done, columns=[*names, *extra]).reset_index(drop=True)
    _refuse_twice(result, contract)
    return result


def _refuse_twice(table: pd.DataFrame, contract: Contract) -> None:
    """Two rows with one key are an error."""
    if contract.key and bool(table.duplicated(list(contract.key)).any()):
        twice = table.loc[table.duplicated(list(contract.key)), list(contract.key)].iloc[0]
        message = f"{contract.name}: two rows with the key {twice.to_dict()}"
        raise InputError(message)


def _arrow_schema(columns: Iterable[Any], contract: Contract) -> Any:
    import pyarrow as pa

    types = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    fields = [pa.field(column.name, types[column.type]) for column in contract.columns]
    declared = set(contract.names)
    fields += [pa.field(str(c), pa.string()) for c in columns if c not in declared]
    return pa.schema(fields)


def write(table: pd.DataFrame, path: str | Path, contract: Contract) -> None:
    """Check a table and write it as Parquet or CSV by the path's extension."""
    checked = conform(table, contract)
    with whole(path) as part:
        if part.suffix == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            arrow = pa.Table.from_pandas(
                checked, schema=_arrow_schema(checked.columns, contract), preserve_index=False
            ).replace_schema_metadata(None)
            pq.write_table(arrow, part, compression="zstd")
        else:
            # Floats as the shortest text that reads back the same: diffable and exact.
            checked.to_csv(part, index=False, lineterminator="\n", encoding="utf-8")


def read(path: str | Path, contract: Contract) -> pd.DataFrame:
    """Read a table written by ``write`` and check it again."""
    import pandas as pd

    file = Path(path)
    if file.suffix == ".parquet":
        return _of_arrow([_arrow(file, contract)], contract)
    text = {column.name: "object" for column in contract.columns if column.type == "str"}
    table = pd.read_csv(
        file, dtype=text, keep_default_na=False, na_values={n: [""] for n in contract.names}
    )
    return conform(table, contract)


def _arrow(file: Path, contract: Contract, emptied: Collection[str] = ()) -> Any:
    """A Parquet file's table; columns to be emptied are not read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not emptied:
        return pq.read_table(file)
    table = pq.read_table(file, columns=[name for name in contract.names if name not in emptied])
    for name in sorted(emptied, key=contract.names.index):
        empty = pa.repeat(pa.scalar(""), len(table))
        table = table.add_column(contract.names.index(name), name, empty)
    return table


def _of_arrow(parts: list[Any], contract: Contract) -> pd.DataFrame:
    """Arrow tables one below the other; ``conform`` only where they differ from the contract."""
    import pandas as pd
    import pyarrow as pa

    schema = _arrow_schema(parts[0].column_names, contract)
    if any(part.schema != schema or _gaps(part, contract) for part in parts):
        return conform(pd.concat([part.to_pandas() for part in parts]), contract)
    together = pa.concat_tables(parts)
    table: pd.DataFrame = together.to_pandas()
    for column in contract.columns:
        if column.type == "int" and column.optional:
            whole_numbers = together[column.name]
            table[column.name] = whole_numbers.to_pandas(types_mapper=lambda _: pd.Int64Dtype())
    _refuse_twice(table, contract)
    return table


def _gaps(part: Any, contract: Contract) -> bool:
    """Whether a value is missing where none may be; text is never missing but empty."""
    return any(
        part[column.name].null_count > 0
        for column in contract.columns
        if column.type == "str" or not column.optional
    )


def read_all(
    paths: Iterable[str | Path], contract: Contract, emptied: Collection[str] = ()
) -> pd.DataFrame:
    """Read many tables of one contract and put them one below the other.

    Parameters
    ----------
    emptied : text columns that the reader has no use for, so that they need no memory: those of
        Parquet files come back as empty text.
    """
    import pandas as pd

    files = [Path(path) for path in paths]
    if not files:
        return frame([], contract)
    if not contract.free and all(file.suffix == ".parquet" for file in files):
        return _of_arrow([_arrow(file, contract, emptied) for file in files], contract)
    table = pd.concat([read(file, contract) for file in files], ignore_index=True)
    if contract.free:
        declared = set(contract.names)
        free = [name for name in table.columns if name not in declared]
        table[free] = table[free].fillna("")
    return conform(table, contract)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts of plain values, as ``DataFrame.to_dict`` gives them, several times faster.

    Values of text and number columns are converted a column at a time.
    """
    return list(each(table))


def each(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of ``records`` one after the other, with the memory of one."""
    names = [str(name) for name in table.columns]
    columns = [table[name].to_numpy(dtype=object).tolist() for name in table.columns]
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))


def problems_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """A problems table, the gravest first."""
    order = {"error": 0, "warning": 1, "note": 2}
    rows = sorted(
        problems,
        key=lambda p: (order[p.severity], p.site, p.file, p.line or 0, p.kind, p.message),
    )
    return frame(rows, PROBLEMS)


def write_problems(problems: Iterable[Problem], path: str | Path) -> None:
    """Write a problems table, the gravest first."""
    write(problems_table(problems), path, PROBLEMS)


def read_problems(paths: Iterable[str | Path]) -> list[Problem]:
    """Read problems tables back."""
    return problems_of(read_all(paths, PROBLEMS))


def problems_of(table: pd.DataFrame) -> list[Problem]:
    """Problems from a table under the contract."""
    return [
        Problem(
            row["severity"],
            row["kind"],
            row["file"],
            None if row["line"] is None or row["line"] != row["line"] else int(row["line"]),
            row["message"],
            row["remedy"],
            row["site"],
        )
        for row in table.astype(object).where(table.notna(), None).to_dict("records")
    ]
