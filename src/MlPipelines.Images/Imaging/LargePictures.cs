namespace MlPipelines.Imaging;

/// <summary>Decodes pictures that take much memory: no more of them at once than there is room for, each no longer than its time, and
/// ended with <see cref="DecodingCancellation"/>.</summary>
/// <remarks>Native decoders hear of no token: one that is not waited for any more goes on by itself, with its room, to its end. That comes,
/// since the number of pixels and of a JPEG's scans is bounded.</remarks>
static class LargePictures
{
    /// <summary>What takes less than this is decoded at once, on the caller's own thread: a fraction of a second.</summary>
    internal const long SmallBytes = 1L << 26;

    const long Huge = 1L << 28;

    static readonly Lock file = new();
    static readonly object room = new();
    static long taken;

    /// <summary>The most bytes of all large pictures that are decoded at one time; a larger one waits until it is alone.</summary>
    internal const long Room = DecodeOptions.DefaultMemoryLimit;

    /// <summary>Reads and decodes a file, one at a time of those that are larger than <see cref="SmallBytes"/>.</summary>
    internal static T OneFile<T>(long bytes, Func<T> read)
    {
        if (bytes <= SmallBytes)
            return read();
        lock (file)
            return read();
    }

    /// <param name="name">What messages call the picture.</param>
    /// <param name="bytes">About how much memory it takes.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="decode">Decodes it, on a thread of its own.</param>
    /// <exception cref="InvalidDataException">It takes longer.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    internal static T Decode<T>(string name, long bytes, TimeSpan limit, Func<T> decode)
    {
        var token = DecodingCancellation.Token;
        Enter(bytes, token);
        // The collector lets arrays of this size lie for long where the machine has memory left; a few would be more than Room.
        if (bytes >= Huge)
            GC.Collect();
        var work = Task.Factory.StartNew(() =>
        {
            try
            {
                return decode();
            }
            finally
            {
                Leave(bytes);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.WaitAny([work], (int)limit.TotalMilliseconds, token) == 0 ? work.GetAwaiter().GetResult()
            : throw new InvalidDataException(
                $"{name}: is not decoded after {limit.TotalSeconds:0.#} s. Make it smaller, or raise DecodeOptions.TimeLimit in a "
                + "program.");
    }

    static void Enter(long bytes, CancellationToken token)
    {
        const int glance = 100;
        lock (room)
        {
            while (taken > 0 && taken + bytes > Room)
            {
                token.ThrowIfCancellationRequested();
                Monitor.Wait(room, glance);
            }
            taken += bytes;
        }
    }

    static void Leave(long bytes)
    {
        lock (room)
        {
            taken -= bytes;
            Monitor.PulseAll(room);
        }
    }
}
