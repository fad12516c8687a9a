using System.Globalization;

namespace MlPipelines;

/// <summary>Some images of each class, one row a class.</summary>
sealed class ContactSheet(IDataView data, string labelColumn, SheetSource picture, int perClass, int size)
{
    readonly List<SkippedRow> skipped = [];

    internal IReadOnlyList<SkippedRow> Skipped => skipped;

    internal PictureSheet Draw(int seed, CancellationToken cancellation)
    {
        var labels = ClassLabels.Of(data, labelColumn);
        var classes = DrawnRows.Of(labels, seed);
        var (shown, tried, pixels) = (classes.Select(_ => new List<SheetPicture>()).ToArray(), new int[classes.Count], 0L);
        RowReading reading = new()
        {
            Skipped = skipped.Add,
            Prefetch = (int)Math.Clamp(PictureSheet.MostPixels / ((long)size * size), 1, 64),
        };
        while (Next() is { Length: > 0 } next)
        {
            var found = data.ReadAt(next.Select(one => one.Place), [picture.Column], row => SheetSource.Within(picture.Of(row), size),
                reading, cancellation);
            foreach (var (number, place) in next)
                if (found.TryGetValue(place, out var image))
                {
                    pixels = PictureSheet.Counted(pixels + (long)image.Width * image.Height);
                    shown[number].Add(image);
                }
        }
        return new($"{Count(labels.Count, "image")} of {Count(classes.Count(one => one.Name.Length > 0), "class", "classes")}",
            [.. classes.Zip(shown)
                .Select(one =>
                    new SheetRow(one.First.Name.Length == 0 ? "no class" : one.First.Name, Count(one.First.Places.Count, "image"),
                        one.Second))]);

        // Where one cannot be read, the class's next one takes its place.
        (int Class, int Place)[] Next() => [.. classes.Index().SelectMany(one =>
        {
            var next = one.Item.Places.Skip(tried[one.Index]).Take(perClass - shown[one.Index].Count).ToArray();
            tried[one.Index] += next.Length;
            return next.Select(place => (one.Index, place));
        })];
    }

    static string Count(long count, string one, string? many = null) =>
        $"{count.ToString("#,0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many ?? $"{one}s")}";
}
