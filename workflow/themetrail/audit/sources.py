"""What a crate speaks of besides a run's own files: the workflow's code, the study's inputs."""

from __future__ import annotations

from pathlib import Path

from themetrail import manifest
from themetrail.config import StudyConfig
from themetrail.provenance import PACKAGE
from themetrail.report.methods import CHOICES

WORKFLOW = PACKAGE.parent


def code_files() -> dict[str, Path]:
    """The workflow's Snakefile, rules and scripts, by their name in a crate."""
    patterns = ("Snakefile", "rules/*.smk", "scripts/*.py")
    files = (file for pattern in patterns for file in sorted(WORKFLOW.glob(pattern)))
    return {f"workflow/{file.relative_to(WORKFLOW).as_posix()}": file for file in files}


def input_files(root: Path, study: StudyConfig) -> list[str]:
    """Files of a study that people made and the run read, as its manifests list them."""
    found = [f"config/{name}" for name in CHOICES]
    for site in study.active_sites:
        for kind in manifest.KINDS:
            path = root / manifest.manifest_path(site.site, kind)
            lines = path.read_text(encoding="utf-8").split("\n")[1:] if path.is_file() else []
            found += [line.partition("\t")[0] for line in lines if line]
    return sorted(path for path in found if (root / path).is_file())
