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

/// <summary>Goes through a view once and collects its samples.</summary>
/// <remarks>Pictures of this library are kept undecoded, what others hold in memory is kept in a store.</remarks>
/// <param name="columns">What is collected.</param>
/// <param name="store">Of these samples alone.</param>
/// <param name="cache">Where resized pixels of files are kept.</param>
/// <param name="warn">Told of what does not come about.</param>
sealed class SampleCollector(SampleColumns columns, SampleStore store, PixelCache? cache, Action<string> warn)
{
    // Of a row that is watched and of no class that is learnt; its class is what the row is called.
    const int NoClass = -1;

    readonly Dictionary<string, int> classes = columns.Classes.Index()
        .ToDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);

    /// <param name="view">The rows.</param>
    /// <param name="reading">How they are read.</param>
    /// <param name="isLearnt">Whether they are learnt from; samples that are watched are not changed at random.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public SampleTable Collect(IDataView view, RowReading reading, bool isLearnt, CancellationToken cancellation)
    {
        var label = LabelColumn.Of(view.Schema, columns.Label);
        NetworkInput.FeatureColumn(view.Schema, columns.Feature);
        if (columns.Weight is { } weights)
            WeightColumn(view.Schema, weights);
        var first = Go(view, label, isLearnt ? 0 : SampleTable.AsItIs, reading, cancellation);
        if (first.Unknown.Count > 0)
            warn(Counted.Of(first.Unknown.Values.Sum(), "image is of a class that is not learnt", "images are of classes that are not "
                + "learnt")
                + $", and left out: {string.Join(", ", first.Unknown.Select(one => $"'{one.Key}': {one.Value}"))}.");
        if (!isLearnt || !first.Foreign || !first.IsRandom)
            // Only values that a view makes anew in each epoch need it again; pictures and vectors of this library draw for themselves.
            return new(first.Samples, columns.Input.Length, Content, isLearnt ? first.Mixings : []);
        var samples = first.Samples.Select(sample => sample with { Content = new RereadSample { Now = (StoredContent)sample.Content } })
            .ToImmutableArray();
        // Told once, of a view that says it is random and is not when it is read again.
        var (now, slots, told) = (0, Occurrences(samples).ToDictionary(), false);
        return new(samples, columns.Input.Length, Content, first.Mixings, epoch =>
        {
            if (epoch < 0 || epoch == now)
                return;
            now = epoch;
            foreach (var slot in slots.Values)
                ((RereadSample)slot.Content).Now = null;
            // What was kept of earlier epochs may be written over from here on; their slots were emptied first.
            store.Clear();
            // Rows that are skipped again were told of before.
            var again = Go(view, label, epoch, reading with { Skipped = null }, cancellation);
            if (!again.IsRandom && !told)
                warn("the images are the same in every epoch, since their numbers are cached behind the augmentation. "
                    + "Append the cache checkpoint before AugmentImages, or leave it out.");
            told |= !again.IsRandom;
            foreach (var (place, sample) in Occurrences(again.Samples))
                if (slots.TryGetValue(place, out var slot))
                    ((RereadSample)slot.Content).Now = (StoredContent)sample.Content;
        });
    }

    // Rows are told by their ids, and those of equal ids by their order.
    static IEnumerable<KeyValuePair<(long Id, int Time), CollectedSample>> Occurrences(IEnumerable<CollectedSample> samples)
    {
        var met = new Dictionary<long, int>();
        foreach (var sample in samples)
        {
            var time = met.GetValueOrDefault(sample.Id);
            met[sample.Id] = time + 1;
            yield return new((sample.Id, time), sample);
        }
    }

    /// <param name="Samples">The samples of the classes.</param>
    /// <param name="Foreign">Whether only the view makes their values.</param>
    /// <param name="IsRandom">Whether the view changes something at random.</param>
    /// <param name="Mixings">How batches are mixed.</param>
    /// <param name="Unknown">Number of rows of each class that is none of them.</param>
    sealed record Gone(ImmutableArray<CollectedSample> Samples, bool Foreign, bool IsRandom, ImmutableArray<ISampleMixing> Mixings,
        SortedDictionary<string, int> Unknown);

    Gone Go(IDataView view, LabelColumn label, int epoch, RowReading reading, CancellationToken cancellation)
    {
        var selection = new RowSelection(view.Schema, new[] { columns.Feature, columns.Label, columns.Weight }.OfType<string>());
        var (cursor, isRandom, mixings) = ReadingEpoch.Open(epoch, () => RowReader.Open(view, selection.Columns));
        // Asked of the very cursor that is read, since a getter's target tells.
        var (foreign, holds) = OriginOf(cursor);
        var samples = RowReader.Read(() => cursor, view.GetRowCount(), selection, row => Collected(row, label, epoch, foreign, holds),
            reading, cancellation)
            .ToLookup(sample => sample.Label != NoClass);
        return new([.. samples[true]], foreign, isRandom, mixings,
            new(samples[false].CountBy(sample => sample.Name).ToDictionary(), StringComparer.Ordinal));
    }

    // Whether only the view makes the values, and whether pictures that this library changes come decoded from others.
    (bool Foreign, bool HoldsPixels) OriginOf(DataViewRow row) => row.Schema[columns.Feature].Type switch
    {
        ImageDataViewType => PictureColumns.Of(row, columns.Feature) is { } own ? (false, own.HoldsPixels) : (true, false),
        VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Single =>
            (VectorGetter.Of(row.GetGetter<VBuffer<float>>(row.Schema[columns.Feature])) is not { HoldsPixels: false }, false),
        _ => (false, false),
    };

    CollectedSample Collected(RowValues row, LabelColumn label, int epoch, bool foreign, bool holds)
    {
        var name = label.NameOf(row[columns.Label]) ?? throw new InvalidDataException($"row {row.Id}: its label is not among the keys.");
        if (!classes.TryGetValue(name, out var number))
            return new(row.Id, NoClass, 0, "", name);
        var value = row[columns.Feature];
        if (value is byte[] { Length: 0 })
            throw new InvalidDataException($"column '{columns.Feature}', row {row.Id}: holds no bytes.");
        CheckSize(value, row);
        var weight = Weight(row);
        var content = foreign ? store.Keep(columns.Input.Content(value, NameOf(row), epoch)) : value switch
        {
            byte[] encoded => store.Keep(encoded),
            Picture picture => (object?)KeptPicture.Of(picture, holds, store) ?? picture,
            _ => value,
        };
        return new(row.Id, number, weight, content, row.Name);
    }

    object Content(CollectedSample sample, int epoch)
    {
        return sample.Content switch
        {
            RereadSample reread => reread.Read(),
            // Foreign ones are kept as the network takes them; only bytes of files are still to be decoded.
            StoredContent stored when stored.Read() is var kept => kept is byte[] encoded
                ? OfFile(Image.FromBytes(encoded, sample.Name, cache: cache)) : kept,
            KeptPicture kept => columns.Input.Content(kept.Read(), $"column '{columns.Feature}', row {sample.Id}", epoch),
            string { Length: > 0 } path => OfFile(ArchivePath.Image(path, cache)),
            var other => columns.Input.Content(other, $"column '{columns.Feature}', row {sample.Id}", epoch),
        };

        object OfFile(Image file) => columns.Input.Content(columns.Input.Opened(file), sample.Name, epoch);
    }

    void CheckSize(object value, RowValues row)
    {
        if (columns.OneSize && value is Picture { Image: var image }
            && (image.Height, image.Width) != (columns.Input.Height, columns.Input.Width))
            throw new ArgumentException($"Column '{columns.Feature}', row {row.Id}: is {image.Width}×{image.Height}, the images before "
                + $"it {columns.Input.Width}×{columns.Input.Height}. "
                + "Give LoadImages a width and a height, or set ImageHeight and ImageWidth.");
    }

    string NameOf(RowValues row) => $"column '{columns.Feature}', row {row.Id}";

    float Weight(RowValues row)
    {
        if (columns.Weight is null)
            return 1;
        var found = Convert.ToSingle(row[columns.Weight]);
        return found >= 0 && float.IsFinite(found) ? found
            : throw new InvalidDataException($"row {row.Id}: its weight is {found}, needs a number from 0 on.");
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
