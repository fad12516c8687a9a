using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines.Tests;

/// <summary>Rows that are computed from their number.</summary>
static class MadeUp
{
    internal static IDataView Rows(long count, params AddedColumn[] columns)
    {
        var numbers = new SourceView(count);
        return new AddedView(numbers, new(numbers.Schema, columns));
    }

    internal static AddedColumn Column<T>(string name, DataViewType type, Func<long, T> value,
        DataViewSchema.Annotations? annotations = null) => new(name, type, [], row =>
    {
        var number = RowColumn.Ids(row);
        return (ValueGetter<T>)((ref T to) => to = value(number()));
    }, annotations);

    internal static AddedColumn Text(string name, Func<long, string> value) =>
        Column(name, TextDataViewType.Instance, row => value(row).AsMemory());

    internal static AddedColumn Number(string name, Func<long, long> value) => Column(name, NumberDataViewType.Int64, value);

    internal static AddedColumn Vector(string name, Func<long, float[]> value, params int[] sizes) =>
        Column(name, sizes.Length == 0 ? new VectorDataViewType(NumberDataViewType.Single) : new(NumberDataViewType.Single, sizes),
            row => value(row) is var vector ? new VBuffer<float>(vector.Length, vector) : default);

    internal static AddedColumn Bytes(string name, Func<long, byte[]> value) =>
        Column(name, new VectorDataViewType(NumberDataViewType.Byte), row => value(row) is var vector
            ? new VBuffer<byte>(vector.Length, vector) : default);

    internal static AddedColumn Key(string name, ImmutableArray<string> names, Func<long, uint> value) =>
        Column(name, new KeyDataViewType(typeof(uint), names.Length), value, KeyNames.ForKey(names));

    /// <summary>Scores of two classes or of those named.</summary>
    internal static AddedColumn Scores(string name, ImmutableArray<string>? names, Func<long, float[]> value) =>
        Vector(name, value, names?.Length ?? 2) with { Annotations = names is { } known ? KeyNames.ForScores(known) : null };

    /// <summary>Columns Image, and Label where there are labels.</summary>
    internal static IDataView Pictures(IReadOnlyList<Image> images, IReadOnlyList<string>? labels = null)
    {
        var oneSize = images.Select(image => (image.Width, image.Height)).Distinct().Count() == 1;
        var pictures = SourceColumn.Pictures("Image", oneSize ? new(images[0].Height, images[0].Width) : new(), row => images[(int)row]);
        return labels is null ? new SourceView(images.Count, pictures)
            : new SourceView(images.Count, pictures, SourceColumn.Text("Label", row => labels[(int)row]));
    }
}

/// <summary>What comes out of rows.</summary>
static class Reading
{
    internal static long[] Ids(this IDataView view) => [.. view.Rows().Select(row => row.Id)];

    /// <summary>The pictures of an epoch; before 0, without what is changed at random.</summary>
    internal static Image[] Images(this IDataView view, string column = "Image", int epoch = -1) =>
        [.. view.Rows(column).Select(row => row.Get<Picture>(column).Draw(epoch))];

    internal static Image ImageAt(this IDataView view, int place, string column = "Image") =>
        view.Rows(column).ElementAt(place).Get<Picture>(column).Draw(-1);

    /// <summary>Names of a key's values, in their order.</summary>
    internal static ImmutableArray<string> KeyValues(this IDataView view, string column) => KeyNames.Of(view.Schema[column])!.Value;

    /// <summary>All warnings from now on.</summary>
    internal static List<string> Warnings(this MLContext ml)
    {
        var heard = new List<string>();
        ml.Log += (_, message) =>
        {
            if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                heard.Add(message.RawMessage);
        };
        return heard;
    }
}
