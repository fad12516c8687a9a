using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>The picture of each row: a column of images, or of the paths of image files.</summary>
sealed class PictureColumn
{
    const string Images = "Image", Paths = "ImagePath";

    readonly DataViewSchema.Column column;

    /// <param name="schema">The columns there are.</param>
    /// <param name="name">The column; null for the column Image, else the last one of images, else ImagePath.</param>
    /// <exception cref="ArgumentException">There is no such column, or it holds something else.</exception>
    internal PictureColumn(DataViewSchema schema, string? name)
    {
        column = name is not null ? schema.Find(name)
            : schema.GetColumnOrNull(Images) is { Type: ImageDataViewType } images ? images
            : schema.LastOrDefault(any => any.Type is ImageDataViewType) ?? schema.Find(Paths);
        if (column.Type is not (ImageDataViewType or TextDataViewType))
            throw new ArgumentException($"Column '{column.Name}': holds {column.Type}, images or the paths of image files are needed.");
    }

    internal Image Of(DataViewRow row) => row.GetValue(column.Index) is var value && value is Image image ? image : Image.FromFile((string)value);

    /// <summary>A picture no larger than a square of that side, decoded: larger ones are shrunk, smaller ones magnified by a whole number.</summary>
    internal static SheetPicture Within(Image image, int side, string caption = "")
    {
        var longest = Math.Max(image.Width, image.Height);
        if (longest > side)
            return new(image.Resize(Shrunk(image.Width), Shrunk(image.Height), ResizingKind.Fill), caption);
        _ = image.Pixels;
        return new(image, caption, side / longest);

        int Shrunk(int length) => Math.Max(1, (int)Math.Round(length * (double)side / longest));
    }
}
