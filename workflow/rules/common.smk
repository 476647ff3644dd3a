# What all rules share: the study's choices, its sites, the code that a step depends on.
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake_interface_executor_plugins.settings import SharedFSUsage

from themetrail import config as choices
from themetrail import manifest, needs, runlock
from themetrail.check import report_of
from themetrail.errors import InputError
from themetrail.exclusions import fingerprint, read_dropped
from themetrail.intake.configured import fingerprint as names_digest
from themetrail.machine.external import answers_file
from themetrail.provenance import code_of, sha256_file
from themetrail.synthesis.matrix import FILE as SUMMARIES
from themetrail.synthesis.notes import FILES

root = Path.cwd()
study, problems = choices.load(root, config)
dropped = read_dropped(root, problems)
problems.extend(manifest.clashes(root, [site.site for site in study.active_sites]))
if problems.errors:
    # What is wrong with the data is said in the same breath, so that all is mended in one go.
    raise WorkflowError(report_of(root))
settings = study.settings
NOTES = (SUMMARIES, *FILES)
SITES = [site.site for site in study.active_sites]
THEME_CODES = {theme: list(codes) for theme, codes in study.theme_codes().items()}


wildcard_constraints:
    site="|".join(SITES),


onstart:
    try:
        runlock.hold(root)
    except InputError as error:
        raise WorkflowError(error)
    manifest.sweep(root, SITES)


manifest.from_the_future(root)
manifest.refresh(root, SITES, dropped)


RAW_MB = {site: needs.raw_megabytes(root, site) for site in SITES}


def memory(step):
    """MB of memory for a job of the rule: as measured, for the text it draws on, by attempt."""
    return lambda wildcards, attempt: needs.memory_mb(step, raw_of(wildcards), attempt)


def minutes(step):
    """Minutes for a job of the rule, likewise."""
    return lambda wildcards, attempt: needs.minutes(step, raw_of(wildcards), attempt)


def raw_of(wildcards):
    """MB of raw transcripts behind a job: its site's, or the study's."""
    site = dict(wildcards.items()).get("site")
    return RAW_MB[site] if site else sum(RAW_MB.values())


def of_sites(pattern):
    """One path a site."""
    return expand(pattern, site=SITES)


def of_study(paths):
    """Files that are the study's own and that no step makes, as inputs.

    A store for results does not hold them where jobs share the study's file system. Where they do
    not, everything is in the store: Snakemake keeps at home each step that has a file from home.
    """
    shared = SharedFSUsage.INPUT_OUTPUT in workflow.storage_settings.shared_fs_usage
    return local(paths) if shared else paths


def config_file(name):
    """A file of config/ as an input, where the study has it."""
    path = f"config/{name}"
    return [of_study(path)] if Path(path).exists() else []


def analysts_notes():
    """Files of data/ in which analysts write beside the codings, as far as the study has them."""
    return [of_study(path) for path in NOTES if Path(path).exists()]


def dropped_here(wildcards):
    """A digest of the exclusions and withdrawals that concern the site, never their ids."""
    ids = manifest.site_ids(root, wildcards.site)
    return fingerprint(dropped, ids, wildcards.site)


def withdrawn_anywhere():
    """A digest of all withdrawals: memos and reasons of any site may name the person."""
    gone = [one for one in dropped if one.why == "withdrawn"]
    return fingerprint(gone, {name for one in gone for name in one.ids})


def config_digest(name):
    """A digest of a file of config/, so that what reads it reruns when it changes."""
    path = Path("config", name)
    return sha256_file(path) if path.exists() else ""


TEAM = settings["report"]["audience"] == "team"


def team_pages():
    """Pages that hold transcripts, made where the configured audience is the team."""
    beside = of_sites(EVIDENCE) if BESIDE else []
    return ["reports/adjudicate.html", *beside] if TEAM else []


#: a site's evidence for the explorer: inside its page, or of a large study in a file beside it
BESIDE = TEAM and sum(RAW_MB.values()) > settings["report"]["one_page_mb"]
EVIDENCE = (
    "reports/explorer/sites/{site}.js" if BESIDE else "results/explorer/{site}.json.gz"
)


MACHINE = choices.runs_machine(settings)
MACHINE_COUNTS = MACHINE and settings["machine"]["in_consensus"]


def counted(path):
    """A table of the machine's as an input, where its proposals count as coding."""
    return [f"results/machine/{path}"] if MACHINE_COUNTS else []


def recorded_answers():
    """What programs of the team's own were once asked and answered."""
    names = [one["name"] for one in settings["machine"]["external"]]
    return [of_study(path) for path in map(answers_file, names) if Path(path).exists()]


def deliverables():
    """What the study's run is for: papers, supplements, notebooks, the evidence."""
    pages = ["reports/explorer/index.html", "reports/changes.html", *team_pages()]
    return [*paper_files(), *SUBMISSION, *notebook_files(), *pages]
