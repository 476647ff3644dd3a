#!/bin/sh
# Makes an environment that stands beside the tests' own, from a lock of its own:
#
#   workflow/tools/beside.sh clients   programs that must read what we write (requirements-clients.lock)
#   workflow/tools/beside.sh qc        qualitative-coding, which wants other versions than those
#   workflow/tools/beside.sh fuzz      the fuzzer
#
# It stands in the folder beside/ of the environment VENV (.venv). Does nothing where it is current.
set -eu
cd "$(dirname "$0")/../.."
. workflow/tools/system.sh

name=${1:?clients, qc or fuzz}
lock=requirements-$name.lock
[ -f "$lock" ] || stop "there is no $lock"
venv=${VENV:-.venv}
place=$venv/beside/$name
stamp=$(cat "$lock" workflow/tools/beside.sh | cksum)
if [ "$(cat "$place/.installed" 2>/dev/null)" = "$stamp" ] && "$place/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

say "installing $(grep -c '^[a-z0-9].*==' "$lock") packages from $lock beside the tests' …"
rm -rf "$place"
"$venv/bin/python" -m venv "$place"
# Nothing is built: what has no ready-made file for this Python is an error, not somebody's script.
"$place/bin/python" -m pip install --quiet --quiet --disable-pip-version-check --no-input \
    --require-hashes --no-deps --only-binary :all: -r "$lock" || {
    rm -rf "$place"
    stop "the installation of $lock failed; mend that (is there a network?) and repeat the command"
}
echo "$stamp" >"$place/.installed"
