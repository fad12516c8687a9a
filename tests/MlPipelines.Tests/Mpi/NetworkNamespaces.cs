using System.Diagnostics;

namespace MlPipelines.Tests.Mpi;

/// <summary>Two networks of this machine with an address each and a cable between them, made with ip of iproute2.</summary>
sealed class NetworkNamespaces : IDisposable
{
    // Names of interfaces have at most 15 letters.
    readonly string name = $"mp{Random.Shared.Next(1_000_000)}";

    NetworkNamespaces() { }

    /// <summary>The same, or null where this machine or user may not make any.</summary>
    public static NetworkNamespaces? Make()
    {
        var made = new NetworkNamespaces();
        if (made.Ip("netns add {0}n0") && made.Ip("netns add {0}n1")
            && made.Ip("link add {0}a netns {0}n0 type veth peer name {0}b netns {0}n1")
            && made.Ip("-n {0}n0 address add 10.217.41.1/24 dev {0}a") && made.Ip("-n {0}n1 address add 10.217.41.2/24 dev {0}b")
            && made.Ip("-n {0}n0 link set lo up") && made.Ip("-n {0}n1 link set lo up") && made.Connect(true))
            return made;
        made.Dispose();
        return null;
    }

    /// <summary>What starts a process in the network of its rank, 0 or 1, as a machine of its own.</summary>
    public string Wrapper => $"ip netns exec {name}n$PMI_RANK";

    /// <summary>Plugs the cable in or pulls it out.</summary>
    public bool Connect(bool isIn) => Ip($"-n {{0}}n0 link set {{0}}a {(isIn ? "up" : "down")}")
        && Ip($"-n {{0}}n1 link set {{0}}b {(isIn ? "up" : "down")}");

    public void Dispose()
    {
        Ip("netns del {0}n0");
        Ip("netns del {0}n1");
    }

    bool Ip(string words)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", words.Replace("{0}", name, StringComparison.Ordinal).Split(' '))
            {
                RedirectStandardError = true,
            })!;
            ip.StandardError.ReadToEnd();
            return ip.WaitForExit(TimeSpan.FromSeconds(10)) && ip.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
