"""The paper's tables on a machine as a further coder: by code, by site held out, by coder."""

from __future__ import annotations

from itertools import combinations

from themetrail.config import runs_machine
from themetrail.report.ast import Column
from themetrail.report.numbers import percent, plain
from themetrail.report.paper_table import Item, PaperTable, Shown
from themetrail.report.theme_tables import Made

_SEEN = "Each unit was coded by a machine that had been taught by the other sites alone."


def machine_tables(made: Made) -> dict[str, PaperTable]:
    """All three by name; none where no machine was asked for."""
    if not runs_machine(made.evidence.study.settings):
        return {}
    return {table.name: table for table in (codes(made), sites(made), coders(made))}


def codes(made: Made) -> PaperTable:
    """Every code, its failures with the rest: nothing is left out for being bad."""
    names = ("positive", "proposed", "precision", "recall", "f1", "kappa", "kappa.ci")
    after = ("kappa.transcripts", "kappa.coders", "verdict")
    rows: list[tuple[Item, ...]] = [
        (label, *(_item(made, f"machine.code.{code}.{name}") for name in (*names, *after)))
        for code, label in made.evidence.words.codes.items()
    ]
    level = percent(float(made.evidence.setting("reliability.confidence")))
    heads = ("Units", "Put", "Precision", "Recall", "F1", "κ", f"{level} CI of κ")
    more = ("κ, transcripts", "κ of coders")
    return PaperTable(
        "machine",
        (
            "The machine on each code, held against the consensus of sites that it had not seen "
            "(n = ",
            made("machine.n_sites"),
            " sites held out in turn).",
        ),
        (
            Column("Code", width=0.2),
            *(Column(head, "right", 0.07) for head in heads[:6]),
            Column(heads[6], "right", 0.12),
            *(Column(head, "right", 0.07) for head in more),
            Column("Verdict", width=0.12),
        ),
        tuple(rows),
        (
            _SEEN,
            "Units: with the code in the consensus. Put: by the machine. “κ, transcripts”: where "
            "only the transcript had not been seen. “κ of coders”: mean over pairs of coders, "
            "the ceiling.",
            _thresholds(made),
        ),
        wide=True,
    )


def _item(made: Made, name: str) -> Shown:
    return made(name, "interval" if name.endswith(".ci") else "")


def _thresholds(made: Made) -> str:
    """What the verdicts ask for, in words."""
    asked = made.evidence.setting("machine.verdict")
    usable, weak = (plain(float(asked[name])) for name in ("usable", "weak"))
    return (
        f"Usable: κ of at least {usable} whose interval does not reach below {weak}; weak: at "
        f"least {weak}; not automatable: less. Too little evidence: fewer than "
        f"{asked['units']} units, {asked['transcripts']} transcripts or "
        f"{asked['sites']} sites with the code."
    )


def sites(made: Made) -> PaperTable:
    """Each site, coded by a machine taught by the others."""
    names = ("units", "positive", "proposed", "precision", "recall", "f1", "kappa")
    rows: list[tuple[Item, ...]] = [
        (label, *(made(f"machine.site.{site}.{name}") for name in names))
        for site, label in made.evidence.words.sites.items()
    ]
    return PaperTable(
        "machine_sites",
        (
            "The machine at each site, taught by the others; all codes pooled (n = ",
            made("machine.n_sites"),
            " sites).",
        ),
        (
            Column("Site held out", width=0.25),
            Column("Units", "right", 0.1),
            Column("In consensus", "right", 0.17),
            *(
                Column(head, "right", width)
                for head, width in zip(
                    ("Put", "Precision", "Recall", "F1", "κ"),
                    (0.08, 0.12, 0.1, 0.09, 0.09),
                    strict=True,
                )
            ),
        ),
        tuple(rows),
        ("In consensus, Put: pairs of a unit and a code.",),
    )


def coders(made: Made) -> PaperTable:
    """Everybody with everybody, people first."""
    people = made.evidence.words.coders
    rows: list[tuple[Item, ...]] = [
        (
            f"{a} with {b}",
            "people",
            made(f"kappa.pair.{a}.{b}"),
            _item(made, f"kappa.pair.{a}.{b}.ci"),
        )
        for a, b in combinations(people, 2)
    ]
    rows += [
        (
            f"{name} with the machine",
            "machine",
            made(f"machine.coder.{name}.kappa"),
            _item(made, f"machine.coder.{name}.kappa.ci"),
        )
        for name in people
    ]
    rows.append(
        (
            "Consensus with the machine",
            "machine",
            made("machine.kappa"),
            _item(made, "machine.kappa.ci"),
        )
    )
    level = percent(float(made.evidence.setting("reliability.confidence")))
    return PaperTable(
        "machine_coders",
        ("Agreement of coders and machine, all codes pooled (n = ", len(rows), " pairs)."),
        (
            Column("Pair", width=0.4),
            Column("Of", width=0.2),
            Column("Cohen’s κ", "right", 0.2),
            Column(f"{level} CI", "right", 0.2),
        ),
        tuple(rows),
        (_SEEN,),
    )
