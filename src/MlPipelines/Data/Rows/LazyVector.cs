namespace MlPipelines;

/// <summary>The numbers of a sample that are not computed yet.</summary>
/// <param name="Draw">The numbers of an epoch, from 0; before that, without what is changed at random.</param>
/// <param name="IsRandom">Whether they differ from epoch to epoch.</param>
sealed record LazyVector(Func<int, float[]> Draw, bool IsRandom)
{
    /// <summary>What is done to the picture that they are computed from, as text that differs where that does.</summary>
    public IEnumerable<string> Steps { get; init; } = [];

    /// <summary>What they are computed from: a <see cref="Picture"/>, numbers, or another one; null where that is not told.</summary>
    public object? Source { get; init; }
}

/// <summary>A getter of vectors of this library, which a trainer takes before they are computed; see <see cref="PictureGetter"/>.</summary>
abstract class VectorGetter
{
    /// <summary>The vector of the row that the cursor is on.</summary>
    public abstract LazyVector Current();

    /// <summary>Whether a vector that is not computed yet holds pixels or numbers, and not just what they are read from.</summary>
    public abstract bool HoldsPixels { get; }

    /// <summary>The number that draws what is random for those who do not say an epoch.</summary>
    protected virtual int Epoch => 0;

    /// <summary>Told of a picture that cannot be read, whose numbers are then missing.</summary>
    protected abstract float[] Missing(Exception exception);

    public ValueGetter<VBuffer<float>> ToGetter() => Get;

    public static VectorGetter? Of(Delegate getter) => getter.Target as VectorGetter;

    void Get(ref VBuffer<float> vector)
    {
        float[] numbers;
        try
        {
            numbers = Current().Draw(Epoch);
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            numbers = Missing(exception);
        }
        vector = new(numbers.Length, numbers);
    }
}
