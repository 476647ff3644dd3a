#!/bin/sh
# Sees to it that there is a SLURM for the tests that run on one (tests/slurm/): Debian's packages.
# Ends with 0 where they can run, and with 3, having said why, where this is not the machine for it.
set -eu
cd "$(dirname "$0")/../.."
. workflow/tools/system.sh

skip() {
    say "the tests on a SLURM cluster are left out: $1"
    exit 3
}
found() {
    for name in munged slurmctld slurmd sbatch srun; do
        command -v "$name" >/dev/null 2>&1 || return 1
    done
}

[ "${SLURM:-}" != none ] || skip "SLURM=none asks for it"
# Its daemons start other people's programs, which only root may do.
[ "$(id -u)" = 0 ] || skip "they need root"
if ! found; then
    command -v apt-get >/dev/null 2>&1 || skip "slurm-wlm and munge are not installed, and there is no apt"
    say "no SLURM was found; installing the system's packages slurm-wlm and munge …"
    apt_install slurm-wlm munge || true
    found || skip "slurm-wlm and munge could not be installed"
fi

# Containers differ in what they let daemons do: whether these start here is no matter of the workflow.
folder=$(mktemp -d /var/tmp/slurm-XXXXXX)
trap 'rm -rf "$folder"' EXIT
started=yes
tests/slurm/cluster.sh up "$folder" >"$folder/said" 2>&1 || started=no
[ "$started" = no ] || tests/slurm/cluster.sh down "$folder" >/dev/null 2>&1
[ "$started" = yes ] || skip "its daemons do not start on this machine: $(tail -n 1 "$folder/said")"
