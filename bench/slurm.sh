#!/bin/bash
# A cluster of one machine: a job array of 'mlpipe cluster slurm' run whole, one shard killed, and handed in again; then a training in
# two processes, by srun and by mpirun.
# bench/slurm.sh MLPIPE.dll [PICTURES 300] [SHARDS 6], as root; needs slurm-wlm, munge, mpich and python3.
# The exit code says whether the merge that came at last is what one process writes, and both trainings made the same model.
set -euo pipefail

program=$(realpath "$1") count=${2:-300} shards=${3:-6}
here=$(realpath "$(dirname "$0")")
place=$(mktemp -d)
chmod 755 "$place"
cd "$place"

# The name of this machine, on which all of the cluster is.
host=$(hostname -s)
export SLURM_CONF=$place/slurm.conf
cat > slurm.conf <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$place/munge.socket
CredType=cred/munge
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd.pid
SlurmctldLogFile=$place/slurmctld.log
SlurmdLogFile=$place/slurmd.log
SlurmctldPort=16817
SlurmdPort=16818
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,sched_interval=1
ReturnToService=2
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
mkdir state spool munge
dd if=/dev/urandom of=munge/key bs=1024 count=1 status=none
chmod 700 munge state spool
chmod 600 munge/key
started=()
stop() {
  for pid in $(cat "$place/slurmd.pid" "$place/slurmctld.pid" 2> /dev/null) "${started[@]}"; do
    kill "$pid" 2> /dev/null || true
  done
}
trap stop EXIT
munged --foreground --force --socket="$place/munge.socket" --key-file="$place/munge/key" --pid-file="$place/munge.pid" \
  --log-file="$place/munged.log" --seed-file="$place/munge/seed" 2> munged.out &
started+=($!)
until [ -S munge.socket ]; do sleep 0.2; done
slurmctld -c
slurmd -c
until sinfo --noheader --format %t | grep -qx idle; do sleep 0.5; done

# Pictures and a model, as bench/shards.py makes them, and what one process says of them.
python3 "$here/shards.py" "$program" "$count" 1 predict "$place/data" | sed 's/^/made: /'
cat > mlpipe <<RUN
#!/bin/sh
exec dotnet $(printf %q "$program") "\$@"
RUN
chmod +x mlpipe
./mlpipe cluster slurm --shards "$shards" --cpus 1 --retries 1 --program "$place/mlpipe" --output job.sh \
  predict data/model.onnx "$place/data/pictures-$count" --top 3 --output merged.csv

ended() { until [ -z "$(squeue --noheader)" ]; do sleep 1; done; }

echo "handed in: $shards shards and the merge; the shard that runs first is killed"
bash job.sh
until task=$(squeue --noheader --array --states=RUNNING --format=%i | grep _ | head -n 1) && [ -n "$task" ]; do sleep 0.2; done
scancel --signal=KILL --full "$task"
scancel "$task"
ended
ls parts
if [ -e merged.csv ]; then
  echo "merged although shard $task was killed" >&2
  exit 1
fi
echo "handed in again: what is missing, and the merge"
bash job.sh
ended
grep -h "is there and whole" ./*.log | wc -l | sed 's/$/ shards were left as they were/'
cmp merged.csv data/one/out.csv
echo "merged.csv is what one process wrote: $(wc -l < merged.csv) lines"

for launcher in srun mpirun; do
  ./mlpipe cluster slurm --shards 2 --cpus 1 --program "$place/mlpipe" --launcher "$launcher" --name "train-$launcher" --output train.sh \
    train "$place/data/pictures-$count" --from-scratch --size 16 --epochs 2 --seed 1 --output "$place/runs" --name "$launcher"
  sbatch --wait train.sh
  grep -h "processes" train-"$launcher"-*.log
done
cmp runs/srun/model.onnx runs/mpirun/model.onnx
echo "two processes made the same model by srun and by mpirun"
stop
wait || true
trap - EXIT
cd /
rm -rf "$place"
