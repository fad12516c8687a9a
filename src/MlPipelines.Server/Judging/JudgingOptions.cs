using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>How a model is served.</summary>
public sealed record JudgingOptions
{
    /// <summary>The SQLite file that verdicts are kept in; it is made where it is missing.</summary>
    public string Verdicts { get; init => field = Check.Named(value, nameof(Verdicts)); } = "verdicts.db";

    /// <summary>Whether pictures are kept beside their judgements, as they came, so that they can be trained on.</summary>
    public bool KeepPictures { get; init; }

    /// <summary>The most bytes of a picture's file; more are refused without being read.</summary>
    public long MaxBytes { get; init => field = Check.Within(value, 1, 1L << 30, nameof(MaxBytes)); } = 16L << 20;

    /// <summary>The most pixels of a picture, by its header; one of more is refused before anything is decoded.</summary>
    public long MaxPixels { get; init => field = Check.Within(value, 1, DecodeOptionsLimit, nameof(MaxPixels)); } = 50_000_000;

    /// <summary>The most requests a second of one client's address, of which five seconds' may come at once; null for any number.</summary>
    public int? RequestsPerSecond
    {
        get;
        init => field = value is { } number ? Check.AtLeast(number, 1, nameof(RequestsPerSecond)) : null;
    }

    /// <summary>The most pictures that are judged at one time; those beyond are told to come again.</summary>
    public int MaxPending { get; init => field = Check.AtLeast(value, 1, nameof(MaxPending)); } = 256;

    /// <summary>The most bytes of all requests' pictures at one time; those beyond are told to come again.</summary>
    public long MaxPendingBytes { get; init => field = Check.AtLeast(value, 1, nameof(MaxPendingBytes)); } = 256L << 20;

    /// <summary>How long a request's body may take to come; a sixth of it may pass without anything coming.</summary>
    public TimeSpan BodyTime
    {
        get;
        init => field = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1) ? value
            : throw new ArgumentOutOfRangeException(nameof(BodyTime), $"BodyTime: got {value}, needs more than 0 and at most a day.");
    } = TimeSpan.FromMinutes(1);

    /// <summary>Names, beside localhost, the machine's own and all addresses of numbers, by which a browser may call the server. Under any
    /// other name a page of somebody else could have led it here.</summary>
    public ImmutableArray<string> AllowedHosts { get; init; } = [];

    /// <summary>Tells when something was judged.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    const long DecodeOptionsLimit = 1L << 29;
}
