using System.Globalization;

namespace MlPipelines;

/// <summary>Some images of each class, one row a class.</summary>
sealed class ContactSheet(IDataView data, ClassLabels labels, PictureColumn picture, int perClass, int size)
{
    readonly List<SkippedRow> skipped = [];

    internal IReadOnlyList<SkippedRow> Skipped => skipped;

    internal PictureSheet Draw(int seed, CancellationToken cancellation)
    {
        var classes = DrawnRows.Of(data, labels, seed);
        var places = classes.Index().ToDictionary(one => one.Item.Name, one => one.Index, StringComparer.Ordinal);
        var (shown, tried, pixels) = (classes.Select(_ => new List<SheetPicture>()).ToArray(), new int[classes.Count], 0L);
        while (Next() is { Length: > 0 } order)
            foreach (var (name, image) in data.Read(row => (labels.ClassOf(row) ?? "", PictureColumn.Within(picture.Of(row), size)), new() { Order = order, Skipped = skipped.Add, Prefetch = (int)Math.Clamp(PictureSheet.MostPixels / ((long)size * size), 1, 64) }, cancellation))
            {
                pixels = PictureSheet.Counted(pixels + (long)image.Width * image.Height);
                shown[places[name]].Add(image);
            }
        return new($"{Count(data.RowCount, "image")} of {Count(classes.Count(one => one.Name.Length > 0), "class", "classes")}",
            [.. classes.Zip(shown).Select(one => new SheetRow(one.First.Name.Length == 0 ? "no class" : one.First.Name, Count(one.First.Positions.Count, "image"), one.Second))]);

        // Where one cannot be read, the class's next one takes its place.
        long[] Next() => [.. classes.Index().SelectMany(one =>
        {
            var next = one.Item.Positions.Skip(tried[one.Index]).Take(perClass - shown[one.Index].Count).ToArray();
            tried[one.Index] += next.Length;
            return next;
        })];
    }

    static string Count(long count, string one, string? many = null) => $"{count.ToString("#,0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many ?? $"{one}s")}";
}
