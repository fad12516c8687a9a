using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MlPipelines.Tests.Data.Sources;

/// <summary>A web server on loopback that answers as it is told, byte by byte, so that it can lie.</summary>
sealed class LyingServer : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly Func<Asked, Answer> answer;

    public LyingServer(Func<Asked, Answer> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    /// <summary>What it was asked, in order.</summary>
    public ConcurrentQueue<Asked> Requests { get; } = [];

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    /// <summary>An honest server of files, with ranges and tags.</summary>
    public static Answer Honest(Asked asked, IReadOnlyDictionary<string, byte[]> files)
    {
        if (!files.TryGetValue(asked.Path, out var content))
            return new("404 Not Found");
        var tag = $"ETag: \"{content.Length}-{content.Take(64).Sum(value => value)}\"";
        return asked.From is > 0 and var start && (asked.IfRange is null || tag.EndsWith(asked.IfRange, StringComparison.Ordinal))
            ? start < content.Length
            ? new("206 Partial Content", content[start..], tag, $"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}")
            : new("416 Range Not Satisfiable")
            : new("200 OK", content, tag);
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                var lines = new List<string>();
                while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } line)
                    lines.Add(line);
                if (lines.Count == 0)
                    return;
                var asked = Asked.Of(lines);
                Requests.Enqueue(asked);
                var reply = answer(asked);
                var length = reply.Promised ?? reply.Body.Length;
                string[] head = [$"HTTP/1.1 {reply.Status}", .. length < 0 ? [] : new[] { $"Content-Length: {length}" }, .. reply.Headers,
                    "Connection: close", "", ""];
                await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", head)), stop.Token);
                await stream.WriteAsync(reply.Body.AsMemory(0, Math.Min(reply.Sent ?? reply.Body.Length, reply.Body.Length)), stop.Token);
                if (reply.Stalls)
                    await Task.Delay(Timeout.Infinite, stop.Token);
                client.Client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
            }
        }
    }
}

/// <summary>What a client asked for.</summary>
sealed record Asked(string Path, int? From, string? IfRange)
{
    public static Asked Of(IReadOnlyList<string> lines) => new(lines[0].Split(' ')[1].TrimStart('/'),
        Header(lines, "Range") is { } range ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : null,
        Header(lines, "If-Range"));

    static string? Header(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) is { } line
        ? line[(name.Length + 1)..].Trim() : null;
}

/// <summary>An answer, true or not.</summary>
sealed class Answer(string status, byte[]? body = null, params string[] headers)
{
    public string Status => status;
    public byte[] Body { get; } = body ?? [];
    public string[] Headers => headers;

    /// <summary>The Content-Length that is said; −1 for none.</summary>
    public int? Promised { get; init; }

    /// <summary>The bytes of the body that are sent before the line is cut.</summary>
    public int? Sent { get; init; }

    /// <summary>True to send nothing more and leave the line open.</summary>
    public bool Stalls { get; init; }
}
