"""Write the run as a Workflow Run RO-Crate."""

import json
from pathlib import Path

from themetrail.audit.crate import members, uncounted_sites
from themetrail.audit.crate_zip import pack
from themetrail.audit.jobs_done import jobs_behind
from themetrail.audit.sources import code_files, input_files
from themetrail.config import load
from themetrail.jobs import job
from themetrail.tables import whole

with job(snakemake.log[0]):
    root = Path.cwd()
    study, _ = load(root, snakemake.params.choices["settings"])
    found = members(
        root,
        study,
        jobs_behind(root, snakemake.input.deliverables),
        code_files(),
        input_files(root, study),
        snakemake.params.versions,
        uncounted_sites(
            json.loads(Path(snakemake.input.facts).read_text(encoding="utf-8"))["facts"]
        ),
    )
    with whole(snakemake.output.crate) as part:
        part.write_bytes(pack(found))
