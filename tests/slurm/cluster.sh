#!/bin/sh
# A SLURM cluster of two nodes on this one machine, for the tests: munged, slurmctld and two slurmd on
# the loopback interface. Needs root and Debian's packages slurm-wlm and munge.
#
#   tests/slurm/cluster.sh up FOLDER     start it; its settings, key and records stand in FOLDER
#   tests/slurm/cluster.sh node FOLDER N start the daemon of node N (again)
#   tests/slurm/cluster.sh down FOLDER   stop everything that it started, jobs first
#
# Nothing of the machine's own SLURM is used or changed: SLURM_CONF names ours, and the ports are ours.
# Whoever submits jobs sets SLURM_CONF=FOLDER/slurm.conf and puts FOLDER/bin first in PATH.
# No cgroups are needed, which containers often lack: memory is watched by sampling the processes.
set -eu
what=${1:?up, node or down}
here=${2:?a folder}
nodes=2
SLURM_CONF=$here/slurm.conf
export SLURM_CONF

munge_works() { munge --no-input --socket "$here/munge.socket" 2>/dev/null | unmunge --socket "$here/munge.socket" >/dev/null 2>&1; }
up_nodes() { sinfo --noheader --Node --format %T 2>/dev/null | grep -cE '^(idle|mixed|allocated)$'; }
alive() { [ -s "$1" ] && kill -0 "$(cat "$1" 2>/dev/null)" 2>/dev/null; }

wait_for() {  # wait_for SECONDS COMMAND…
    left=$(($1 * 5))
    shift
    until "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.2
    done
}

start_node() { slurmd -N "n$1" -c; }
all_up() { [ "$(up_nodes)" = "$nodes" ]; }

settings() {
    host=$(hostname -s)
    memory=$(($(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo) * 8 / 10 / nodes))
    cat <<END
ClusterName=themetrail
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16917
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$here/munge.socket
CredType=cred/munge
StateSaveLocation=$here/state
SlurmdSpoolDir=$here/spool.%n
SlurmctldPidFile=$here/slurmctld.pid
SlurmdPidFile=$here/slurmd.%n.pid
SlurmctldLogFile=$here/slurmctld.log
SlurmdLogFile=$here/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill,UsePss
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SlurmdTimeout=10
MinJobAge=600
KillWait=2
OverTimeLimit=0
END
    for number in $(seq "$nodes"); do
        echo "NodeName=n$number NodeHostname=$host NodeAddr=127.0.0.1 Port=$((17100 + number))" \
            "CPUs=2 RealMemory=$memory State=UNKNOWN"
    done
    echo "PartitionName=main Nodes=ALL Default=YES MaxTime=1-00:00:00 DefaultTime=00:10:00 State=UP DefMemPerCPU=500"
}

up() {
    mkdir -p "$here/state"
    chmod 0755 "$here"
    dd if=/dev/urandom of="$here/munge.key" bs=1024 count=1 2>/dev/null
    chmod 0400 "$here/munge.key"
    # As root and not as the user munge, so that the folder can be anyone's; forced past munged's
    # opinion of the folders above it.
    munged --force --key-file "$here/munge.key" --socket "$here/munge.socket" \
        --pid-file "$here/munged.pid" --log-file "$here/munged.log" --seed-file "$here/munged.seed" 2>/dev/null
    wait_for 10 munge_works || { echo "munged does not answer" >&2; return 1; }
    settings >"$SLURM_CONF"
    srun_of_ours
    slurmctld -c
    for number in $(seq "$nodes"); do
        mkdir -p "$here/spool.n$number"
        start_node "$number"
    done
    wait_for 30 all_up || { echo "the nodes did not come up" >&2; tail -n 5 "$here"/*.log >&2; return 1; }
}

# Snakemake's job step drops every variable of SLURM's before it calls srun, SLURM_CONF too.
srun_of_ours() {
    mkdir -p "$here/bin"
    printf '#!/bin/sh\nSLURM_CONF="%s" exec "%s" "$@"\n' "$SLURM_CONF" "$(command -v srun)" >"$here/bin/srun"
    chmod 0755 "$here/bin/srun"
}

gone() { ! alive "$1"; }

# Each by its own number, as its pid file has it; what does not end by itself is killed.
stop() {
    alive "$1" || return 0
    pid=$(cat "$1" 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null || true
    wait_for 5 gone "$1" || kill -KILL "$pid" 2>/dev/null || true
}

down() {
    if alive "$here/slurmctld.pid"; then
        scancel --user root --full 2>/dev/null || true
        sleep 1
    fi
    for number in $(seq "$nodes"); do
        stop "$here/slurmd.n$number.pid"
    done
    stop "$here/slurmctld.pid"
    stop "$here/munged.pid"
}

case $what in
    up) up || { down; exit 1; } ;;
    node) start_node "${3:?a number}" ;;
    down) down ;;
    *) echo "'$what' is neither up, node nor down" >&2; exit 2 ;;
esac
