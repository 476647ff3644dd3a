#!/bin/sh
# Makes the project's Python environment from a lock file, every file checked by its hash.
#
#   workflow/tools/environment.sh study    what a run of the study needs   (requirements.lock)
#   workflow/tools/environment.sh slurm    that, and SLURM's executor      (requirements-slurm.lock)
#   workflow/tools/environment.sh test     that, and what the tests need   (requirements-test.lock)
#
# Does nothing where the environment is current, so it may run before every command.
# PYTHON names the interpreter to use, VENV the folder to make (.venv).
set -eu
cd "$(dirname "$0")/../.."

purpose=${1:?study, slurm or test}
venv=${VENV:-.venv}
case $venv in /*) place=$venv ;; *) place=$(pwd -P)/$venv ;; esac
case $purpose in
    study) suffix= ;;
    slurm | test) suffix=-$purpose ;;
    *) echo "themetrail: '$purpose' is neither study, slurm nor test" >&2; exit 2 ;;
esac

lock=requirements$suffix.lock
half=$venv/.half-made

. workflow/tools/system.sh

# An environment is current when it stands where it was made, its interpreter still runs, and
# it was made from these very files. Content decides, not time: a checkout touches files.
stamp_of() {
    echo "$(pwd -P) $place $(cat "requirements$1.lock" pyproject.toml workflow/tools/environment.sh | cksum)"
}
is_current() {
    [ ! -e "$half" ] && [ -x "$venv/bin/python" ] \
        && [ "$(cat "$venv/.installed-$purpose" 2>/dev/null)" = "$(stamp_of "$suffix")" ]
}
if is_current; then exit 0; fi

# Snakemake puts the path of Python into a shell command as it is.
case $place in
    *[[:space:]\'\"\`\$\&\;\|\<\>\(\)\*\?\#\!\\]*)
        stop "Snakemake can't use a Python whose path has a space or a quotation mark: $place" \
            "Give the environment another place, as in: make study VENV=/var/tmp/themetrail-venv" ;;
esac

# ---------------------------------------------------------------- the interpreter
version_of() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}
new_enough() {  # 3.11 or newer
    case $1 in
        3.1[1-9] | 3.[2-9][0-9]) return 0 ;;
        *) return 1 ;;
    esac
}
makes_environments() {  # Debian and Ubuntu keep ensurepip in a package of its own
    "$1" -c 'import ensurepip, venv; ensurepip.version()' 2>/dev/null
}

# Prints the interpreter to use; where none can make environments, the first that is new enough.
find_python() {
    fallback=
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        command -v "$name" >/dev/null 2>&1 || continue
        new_enough "$(version_of "$name")" || continue
        if makes_environments "$name"; then
            echo "$name"
            return
        fi
        fallback=${fallback:-$name}
    done
    echo "$fallback"
}

choose_python() {
    python=$(find_python)
    if [ -z "$python" ]; then
        if [ -n "${PYTHON:-}" ]; then
            stop "PYTHON=$PYTHON is not a Python 3.11 or newer." \
                "Name another one, as in: make study PYTHON=python3.12"
        fi
        stop "no Python 3.11 or newer was found." \
            "Install one (Debian 12, Ubuntu 24.04 and later: apt install python3) and repeat," \
            "or name it, as in: make study PYTHON=/opt/python/bin/python3"
    fi
    makes_environments "$python" && return
    package=python$(version_of "$python")-venv
    say "$python can't make environments yet; installing the system's package $package …"
    apt_install "$package" || apt_install python3-venv || true
    makes_environments "$python" || stop \
        "$python lacks the modules venv and ensurepip, which Debian and Ubuntu keep apart." \
        "Install them and repeat:  sudo apt install $package"
}

# ---------------------------------------------------------------- installing
if [ -e "$venv" ]; then
    if [ -e "$half" ]; then
        say "the last installation was interrupted; making $venv anew"
        rm -rf "$venv"
    elif ! "$venv/bin/python" -c '' 2>/dev/null; then
        say "the Python that $venv was made with is gone; making $venv anew"
        rm -rf "$venv"
    elif ! head -n 2 "$venv/bin/pip" 2>/dev/null | grep -qF "$place/"; then
        say "$venv was made for another folder; making it anew"
        rm -rf "$venv"
    fi
fi

fresh=
log=$(mktemp)
give_up() {
    rm -f "$log" "$log.status"
    # A new environment that was not finished is of no use; an old one is kept, with the mark
    # that makes the next call replace it.
    if [ -n "$fresh" ]; then rm -rf "$venv"; fi
}
trap 'give_up; exit 130' INT
trap 'give_up; exit 143' TERM HUP

if [ ! -e "$venv" ]; then
    choose_python
    say "making $venv with Python $("$python" -c 'import platform; print(platform.python_version())')"
    fresh=yes
    mkdir -p "$venv"
    : >"$half"
    "$python" -m venv "$venv" >"$log" 2>&1 || { cat "$log" >&2; give_up; exit 1; }
fi

packages_of() { grep -c '^[a-z0-9].*==' "$1"; }

# Shows pip's progress: a line that moves on a terminal, a few lines elsewhere.
progress() {  # progress TOTAL TERMINAL
    seen=0
    while IFS= read -r line; do
        case $line in
            Collecting* | Processing* | 'Requirement already satisfied'*)
                seen=$((seen + 1))
                text="  fetched $seen of about $1 packages"
                [ "$2" = yes ] || [ $((seen % 40)) = 0 ] || continue ;;
            'Installing collected packages'*) text="  unpacking them (a minute or so) …" ;;
            *) continue ;;
        esac
        if [ "$2" = yes ]; then printf '\r%-50s' "$text"; else printf '%s\n' "$text"; fi
    done
    if [ "$2" = yes ]; then printf '\r%-50s\r' ''; fi
}
pip_install() {  # pip_install PACKAGES ARGUMENT… ; sh has no pipefail
    total=$1
    shift
    terminal=no
    if [ -t 1 ]; then terminal=yes; fi
    { "$venv/bin/python" -m pip install --disable-pip-version-check --no-input "$@" 2>&1 \
        && echo 0 >"$log.status" || echo 1 >"$log.status"; } | tee "$log" | progress "$total" "$terminal"
    [ "$(cat "$log.status")" = 0 ] && return 0
    echo "themetrail: the installation failed; its last words:" >&2
    grep -v '^WARNING' "$log" | tail -n 12 | sed 's/^/    /' >&2
    echo "themetrail: mend that (is there a network?) and repeat the command." >&2
    if [ -z "$fresh" ]; then rm -f "$half"; fi  # pip takes back what it can't finish
    give_up
    exit 1
}

# The lines of one lock file that pin the named packages, with their hashes.
pins_of() {
    awk -v names="$2" '
        BEGIN { split(names, list); for (i in list) wanted[list[i]] = 1 }
        /^[a-z0-9]/ { split($1, part, "=="); on = part[1] in wanted }
        on' "$1"
}

: >"$half"
say "installing $(packages_of "$lock") packages from $lock, each checked by its hash …"
# What builds source packages comes first, from the same lock: pip would fetch it unchecked.
builders=$(mktemp)
pins_of "$lock" "setuptools" >"$builders"
pip_install 1 --quiet --require-hashes --no-deps -r "$builders"
rm -f "$builders"
pip_install "$(packages_of "$lock")" --require-hashes --no-deps --no-build-isolation --use-pep517 \
    -r "$lock"
pip_install 1 --quiet --no-deps --no-build-isolation --editable .
stamp_of "$suffix" >"$venv/.installed-$purpose"
# The other locks hold the study's, version by version, and the tests' that of SLURM's executor.
if [ "$purpose" != study ]; then stamp_of '' >"$venv/.installed-study"; fi
if [ "$purpose" = test ]; then stamp_of -slurm >"$venv/.installed-slurm"; fi
rm -f "$half" "$log" "$log.status"
say "$venv is ready"
