using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;

namespace MlPipelines;

/// <summary>Where a process runs.</summary>
/// <param name="Host">Name of the machine.</param>
/// <param name="Process">Its number there.</param>
/// <param name="Network">Which network of the machine it sees; equal where one address reaches both.</param>
/// <param name="Processors">The processor cores that it may use, as the system writes them.</param>
/// <param name="Cores">How many those are.</param>
/// <param name="Addresses">Addresses that others may reach it under.</param>
sealed record RankPlace(string Host, int Process, string Network, string Processors, int Cores, string[] Addresses)
{
    /// <summary>Where this process runs.</summary>
    public static RankPlace Here() => new(Environment.MachineName, Environment.ProcessId, NetworkHere(), ProcessorsHere(),
        Environment.ProcessorCount, [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(each => each.OperationalStatus == OperationalStatus.Up && each.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(each => each.GetIPProperties().UnicastAddresses).Select(each => each.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork || !address.IsIPv6LinkLocal)
            .Select(address => address.ToString())]);

    /// <summary>As bytes for other processes.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>From the bytes of another process.</summary>
    public static RankPlace Of(byte[] bytes) => JsonSerializer.Deserialize<RankPlace>(bytes)!;

    /// <summary>Whether another process is reached without leaving the machine.</summary>
    public bool IsBeside(RankPlace other) => Host == other.Host && Network == other.Network;

    /// <summary>The cores that are a process's share: those that it may use, divided by how many may use the same.</summary>
    public static int CoresOf(RankPlace[] places, int rank) => Math.Max(1, places[rank].Cores
        / places.Count(place => place.Host == places[rank].Host && place.Processors == places[rank].Processors));

    /// <summary>What messages call it.</summary>
    public string Name(int rank) => $"rank {rank} ({Host}, process {Process})";

    // Processes in namespaces of their own see networks of their own.
    static string NetworkHere() => OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/net").LinkTarget ?? "" : "";

    static string ProcessorsHere() => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal)) ?? ""
        : "";
}
