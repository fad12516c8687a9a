using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace MlPipelines;

/// <summary>Fetches one file: what has come is kept beside the target and gone on with,
/// and gets its name when its SHA-256 is right.</summary>
sealed class FileDownload(HttpClient client, Uri address, string target, PublishedFile file, DownloadOptions options)
{
    const int Chunk = 1 << 17;
    const long Worthwhile = 1 << 20;
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30), LongestWait = TimeSpan.FromSeconds(60);

    readonly string part = target + ".part";
    // The tag or date of the file that the part is of: If-Range gets the rest only while the server still has that file.
    readonly string mark = target + ".part.etag";
    readonly TimeSpan patience = TimeSpan.FromSeconds(options.StallSeconds);

    /// <exception cref="DownloadException">It cannot be fetched, or the server sends another file.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var wrong = 0;
        for (var attempt = 1; ; attempt++)
        {
            var before = Length;
            try
            {
                await TransferAsync(cancellation).ConfigureAwait(false);
                var found = Checksum.OfFile(part, file.Unzipped);
                if (found == file.Sha256)
                {
                    File.Move(part, target, overwrite: false);
                    File.Delete(mark);
                    return;
                }
                File.Delete(part);
                // The first wrong one is fetched again, since its part may have been begun with another version of the file;
                // a second one is the end where it was fetched whole.
                if (++wrong > 2 || wrong > 1 && before == 0)
                    throw new DownloadException($"{address}: has the SHA-256 {found ?? "of no gzip file"}, {file.Name} as published "
                        + $"has {file.Sha256}. Try again, or give another address.");
                throw new TransferException($"what came is not {file.Name} as published", fatal: false);
            }
            catch (TransferException failure)
            {
                if (Length - before >= Worthwhile)
                    attempt = 0;
                if (failure.Fatal || attempt >= options.Attempts)
                    throw new DownloadException($"{address}: {failure.Message}. {Remedy}", failure);
                var pause = Pause(Math.Max(attempt, 1), failure.Wait);
                options.Notice?.Invoke(
                    $"{address}: {failure.Message}; trying again{(pause > TimeSpan.Zero ? $" in {pause.TotalSeconds:0.#} s" : "")}.");
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
            }
        }
    }

    string Remedy => Length > 0 ? "Run it again to go on, or give another address." : "Check the connection, or give another address.";

    long Length => File.Exists(part) ? new FileInfo(part).Length : 0;

    TimeSpan Pause(int attempt, TimeSpan? wanted)
    {
        var own = TimeSpan.FromSeconds(Math.Min(options.PauseSeconds * Math.Pow(2, attempt - 1), LongestPause.TotalSeconds));
        return wanted is { } asked && asked > own ? asked < LongestWait ? asked : LongestWait : own;
    }

    async Task TransferAsync(CancellationToken cancellation)
    {
        var start = Length;
        // All is there: only the sum remained to be looked at.
        if (!file.Unzipped && start == file.Bytes)
            return;
        if (start > file.Most)
        {
            Restart();
            start = 0;
        }
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var request = Request(start);
        using var response = await Timed(() => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token), stall,
            cancellation).ConfigureAwait(false);
        start = Begin(response, start);
        using var body = await Timed(() => response.Content.ReadAsStreamAsync(stall.Token), stall, cancellation).ConfigureAwait(false);
        using var stream = new FileStream(part, start > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
        // After the part was emptied: a mark of the new file must not lie beside bytes of the old one.
        WriteMark(response);
        var done = await CopyAsync(body, stream, start, stall, cancellation).ConfigureAwait(false);
        if (!file.Unzipped && done < file.Bytes)
            throw new TransferException(
                $"ended after {done:N0} of {file.Bytes:N0} bytes"
                    + (response.Content.Headers.ContentLength == done - start ? ", which is all there, as the server says" : ""),
                fatal: false);
    }

    async Task<long> CopyAsync(Stream body, FileStream stream, long start, CancellationTokenSource stall, CancellationToken cancellation)
    {
        var (buffer, done, clock) = (new byte[Chunk], start, Stopwatch.StartNew());
        // A server that goes on sending is not listened to: what is more than published cannot be the file.
        while (done < file.Most)
        {
            var room = (int)Math.Min(Chunk, file.Most - done);
            var read = await Timed(() => body.ReadAsync(buffer.AsMemory(0, room), stall.Token).AsTask(), stall, cancellation)
                .ConfigureAwait(false);
            if (read == 0)
                break;
            stream.Write(buffer, 0, read);
            done += read;
            options.Progress?.Report(new(file.Name, done, Math.Max(done, file.Bytes),
                clock.Elapsed.TotalSeconds is > 0 and var seconds ? (done - start) / seconds : 0));
        }
        stream.Flush(flushToDisk: true);
        return done;
    }

    HttpRequestMessage Request(long start)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.AcceptEncoding.Add(new("identity"));
        if (start == 0)
            return request;
        request.Headers.Range = new RangeHeaderValue(start, null);
        if (File.Exists(mark) && File.ReadAllText(mark) is { Length: > 0 } known)
            request.Headers.TryAddWithoutValidation("If-Range", known);
        return request;
    }

    /// <returns>How many of the bytes that are there the answer goes on from.</returns>
    long Begin(HttpResponseMessage response, long start)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return 0;
        if (response.StatusCode == HttpStatusCode.PartialContent && start > 0 && response.Content.Headers.ContentRange?.From == start
            && SameAsBefore(response))
            return start;
        // What is there is longer than the server's file, of another version, or asked for from a server that sends another range.
        if (response.StatusCode is HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            Restart();
            throw new TransferException("the server does not go on where it ended", fatal: false);
        }
        var status = (int)response.StatusCode;
        var moved = status is >= 300 and < 400;
        var wait = response.Headers.RetryAfter is { Delta: { } delta } ? delta : (TimeSpan?)null;
        throw new TransferException($"the server answered {status} {response.ReasonPhrase}"
            + (moved ? $", to go to {response.Headers.Location}, after too many such answers or from https to http" : ""),
            fatal: status is not (408 or 429 or >= 500), wait);
    }

    bool SameAsBefore(HttpResponseMessage response) =>
        !File.Exists(mark) || Mark(response) is not { } found || File.ReadAllText(mark) is not { Length: > 0 } known || found == known;

    void Restart()
    {
        File.Delete(part);
        File.Delete(mark);
    }

    void WriteMark(HttpResponseMessage response)
    {
        if (Mark(response) is { } found)
            File.WriteAllText(mark, found);
        else if (response.StatusCode == HttpStatusCode.OK)
            File.Delete(mark);
    }

    // A weak tag does not promise equal bytes.
    static string? Mark(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R");

    async Task<T> Timed<T>(Func<Task<T>> step, CancellationTokenSource stall, CancellationToken cancellation)
    {
        stall.CancelAfter(patience);
        try
        {
            return await step().ConfigureAwait(false);
        }
        // The source of stalls is cancelled with the caller's: it was a stall only where the caller's is not.
        catch (OperationCanceledException) when (stall.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TransferException($"the server sent nothing for {options.StallSeconds:0.###} s", fatal: false);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new TransferException(failure.Message.TrimEnd('.'), fatal: false, inner: failure);
        }
    }

    sealed class TransferException(string message, bool fatal, TimeSpan? wait = null, Exception? inner = null) : Exception(message, inner)
    {
        public bool Fatal => fatal;
        public TimeSpan? Wait => wait;
    }
}
