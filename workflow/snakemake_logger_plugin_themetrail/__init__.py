"""Snakemake's events as a short, quiet progress display (``snakemake --logger themetrail``).

On a terminal one line moves; elsewhere each finished step is a plain line. A failed step says why
in its own words; nothing of Snakemake's internals is shown.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent
from themetrail.errors import is_refusal, system_error
from themetrail.plan.asking import PLAN, in_our_words
from themetrail.reporting import counted

_ERRNO = re.compile(r"\[Errno (\d+)\]")
_HUSHED = (
    "Error in rule",
    "RuleException",
    "Exiting because",
    "Complete log",
    "At least one job",
    "WorkflowError:\nAt least one job",
)


class LogHandler(LogHandlerBase):  # type: ignore[misc]
    """Shows how far the run is, and why a step failed."""

    def __post_init__(self) -> None:
        self._terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._started = time.monotonic()
        self._jobs: dict[int, dict[str, Any]] = {}
        self._done = 0
        self._total = 0
        self._shown: set[str] = set()
        self._plan_file = os.environ.get(PLAN, "")
        # Snakemake's own log on a full disk: what is wrong is said by the step that met it.
        logging.raiseExceptions = False

    @property
    def writes_to_stream(self) -> bool:
        """It writes to standard error."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """It writes no file."""
        return False

    @property
    def has_filter(self) -> bool:
        """It chooses what to show itself."""
        return True

    @property
    def has_formatter(self) -> bool:
        """It words events itself."""
        return True

    @property
    def needs_rulegraph(self) -> bool:
        """It does not draw the rules."""
        return False

    def emit(self, record: logging.LogRecord) -> None:
        """Show one event, if it is one that a user wants."""
        event = getattr(record, "event", None)
        handler = getattr(self, f"_on_{event}", None) if event is not None else None
        if handler is not None:
            handler(record)
        elif event == LogEvent.ERROR or (event is None and record.levelno >= logging.ERROR):
            self._error(record.getMessage())

    def _on_run_info(self, record: logging.LogRecord) -> None:
        stats = getattr(record, "stats", {}) or {}
        # The target "all" is no step.
        known = stats if isinstance(stats, dict) else {}
        self._total = int(known.get("total", 0)) - int(known.get("all", 0))
        if getattr(self.common_settings, "dryrun", False):
            return
        if self._total:
            self._say(f"{counted(self._total, 'step')} to run")

    def _on_job_info(self, record: logging.LogRecord) -> None:
        fields = record.__dict__
        self._jobs[fields["jobid"]] = fields
        if getattr(self.common_settings, "dryrun", False):
            self._plan(fields)

    def _plan(self, fields: dict[str, Any]) -> None:
        """A step that would run: for the command that asked, or as a line."""
        reason = str(fields.get("reason", ""))
        if not self._plan_file:
            self._say(f"would run {self._step(fields)}: {' '.join(reason.split())}")
            return
        wildcards = {name: str(value) for name, value in dict(fields["wildcards"] or {}).items()}
        row = {"rule": str(fields["rule_name"]), "wildcards": wildcards, "reason": reason}
        with Path(self._plan_file).open("a", encoding="utf-8") as handle:
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")

    def _on_job_finished(self, record: logging.LogRecord) -> None:
        fields = self._jobs.get(record.__dict__.get("job_id", -1), {})
        if fields.get("rule_name") in (None, "all"):
            return
        self._done += 1
        elapsed = time.monotonic() - self._started
        line = f"[{self._done:>3}/{self._total}] {elapsed:6.1f} s  {self._step(fields)}"
        if self._terminal:
            sys.stderr.write(f"\r\x1b[2K{line}")
            sys.stderr.flush()
        else:
            self._say(line)

    def _on_group_error(self, record: logging.LogRecord) -> None:
        # Which of its steps it was is in the log alone; a cluster's job is tried again, with more.
        fields = record.__dict__
        steps = sorted({str(one.get("rule_name")) for one in fields.get("job_error_info") or []})
        logs = " ".join(os.path.relpath(str(path)) for path in fields.get("aux_logs") or [])
        what = f"a job did not come to its end: {', '.join(steps)}"
        self._error(f"{what} (log: {logs})" if logs else f"{what} (it has left no log)")

    def _on_job_error(self, record: logging.LogRecord) -> None:
        if getattr(record, "indent", False):  # one of a group, which has been spoken of
            return
        fields = {**self._jobs.get(record.__dict__.get("jobid", -1), {}), **record.__dict__}
        name = self._step(fields)
        if name in self._shown:
            return
        self._shown.add(name)
        # The step has said why on standard error; on a cluster its log has it.
        logs = " ".join(str(path) for path in fields.get("log") or [])
        self._error(f"{name} failed" + (f" (log: {logs})" if logs else ""))

    @staticmethod
    def _step(fields: dict[str, Any]) -> str:
        rule = str(fields.get("rule_name") or fields.get("rule") or "a step")
        wildcards = fields.get("wildcards") or {}
        values = " ".join(str(value) for value in dict(wildcards).values())
        return f"{rule} {values}".strip()

    def _error(self, text: str) -> None:
        if not text.strip() or text.startswith(_HUSHED):
            return
        refused = _ERRNO.search(text)
        if refused and is_refusal(error := OSError(int(refused[1]), "")):
            text = system_error(error)
        text = in_our_words(text)
        if text not in self._shown:
            self._shown.add(text)
            self._say(text)

    def _say(self, text: str) -> None:
        clear = "\r\x1b[2K" if self._terminal else ""
        sys.stderr.write(f"{clear}{text}\n")
        sys.stderr.flush()

    def close(self) -> None:
        """End the moving line."""
        if self._terminal and self._done:
            sys.stderr.write("\r\x1b[2K")
        super().close()
