using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Opens the image files whose paths a column holds, upright and in one size; a path may go on inside a zip or tar. A file is read
/// when its pixels are first asked for.</summary>
/// <param name="OutputColumn">Column of the images.</param>
/// <param name="InputColumn">Column of the paths; or, under that name, of the files' bytes (<c>byte[]</c>), of streams
/// (<see cref="ImageStreamAttribute"/>) or of images (<see cref="MLImage"/>), whatever it was fitted on.</param>
/// <param name="Width">In pixels; 0 leaves the images' own sizes.</param>
/// <param name="Height">In pixels; 0 leaves the images' own sizes.</param>
/// <remarks>A trainer of this library takes the images undecoded. ML.NET's steps get them as RGB with an opaque alpha, or with their own
/// where it is kept; one that cannot be read is none for them, and a warning names it.</remarks>
public sealed record ImageLoader(string OutputColumn, string InputColumn, int Width = 0, int Height = 0) : RowStep
{
    /// <inheritdoc cref="ImageLoader"/>
    public string OutputColumn { get; } = Check.Named(OutputColumn);

    /// <inheritdoc cref="ImageLoader"/>
    public int Width { get; } = Check.AtLeast(Width, 0);

    /// <inheritdoc cref="ImageLoader"/>
    public int Height { get; } = Check.AtLeast(Height, Width == 0 ? 0 : 1);

    /// <summary>How an image of another shape is fitted in.</summary>
    public ResizingKind Resizing { get; init; } = ResizingKind.IsoCrop;

    /// <summary>The part that IsoCrop keeps.</summary>
    public Anchor CropAnchor { get; init; } = Anchor.Center;

    /// <summary>Whether the images are turned grey, one channel.</summary>
    /// <exception cref="ArgumentException">They keep their alpha too.</exception>
    public bool Grayscale { get; init => field = value && KeepsAlpha ? throw BothColours() : value; }

    /// <summary>Whether the images come with their alpha, in four channels, 255 where a file has none; else what is transparent lies over
    /// white.</summary>
    /// <exception cref="ArgumentException">They are turned grey too.</exception>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KeepsAlpha { get; init => field = value && Grayscale ? throw BothColours() : value; }

    /// <summary>Folder that relative paths start from and do not leave; null for the working directory.</summary>
    public string? Folder { get; init; }

    /// <summary>Where resized images are looked for before they are decoded; null for nowhere, as in a loaded model.</summary>
    [JsonIgnore]
    internal PixelCache? Cache { get; init; }

    private protected override IEnumerable<AddedColumn> Map(DataViewSchema input)
    {
        if (input.Find(InputColumn).Type is var type && !NetworkInput.IsImages(type))
            throw new ArgumentException($"Column '{InputColumn}': holds {type.InWords()}, paths of image files (text), their bytes "
                + "(Byte[]), streams of them or images are needed.");
        yield return new(OutputColumn, Width == 0 ? new ImageDataViewType() : new ImageDataViewType(Height, Width), [InputColumn],
            row => new Loaded(this, row).ToGetter());
    }

    static ArgumentException BothColours() => new("LoadImages: got grayscale and keepAlpha, needs one of the two: grey images have no "
        + "alpha. Leave out the other.");

    Image Open(string path) => ArchivePath.Image(path, Cache);

    /// <summary>An image as the step loads it, its pixels decoded.</summary>
    internal Image Prepared(Image image) =>
        Sized(Coloured(image)) is var sized && Grayscale ? sized.ToGrayscale() : sized.Decoded();

    internal Image Coloured(Image image) => KeepsAlpha ? image.WithAlpha() : image.WithoutAlpha();

    Image Sized(Image image) => Width == 0 ? image : image.ResizeLater(Width, Height, Resizing, CropAnchor);

    string Locate(string path)
    {
        if (path.Length == 0)
            throw new InvalidDataException($"Column '{InputColumn}': is empty, the path of an image file is needed.");
        if (path.Contains('\0'))
            throw new InvalidDataException($"Column '{InputColumn}': '{path.Replace("\0", "\\0", StringComparison.Ordinal)}' is no path, "
                + "the path of an image file is needed.");
        if (Folder is null || Path.IsPathRooted(path))
            return path;
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)) + Path.DirectorySeparatorChar;
        return Path.GetFullPath(Path.Combine(root, path)).StartsWith(root, StringComparison.Ordinal)
            ? Path.Combine(Folder, path)
            : throw new InvalidDataException($"{path}: lies outside the folder {Folder}. Give a full path if that is meant.");
    }

    sealed class Loaded(ImageLoader step, DataViewRow row) : PictureGetter
    {
        static readonly ImmutableArray<PictureChange> grey = [new Greyed()];

        readonly Func<object> source = RowColumn.Reader(row, row.Schema[step.InputColumn]);
        readonly Func<long> id = RowColumn.Ids(row);

        public override bool HoldsPixels { get; } =
            row.Schema[step.InputColumn].Type is ImageDataViewType
            && PictureColumns.Of(row, step.InputColumn) is not { HoldsPixels: false };

        public override Picture Current() => source() switch
        {
            string path => Of(step.Open(step.Locate(path))),
            byte[] { Length: > 0 } encoded => Of(Image.FromBytes(encoded, Name, cache: step.Cache)),
            Picture picture => Changed(picture),
            _ => throw new InvalidDataException($"{Name}: is empty, the bytes of an image's file are needed."),
        };

        string Name => $"column '{step.InputColumn}', row {id()}";

        Picture Of(Image image) => new(step.Sized(step.Coloured(image)), id(), step.Grayscale ? grey : []);


        // What was done to it before comes first.
        Picture Changed(Picture picture)
        {
            picture = picture with { Image = step.Coloured(picture.Image) };
            var sized = step.Width == 0 ? picture : picture.With(new Resized(step));
            return step.Grayscale ? sized.With(grey[0]) : sized;
        }

        protected override void Unreadable(Exception exception) => step.Warn(exception.Message);
    }

    sealed class Resized(ImageLoader step) : PictureChange
    {
        public override string Text => $"{step.Width}×{step.Height} {step.Resizing} {step.CropAnchor}";

        public override Image Apply(Image image, long id, int epoch) =>
            image.Resize(step.Width, step.Height, step.Resizing, step.CropAnchor);
    }

    sealed class Greyed : PictureChange
    {
        public override string Text => "grey";

        public override Image Apply(Image image, long id, int epoch) => image.ToGrayscale();
    }
}
