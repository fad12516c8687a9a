using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What one pass over a data set leaves for the checks.</summary>
/// <param name="Parts">Names of the parts, in the order given.</param>
/// <param name="Images">What was read of each image, in the order of the parts and their rows.</param>
/// <param name="Unreadable">The images that could not be read, in the same order.</param>
/// <param name="Ignored">What lay among the images and was not taken.</param>
public sealed record DataSurvey(ImmutableArray<string> Parts, ImmutableArray<ImageFacts> Images, ImmutableArray<SkippedRow> Unreadable,
    ImmutableArray<IgnoredFile> Ignored)
{
    /// <summary>Names of the classes, in ordinal order; none where nothing is labelled.</summary>
    public ImmutableArray<string> Classes =>
        [.. Images.Select(image => image.Label).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Names of classes as the parts write them, in whatever normal form of Unicode: part and name.</summary>
    public ImmutableArray<(string Part, string Name)> Spellings { get; init; } = [];

    /// <summary>Decodes every image once, by several threads; what is kept of one is about a kilobyte.</summary>
    /// <param name="parts">What is looked at; names that occur twice get a number.</param>
    /// <param name="workers">Number of threads.</param>
    /// <param name="progress">Told of the number of images read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static DataSurvey Of(IEnumerable<SurveyedPart> parts, int workers, IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var named = Named(parts);
        var (images, unreadable, done) = (ImmutableArray.CreateBuilder<ImageFacts>(), ImmutableArray.CreateBuilder<SkippedRow>(), 0L);
        foreach (var part in named)
        {
            var reader = new FactsReader(part.Images.Schema, part.Name);
            foreach (var facts in part.Images.Read(reader.Columns, reader.Read, new() { Workers = workers, Skipped = Skip }, cancellation))
            {
                images.Add(facts);
                progress?.Report(++done);
            }
        }
        return new([.. named.Select(part => part.Name)], images.ToImmutable(), unreadable.ToImmutable(),
            [.. named.SelectMany(part => part.Ignored)])
        {
            Spellings = [.. from part in named from name in Written(part.Images) select (part.Name, name)],
        };

        void Skip(SkippedRow row)
        {
            unreadable.Add(row);
            progress?.Report(++done);
        }
    }

    static IEnumerable<string> Written(IDataView images) => images is LabelledImages listed ? listed.Spellings
        : images.Schema.FindText("Label") is null ? []
        : images.Rows("Label").Select(row => row.Get<string>("Label")).Distinct(StringComparer.Ordinal);

    static SurveyedPart[] Named(IEnumerable<SurveyedPart> parts)
    {
        var named = new List<SurveyedPart>();
        foreach (var part in parts)
        {
            var name = part.Name;
            for (var number = 2; named.Exists(other => other.Name == name); number++)
                name = $"{part.Name}-{number}";
            named.Add(part with { Name = name });
        }
        return [.. named];
    }
}
