namespace MlPipelines;

/// <summary>The epoch that a trainer of this library opens a cursor for. Views open those below them on the same thread, so that random ones find it here.</summary>
static class ReadingEpoch
{
    [ThreadStatic]
    static int? current;

    [ThreadStatic]
    static bool taken;

    /// <summary>The epoch of the cursor that is being opened; null when nobody said one.</summary>
    public static int? Take()
    {
        taken = true;
        return current;
    }

    /// <summary>Opens cursors for whatever epoch is said, and says whether a random view lies below.</summary>
    public static T Watch<T>(Func<T> open, out bool isRandom)
    {
        var before = taken;
        taken = false;
        try
        {
            var opened = open();
            isRandom = taken;
            return opened;
        }
        finally
        {
            taken |= before;
        }
    }

    /// <summary>Opens cursors for an epoch, and says whether a random view lies below.</summary>
    public static T Open<T>(int epoch, Func<T> open, out bool isRandom)
    {
        var (before, takenBefore) = (current, taken);
        (current, taken) = (epoch, false);
        try
        {
            var opened = open();
            isRandom = taken;
            return opened;
        }
        finally
        {
            (current, taken) = (before, takenBefore);
        }
    }
}
