using System.Globalization;
using System.Text;

namespace MlPipelines.Cli;

/// <summary>How processes that train together are started under Slurm.</summary>
enum MpiLauncher
{
    /// <summary>By srun, which speaks PMI2 with MPICH.</summary>
    Srun,

    /// <summary>By MPICH's own mpirun, which asks Slurm for the machines.</summary>
    Mpirun,
}

/// <summary>A job as a script for Slurm: an array with a task a shard and a merge behind it, or one job of all processes that
/// train.</summary>
static class SlurmScript
{
    /// <summary>The script.</summary>
    /// <param name="job">What is done.</param>
    /// <param name="partition">The partition; null for the cluster's own.</param>
    /// <param name="launcher">How training is started.</param>
    public static string Of(ClusterJob job, string? partition, MpiLauncher launcher)
    {
        var text = new StringBuilder("#!/bin/bash\n");
        foreach (var directive in Directives(job, partition))
            text.Append(CultureInfo.InvariantCulture, $"#SBATCH --{directive}\n");
        return text.Append(job.Trains ? Training(job, launcher) : Shards(job)).ToString();
    }

    static IEnumerable<string> Directives(ClusterJob job, string? partition)
    {
        yield return $"job-name={job.NameInUse}";
        yield return job.Trains ? $"ntasks={Number(job.Count)}" : $"array=1-{Number(job.Count)}";
        yield return $"cpus-per-task={Number(job.Cpus)}";
        if (job.Memory is { } memory)
            yield return job.Trains ? $"mem-per-cpu={PerCpu(memory, job.Cpus)}" : $"mem={memory}";
        if (job.Time is { } time)
            yield return string.Create(CultureInfo.InvariantCulture, $"time={time.Days}-{time:hh\\:mm\\:ss}");
        if (partition is not null)
            yield return $"partition={partition}";
        // The cluster hands in again what a machine took down with it.
        yield return "requeue";
        yield return job.Trains ? "output=%x-%j.log" : "output=%x-%A_%a.log";
    }

    // As any scheduler of the first kind has it: memory of a task is that of its processors.
    static string PerCpu(string memory, int cpus)
    {
        const int kibi = 1024;
        var power = "KMGT".IndexOf(memory[^1], StringComparison.Ordinal);
        var kibis = long.Parse(memory[..^1], CultureInfo.InvariantCulture) * (long)Math.Pow(kibi, power);
        return string.Create(CultureInfo.InvariantCulture, $"{(kibis + cpus - 1) / cpus}K");
    }

    static string Shards(ClusterJob job) => $$"""
        # 'bash' with this file hands in the shards and, behind them, what merges their parts. Handed in again, it does what is missing.

        shard() {
          {{ShellText.Quoted(job.Program)}} {{Line(job.Shard("$shard"), "$shard", "\"$SLURM_ARRAY_TASK_ID/" + Number(job.Count) + "\"")}}
        }

        merge() {
          {{ShellText.Line(job.Merge.Prepend(job.Program))}}
        }

        {{Trying(job, "")}}
        if [ "${1-}" = merge ]; then
          merge
        elif [ -n "${SLURM_ARRAY_TASK_ID-}" ]; then
          try shard
        else
          array=$(sbatch --parsable "$0") || exit
          sbatch --dependency="afterok:${array%%;*}" --kill-on-invalid-dep=yes --array=1 --job-name={{job.NameInUse}}-merge "$0" merge
        fi

        """;

    static string Training(ClusterJob job, MpiLauncher launcher)
    {
        var start = launcher == MpiLauncher.Srun ? "srun --mpi=pmi2" : $"mpirun -n {Number(job.Count)}";
        return $$"""
            # Hand it in with sbatch.

            resume=()
            if [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ]; then
              resume=(--resume)
            fi

            train() {
              {{start}} {{ShellText.Line(job.Program, job.Words[0])}} "${resume[@]}" {{ShellText.Line(job.Words.Skip(1))}}
            }

            {{Trying(job, "resume=(--resume)")}}
            try train

            """;
    }

    static string Trying(ClusterJob job, string before) => $$"""
        # Again where it failed, but not where it was called wrongly (2) or stopped (130).
        try() {
          local left={{Number(job.Retries)}} code
          until "$1"; do
            code=$?
            if ((code == 2 || code == 130 || left-- == 0)); then
              return "$code"
            fi{{(before.Length > 0 ? $"\n    {before}" : "")}}
          done
        }

        """;

    // What the shell itself fills in stands outside the quotes of the rest.
    static string Line(IEnumerable<string> words, string filled, string by) =>
        string.Join(' ', words.Select(word => word == filled ? by : ShellText.Quoted(word)));

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
