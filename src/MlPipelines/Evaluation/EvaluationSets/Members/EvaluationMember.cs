using System.Collections.Immutable;
using MlPipelines.Imaging;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A picture that members are asked about.</summary>
/// <param name="Name">Its path, or "row" and its number.</param>
/// <param name="Digest">SHA-256 of the file, or of size and pixels, as hexadecimal digits; with the filter's name behind it where the
/// member
/// looks through one.</param>
public sealed record AskedPicture(string Name, string Digest)
{
    /// <summary>Opens the picture as the member sees it.</summary>
    public required Func<Image> Open { get; init; }

    /// <summary>The picture as the member sees it, opened anew each time that it is asked for.</summary>
    public Image Image => Open();

    /// <summary>The file with just these pixels; null where there is none.</summary>
    public string? Path { get; init; }
}

/// <summary>What a member says of a picture.</summary>
/// <param name="Class">The class, by the member's name for it; null where there is no answer.</param>
/// <param name="Failure">Why there is none; null where there is one.</param>
public sealed record MemberAnswer(string? Class, string? Failure = null)
{
    /// <summary>The classes that <see cref="Probabilities"/> are of; none where only a class is said.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>Their probabilities, from 0 to 1.</summary>
    public ReadOnlyMemory<float> Probabilities { get; init; }

    /// <summary>The probability of a class; without probabilities 1 for the class that is said and 0 for others.</summary>
    public float ProbabilityOf(string name)
    {
        if (Classes.IsDefaultOrEmpty)
            return Class == name ? 1 : 0;
        var place = Classes.IndexOf(name);
        return place < 0 ? 0 : Probabilities.Span[place];
    }
}

/// <summary>A classifier, whatever it is: it gives class probabilities, or only a class, for a picture.</summary>
/// <remarks>One of your own derives from this and says <see cref="Answers"/>.</remarks>
public abstract class EvaluationMember : IDisposable
{
    // A picture is explained at no more than this size: a covered square of a large one says no more.
    const int ExplainedSide = 256;

    /// <param name="name">What reports call it.</param>
    protected EvaluationMember(string name) => (Name, Type) = (Check.Named(name), name);

    /// <summary>What reports call it; no two members have the same.</summary>
    public string Name { get; }

    /// <summary>What it has in common with members that differ from it only by chance, such as by the seed of their training: differences
    /// are looked for between types. Its own name where nothing is said.</summary>
    public string Type { get; init => field = Check.Named(value, nameof(Type)); }

    /// <summary>What it looks through.</summary>
    public PictureFilter Filter { get; init; }

    /// <summary>Whether it takes no part in the search, so that what was found can be tried on it; null to leave that to the search, which
    /// keeps back a third of the members of each type that has several.</summary>
    public bool? IsHeldOut { get; init; }

    /// <summary>What its answers are found by when they are kept on disk: equal only where all answers are. Null where they are not
    /// kept.</summary>
    protected internal virtual string? Fingerprint => null;

    /// <summary>Its answers for some pictures, in their order, one each.</summary>
    /// <param name="pictures">The pictures, as the member sees them.</param>
    /// <param name="cancellation">Ends the asking.</param>
    protected internal abstract IEnumerable<MemberAnswer> Answers(IReadOnlyList<AskedPicture> pictures, CancellationToken cancellation);

    /// <summary>An answer by our names for its classes, where they have others.</summary>
    internal virtual MemberAnswer Named(MemberAnswer answer) => answer;

    /// <summary>How its attention is found out, for people; null where it cannot be.</summary>
    internal virtual string? Attention => nameof(Occlusion);

    /// <summary>Which places of a picture speak for the class that the member says; null where that cannot be found out, or would take more
    /// questions than are left.</summary>
    /// <param name="picture">As the member sees it.</param>
    /// <param name="questions">How many more pictures it may be asked about; lowered by those that it was.</param>
    /// <param name="cancellation">Ends the asking.</param>
    internal virtual HeatMap? Looks(AskedPicture picture, ref int questions, CancellationToken cancellation)
    {
        var image = Bounded(picture.Image);
        var occlusion = new Occlusion(0.3f);
        // What it says of the whole picture, by class and by probability, and of each covered one.
        var needed = occlusion.Places(image.Height, image.Width) + 2;
        if (needed > questions)
            return null;
        questions -= needed;
        var answer = Named(Answers([picture with { Open = () => image, Path = null }], cancellation).Single());
        if (answer.Class is not { } name)
            return null;
        var numbers = new float[3 * image.Height * image.Width];
        InterleavedPixels.Split(image.Pixels, 3, numbers);
        var values = occlusion.Of(covered =>
            Probabilities(covered, picture, name, cancellation), numbers, [1, 3, image.Height, image.Width], 0);
        return new(image.Width, image.Height, values, name, answer.ProbabilityOf(name));
    }

    /// <summary>The picture as the member sees it.</summary>
    internal AskedPicture Seen(AskedPicture picture) => Filter == PictureFilter.None ? picture : picture with
    {
        Open = () => Filter.Apply(picture.Open()),
        Path = null,
        Digest = $"{picture.Digest} {Filter.ToString().ToLowerInvariant()}",
    };

    /// <summary>Frees what it holds.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what it holds.</summary>
    /// <param name="disposing">True.</param>
    protected virtual void Dispose(bool disposing) { }

    static Image Bounded(Image image)
    {
        var scale = Math.Min(1, (double)ExplainedSide / Math.Max(image.Width, image.Height));
        return image.Resize(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)), ResizingKind.Fill).ToRgb();
    }

    Tensor Probabilities(Tensor covered, AskedPicture picture, string name, CancellationToken cancellation)
    {
        var (count, height, width) = (covered.Shape[0], covered.Shape[2], covered.Shape[3]);
        var (numbers, plane) = (covered.Elements<float>().ToArray(), height * width);
        var asked = new AskedPicture[count];
        for (var i = 0; i < count; i++)
        {
            var pixels = new byte[3 * plane];
            for (var at = 0; at < pixels.Length; at++)
                pixels[at] = (byte)numbers[i * 3 * plane + at % 3 * plane + at / 3];
            var image = Image.FromPixels(width, height, 3, pixels);
            asked[i] = picture with
            {
                Open = () => image,
                Path = null,
                Digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(pixels)),
            };
        }
        return Tensor.Of<float>([count, 1], [.. Answers(asked, cancellation).Select(answer => Named(answer).ProbabilityOf(name))]);
    }
}
