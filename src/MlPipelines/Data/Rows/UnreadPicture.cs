namespace MlPipelines;

/// <summary>Why a picture below steps of others cannot be read.</summary>
/// <remarks>They get none and go on with nothing, or fail at it; whoever reads the row on the same
/// thread learns here that it has no value.</remarks>
static class UnreadPicture
{
    [ThreadStatic]
    static Listener? listener;

    sealed class Listener
    {
        public Exception? Failure { get; set; }
    }

    /// <summary>Tells the reader of the row; false when nobody of this library reads it.</summary>
    public static bool Tell(Exception exception)
    {
        if (listener is null)
            return false;
        // The first one is the cause; what others fail at after it follows from the missing picture.
        listener.Failure ??= exception;
        return true;
    }

    /// <summary>Reads a value of a row.</summary>
    /// <exception cref="InvalidDataException">A picture that the value is computed from cannot be read.</exception>
    public static T Read<T>(Func<T> read)
    {
        // Readers lie within each other where a view reads one below: each hears of its own row only.
        var (before, own) = (listener, new Listener());
        listener = own;
        try
        {
            var value = read();
            return own.Failure is null ? value : throw new InvalidDataException(own.Failure.Message, own.Failure);
        }
        catch (Exception exception) when (own.Failure is { } failure && exception.InnerException != failure)
        {
            throw new InvalidDataException(failure.Message, failure);
        }
        finally
        {
            listener = before;
        }
    }
}
