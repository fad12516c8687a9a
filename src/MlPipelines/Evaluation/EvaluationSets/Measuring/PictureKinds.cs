using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Pictures of one kind: of each class the third with the least or the most of some feature, by what separates thirds among the
/// pictures searched.</summary>
/// <param name="Name">Such as "little brightness".</param>
/// <param name="Holds">Whether a picture is of the kind.</param>
sealed record PictureKind(string Name, Func<int, bool> Holds)
{
    /// <summary>All kinds.</summary>
    /// <param name="facts">Of each picture.</param>
    /// <param name="labels">Of each picture, its class.</param>
    /// <param name="searched">The pictures that thirds are taken of.</param>
    public static ImmutableArray<PictureKind> All(IReadOnlyList<ImageFacts> facts, int[] labels, IReadOnlyCollection<int> searched)
    {
        (string Name, Func<ImageFacts, double> Value)[] features =
        [
            ("brightness", image => image.Tones.Mean),
            ("contrast", image => image.Tones.Deviation),
            ("colour", image => image.Tones.Saturation),
            ("brightness at the margin", image => image.Tones.Border),
            ("variety of tones", image => image.Tones.Entropy),
            ("blur", image => image.Blurriness),
            ("pixels", image => (double)image.Width * image.Height),
        ];
        return [.. features.SelectMany(feature => Thirds(feature.Name, picture => feature.Value(facts[picture]), labels, searched))];
    }

    static IEnumerable<PictureKind> Thirds(string name, Func<int, double> value, int[] labels, IReadOnlyCollection<int> searched)
    {
        var bounds = new Dictionary<int, (double Low, double High)>();
        foreach (var group in searched.GroupBy(picture => labels[picture]))
        {
            var sorted = group.Select(value).Order().ToArray();
            // Not a number is sorted first.
            if (double.IsNaN(sorted[0]) || sorted[sorted.Length / 3] == sorted[sorted.Length * 2 / 3])
                yield break;
            bounds[group.Key] = (sorted[sorted.Length / 3], sorted[sorted.Length * 2 / 3]);
        }
        yield return new($"little {name}", picture => bounds.TryGetValue(labels[picture], out var bound) && value(picture) < bound.Low);
        yield return new($"much {name}", picture => bounds.TryGetValue(labels[picture], out var bound) && value(picture) >= bound.High);
    }
}
