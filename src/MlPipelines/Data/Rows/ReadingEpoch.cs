using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>The epoch that a trainer of this library opens a cursor for.</summary>
/// <remarks>Views open those below them on the same thread, so that random ones find it here, and say that they are there.</remarks>
sealed class ReadingEpoch
{
    [ThreadStatic]
    // For the time that a cursor is opened, not read: who needs the epoch later keeps it.
    static ReadingEpoch? current;

    readonly int? number;
    readonly List<ISampleMixing> mixings = [];
    bool isRandom;

    ReadingEpoch(int? number) => this.number = number;

    /// <summary>The epoch of the cursor that is being opened; null when nobody said one.</summary>
    public static int? Current => current?.number;

    /// <summary>Says that what is read differs from epoch to epoch, and how a trainer mixes the samples of a batch.</summary>
    public static void Tell(IEnumerable<ISampleMixing> mixings)
    {
        if (current is not { } reading)
            return;
        reading.isRandom = true;
        reading.Add(mixings);
    }

    /// <summary>Opens a cursor for whatever epoch is said, and says whether a random view lies below.</summary>
    public static (T Opened, bool IsRandom) Watch<T>(Func<T> open)
    {
        // A record of its own, so that what lies below is told from what a view beside it has said already.
        var (before, own) = (current, new ReadingEpoch(Current));
        var opened = In(own, open);
        if (before is not null && own.isRandom)
        {
            before.isRandom = true;
            before.Add(own.mixings);
        }
        return (opened, own.isRandom);
    }

    /// <summary>Opens a cursor for an epoch, and says whether a random view lies below and how samples are mixed.</summary>
    public static (T Opened, bool IsRandom, ImmutableArray<ISampleMixing> Mixings) Open<T>(int epoch, Func<T> open)
    {
        var own = new ReadingEpoch(epoch);
        return (In(own, open), own.isRandom, [.. own.mixings]);
    }

    // A step that reads its rows twice tells of the same mixings twice.
    void Add(IEnumerable<ISampleMixing> told) =>
        mixings.AddRange(told.Where(mixing => !mixings.Any(known => ReferenceEquals(known, mixing))).ToArray());

    static T In<T>(ReadingEpoch own, Func<T> open)
    {
        var before = current;
        current = own;
        try
        {
            return open();
        }
        finally
        {
            current = before;
        }
    }
}
