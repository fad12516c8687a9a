using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A picture that is not decoded yet, and what steps do to it: some of it once and for all,
/// some of it anew in every epoch.</summary>
/// <param name="Image">The picture before the changes.</param>
/// <param name="Id">Which sample it is; what is drawn at random depends on it.</param>
/// <param name="Changes">What is done to it, in order.</param>
readonly record struct Picture(Image Image, long Id, ImmutableArray<PictureChange> Changes)
{
    public Picture(Image image, long id) : this(image, id, []) { }

    /// <summary>Whether it differs from epoch to epoch.</summary>
    public bool IsRandom => Changes.Any(change => change.IsRandom);

    /// <summary>What is done to it, as text that differs where that does.</summary>
    public IEnumerable<string> Steps => [Image.Resized, .. Changes.Select(change => change.Text)];

    public Picture With(PictureChange change) => this with { Changes = Changes.Add(change) };

    /// <summary>The picture of an epoch, from 0; before that, as it is without what is changed at random.</summary>
    public Image Draw(int epoch)
    {
        var image = Image.Again();
        foreach (var change in Changes)
            if (epoch >= 0 || !change.IsRandom)
                image = change.Apply(image, Id, epoch);
        return image;
    }
}

/// <summary>What a step does to pictures.</summary>
abstract class PictureChange
{
    /// <summary>Whether it differs from epoch to epoch.</summary>
    public virtual bool IsRandom => false;

    /// <summary>All that it depends on, but for sample and epoch.</summary>
    public abstract string Text { get; }

    /// <param name="image">The picture.</param>
    /// <param name="id">Which sample it is.</param>
    /// <param name="epoch">Which time a trainer goes through the samples, from 0.</param>
    public abstract Image Apply(Image image, long id, int epoch);

    /// <summary>What is drawn for a picture of that size, in a few words each.</summary>
    public virtual IEnumerable<string> Describe(ImageSize size, long id, int epoch) => [];
}

/// <summary>A getter of pictures of this library. Whoever knows it by its delegate's target takes the undecoded picture; all others get
/// ML.NET's picture, decoded.</summary>
/// <remarks>Views hand on the getters of columns that they leave alone, so that the target survives filters,
/// splits and ML.NET's own steps on other columns.</remarks>
abstract class PictureGetter
{
    /// <summary>The picture of the row that the cursor is on.</summary>
    public abstract Picture Current();

    /// <summary>Whether its pictures come decoded from others, so that each of them holds its pixels.</summary>
    public virtual bool HoldsPixels => false;

    /// <summary>The number that draws what is random for those who do not say an epoch.</summary>
    protected virtual int Epoch => 0;

    /// <summary>Told of a picture that cannot be read, which ML.NET's steps then get as none.</summary>
    protected virtual void Unreadable(Exception exception) => throw new InvalidDataException(exception.Message, exception);

    public ValueGetter<MLImage> ToGetter() => Get;

    /// <summary>The source of a getter's pictures; null where it is not of this library.</summary>
    public static PictureGetter? Of(Delegate getter) => getter.Target as PictureGetter;

    void Get(ref MLImage image)
    {
        image = null!;
        try
        {
            image = MLPictures.Of(Current().Draw(Epoch));
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            if (!UnreadPicture.Tell(exception))
                Unreadable(exception);
        }
    }
}
