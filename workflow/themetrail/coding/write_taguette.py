"""Write a Taguette project (``.sqlite3``) that its server opens and imports."""

from __future__ import annotations

import html
import json
import sqlite3
from typing import Any

from themetrail.coding.model import FoundCode
from themetrail.coding.project import Project
from themetrail.coding.write_refi import date_time

# The tables of Taguette 1.4 to 1.5 (its schema's revision below), as far as a project needs them.
_REVISION = "db5e31a0233d"
_SCHEMA = """
CREATE TABLE users (login VARCHAR(30) NOT NULL PRIMARY KEY, created DATETIME NOT NULL,
  hashed_password VARCHAR(192), disabled BOOLEAN NOT NULL, password_set_date DATETIME,
  language VARCHAR(10), email VARCHAR(256), email_sent DATETIME);
CREATE UNIQUE INDEX ix_users_email ON users (email);
CREATE TABLE projects (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
  description TEXT NOT NULL, created DATETIME NOT NULL);
CREATE TABLE project_members (project_id INTEGER NOT NULL, user_login VARCHAR(30) NOT NULL,
  privileges VARCHAR(11) NOT NULL, PRIMARY KEY (project_id, user_login),
  FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
  FOREIGN KEY(user_login) REFERENCES users (login) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE INDEX ix_project_members_user_login ON project_members (user_login);
CREATE INDEX ix_project_members_project_id ON project_members (project_id);
CREATE TABLE documents (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
  description TEXT NOT NULL, filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL,
  project_id INTEGER NOT NULL, text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL,
  FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE);
CREATE INDEX ix_documents_project_id ON documents (project_id);
CREATE TABLE commands (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL,
  user_login VARCHAR(30) NOT NULL, project_id INTEGER NOT NULL, document_id INTEGER,
  payload TEXT NOT NULL, FOREIGN KEY(user_login) REFERENCES users (login) ON UPDATE CASCADE,
  FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE);
CREATE INDEX idx_project_id ON commands (project_id, id);
CREATE INDEX idx_project_document ON commands (project_id, document_id);
CREATE INDEX ix_commands_document_id ON commands (document_id);
CREATE INDEX ix_commands_date ON commands (date);
CREATE INDEX ix_commands_project_id ON commands (project_id);
CREATE INDEX ix_commands_user_login ON commands (user_login);
CREATE TABLE tags (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL,
  path VARCHAR(200) NOT NULL, description TEXT NOT NULL, UNIQUE (project_id, path),
  FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE);
CREATE INDEX ix_tags_path ON tags (path);
CREATE INDEX ix_tags_project_id ON tags (project_id);
CREATE TABLE highlights (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL, start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL,
  snippet TEXT NOT NULL, FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE);
CREATE INDEX ix_highlights_document_id ON highlights (document_id);
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,
  PRIMARY KEY (highlight_id, tag_id),
  FOREIGN KEY(highlight_id) REFERENCES highlights (id) ON DELETE CASCADE,
  FOREIGN KEY(tag_id) REFERENCES tags (id) ON DELETE CASCADE);
CREATE INDEX ix_highlight_tags_tag_id ON highlight_tags (tag_id);
CREATE INDEX ix_highlight_tags_highlight_id ON highlight_tags (highlight_id);
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
"""


def document_html(text: str) -> str:
    r"""A text as Taguette keeps it: a line a paragraph, and its text that of the lines.

    >>> document_html("Yes & no.\nWhy?")
    '<p>Yes &amp; no.</p>\n<p>Why?</p>'
    """
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n"))


def taguette(project: Project) -> bytes:
    """The bytes of a project database.

    Raises
    ------
    InputError
        A coding has no place in a text.
    """
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(_SCHEMA)
        connection.execute("INSERT INTO alembic_version VALUES (?)", (_REVISION,))
        _fill(connection, project)
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, project: Project) -> None:
    """Users, documents, tags and highlights, and the log that says whose they are."""
    insert = connection.execute
    for login in project.people:
        insert(
            "INSERT INTO users (login, created, disabled) VALUES (?, ?, 0)",
            (login[:30], _when("")),
        )
    insert("INSERT INTO projects VALUES (1, ?, '', ?)", (project.name[:200], _when("")))
    for login in project.people:
        insert("INSERT INTO project_members VALUES (1, ?, 'ADMIN')", (login[:30],))
    tags = _tags(connection, project)
    places = {}
    for number, (name, text) in enumerate(project.texts.items(), start=1):
        places[name] = number
        insert(
            "INSERT INTO documents VALUES (?, ?, '', ?, ?, 1, 'LEFT_TO_RIGHT', ?)",
            (number, name[:200], f"{name[:190]}.html", _when(""), document_html(text)),
        )
    for number, (coding, start, end) in enumerate(project.placed("A Taguette project"), start=1):
        text = project.texts[coding.source]
        first = len(text[:start].encode("utf-8", "replace"))
        last = first + len(text[start:end].encode("utf-8", "replace"))
        insert(
            "INSERT INTO highlights VALUES (?, ?, ?, ?, ?)",
            (number, places[coding.source], first, last, document_html(text[start:end])),
        )
        insert("INSERT INTO highlight_tags VALUES (?, ?)", (number, tags[coding.code]))
        _log(connection, coding, number, (first, last), (places[coding.source], tags[coding.code]))


def _log(
    connection: sqlite3.Connection,
    coding: Any,
    number: int,
    span: tuple[int, int],
    keys: tuple[int, int],
) -> None:
    """The event that says who made a highlight; Taguette keeps it nowhere else."""
    payload = {
        "type": "highlight_add",
        "highlight_id": number,
        "start_offset": span[0],
        "end_offset": span[1],
        "tags": [keys[1]],
    }
    connection.execute(
        "INSERT INTO commands VALUES (?, ?, ?, 1, ?, ?)",
        (
            number,
            _when(coding.coded_at),
            coding.coder[:30],
            keys[0],
            json.dumps(payload, sort_keys=True),
        ),
    )


def _tags(connection: sqlite3.Connection, project: Project) -> dict[str, int]:
    """The codes as tags; a family is the part of a tag's path before the dot."""
    used = dict.fromkeys(coding.code for coding in project.codings)
    known = {code.name for code in project.codes}
    codes = [*project.codes, *(FoundCode(name, (name,)) for name in used if name not in known)]
    tags: dict[str, int] = {}
    for number, code in enumerate(codes, start=1):
        path = ".".join(part.replace(".", "_") for part in code.path or (code.name,))
        connection.execute(
            "INSERT INTO tags VALUES (?, 1, ?, ?)", (number, path[:200], code.description)
        )
        tags.setdefault(code.name, number)
    return tags


def _when(value: str) -> str:
    """A date as Taguette's database writes it."""
    return date_time(value)[:19].replace("T", " ") + ".000000"
