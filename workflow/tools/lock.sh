#!/bin/sh
# Resolves the dependencies of pyproject.toml for every platform and Python at once and writes
# the lock files: the study's, that with SLURM's executor, the tests', and one for each group that stands beside them.
# Versions stay where they are unless --upgrade is given.
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
        --generate-hashes --no-emit-index-url --no-annotate --no-header "$@"
}
resolve_project() {
    resolve pyproject.toml --extra build "$@"
}
say "resolving …"
resolve_project --extra test --extra slurm "$@" -o requirements-test.lock
# The study's versions are the tests', so that what was tested is what runs.
resolve_project "$@" -c requirements-test.lock -o requirements.lock
resolve_project --extra slurm "$@" -c requirements-test.lock -o requirements-slurm.lock
for group in clients qc fuzz; do
    resolve --group "$group" "$@" -o "requirements-$group.lock"
done
say "requirements.lock and the tests' locks are written"
