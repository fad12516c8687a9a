using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Where everything of a <see cref="PictureSheet"/> stands, in pixels.</summary>
sealed class SheetLayout
{
    const int Margin = 16, Gap = 8, TitleLine = 20, CaptionLine = 13, LeastCaptioned = 120, LongestHeading = 24, LeastRow = 36,
        MostTitleLines = 3, MostCaptionLines = 12;
    const double TitleSize = 15, HeadingSize = 13, NoteSize = 10, CaptionSize = 9, ColumnsPerSize = 0.72;

    readonly int left, cell;

    SheetLayout(PictureSheet sheet)
    {
        var pictures = sheet.Rows.SelectMany(row => row.Pictures).ToArray();
        var columns = sheet.Rows.Select(row => row.Pictures.Count).DefaultIfEmpty(0).Max();
        var heading = sheet.Rows.Select(row => Math.Max(Wide(Heading(row), HeadingSize), Wide(Note(row), NoteSize))).DefaultIfEmpty(0)
            .Max();
        left = Margin + (heading == 0 ? 0 : heading + 2 * Gap);
        cell = Math.Max(pictures.Any(picture => picture.Caption.Length > 0) ? LeastCaptioned : 1,
            pictures.Select(picture => picture.Width).DefaultIfEmpty(0).Max());
        Width = checked(left + Math.Max(columns * (cell + Gap) - Gap, 200) + Margin);
        var top = (long)Margin + TitleOf(sheet.Title).Count * TitleLine + Gap;
        foreach (var row in sheet.Rows)
        {
            Tops.Add((int)Math.Min(top, int.MaxValue));
            top += HeightOf(row) + Gap;
        }
        Pixels = (top - Gap + Margin) * Width;
        Height = (int)Math.Min(top - Gap + Margin, int.MaxValue);
    }

    internal static SheetLayout Of(PictureSheet sheet) => new(sheet);

    internal int Width { get; }

    internal int Height { get; }

    internal long Pixels { get; }

    /// <summary>Upper edge of each row.</summary>
    internal List<int> Tops { get; } = [];

    /// <summary>Pictures stand in the middle of their columns.</summary>
    internal int PictureLeft(int column, SheetPicture picture) => left + column * (cell + Gap) + (cell - picture.Width) / 2;

    /// <summary>And in the middle of their rows.</summary>
    internal static int PictureTop(SheetRow row, SheetPicture picture) => (Tallest(row) - picture.Height) / 2;

    internal Image TitleStrip(string title)
    {
        var lines = TitleOf(title);
        var svg = new SvgWriter(Width, Margin + lines.Count * TitleLine + Gap);
        foreach (var (number, line) in lines.Index())
            svg.Text(line, Margin, Margin + number * TitleLine + TitleSize, new(TitleSize));
        return Image.FromSvg(svg.ToString());
    }

    /// <summary>Heading, note and captions of a row.</summary>
    internal Image Strip(SheetRow row)
    {
        var height = HeightOf(row);
        var svg = new SvgWriter(Width, height);
        var below = Tallest(row);
        var middle = (below == 0 ? height : below) / 2;
        svg.Text(Heading(row), Margin, middle + (row.Note.Length == 0 ? HeadingSize / 3 : 0), new(HeadingSize));
        svg.Text(Note(row), Margin, middle + NoteSize + 6, new(NoteSize, Fill: "#666"));
        foreach (var (column, picture) in row.Pictures.Index())
            foreach (var (number, line) in Caption(picture).Index())
                svg.Text(line, left + column * (cell + Gap) + cell / 2.0, below + (number + 1) * CaptionLine,
                    new(CaptionSize, TextAnchor.Middle, "#444"));
        return Image.FromSvg(svg.ToString());
    }

    int HeightOf(SheetRow row) =>
        Math.Max(LeastRow,
            Tallest(row)
            + row.Pictures.Select(picture => picture.Caption.Length == 0 ? 0 : Caption(picture).Count * CaptionLine + 5).DefaultIfEmpty(0)
            .Max());

    static int Tallest(SheetRow row) => row.Pictures.Select(picture => picture.Height).DefaultIfEmpty(0).Max();

    IReadOnlyList<string> Caption(SheetPicture picture) =>
        WrappedText.Lines(picture.Caption, (int)((cell + Gap / 2) / (CaptionSize * ColumnsPerSize)), MostCaptionLines);

    IReadOnlyList<string> TitleOf(string title) =>
        WrappedText.Lines(title, (int)((Width - 2 * Margin) / (TitleSize * ColumnsPerSize)), MostTitleLines);

    static string Heading(SheetRow row) => DisplayText.Shorten(DisplayText.Visible(row.Heading), LongestHeading);

    static string Note(SheetRow row) => DisplayText.Shorten(DisplayText.Visible(row.Note), LongestHeading);

    static int Wide(string text, double size) => (int)Math.Ceiling(DisplayText.Width(text) * size * ColumnsPerSize);
}
