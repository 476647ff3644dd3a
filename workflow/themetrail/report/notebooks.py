"""Execute a notebook, and clean it of what no second run would repeat.

The kernel is the running interpreter, reached over sockets in the file system, so that nothing
of the machine's own set-up or network plays a part.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from themetrail.errors import InputError
from themetrail.tables import whole

Notebook = dict[str, Any]
SECONDS = 300  # for one cell; a notebook for reading takes moments
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
#: a socket's path may have about a hundred characters
_LONGEST = 60
_FLEETING = frozenset({"execution_count", "id"})
#: the tag of a cell whose output holds no transcript's words and no small group
PUBLIC = "public"


def execute(
    notebook: Path,
    output_html: Path,
    *,
    study_root: Path,
    demonstration: bool = False,
    public: bool = False,
) -> None:
    """Run every cell of a notebook and write what came of it as one HTML file.

    Parameters
    ----------
    notebook : the ``.ipynb`` file; it is not changed.
    output_html : the page; written whole or not at all.
    study_root : the folder in which cells run: ``Study(".")`` is this study.
    demonstration : whether the page says that the data are fictional.
    public : whether outputs are kept back but for those of cells with the tag ``public``, since
        nobody can say of any other what it counts or quotes. Fictional data need no such care.

    Raises
    ------
    InputError
        The file is no notebook, a cell failed (the message names the cell and the error), or a
        picture of its text is not beside it.
    """
    from themetrail.report.notebook_page import page

    done = cleaned(run(read(notebook), notebook.name, study_root), study_root)
    public = public and not demonstration
    with whole(output_html) as part:
        made = page(
            for_the_public(done) if public else done,
            notebook.name,
            folder=notebook.parent,
            demonstration=demonstration,
            public=public,
        )
        part.write_text(made, encoding="utf-8", newline="\n")


def read(path: Path) -> Notebook:
    """A notebook of the current format, with whatever outputs it was saved with removed.

    Raises
    ------
    InputError
        The file can't be read as one.
    """
    import nbformat
    from nbformat import ValidationError

    parse: Callable[..., Any] = nbformat.reads
    try:
        found = parse(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(found)
    # Files that are JSON and no notebook fail in whatever way their shape makes them.
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ValidationError) as error:
        message = f"{path.name} is no notebook: {error}"
        raise InputError(message) from error
    for cell in found["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return dict(found)


# ------------------------------------------------------------------ execution
def run(notebook: Notebook, name: str, study_root: Path) -> Notebook:
    """The notebook with its outputs.

    Raises
    ------
    InputError
        A cell failed or took too long.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from_dict: Callable[..., Any] = nbformat.from_dict
    made = from_dict(notebook)
    with _kernel() as manager:
        client = NotebookClient(
            made,
            km=manager,
            timeout=SECONDS,
            record_timing=False,
            # A stream comes in as many pieces as the kernel had time to send.
            coalesce_streams=True,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(study_root)}},
        )
        try:
            client.execute(cleanup_kc=True)
        except CellExecutionError as error:
            message = f"{name}, {_failed(made)}: {error.ename}: {error.evalue}"
            raise InputError(_without_places(message, study_root)) from error
        except CellTimeoutError as error:
            message = f"{name}, {_failed(made)}: not done after {SECONDS} seconds"
            raise InputError(message) from error
        except DeadKernelError as error:
            message = f"{name}, {_failed(made)}: Python ended; was there enough memory?"
            raise InputError(message) from error
    return dict(made)


def _failed(notebook: Mapping[str, Any]) -> str:
    """The code cell that did not end well, by its number and first line."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells, 1):
        bad = any(out["output_type"] == "error" for out in cell["outputs"])
        if bad or cell["execution_count"] is None:
            lines = cell["source"].strip().splitlines()
            return f"code cell {number} ({lines[0] if lines else 'empty'})"
    return "a code cell"


@contextlib.contextmanager
def _kernel() -> Iterator[Any]:
    """A manager of one kernel: this interpreter, sockets in a folder of its own."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    short = tempfile.gettempdir()
    folder = short if len(short) <= _LONGEST else "/tmp"  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="tt-", dir=folder) as home, _environment(home):
        manager = AsyncKernelManager(transport="ipc", connection_file=f"{home}/kernel.json")
        manager.ip = f"{home}/s"
        manager._kernel_spec = KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
        )
        yield manager


@contextlib.contextmanager
def _environment(home: str) -> Iterator[None]:
    """An environment in which a user's own start-up files and settings play no part."""
    settings = {
        "IPYTHONDIR": home,
        "JUPYTER_CONFIG_DIR": home,
        "JUPYTER_DATA_DIR": home,
        "JUPYTER_RUNTIME_DIR": home,
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "SOURCE_DATE_EPOCH": "0",
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


# ------------------------------------------------------------------ cleaning
def cleaned(notebook: Mapping[str, Any], study_root: Path) -> Notebook:
    """The notebook without what differs between two runs: counts, addresses, folders."""
    cells = []
    for cell in notebook["cells"]:
        kept = {key: value for key, value in cell.items() if key not in _FLEETING}
        kept["metadata"] = {"tags": [PUBLIC]} if PUBLIC in _tags(cell) else {}
        if cell["cell_type"] == "code":
            kept["execution_count"] = None
            kept["outputs"] = [_clean_output(out, study_root) for out in cell["outputs"]]
        cells.append(kept)
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


def _tags(cell: Mapping[str, Any]) -> list[str]:
    found = cell["metadata"].get("tags") or []
    return [str(tag) for tag in found] if isinstance(found, list) else []


def for_the_public(notebook: Mapping[str, Any]) -> Notebook:
    """The cleaned notebook without the outputs of cells that are not tagged as public.

    A cell that gave something out says so, under ``kept_back`` in its metadata.
    """
    cells = [
        cell
        if not cell.get("outputs") or PUBLIC in _tags(cell)
        else {**cell, "outputs": [], "metadata": {"kept_back": True}}
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def _clean_output(output: Mapping[str, Any], study_root: Path) -> dict[str, Any]:
    made = {key: value for key, value in output.items() if key not in _FLEETING}
    if made["output_type"] == "execute_result":
        made["execution_count"] = None
    if "text" in made:
        made["text"] = _without_places(made["text"], study_root)
    if "data" in made:
        made["metadata"] = {}
        made["data"] = _richest(made["data"], study_root)
    return made


def _richest(data: Mapping[str, Any], study_root: Path) -> dict[str, str]:
    """The one form of an output that a page shows best; pictures in base 64."""
    for kind in ("image/svg+xml", "image/png", "image/jpeg"):
        if kind in data:
            coded = str(data[kind]).replace("\n", "")
            if kind == "image/svg+xml":
                coded = base64.b64encode(str(data[kind]).encode("utf-8")).decode("ascii")
            return {kind: coded}
    # Of HTML a page keeps the tables; anything else is better said by the plain form.
    tables = "<table" in str(data.get("text/html", "")).lower()
    kinds = ["text/html"] * tables + ["text/markdown", "text/plain", "text/html"]
    shown = [kind for kind in kinds if kind in data]
    return {kind: _without_places(str(data[kind]), study_root) for kind in shown[:1]}


def _without_places(text: str, study_root: Path) -> str:
    """A text without the study's folder and without addresses in memory."""
    return _ADDRESS.sub("0x…", text.replace(str(study_root.resolve()), "."))
