using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>One picture of a sheet.</summary>
/// <param name="Image">Put on the sheet pixel by pixel, never resampled.</param>
/// <param name="Caption">What is written below, in five lines at most.</param>
/// <param name="Magnification">Each pixel becomes a square of that many by that many, at least 1.</param>
sealed record SheetPicture(Image Image, string Caption = "", int Magnification = 1)
{
    /// <inheritdoc cref="SheetPicture" path="/param[@name='Magnification']"/>
    public int Magnification { get; } = Check.AtLeast(Magnification, 1);

    internal int Width => checked(Image.Width * Magnification);
    internal int Height => checked(Image.Height * Magnification);
}

/// <summary>One row of a sheet.</summary>
/// <param name="Heading">What is written at its left, on one line.</param>
/// <param name="Note">What is written below the heading.</param>
/// <param name="Pictures">From left to right; none leaves the row empty.</param>
sealed record SheetRow(string Heading, string Note, params IReadOnlyList<SheetPicture> Pictures);

/// <summary>Pictures in rows, with headings and captions, as one picture. Text is data of any script;
/// what is too long is shortened.</summary>
/// <param name="Title">What is written above, in three lines at most.</param>
/// <param name="Rows">From top to bottom.</param>
/// <remarks>Letters are drawn as strokes where possible; other scripts take the fonts of the machine,
/// and one that has none shows empty boxes.</remarks>
sealed record PictureSheet(string Title, params IReadOnlyList<SheetRow> Rows)
{
    /// <summary>The most pixels of a sheet: 2²⁶, of three bytes each.</summary>
    public const long MostPixels = 1 << 26;

    const int MostColumns = 32_000, MostRowsOfJpeg = 65_535;

    /// <summary>The sheet, RGB on white.</summary>
    /// <exception cref="InvalidDataException">It would have more pixels than <see cref="MostPixels"/>,
    /// or a picture cannot be read.</exception>
    public Image Render()
    {
        var layout = Fitting();
        var canvas = new Canvas(layout.Width, layout.Height);
        canvas.Paste(layout.TitleStrip(Title), 0, 0);
        foreach (var (row, top) in Rows.Zip(layout.Tops))
        {
            canvas.Paste(layout.Strip(row), 0, top);
            foreach (var (column, picture) in row.Pictures.Index())
                canvas.Paste(picture.Image, layout.PictureLeft(column, picture), top + SheetLayout.PictureTop(row, picture),
                    picture.Magnification);
        }
        return canvas.ToImage();
    }

    /// <summary>Saves the sheet as .png or .jpg, by the name's extension.</summary>
    /// <returns>The picture as it was saved.</returns>
    /// <exception cref="ArgumentException">The extension is none of them.</exception>
    /// <exception cref="InvalidDataException">It would be too large, or a picture cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Image Save(string path)
    {
        var extension = CheckedExtension(path);
        if (Fitting().Height is var height and > MostRowsOfJpeg && extension != ".PNG")
            throw new InvalidDataException($"{path}: would be {height} pixels high, a JPEG has at most {MostRowsOfJpeg}. Save it as .png.");
        var image = Render();
        AtomicFile.WriteWithFolder(path, image.Encode(extension));
        return image;
    }

    /// <summary>The pixels of pictures still being gathered, so that too many are refused before they fill the memory.</summary>
    /// <exception cref="InvalidDataException">There are more than <see cref="MostPixels"/>.</exception>
    internal static long Counted(long pixels) => pixels <= MostPixels ? pixels
        : throw new InvalidDataException($"Sheet: its pictures would have more than {MostPixels:N0} pixels, which are the most that are "
            + "drawn. Ask for fewer or smaller pictures.");

    /// <summary>The extension of a sheet's file, in capitals.</summary>
    internal static string CheckedExtension(string path) => Path.GetExtension(Check.Named(path)).ToUpperInvariant() is var extension
        && extension is ".PNG" or ".JPG" or ".JPEG"
        ? extension
        : throw new ArgumentException($"{path}: got the extension '{Path.GetExtension(path)}', needs .png or .jpg.", nameof(path));

    SheetLayout Fitting()
    {
        var layout = SheetLayout.Of(this);
        return layout.Width <= MostColumns && layout.Pixels <= MostPixels
            ? layout
            : throw new InvalidDataException($"Sheet: would be {layout.Width}×{layout.Pixels / layout.Width} pixels, at "
                + $"most {MostPixels:N0} in all and {MostColumns:N0} across are drawn. Ask for fewer or smaller pictures.");
    }
}
