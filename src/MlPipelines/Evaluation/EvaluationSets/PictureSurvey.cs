using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A picture that was looked at.</summary>
/// <param name="Row">Its row in the data, from 0.</param>
/// <param name="Label">Its class.</param>
/// <param name="Asked">What members are asked about.</param>
/// <param name="Facts">What a look at it left.</param>
sealed record SurveyedPicture(int Row, string Label, AskedPicture Asked, ImageFacts Facts);

/// <summary>The pictures that members are asked about: readable, labelled, none twice.</summary>
static class PictureSurvey
{
    const string Part = "pictures";

    /// <summary>Looks at every picture once.</summary>
    /// <param name="images">Rows with ImagePath or Image, and Label.</param>
    /// <param name="duplicates">Which look alike; null to keep all.</param>
    /// <param name="leftOut">Told of those that are left out.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidDataException">None is left, or they are all of one class.</exception>
    public static ImmutableArray<SurveyedPicture> Read(IDataView images, NearDuplicates? duplicates, ICollection<LeftOutPicture> leftOut,
        CancellationToken cancellation)
    {
        var label = LabelColumn.Of(images.Schema, "Label");
        var reader = new FactsReader(images.Schema, Part);
        var read = images.Read(reader.Columns.Append(label.Name).Distinct(), Surveyed,
            new() { Skipped = row => leftOut.Add(new(row.Path, row.Reason)) }, cancellation).ToArray();
        foreach (var picture in read.Where(picture => picture.Label.Length == 0))
            leftOut.Add(new(picture.Asked.Name, "it has no class"));
        ImmutableArray<SurveyedPicture> pictures = [.. Unique([.. read.Where(picture => picture.Label.Length > 0)], duplicates, leftOut,
            cancellation)];
        return pictures.Select(picture => picture.Label).Distinct().Count() > 1 ? pictures : throw new InvalidDataException(
            $"{pictures.Length} of {read.Length} labelled pictures can be used, of fewer than two classes. Pictures of two classes or "
                + "more are needed.");

        SurveyedPicture Surveyed(RowValues row)
        {
            var facts = reader.Read(row);
            var path = images.Schema.FindText(RowSelection.PathColumn) is null ? null : row.Get<string>(RowSelection.PathColumn);
            return new(row.Place, label.NameOf(row[label.Name]) ?? "", new(path ?? $"row {row.Id}", facts.Digest)
            {
                Open = path is null ? Opener(row.Get<Picture>("Image")) : () => ArchivePath.Image(path),
                Path = path is not null && File.Exists(path) ? path : null,
            }, facts);
        }
    }

    static Func<Image> Opener(Picture picture) => () => picture.Draw(0);

    // Of pictures that look alike the first is kept; of those that are said to be of different classes none.
    static IEnumerable<SurveyedPicture> Unique(SurveyedPicture[] pictures, NearDuplicates? duplicates, ICollection<LeftOutPicture> leftOut,
        CancellationToken cancellation)
    {
        var groups = pictures.Index().GroupBy(one => one.Item.Facts.Digest, one => one.Index).Select(group => group.ToArray()).ToList();
        if (duplicates is not null)
        {
            var alike = NearDuplicateGroups.Groups([.. groups.Select(group => pictures[group[0]].Facts.Fingerprint)], duplicates.Distance,
                duplicates.Correlation, cancellation).ToArray();
            var joined = alike.SelectMany(group => group).ToHashSet();
            groups = [.. groups.Where((_, place) => !joined.Contains(place)),
                .. alike.Select(group => group.SelectMany(place => groups[place]).ToArray())];
        }
        var kept = new List<int>();
        foreach (var group in groups)
        {
            Array.Sort(group);
            var labels = group.Select(place => pictures[place].Label).Distinct().ToArray();
            if (labels.Length == 1)
                kept.Add(group[0]);
            foreach (var place in group.Skip(labels.Length == 1 ? 1 : 0))
                leftOut.Add(new(pictures[place].Asked.Name, labels.Length == 1 ? $"it looks like {pictures[group[0]].Asked.Name}"
                    : $"it looks like others of another class ({string.Join(", ", labels.Select(name => $"'{name}'"))})"));
        }
        return kept.Order().Select(place => pictures[place]);
    }
}
