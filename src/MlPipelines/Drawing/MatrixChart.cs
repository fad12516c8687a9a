using System.Globalization;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A matrix as a heat map: a coloured cell for each number, and a scale at the right that says which number a colour is.</summary>
/// <param name="Title">Said above.</param>
/// <param name="Values">[row, column], the first row on top; numbers that are not finite are left grey.</param>
public sealed record MatrixChart(string Title, double[,] Values) : Chart
{
    const double Margin = 16, TitleHeight = 34, Side = 560, LargestCell = 56, LeastNamedCell = 10, LeastScale = 150, TitleSize = 15,
        TextSize = 12, Gap = 8, ScaleWidth = 18;
    const double ColumnsPerSize = 0.72;
    const int LongestName = 24, ScaleSteps = 96, MostCellsWithTips = 4096;
    const string Missing = "#dddddd";

    /// <summary>The numbers, which are not changed afterwards.</summary>
    public double[,] Values { get; } = Checked(Values);

    /// <summary>Name of each row; null numbers some of them from 0.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than rows.</exception>
    public IReadOnlyList<string>? RowNames { get; init => field = Named(value, Values.GetLength(0), nameof(RowNames)); }

    /// <summary>Name of each column; null numbers some of them from 0.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than columns.</exception>
    public IReadOnlyList<string>? ColumnNames { get; init => field = Named(value, Values.GetLength(1), nameof(ColumnNames)); }

    /// <summary>The colours of the scale.</summary>
    public ColourMap ColourMap { get; init; } = ColourMap.Viridis;

    /// <summary>The number at the lower end of the scale, whose colour smaller ones have too; null for the least there is.</summary>
    public double? Minimum { get; init; }

    /// <summary>The number at the upper end of the scale, whose colour greater ones have too; null for the greatest there is.</summary>
    public double? Maximum { get; init; }

    /// <summary>Whether each cell has its number written in it.</summary>
    public bool WritesNumbers { get; init; }

    /// <summary>How numbers are written.</summary>
    public string Format { get; init; } = "0.###";

    /// <summary>The pixels of an image, 0–255; of one in colours the luminance.</summary>
    /// <param name="title">Said above.</param>
    /// <param name="image">The image.</param>
    public static MatrixChart Of(string title, Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var grey = image.ToGrayscale();
        var values = new double[grey.Height, grey.Width];
        for (var i = 0; i < values.Length; i++)
            values[i / grey.Width, i % grey.Width] = grey.Pixels[i];
        return new(title, values) { Minimum = byte.MinValue, Maximum = byte.MaxValue };
    }

    /// <summary>The pixels of an image as ML.NET holds it.</summary>
    /// <param name="title">Said above.</param>
    /// <param name="image">The image.</param>
    public static MatrixChart Of(string title, MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Of(title, MLPictures.ToImage(image, nameof(image)));
    }

    /// <inheritdoc/>
    public override double Width => Math.Max(ScaleLeft + ScaleWidth + Gap + Widest(ScaleTexts, TextSize) + Margin,
        2 * Margin + DisplayText.Width(Title) * TitleSize * ColumnsPerSize);

    /// <inheritdoc/>
    public override double Height => Top + FieldHeight + Margin;

    int Rows => Values.GetLength(0);
    int Columns => Values.GetLength(1);
    double Cell => Math.Clamp(Side / Math.Max(Rows, Columns), RowNames is null && ColumnNames is null ? 0 : LeastNamedCell, LargestCell);
    double FieldHeight => Math.Max(Rows * Cell, LeastScale);
    double NameSize => Math.Min(TextSize, Math.Max(Cell * 0.75, 7));
    double Left => Margin + Widest(Names(RowNames, Rows).Select(name => name.Text), NameSize) + Gap;
    bool HasSlantedColumns =>
        Widest(Names(ColumnNames, Columns).Select(name => name.Text), NameSize) > Cell * 0.9 && ColumnNames is not null;
    double ColumnHeight => HasSlantedColumns ? Widest(Names(ColumnNames, Columns).Select(name => name.Text), NameSize) * 0.72 + Gap
        : NameSize + Gap;
    double Top => Margin + TitleHeight + ColumnHeight;
    double ScaleLeft => Left + Columns * Cell + (HasSlantedColumns ? Math.Max(2 * Margin, ColumnHeight) : 2 * Margin);
    IEnumerable<string> ScaleTexts => Range is var (from, to) ? Ticks(from, to).Select(Number) : [];

    (double From, double To) Range
    {
        get
        {
            var finite = Values.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
            var (from, to) = (Minimum ?? finite.Min(), Maximum ?? finite.Max());
            return from < to ? (from, to) : (from - 0.5, from + 0.5);
        }
    }

    internal override void Draw(SvgWriter svg, double top)
    {
        svg.Text(DisplayText.Visible(Title), Margin, top + Margin + TitleSize, new(TitleSize));
        var (from, to) = Range;
        foreach (var (row, name) in Names(RowNames, Rows))
            svg.Text(name, Left - Gap, top + Top + (row + 0.5) * Cell + NameSize * 0.35, new(NameSize, TextAnchor.End));
        foreach (var (column, name) in Names(ColumnNames, Columns))
            svg.Text(name, Left + (column + 0.5) * Cell + (HasSlantedColumns ? NameSize * 0.3 : 0), top + Top - Gap * 0.75,
                HasSlantedColumns ? new(NameSize, Angle: -45) : new(NameSize, TextAnchor.Middle));
        if (Values.Length <= MostCellsWithTips)
            Cells(svg, top, from, to);
        else
            svg.Picture(Left, top + Top, Columns * Cell, Rows * Cell, Pixels(from, to));
        Scale(svg, top, from, to);
    }

    void Cells(SvgWriter svg, double top, double from, double to)
    {
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
            {
                var (x, y, number) = (Left + column * Cell, top + Top + row * Cell, Values[row, column]);
                var (fill, isDark) = Shade(number, from, to);
                var text = Number(number);
                // A hair wider than the cell: seams between rectangles would show the ground.
                svg.Rectangle(x, y, Cell + 0.3, Cell + 0.3, fill, $"{NameAt(RowNames, row)}, {NameAt(ColumnNames, column)}: {text}");
                var size = Math.Min(Cell * 0.3, Cell * 0.9 / Math.Max(1, DisplayText.Width(text) * ColumnsPerSize));
                if (WritesNumbers)
                    svg.Text(text, x + Cell / 2, y + Cell / 2 + size * 0.35, new(size, TextAnchor.Middle, isDark ? "#fff" : "#111"));
            }
    }

    void Scale(SvgWriter svg, double top, double from, double to)
    {
        var (height, upper) = (FieldHeight, top + Top);
        for (var step = 0; step < ScaleSteps; step++)
            svg.Rectangle(ScaleLeft, upper + step * height / ScaleSteps, ScaleWidth, height / ScaleSteps + 0.3,
                Shade(to - (step + 0.5) / ScaleSteps * (to - from), from, to).Fill);
        foreach (var tick in Ticks(from, to))
        {
            var y = upper + (to - tick) / (to - from) * height;
            svg.Line([(ScaleLeft + ScaleWidth, y), (ScaleLeft + ScaleWidth + Gap / 2, y)], "#222");
            svg.Text(Number(tick), ScaleLeft + ScaleWidth + Gap, y + TextSize * 0.35, new(TextSize));
        }
    }

    Image Pixels(double from, double to)
    {
        var bytes = new byte[Values.Length * 3];
        for (var i = 0; i < Values.Length; i++)
            Convert.FromHexString(Shade(Values[i / Columns, i % Columns], from, to).Fill[1..]).CopyTo(bytes, 3 * i);
        return Image.FromPixels(Columns, Rows, 3, bytes);
    }

    (string Fill, bool IsDark) Shade(double number, double from, double to)
    {
        if (!double.IsFinite(number))
            return (Missing, false);
        var colour = ColourMap.Of((float)((number - from) / (to - from)));
        return (colour.ToString(), 299 * colour.Red + 587 * colour.Green + 114 * colour.Blue < 128_000);
    }

    static IEnumerable<double> Ticks(double from, double to)
    {
        var slack = (to - from) * 1e-9;
        return Axis.Over([from, to]).Ticks.Where(tick => tick >= from - slack && tick <= to + slack);
    }

    // All names, or of numbers as many as stand beside each other.
    IEnumerable<(int At, string Text)> Names(IReadOnlyList<string>? names, int count)
    {
        var step = names is null ? NumberStep(count) : 1;
        return Enumerable.Range(0, (count + step - 1) / step).Select(i => i * step)
            .Select(i => (i, DisplayText.Shorten(NameAt(names, i), LongestName)));
    }

    int NumberStep(int count)
    {
        var step = 1;
        foreach (var next in new[] { 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000 })
            if (step * Cell < 2.2 * TextSize && step < count)
                step = next;
        return step;
    }

    static string NameAt(IReadOnlyList<string>? names, int at) =>
        names is null ? at.ToString(CultureInfo.InvariantCulture) : DisplayText.Visible(names[at]);

    string Number(double number)
    {
        var text = number.ToString(Format, CultureInfo.InvariantCulture);
        return text.StartsWith('-') && text.AsSpan().IndexOfAnyInRange('1', '9') < 0 && double.IsFinite(number) ? text[1..] : text;
    }

    static double Widest(IEnumerable<string> texts, double size) =>
        texts.Select(text => DisplayText.Width(text)).DefaultIfEmpty(0).Max() * size * ColumnsPerSize;

    static double[,] Checked(double[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Length > 0 ? (double[,])values.Clone()
            : throw new ArgumentException($"Values: got a matrix of {values.GetLength(0)}×{values.GetLength(1)}, needs a number at least.");
    }

    static IReadOnlyList<string>? Named(IReadOnlyList<string>? names, int count, string what) => names is null || names.Count == count
        ? names
        : throw new ArgumentException($"{what}: got {names.Count} names, needs {count}.", what);
}
