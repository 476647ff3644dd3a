#!/bin/sh
# Resolves the dependencies of pyproject.toml for every platform and Python at once and writes
# the two lock files. Versions stay where they are unless --upgrade is given.
set -eu
cd "$(dirname "$0")/../.."
. workflow/tools/system.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
say "installing uv for this once …"
"${VENV:-.venv}/bin/python" -m venv "$scratch/uv"
"$scratch/uv/bin/pip" install --quiet --disable-pip-version-check uv

resolve() {
    "$scratch/uv/bin/uv" pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml \
        --extra build "$@"
}
say "resolving …"
resolve --extra test "$@" -o requirements-test.lock
# The study's versions are the tests', so that what was tested is what runs.
resolve "$@" -c requirements-test.lock -o requirements.lock
say "requirements-test.lock and requirements.lock are written"
