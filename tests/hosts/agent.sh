#!/usr/bin/env bash
# agent.sh HOST COMMAND ...: does what ssh does, for hosts that are network namespaces. mpirun calls it.
set -euo pipefail
number=${1##*.}
shift
exec ip netns exec "gmm-host$number" unshare --uts sh -c "hostname gmm-host$number; $*"
