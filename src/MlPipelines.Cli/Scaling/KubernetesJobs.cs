using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>What the pods of a job are made of.</summary>
/// <param name="Image">The container's image, which has the program.</param>
/// <param name="Claim">The claim of the volume that holds the images, the model and the results; null for none.</param>
/// <param name="Mount">Where the volume is mounted, and from where paths are found.</param>
sealed record KubernetesPods(string Image, string? Claim, string Mount);

/// <summary>A job as YAML for Kubernetes: an Indexed Job with a pod a shard and a Job that merges, or Kubeflow's MPIJob of all processes
/// that train.</summary>
static class KubernetesJobs
{
    const string Begin = """
        '{"spec":{"suspend":false}}'
        """;

    /// <summary>The YAML.</summary>
    public static string Of(ClusterJob job, KubernetesPods pods) =>
        job.Trains ? $"{Training(job, pods)}\n" : $"{Shards(job, pods)}\n---\n{Merge(job, pods)}\n";

    // Indices are counted from 0.
    static string Shards(ClusterJob job, KubernetesPods pods) => $$"""
        # kubectl apply -f FILE, then let the merge begin when all shards are there:
        # kubectl wait --for=condition=Complete --timeout=-1s job/{{job.NameInUse}} &&
        #   kubectl patch job/{{job.NameInUse}}-merge --patch {{Begin}}
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{YamlText.Quoted(job.NameInUse)}}
        spec:
          completions: {{Number(job.Count)}}
          parallelism: {{Number(job.Count)}}
          completionMode: Indexed
          backoffLimitPerIndex: {{Number(job.Retries)}}
          podFailurePolicy:
            rules:
              # Called wrongly: it would fail again.
              - action: FailIndex
                onExitCodes:
                  containerName: shard
                  operator: In
                  values: [2]
          template:
            spec:
              restartPolicy: Never{{Deadline(job, 6)}}
              containers:
                - name: shard
                  command: {{Words(["/bin/sh", "-c", Share(job), "sh", job.Program, job.Words[0], .. job.Shard("").Skip(3)])}}
        {{Container(job, pods, 10)}}
        """;

    static string Share(ClusterJob job) => "program=$1 command=$2; shift 2; "
        + $"exec \"$program\" \"$command\" {ShardSettings.Option} \"$((JOB_COMPLETION_INDEX + 1))/{Number(job.Count)}\" \"$@\"";

    static string Merge(ClusterJob job, KubernetesPods pods) => $$"""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{YamlText.Quoted($"{job.NameInUse}-merge")}}
        spec:
          suspend: true
          backoffLimit: {{Number(job.Retries)}}
          template:
            spec:
              restartPolicy: Never{{Deadline(job, 6)}}
              containers:
                - name: merge
                  command: {{Words(job.Merge.Prepend(job.Program))}}
        {{Container(job, pods, 10)}}
        """;

    static string Training(ClusterJob job, KubernetesPods pods) => $$"""
        # For Kubeflow's MPI Operator; the image has MPICH and an SSH server, by which the launcher reaches the workers.
        apiVersion: kubeflow.org/v2beta1
        kind: MPIJob
        metadata:
          name: {{YamlText.Quoted(job.NameInUse)}}
        spec:
          slotsPerWorker: 1
          mpiImplementation: MPICH
          runPolicy:
            cleanPodPolicy: Running
            backoffLimit: {{Number(job.Retries)}}{{(job.Time is { } time ? $"\n    activeDeadlineSeconds: {Seconds(time)}" : "")}}
          mpiReplicaSpecs:
            Launcher:
              replicas: 1
              template:
                spec:
                  containers:
                    - name: launcher
                      command: {{Words(["mpirun", "-n", Number(job.Count), job.Program, .. job.Words])}}
        {{Container(job, pods, 14, isLauncher: true)}}
            Worker:
              replicas: {{Number(job.Count)}}
              template:
                spec:
                  containers:
                    - name: worker
        {{Container(job, pods, 14)}}
        """;

    // The rest of a container, and the pod's volumes behind it.
    static string Container(ClusterJob job, KubernetesPods pods, int indent, bool isLauncher = false)
    {
        var lines = new List<string> { $"image: {YamlText.Quoted(pods.Image)}", $"workingDir: {YamlText.Quoted(pods.Mount)}" };
        if (!isLauncher)
            lines.AddRange(Resources(job));
        if (pods.Claim is not { } claim)
            return Indented(lines, indent);
        lines.AddRange(["volumeMounts:", "  - name: data", $"    mountPath: {YamlText.Quoted(pods.Mount)}"]);
        string[] volumes = ["volumes:", "  - name: data", "    persistentVolumeClaim:", $"      claimName: {YamlText.Quoted(claim)}"];
        return $"{Indented(lines, indent)}\n{Indented(volumes, indent - 4)}";
    }

    static IEnumerable<string> Resources(ClusterJob job)
    {
        yield return "resources:";
        foreach (var kind in (string[])["requests", "limits"])
        {
            yield return $"  {kind}:";
            yield return $"    cpu: {YamlText.Quoted(Number(job.Cpus))}";
            if (job.Memory is { } memory)
                yield return $"    memory: {YamlText.Quoted($"{memory}i")}";
        }
    }

    static string Indented(IEnumerable<string> lines, int indent) =>
        string.Join('\n', lines.Select(line => $"{new string(' ', indent)}{line}"));

    static string Deadline(ClusterJob job, int indent) =>
        job.Time is { } time ? $"\n{new string(' ', indent)}activeDeadlineSeconds: {Seconds(time)}" : "";

    // Kubernetes puts variables in the place of $(NAME), and takes $$ for $.
    static string Words(IEnumerable<string> words) =>
        YamlText.List(words.Select(word => word.Replace("$", "$$", StringComparison.Ordinal)));

    static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
