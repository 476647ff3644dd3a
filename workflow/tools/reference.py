"""Write the reference pages that are made from the code.

``config/README.md`` gets a table of every key between two marks, from ``workflow/schemas/``;
``docs/manuscript.md`` gets everything that a manuscript may name, from
``themetrail.report.catalogue``; ``docs/reference/tables.md`` is made whole from
``themetrail.contracts``, ``docs/reference/python.md`` from ``themetrail.study``. ``--check`` says
whether all are current.
"""

from __future__ import annotations

import functools
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from themetrail import Study, contracts
from themetrail.contracts import CONTRACTS, Contract
from themetrail.report import catalogue
from themetrail.report.conditions import CONDITIONS
from themetrail.report.family import COEFFICIENTS, coefficient_label

ROOT = Path(__file__).resolve().parents[2]
BEGIN = "<!-- keys: made by workflow/tools/reference.py -->"
END = "<!-- end of keys -->"
NAMES_BEGIN = "<!-- names: made by workflow/tools/reference.py -->"
NAMES_END = "<!-- end of names -->"
TYPES = {"str": "text", "int": "integer", "float": "number", "bool": "true or false"}
WORDS = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "mapping",
}
TABLES_HEAD = """\
# Tables

Every table that passes between the stages of a run. Each is checked against this declaration
when it is written. Text that is missing is empty, numbers that are missing are null; offsets
(`start`, `end`) count Unicode code points of the transcript's canonical text from 0, and `end`
is one past the last character. A column marked *optional* may be missing in a row.

This page is made from `workflow/themetrail/contracts.py` by `make docs`.
"""


def cell(text: object) -> str:
    """Text for a cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ").strip()


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


# ------------------------------------------------------------------------------------ keys
def accepted(node: dict[str, Any]) -> str:
    """What a key takes, in words."""
    if "$ref" in node:
        return "mapping"
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    if "anyOf" in node:
        return " or ".join(dict.fromkeys(accepted(part) for part in node["anyOf"]))
    kind = node.get("type")
    if kind is None:
        return "any value"
    words = " or ".join(WORDS[name] for name in ([kind] if isinstance(kind, str) else kind))
    items = node.get("items", {})
    if kind == "array" and items.get("type") != "object" and "$ref" not in items:
        inner = accepted(items)
        return f"list of {inner}" if inner != "any value" else words
    return words + limits(node)


def limits(node: dict[str, Any]) -> str:
    """The bounds of a number, in words."""
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    parts = [f"{sign} {node[name]}" for name, sign in signs.items() if name in node]
    return f" ({', '.join(parts)})" if parts else ""


def default(node: dict[str, Any], *, required: bool) -> str:
    """What stands in for an absent key."""
    if required:
        return "*required*"
    if "default" not in node or node["default"] in ("", [], {}):
        return ""
    return f"`{json.dumps(node['default'], ensure_ascii=False)}`"


def keys(node: dict[str, Any], place: str, schema: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """A row for every key under a node, depth first in the schema's order."""
    required = node.get("required", [])
    for name, part in node.get("properties", {}).items():
        here = f"{place}.{name}" if place else name
        yield (
            f"`{here}`",
            accepted(part),
            default(part, required=name in required),
            part.get("description", ""),
        )
        inner, suffix = part, ""
        if part.get("type") == "array":
            inner, suffix = part.get("items", {}), "[]"
        if "$ref" in inner:
            inner = schema["$defs"][inner["$ref"].rsplit("/", 1)[1]]
        yield from keys(inner, here + suffix, schema)


def keys_page() -> str:
    """Tables of every key of every file that has a schema."""
    parts = []
    for path in sorted((ROOT / "workflow/schemas").glob("*.schema.yaml")):
        schema = yaml.safe_load(path.read_text(encoding="utf-8"))
        parts.append(f"### {schema['title']}\n\n{schema['description']}")
        rows = list(keys(schema, "", schema))
        parts.append(table(("key", "takes", "default", "what it is"), rows))
    return "\n\n".join(parts)


def between(name: str, begin: str, end: str, made: str) -> str:
    """A page with the part between two marks made anew."""
    text = (ROOT / name).read_text(encoding="utf-8")
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    return f"{head}{begin}\n\n{made}\n\n{end}{tail}"


# --------------------------------------------------------------------------------- manuscript
def in_code(names: dict[str, str]) -> list[tuple[str, ...]]:
    """Rows of names and what they are."""
    return [(f"`{name}`", meaning) for name, meaning in names.items()]


def named(pattern: str) -> str:
    """A template with its places shown as ids have them."""
    return pattern.replace("{", "&lt;").replace("}", "&gt;")


def names_section() -> str:
    """Everything that a manuscript may name."""
    coefficients = {
        name: coefficient_label(statistic) if statistic else "the one of `reliability.headline`"
        for name, statistic in COEFFICIENTS.items()
    }
    facts = [
        (f"`{family.shown}`", named(family.definition), named(family.unit))
        for family in catalogue.families()
    ]
    parts = (
        "## Variants of a fact",
        table(("variant", "gives"), in_code(catalogue.VARIANTS)),
        "## Conditions",
        table(("condition", "holds where"), in_code(CONDITIONS)),
        "## Tables",
        table(("name", "shows"), in_code(catalogue.TABLES)),
        "## Figures",
        table(("name", "shows"), in_code(catalogue.FIGURES)),
        "## Texts of the configuration",
        table(("name", "what"), in_code(catalogue.TEXTS)),
        "## Coefficients",
        table(("in ids", "coefficient"), in_code(coefficients)),
        "## Facts",
        table(("id", "meaning", "unit"), facts),
    )
    return "\n\n".join(parts)


# ---------------------------------------------------------------------------------- tables
def contract_section(contract: Contract) -> str:
    """One table's section."""
    rows = [
        (
            f"`{column.name}`" + (" *key*" if column.name in contract.key else ""),
            TYPES[column.type] + (", optional" if column.optional else ""),
            column.meaning,
        )
        for column in contract.columns
    ]
    free = "\n\nFurther columns of text may follow: participants' attributes." * contract.free
    return (
        f"## {contract.name}\n\nA row is {contract.row}.\n\n"
        f"{table(('column', 'type', 'meaning'), rows)}{free}"
    )


def tables_page() -> str:
    """docs/reference/tables.md."""
    names = ", ".join(f"[{name}](#{name})" for name in CONTRACTS)
    sections = "\n\n".join(contract_section(contract) for contract in CONTRACTS.values())
    return f"{TABLES_HEAD}\n{names}.\n\n{sections}\n"


# ------------------------------------------------------------------------------- python
PYTHON_HEAD = """\
# A study in Python

```python
from themetrail import Study

study = Study(".")  # a study's folder, after a run
study.themes[["theme", "n_participants", "of_participants"]]
study.agreement(by="code")  # one coefficient of every code
```

Each attribute is a pandas table, read when it is first asked for, all active sites together, with a
column `site` where the table has one. Its columns are those of the table named beside it.

This page is made from `workflow/themetrail/study.py` by `make docs`.
"""
_TABLE = re.compile(r"contracts\.(?P<name>[A-Z_]+)")


def attributes() -> list[tuple[str, str, Contract | None]]:
    """Every attribute of Study: its name, what it is, and its table's contract."""
    found = []
    for name, item in vars(Study).items():
        if isinstance(item, functools.cached_property):
            said = (inspect.getdoc(item.func) or "").replace("``", "`")
            match = _TABLE.search(inspect.getsource(item.func))
            found.append((name, said, getattr(contracts, match["name"]) if match else None))
    return found


def python_page() -> str:
    """docs/reference/python.md."""
    rows = [
        (
            f"`study.{name}`",
            said,
            f"[{contract.name}](tables.md#{contract.name})" if contract else "",
        )
        for name, said, contract in attributes()
    ]
    methods = [
        (f"`study.{name}(…)`", (inspect.getdoc(item) or "").split("\n")[0].replace("``", "`"))
        for name, item in vars(Study).items()
        if inspect.isfunction(item) and not name.startswith("_")
    ]
    return (
        f"{PYTHON_HEAD}\n{table(('attribute', 'holds', 'columns'), rows)}\n\n"
        f"{table(('method', 'gives'), methods)}\n"
    )


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` compare them."""
    stale = []
    for name, text in (
        ("config/README.md", between("config/README.md", BEGIN, END, keys_page())),
        (
            "docs/manuscript.md",
            between("docs/manuscript.md", NAMES_BEGIN, NAMES_END, names_section()),
        ),
        ("docs/reference/tables.md", tables_page()),
        ("docs/reference/python.md", python_page()),
    ):
        path = ROOT / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if "--check" in arguments and stale:
        sys.stderr.write(f"{', '.join(stale)}: not current; run: make docs\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
