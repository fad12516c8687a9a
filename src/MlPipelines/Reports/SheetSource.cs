using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Where the picture of each row comes from: a column of images, or of the paths of image files.</summary>
sealed class SheetSource
{
    const string Images = "Image";

    /// <param name="schema">The columns there are.</param>
    /// <param name="name">The column; null for the column Image, else the last one of images, else ImagePath.</param>
    /// <exception cref="ArgumentException">There is no such column, or it holds something else.</exception>
    internal SheetSource(DataViewSchema schema, string? name)
    {
        var column = schema.Find(name
            ?? (schema.GetColumnOrNull(Images) is { Type: ImageDataViewType } ? Images
                : schema.PictureColumns().LastOrDefault() ?? RowSelection.PathColumn));
        if (column.Type is not (ImageDataViewType or TextDataViewType))
            throw new ArgumentException(
                $"Column '{column.Name}': holds {column.Type.InWords()}, images or the paths of image files are needed.");
        Column = column.Name;
    }

    internal string Column { get; }

    internal Image Of(RowValues row) => row[Column] is Picture picture ? picture.Draw(0) : ArchivePath.Image(row.Get<string>(Column));

    /// <summary>A picture no larger than a square of that side, decoded: larger ones are shrunk,
    /// smaller ones magnified by a whole number.</summary>
    internal static SheetPicture Within(Image image, int side, string caption = "")
    {
        var longest = Math.Max(image.Width, image.Height);
        return longest > side
            ? new(image.Resize(Shrunk(image.Width), Shrunk(image.Height), ResizingKind.Fill), caption)
            : new(image.Decoded(), caption, side / longest);

        int Shrunk(int length) => Math.Max(1, (int)Math.Round(length * (double)side / longest));
    }
}
