using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Which columns samples are collected from, and what the network takes.</summary>
/// <param name="Feature">Column of images, of image files' bytes or paths, or of vectors.</param>
/// <param name="Label">Column of the classes.</param>
/// <param name="Weight">Column of the samples' weights; null where all count alike.</param>
/// <param name="Classes">The classes in the network's order.</param>
/// <param name="Input">What the network takes.</param>
/// <param name="OneSize">True when nobody asked for a size, so that an image of another one is a mistake.</param>
sealed record SampleColumns(string Feature, string Label, string? Weight, ImmutableArray<string> Classes, NetworkInput Input, bool OneSize);

/// <summary>Goes through a view once and collects its samples. Pictures of this library are kept undecoded, what other steps give is kept in a store.</summary>
sealed class SampleCollector(SampleColumns columns, SampleStore store, PixelCache? cache)
{
    readonly Dictionary<string, int> classes = columns.Classes.Index().ToDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public SampleTable Collect(IDataView view, RowReading reading, CancellationToken cancellation)
    {
        var label = LabelColumn.Of(view.Schema, columns.Label);
        NetworkInput.FeatureColumn(view.Schema, columns.Feature);
        if (columns.Weight is { } weights)
            WeightColumn(view.Schema, weights);
        var (samples, foreign, drawn) = Pass(view, label, 0, reading, cancellation);
        var mixings = foreign ? [] : MixingsOf(view);
        if (!foreign || !drawn)
            return new(samples, columns.Input.Length, Content, mixings);
        // Steps of others stand between the augmentation and the trainer: only the view itself can augment them, so that it is read once an epoch.
        var now = 0;
        var current = samples;
        return new(samples, columns.Input.Length, (sample, _) => Content(sample, 0), mixings, epoch =>
        {
            if (epoch < 0 || epoch == now)
                return;
            store.Clear();
            now = epoch;
            current = Pass(view, label, epoch, reading with { Skipped = null }, cancellation).Samples;
        });
    }

    (ImmutableArray<CollectedSample> Samples, bool Foreign, bool IsRandom) Pass(IDataView view, LabelColumn label, int epoch, RowReading reading, CancellationToken cancellation)
    {
        var selection = new RowSelection(view.Schema, new[] { columns.Feature, columns.Label, columns.Weight }.OfType<string>());
        var foreign = false;
        var cursor = ReadingEpoch.Open(epoch, () => view.GetRowCursor(selection.Columns), out var isRandom);
        foreign = IsForeign(cursor);
        var samples = RowReader.Read(() => cursor, view.GetRowCount(), selection, row => Collected(row, label, foreign), reading, cancellation).ToImmutableArray();
        return (samples, foreign, isRandom);
    }

    bool IsForeign(DataViewRow row) => row.Schema[columns.Feature].Type switch
    {
        ImageDataViewType => PictureColumns.Of(row, columns.Feature) is null,
        VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Single => VectorGetter.Of(row.GetGetter<VBuffer<float>>(row.Schema[columns.Feature])) is null,
        _ => false,
    };

    ImmutableArray<ISampleMixing> MixingsOf(IDataView view) => view.Schema[columns.Feature].Type is ImageDataViewType ? PictureColumns.MixingsOf(view, columns.Feature) : [];

    CollectedSample Collected(RowValues row, LabelColumn label, bool foreign)
    {
        var value = row[columns.Feature];
        if (value is byte[] { Length: 0 })
            throw new InvalidDataException($"column '{columns.Feature}', row {row.Id}: holds no bytes.");
        CheckSize(value, row);
        var content = !foreign ? value : store.Keep(columns.Input.Content(value, NameOf(row)));
        return new(row.Id, Class(row, label), Weight(row), content, row.Name);
    }

    object Content(CollectedSample sample, int epoch) => sample.Content switch
    {
        StoredContent stored => stored.Read(),
        byte[] encoded => columns.Input.Content(Image.FromBytes(encoded, sample.Name, cache: cache), sample.Name, epoch),
        string path when ArchivePath.Read(path) is null => columns.Input.Content(Image.FromFile(path, cache: cache), sample.Name, epoch),
        var other => columns.Input.Content(other, $"column '{columns.Feature}', row {sample.Id}", epoch),
    };

    void CheckSize(object value, RowValues row)
    {
        if (columns.OneSize && value is Picture { Image: var image } && (image.Height, image.Width) != (columns.Input.Height, columns.Input.Width))
            throw new ArgumentException($"Column '{columns.Feature}', row {row.Id}: is {image.Width}×{image.Height}, the images before it {columns.Input.Width}×{columns.Input.Height}. "
                + "Give LoadImages a width and a height, or set ImageHeight and ImageWidth.");
    }

    string NameOf(RowValues row) => $"column '{columns.Feature}', row {row.Id}";

    float Weight(RowValues row)
    {
        if (columns.Weight is null)
            return 1;
        var found = Convert.ToSingle(row[columns.Weight]);
        return found >= 0 && float.IsFinite(found) ? found : throw new InvalidDataException($"row {row.Id}: its weight is {found}, needs a number from 0 on.");
    }

    int Class(RowValues row, LabelColumn label)
    {
        var name = label.NameOf(row[columns.Label]) ?? throw new InvalidDataException($"row {row.Id}: its label is not among the keys.");
        return classes.TryGetValue(name, out var found) ? found
            : throw new InvalidDataException($"row {row.Id}: label '{name}' is not among the classes {string.Join(", ", classes.Keys)}.");
    }

    /// <summary>The column of the samples' weights.</summary>
    /// <exception cref="ArgumentException">There is none of that name, or it holds no numbers.</exception>
    public static DataViewSchema.Column WeightColumn(DataViewSchema schema, string name)
    {
        var column = schema.Find(name);
        return column.Type is NumberDataViewType ? column
            : throw new ArgumentException($"Column '{name}': holds {column.Type.InWords()}, numbers are needed as weights of the samples.");
    }
}
