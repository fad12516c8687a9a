using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.MlNet;

/// <summary>The verbs of ML.NET's data catalog.</summary>
public sealed class DataVerbsTests
{
    readonly MLContext mlContext = new(seed: 3);

    sealed class Row
    {
        public int Number { get; set; }
        public float Value { get; set; }
        public string Text { get; set; } = "";
    }

    IDataView Rows(int count) => mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(number => new Row { Number = number, Value = number == 3 ? float.NaN : number / 2f, Text = $"row {number}" }));

    static int[] Numbers(IDataView view) => [.. view.GetColumn<int>("Number")];

    [Fact]
    public void Rows_are_filtered_by_a_number_from_the_lower_bound_to_before_the_upper()
    {
        Assert.Equal([2, 4, 5], Numbers(mlContext.Data.FilterRowsByColumn(Rows(10), "Value", lowerBound: 1, upperBound: 3)));
        Assert.Equal([0, 1], Numbers(mlContext.Data.FilterRowsByColumn(Rows(10), "Number", upperBound: 2)));
        Assert.Equal(9, Numbers(mlContext.Data.FilterRowsByColumn(Rows(10), "Value")).Length);
        Assert.Equal("Column 'Text': holds text, numbers are needed.", Assert.Throws<ArgumentException>(() => mlContext.Data.FilterRowsByColumn(Rows(2), "Text", 1)).Message);
    }

    [Fact]
    public void Rows_without_a_number_are_filtered_out() => Assert.Equal([0, 1, 2, 4], Numbers(mlContext.Data.FilterRowsByMissingValues(Rows(5), "Value", "Number")));

    [Fact]
    public void A_bootstrap_draws_with_replacement_and_its_complement_is_the_rest()
    {
        const int Count = 20_000;
        var (data, drawn) = (Rows(Count), Numbers(mlContext.Data.BootstrapSample(Rows(Count), seed: 5)));
        var rest = Numbers(mlContext.Data.BootstrapSample(data, seed: 5, complement: true));
        Assert.Equal(Enumerable.Range(0, Count), drawn.Concat(rest).Distinct().Order());
        Assert.Empty(drawn.Intersect(rest));
        var times = drawn.CountBy(number => number).CountBy(pair => pair.Value).ToDictionary();
        times[0] = rest.Length;
        // Poisson probabilities of mean 1, within five standard deviations.
        foreach (var (n, probability) in new[] { Math.Exp(-1), Math.Exp(-1), Math.Exp(-1) / 2, Math.Exp(-1) / 6, Math.Exp(-1) / 24 }.Index())
            Assert.InRange(times[n] / (double)Count, probability - 5 * Math.Sqrt(probability / Count), probability + 5 * Math.Sqrt(probability / Count));
        Assert.Equal(drawn, Numbers(mlContext.Data.BootstrapSample(data, seed: 5)));
        Assert.NotEqual(drawn, Numbers(mlContext.Data.BootstrapSample(data, seed: 6)));
    }

    [Fact]
    public void Copies_of_a_bootstrap_are_samples_of_their_own_while_learning()
    {
        var view = mlContext.Data.BootstrapSample(Rows(200));
        Assert.Equal(view.RowCount, Enumerable.Range(0, (int)view.RowCount).Select(position => view.GetRow(position, Pass.Fit(0)).Id).Distinct().Count());
        Assert.True(view.RowCount > Enumerable.Range(0, (int)view.RowCount).Select(position => view.GetRow(position).Id).Distinct().Count());
    }

    [Fact]
    public void A_cache_reads_the_columns_that_it_is_told_to_once_and_now()
    {
        var reads = new int[2];
        var source = new SourceView(new(new("A", new PrimitiveDataViewType(typeof(int))), new("B", new PrimitiveDataViewType(typeof(int)))), 10, (row, column) =>
        {
            Interlocked.Increment(ref reads[column]);
            return (int)row;
        });
        var cached = mlContext.Data.Cache(source, "B");
        Assert.Equal([0, 10], reads);
        Assert.Equal([.. cached.GetColumn<int>("A")], cached.GetColumn<int>("B"));
        Assert.Equal([.. cached.GetColumn<int>("A")], cached.GetColumn<int>("B"));
        Assert.Equal([10, 10], reads);
        Assert.Throws<ArgumentException>(() => mlContext.Data.Cache(source, "C"));
    }

    [Fact]
    public void A_preview_shows_rows_and_columns()
    {
        var preview = Rows(200).Preview(maxRows: 3);
        Assert.Equal(["Number", "Value", "Text"], preview.Schema.Select(column => column.Name));
        Assert.Equal([0, 1, 2], preview.ColumnView[0].Values.Cast<int>());
        Assert.Equal("row 2", preview.RowView[2].Values.Single(value => value.Key == "Text").Value);
        Assert.Equal((100, "3 columns, 100 rows"), (Rows(200).Preview().RowView.Length, Rows(200).Preview().ToString()));
    }

    [Fact]
    public void Rows_are_taken_skipped_and_shuffled()
    {
        Assert.Equal([2, 3], Numbers(mlContext.Data.TakeRows(mlContext.Data.SkipRows(Rows(9), 2), 2)));
        var shuffled = Numbers(mlContext.Data.ShuffleRows(Rows(50), seed: 1));
        Assert.NotEqual(Enumerable.Range(0, 50), shuffled);
        Assert.Equal(Enumerable.Range(0, 50), shuffled.Order());
    }

    sealed class Measured
    {
        [LoadColumn(0)] public string Path { get; set; } = "";
        [LoadColumn(1), ColumnName("Label")] public bool IsCat { get; set; }
        [LoadColumn(2, 3)] public float[] Size { get; set; } = [];
    }

    [Theory]
    [InlineData("path\tcat\tw\th\n\na.png\t1\t3\t4.5\nb.png\tfalse\t\t2\n", '\t', false)]
    [InlineData("path;cat;w;h\r\n a.png ;1; 3;4.5\r\nb.png;false;;2", ';', false)]
    [InlineData("path,cat,w,h\n\"a.png\",1,\"3\",4.5\nb.png,false,,2\n", ',', true)]
    public void A_text_file_becomes_objects(string text, char separator, bool quoted)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("table.txt", System.Text.Encoding.UTF8.GetBytes(text));
        var data = mlContext.Data.LoadFromTextFile<Measured>(file, separator, hasHeader: true, allowQuoting: quoted, trimWhitespace: true);
        var rows = mlContext.Data.CreateEnumerable<Measured>(data, reuseRowObject: false).ToArray();
        Assert.Equal(["a.png True 3 4.5", "b.png False NaN 2"], rows.Select(row => $"{row.Path} {row.IsCat} {string.Join(' ', row.Size)}"));
        Assert.Equal(["Path", "Label", "Size"], data.Schema.Select(column => column.Name));
    }

    [Fact]
    public void Lines_that_do_not_fit_are_named_when_they_are_read()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("table.tsv", "a.png\t1\t3\t4\nb.png\t1\nc.png\t1\tthree\t4\n"u8.ToArray());
        var data = mlContext.Data.LoadFromTextFile<Measured>(file);
        var skipped = new List<string>();
        Assert.Single(data.Read(row => row.GetValue(2), new() { Skipped = row => skipped.Add(row.Reason) }));
        Assert.Equal([$"{file}:2: has 2 columns, number 3 (from 0) is needed for 'Size'. Check the separator.", $"{file}:3: 'three' is no Single. Check the column, and whether the file has a header."], skipped);
        Assert.Contains("Row.Number: does not say which column", Assert.Throws<ArgumentException>(() => mlContext.Data.LoadFromTextFile<Row>(file)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => mlContext.Data.LoadFromTextFile<Measured>("no.tsv"));
    }

    [Fact]
    public void Names_of_keys_and_slots_are_handed_out_as_ML_NET_does()
    {
        var view = mlContext.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(Rows(3)).Transform(Rows(3));
        VBuffer<ReadOnlyMemory<char>> keys = default;
        Assert.Equal(0, keys.Length);
        view.Schema["Key"].GetKeyValues(ref keys);
        Assert.Equal(["row 0", "row 1", "row 2"], keys.DenseValues().Select(name => name.ToString()));
        Assert.Equal((2, "row 2", "row 1", 3), (keys.Items().Last().Key, keys.GetValues()[2].ToString(), keys.GetItemOrDefault(1).ToString(), keys.Length));
        Assert.True(view.Schema["Key"].HasKeyValues());
        Assert.False(view.Schema["Text"].HasKeyValues());
        Assert.False(view.Schema["Text"].HasSlotNames());
        Assert.Equal("Column 'Text': holds text, a key whose values are known is needed. Map it with MapValueToKey, and ask after the fit.", Assert.Throws<InvalidOperationException>(() => view.Schema["Text"].GetKeyValues(ref keys)).Message);
        Assert.Throws<InvalidOperationException>(() => view.Schema["Text"].GetSlotNames(ref keys));
    }
}
