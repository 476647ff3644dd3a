#!/bin/sh
# Sees to it that there is a browser for the tests that look at the rendered pages.
# BROWSER=none leaves those tests out; they are then listed as skipped.
set -eu
cd "$(dirname "$0")/../.."
. workflow/tools/system.sh

found() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        # Ubuntu has a chromium-browser that only tells one to install a snap.
        "$name" --version >/dev/null 2>&1 && return 0
    done
    return 1
}

if [ "${BROWSER:-}" = none ] || found; then exit 0; fi
say "no Chromium or Chrome was found; installing the system's package chromium …"
apt_install chromium || true
found || stop \
    "the tests of the rendered pages need Chromium or Chrome, and it could not be installed." \
    "Install it and repeat (Debian: sudo apt install chromium)," \
    "or leave those tests out:  make test BROWSER=none"
