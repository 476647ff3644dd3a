"""Turn a published data set into a study folder.

    python tests/realdata/make_study.py qtrack_plays|primock57 SOURCE TARGET

``qtrack_plays``: four German plays in which two annotators coded, independently, who learns what
about whom (Andresen, Krautter, Pagel & Reiter 2024, doi 10.5334/johd.167, CC BY 4.0). A play is
a site, a character who speaks is a participant, a speech is the unit.

``primock57``: 57 mock telemedicine consultations (Papadopoulos Korfiatis, Moramarco, Sarac &
Savkov, ACL 2022, CC BY 4.0). A day is a site, a consultation's patient is a participant. Nobody
has coded them.

The licence's attribution travels with the study: it is written into its configuration, and so
into its paper.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import shutil
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from themetrail.intake.names import label_key
from themetrail.intake.speech import parse_turns

Row = Mapping[str, Any]

PLAYS = {
    "goethe-clavigo": ("Clavigo", "Johann Wolfgang Goethe"),
    "guenderode-udohla": ("Udohla", "Karoline von Günderode"),
    "schlegel-canut": ("Canut", "Johann Elias Schlegel"),
    "wagner-die-walkuere": ("Die Walküre", "Richard Wagner"),
}
# Labels of several characters at once; who of them speaks is not said.
CHORUSES = ("WALKÜREN",)
FAMILIES = {
    "in_love_with": "love",
    "lovers": "love",
    "couple": "love",
    "engaged": "love",
    "spouses": "love",
    "siblings": "kinship",
    "parent_of": "kinship",
    "child_of": "kinship",
    "uncle_of": "kinship",
    "relatives": "kinship",
    "siblings_in_law": "kinship",
    "identity": "identity",
    "has_name": "identity",
    "murderer_of": "deeds",
}
# Slips of the annotators' labels (an exclamation mark, a hyphen), mended in the open.
CHANGES = (
    ("dentity", "identity", "written 'i!dentity(…)' in the annotation"),
    ("law", "siblings_in_law", "written 'siblings-in-law(…)' in the annotation"),
)
THEMES = (
    ("T1", "Love is spoken of before it is known", "love", "What characters learn is mostly love."),
    ("T2", "Kinship is disclosed", "kinship", "Who is whose kin is told to someone in the play."),
    ("T3", "Names hide and reveal", "identity", "Who someone is comes out on the stage."),
)


def read_rows(path: Path) -> list[dict[str, str]]:
    """A CSV file's rows."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_yaml(path: Path, value: Any) -> None:
    """Write a YAML file in the order of the mapping."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, encoding="utf-8")


def write_sites(target: Path, sites: Iterable[tuple[str, str, str]]) -> None:
    """Write config/sites.tsv from (site, label, setting)."""
    lines = ["site\tlabel\tsetting", *("\t".join(site) for site in sites)]
    path = target / "config/sites.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


# ------------------------------------------------------------------------------ qtrack_plays
def qtrack_plays(source: Path, target: Path) -> None:
    """Four plays, two annotators."""
    codings = read_rows(source / "codings.csv")
    labels = {
        (row["coder"], row["document"], row["start"], row["end"]): row["label"]
        for row in read_rows(source / "codings_full_labels.csv")
    }
    assigned = read_rows(source / "assignments.csv")
    spoken: list[str] = []
    for play in PLAYS:
        site = target / "data" / play
        spoken += _play(source, site, play)
        _codings(site, play, [row for row in codings if row["document"] == play], labels)
        write_rows(
            site / "assignments.csv",
            ("coder", "transcript_id"),
            [
                {"coder": row["coder"], "transcript_id": play}
                for row in assigned
                if row["document"] == play
            ],
        )
    write_sites(target, [(play, *PLAYS[play]) for play in PLAYS])
    write_yaml(target / "config/config.yaml", _plays_config(spoken))
    write_yaml(target / "config/codebook.yaml", _codebook())
    write_yaml(target / "config/themes.yaml", _themes())


def character(label: str) -> str:
    """A participant id for a speaker label; empty for several characters at once.

    >>> character("BRÜNNHILDE"), character("SAINT GEORGE"), character("DIE WALKÜREN")
    ('Bruennhilde', 'Saint-George', '')
    """
    if label.endswith(CHORUSES):
        return ""
    spelled = unicodedata.normalize("NFC", label).title()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelled = spelled.replace(umlaut, letters)
    return re.sub(r"[^A-Za-z0-9]+", "-", spelled)


def _play(source: Path, site: Path, play: str) -> list[str]:
    """Copy a play and list its characters; the speaker labels that occur in it."""
    path = source / "transcripts_txt" / f"{play}.txt"
    (site / "transcripts").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, site / "transcripts" / path.name)
    speech = parse_turns(path.read_text(encoding="utf-8"))
    labels = sorted({turn.speaker for turn in speech.utterances})
    write_rows(
        site / "participants.csv",
        ("participant_id",),
        [{"participant_id": name} for name in map(character, labels) if name],
    )
    return labels


def _codings(
    site: Path,
    play: str,
    codings: Sequence[Mapping[str, str]],
    labels: Mapping[tuple[str, str, str, str], str],
) -> None:
    """Write a file a coder, with the annotation's own label as the memo."""
    for coder in sorted({row["coder"] for row in codings}):
        write_rows(
            site / "codings" / f"{coder}.csv",
            ("transcript_id", "start", "end", "code", "quote", "memo"),
            [
                {
                    "transcript_id": play,
                    "memo": labels.get((coder, play, row["start"], row["end"]), ""),
                    **{name: row[name] for name in ("start", "end", "code", "quote")},
                }
                for row in codings
                if row["coder"] == coder
            ],
        )


def _plays_config(labels: Sequence[str]) -> dict[str, Any]:
    spelled = {label: character(label) for label in labels}
    speakers = {
        label: name
        for label, name in spelled.items()
        if name and label_key(label) != label_key(name)
    }
    choruses = sorted(label for label, name in spelled.items() if not name)
    return {
        "study": {
            "title": "Who learns what about whom in four German plays",
            "keywords": ["drama", "knowledge", "annotation"],
            "data_availability": "Texts and annotations: Andresen, Krautter, Pagel and Reiter, "
            "Knowledge Distribution in German Drama, Journal of Open Humanities Data 10 (2024), "
            "doi 10.5334/johd.167, CC BY 4.0; four of the plays, converted.",
        },
        # Title page and list of characters come before the first speech and were coded too.
        "intake": {"preamble": "turn", "speakers": speakers, "others": choruses},
        "analysis": {"approach": "coding_reliability", "unit": "turn"},
        "reliability": {"replicates": 200},
        "synthesis": {"permutations": 200, "saturation": {"base": 2, "run": 1}},
    }


def _codebook() -> dict[str, Any]:
    return {
        "version": 1,
        "codes": [
            {
                "id": code,
                "label": code.replace("_", " ").capitalize(),
                "family": family,
                "definition": f"Someone learns a fact of the kind {code}.",
            }
            for code, family in FAMILIES.items()
        ],
        "changes": [
            {"kind": "rename", "from": old, "to": new, "reason": reason}
            for old, new, reason in CHANGES
        ],
    }


def _themes() -> dict[str, Any]:
    themes = [
        {
            "id": name,
            "title": title,
            "claim": claim,
            "codes": [code for code, of in FAMILIES.items() if of == family],
        }
        for name, title, family, claim in THEMES
    ]
    return {"version": 1, "themes": themes}


# --------------------------------------------------------------------------------- primock57
def primock57(source: Path, target: Path) -> None:
    """57 consultations, not yet coded.

    The doctor is taken as the interviewer: the doctor leads the consultation by asking, and which
    doctor held which consultation is not recorded, so that counting doctors as people would
    invent persons. The patient of each consultation is its participant.
    """
    rows = read_rows(source / "participants.csv")
    for row in rows:
        site, name = target / "data" / row["site"], row["document"]
        (site / "transcripts").mkdir(parents=True, exist_ok=True)
        captions = source / "derived_vtt" / f"{name}.vtt"
        path = captions if captions.exists() else source / "transcripts_txt" / f"{name}.txt"
        shutil.copyfile(path, site / "transcripts" / path.name)
    days = sorted({row["site"] for row in rows})
    for day in days:
        ids = sorted(row["document"] for row in rows if row["site"] == day)
        write_rows(
            target / "data" / day / "participants.csv",
            ("participant_id",),
            [{"participant_id": name} for name in ids],
        )
    write_sites(target, [(day, f"Day {day[3:]}", "mock consultations") for day in days])
    write_yaml(target / "config/config.yaml", _consultations_config())


def _consultations_config() -> dict[str, Any]:
    return {
        "study": {
            "title": "Fifty-seven mock telemedicine consultations, waiting to be coded",
            "keywords": ["telemedicine", "primary care", "consultation"],
            "data_availability": "Transcripts: Papadopoulos Korfiatis, Moramarco, Sarac and "
            "Savkov, PriMock57: A Dataset of Primary Care Mock Consultations, ACL 2022, "
            "CC BY 4.0; converted. Employees acted the patients.",
        },
        "intake": {"interviewers": ["Doctor"]},
        "disclosure": {
            "allow": [
                {
                    "file": "data/day3/transcripts/D3C09.txt",
                    "line": 7,
                    "kind": "email",
                    "reason": "an employee acting a patient spells out an invented address",
                }
            ]
        },
        "reliability": {"replicates": 200},
    }


STUDIES = {"qtrack_plays": qtrack_plays, "primock57": primock57}


def main(arguments: Sequence[str] | None = None) -> int:
    """Make one study; print what is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("name", choices=sorted(STUDIES))
    parser.add_argument("source", type=Path, help="the folder of the published data")
    parser.add_argument("target", type=Path, help="the study folder to make; must not exist")
    given = parser.parse_args(arguments)
    if not given.source.is_dir():
        parser.error(f"{given.source} is not a folder")
    if given.target.exists():
        parser.error(f"{given.target} exists already")
    STUDIES[given.name](given.source, given.target)
    files = Counter(path.parent.name for path in (given.target / "data").rglob("*.*"))
    sys.stdout.write(f"{given.target}: {json.dumps(dict(sorted(files.items())))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
