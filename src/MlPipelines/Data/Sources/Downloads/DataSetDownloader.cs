namespace MlPipelines;

/// <summary>Brings published data sets into folders: fetches what is missing, checks it by SHA-256, and unpacks it.</summary>
/// <param name="options">Where from, and how patiently.</param>
/// <remarks>What is there already is only checked. A download that was cut goes on where it ended, also in another run: what has come lies
/// in <c>*.part</c>. Proxies are those of the system.</remarks>
sealed class DataSetDownloader(DownloadOptions? options = null)
{
    const int MostRedirects = 5;

    readonly DownloadOptions options = options ?? new();

    /// <summary>Sees to it that a folder holds a data set.</summary>
    /// <param name="set">Which one.</param>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <param name="cancellation">Ends the download; the next one goes on from there.</param>
    /// <returns>The files that were fetched or unpacked; none when all were there.</returns>
    /// <exception cref="InvalidDataException">A file there is not the published one; the message names it.</exception>
    /// <exception cref="DownloadException">A file cannot be fetched, or another one is sent.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public Task<IReadOnlyList<string>> GetAsync(PublishedDataSet set, string folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        return GetAsync([.. options.Folders(set.Name, set.Addresses, DownloadOptions.Setting)], set.Files, folder, cancellation);
    }

    /// <summary>Sees to it that a folder holds published files, which lie at any of the addresses.</summary>
    internal async Task<IReadOnlyList<string>> GetAsync(IReadOnlyList<Uri> addresses, IEnumerable<PublishedFile> files, string folder,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(Check.Named(folder));
        using var handler = new SocketsHttpHandler
        {
            MaxAutomaticRedirections = MostRedirects,
            ConnectTimeout = TimeSpan.FromSeconds(options.StallSeconds),
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var changed = new List<string>();
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            var place = Path.Combine(folder, file.Name);
            if (file.Folder is { } inner && UnpackedArchive.IsThere(Path.Combine(folder, inner), file))
                continue;
            if (!IsThere(place, file))
            {
                await FetchAsync(client, addresses, file, place, cancellation).ConfigureAwait(false);
                changed.Add(place);
            }
            if (file.Folder is not null)
                changed.Add(UnpackedArchive.Make(place, folder, file, cancellation));
        }
        return changed;
    }

    async Task FetchAsync(HttpClient client, IReadOnlyList<Uri> addresses, PublishedFile file, string place, CancellationToken cancellation)
    {
        var folders = new Queue<Uri>(addresses);
        while (folders.TryDequeue(out var address))
        {
            try
            {
                await new FileDownload(client, new(address, file.Name), place, file, options).RunAsync(cancellation).ConfigureAwait(false);
                return;
            }
            catch (DownloadException failure) when (folders.Count > 0)
            {
                options.Notice?.Invoke($"{failure.Message} Asking {folders.Peek()} now.");
            }
        }
    }

    static bool IsThere(string place, PublishedFile file)
    {
        string[] names = file.Unzipped && Path.GetExtension(place) == ".gz" ? [place, place[..^3]] : [place];
        if (Array.Find(names, File.Exists) is not { } found)
            return false;
        return Checksum.OfFile(found, file.Unzipped && found == place) == file.Sha256 ? true
            : throw new InvalidDataException(
                $"{found}: is not {file.Name} as published (its SHA-256 differs). Move it away, or choose another folder.");
    }
}
