#!/bin/bash
# One fit on four nodes of a Slurm cluster: sbatch slurm.sh
#
# Each node runs one process ("rank") with all its processors as threads. The model does not depend on these numbers, only the time does.
# The data lie in a folder that all nodes see; the model is written there by rank 0.

#SBATCH --job-name=gmm
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=32
#SBATCH --time=01:00:00
# SIGTERM to mpirun two minutes before the limit: the fit ends with its model so far, and gmm fit --continue goes on with it.
#SBATCH --signal=B:TERM@120
#SBATCH --output=gmm-%j.log

set -euo pipefail

# The Open MPI of the cluster; gmm finds its library at run time. "module avail" lists the names here.
module load openmpi

DATA=$SLURM_SUBMIT_DIR/data.npy
MODEL=$SLURM_SUBMIT_DIR/model.json

# Open MPI learns nodes and tasks from Slurm. PE binds each rank to the processors that it was given, and gmm takes one thread for each of them.
# odls_base_sigkill_timeout: the seconds that a signaled rank has to finish its pass and write; Open MPI gives one. mpirun waits up to twice as long.
exec mpirun --map-by "ppr:1:node:PE=$SLURM_CPUS_PER_TASK" --mca odls_base_sigkill_timeout 30 \
    gmm fit "$DATA" -k 64 --mpi -o "$MODEL"

# Where Slurm starts MPI programs itself ("srun --mpi=list" names pmix), this does the same:
#   exec srun --mpi=pmix --cpus-per-task="$SLURM_CPUS_PER_TASK" gmm fit "$DATA" -k 64 --mpi -o "$MODEL"
