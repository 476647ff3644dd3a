# Sourced by the scripts beside it: how they speak, and how they ask for a package of the system.
# shellcheck shell=sh

say() { printf 'themetrail: %s\n' "$*"; }
stop() { printf 'themetrail: %s\n' "$@" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}
apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get "$@" </dev/null >/dev/null 2>&1
}
apt_install() {  # the package lists of a fresh container are empty, so a second try fills them
    command -v apt-get >/dev/null 2>&1 || return 1
    apt_get install -y --no-install-recommends "$@" && return 0
    apt_get update && apt_get install -y --no-install-recommends "$@"
}
