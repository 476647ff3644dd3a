"""What every script of the workflow shares: a log of its own, and errors said in words."""

from __future__ import annotations

import contextlib
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from themetrail.errors import ThemetrailError, is_refusal, system_error


@contextlib.contextmanager
def job(log: str) -> Iterator[None]:
    """Run a step; its time, memory and processor time, or why it failed, go to its log.

    A ``ThemetrailError`` is the user's to mend: its text is shown and the step fails without a
    traceback. Anything else is a defect of ours and keeps its traceback.
    """
    started = time.perf_counter()
    path = Path(log)
    try:
        yield
    except ThemetrailError as error:
        _fail(path, str(error))
    except OSError as error:
        if is_refusal(error):
            _fail(path, system_error(error))
        _note(path, traceback.format_exc())
        raise
    except Exception:
        _note(path, traceback.format_exc())
        raise
    seconds = time.perf_counter() - started
    _note(path, f"done in {seconds:.2f} s, {_used()}\n")


def _fail(log: Path, message: str) -> NoReturn:
    """End the step with a message and no traceback."""
    _note(log, f"{message}\n")
    sys.stderr.write(f"{message}\n")
    sys.exit(1)


def _note(log: Path, text: str) -> None:
    """Write the log, if it can be: what keeps it from being written has stopped the step too."""
    with contextlib.suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(text, encoding="utf-8")


def _used() -> str:
    """Memory of the largest process of the step, and processor time of all, starts included."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    memory = max(_own_peak(), used[1].ru_maxrss) / 1024
    processor = sum(one.ru_utime + one.ru_stime for one in used)
    return f"at most {memory:.0f} MB, {processor:.2f} s of processor time"


def _own_peak() -> int:
    """Kilobytes that this process held at most.

    The system's ``ru_maxrss`` begins with what Snakemake held when it started the step; Linux also
    counts the step alone.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        status = ""
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) if lines else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
