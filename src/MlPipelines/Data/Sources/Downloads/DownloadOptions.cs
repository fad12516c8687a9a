namespace MlPipelines;

/// <summary>How files are fetched.</summary>
public sealed record DownloadOptions
{
    /// <summary>Name of the application's setting (<see cref="AppContext"/>) that replaces the authors' addresses by a folder on the
    /// network with one sub-folder a data set.</summary>
    public const string Setting = "MlPipelines.Datasets";

    /// <summary>The folder on the network that holds the files, in place of those of their authors;
    /// null for theirs or the application's setting.</summary>
    public Uri? From { get; init => field = value is null ? null : Folder(value, nameof(From)); }

    /// <summary>A folder on the network with one sub-folder a data set or model, such as a mirror in a company;
    /// null for the application's setting.</summary>
    public Uri? Mirror { get; init => field = value is null ? null : Folder(value, nameof(Mirror)); }

    /// <summary>How often a file is asked for when it is cut, at least 1. One that brought a megabyte or more does not count.</summary>
    public int Attempts { get; init => field = Check.AtLeast(value, 1); } = 5;

    /// <summary>Seconds after which a server that sends nothing is given up.</summary>
    public double StallSeconds { get; init => field = Check.Within(value, 0.001, 86400); } = 30;

    /// <summary>Seconds of the first pause between attempts, which then doubles, up to 30.</summary>
    public double PauseSeconds { get; init => field = Check.Within(value, 0, 30); } = 1;

    /// <summary>Told of what has come.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }

    /// <summary>Told, in a sentence, of what went wrong on the way and is tried again.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Where files are asked for, in this order.</summary>
    /// <param name="name">Name of what is fetched: its folder on a mirror.</param>
    /// <param name="published">Where its authors have it.</param>
    /// <param name="setting">Name of the application's setting that gives a mirror.</param>
    internal IEnumerable<Uri> Folders(string name, IEnumerable<Uri> published, string setting)
    {
        if (From is not null)
            return [From];
        var mirror = Mirror ?? (AppContext.GetData(setting) is string { Length: > 0 } text ? Parse(text, setting) : null);
        return mirror is null ? published : [new(mirror, name + "/")];
    }

    /// <summary>The address of a folder from its text, with or without the '/' at its end.</summary>
    /// <param name="text">The address.</param>
    /// <param name="name">What the message calls it.</param>
    /// <exception cref="ArgumentException">It is no address of http or https.</exception>
    public static Uri Parse(string text, string name) => Uri.TryCreate(text, UriKind.Absolute, out var address) ? Folder(address, name)
        : throw new ArgumentException($"{name}: got '{text}', needs an address that begins with http:// or https://.");

    internal static bool IsFolder(Uri address) => IsWeb(address) && address.AbsolutePath.EndsWith('/');

    static bool IsWeb(Uri address) =>
        address is { IsAbsoluteUri: true, Query: "", Fragment: "" }
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    static Uri Folder(Uri address, string name) => !IsWeb(address)
        ? throw new ArgumentException($"{name}: got '{address}', needs an address that begins with http:// or https://, without ? and #.",
            name)
        : IsFolder(address) ? address : new(address.AbsoluteUri + "/");
}

/// <summary>How far a download is.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Done">Bytes there.</param>
/// <param name="Total">Bytes of the whole as published.</param>
/// <param name="BytesPerSecond">Of this run; 0 at its beginning.</param>
public sealed record DownloadProgress(string File, long Done, long Total, double BytesPerSecond);
