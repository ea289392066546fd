#!/usr/bin/env bash
# run.sh RANKS-PER-HOST PROGRAM ...: runs a program by mpirun on two hosts, which are network namespaces of this machine with names of their own. Needs
# root, iproute2 and Open MPI. Nothing but TCP over the virtual cables joins the hosts; daemons are started by agent.sh in the place of ssh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
per_host=$1
shift

cleanup() {
    for i in 1 2; do ip netns delete "gmm-host$i" 2>/dev/null || true; done
    ip link delete gmm-bridge 2>/dev/null || true
}
trap cleanup EXIT
cleanup

ip link add gmm-bridge type bridge
ip address add 10.77.0.254/24 dev gmm-bridge
ip link set gmm-bridge up
for i in 1 2; do
    ip netns add "gmm-host$i"
    ip link add "gmm-cable$i" type veth peer name eth0 netns "gmm-host$i"
    ip link set "gmm-cable$i" master gmm-bridge up
    ip -n "gmm-host$i" link set lo up
    ip -n "gmm-host$i" address add "10.77.0.$i/24" dev eth0
    ip -n "gmm-host$i" link set eth0 up
done

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# A timeout, because hosts that do not find each other wait.
timeout 300 mpirun --host "10.77.0.1:$per_host,10.77.0.2:$per_host" --bind-to none \
    --mca plm_rsh_agent "$here/agent.sh" --mca oob_tcp_if_include 10.77.0.0/24 --mca btl tcp,self --mca btl_tcp_if_include 10.77.0.0/24 \
    "$@"
