using MlPipelines.Imaging;

namespace MlPipelines.Tests.Data;

public sealed class EnumerableTests
{
    readonly DataOperationsCatalog data = new(1);

    class Parent
    {
        [LoadColumn(0)]
        public string ImagePath = "";
    }

    sealed class Child : Parent
    {
        [ColumnName("Label")]
        public string? Kind { get; set; }

        [KeyType(3)]
        public uint Key { get; set; }

        [VectorType(2)]
        public float[] Vector { get; set; } = [1, 2];

        [ImageType(4, 5)]
        public Image? Image { get; set; }

        [NoColumn]
        public Uri? Elsewhere { get; set; }
    }

    sealed class Wrong
    {
        public Uri? Link { get; set; }
    }

    sealed class Mismatch
    {
        public int Label { get; set; }
    }

    [Fact]
    public void Members_and_attributes_make_the_schema()
    {
        var schema = data.LoadFromEnumerable([new Child()]).Schema;
        Assert.Equal(new TextDataViewType(), schema["Label"].Type);
        Assert.Equal(new TextDataViewType(), schema["ImagePath"].Type);
        Assert.Equal(new KeyDataViewType(), schema["Key"].Type);
        Assert.Equal(new VectorDataViewType(typeof(float), 2), schema["Vector"].Type);
        Assert.Equal(new ImageDataViewType(4, 5), schema["Image"].Type);
        Assert.Equal(5, schema.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Objects_come_back_as_they_went_in(bool reuse)
    {
        var rows = Enumerable.Range(0, 5).Select(i => new Child { ImagePath = $"{i}.jpg", Kind = i == 2 ? null : $"k{i}", Key = (uint)i, Vector = [i, i], Image = Image.FromPixels(1, 1, 1, [(byte)i]) });
        var seen = new List<(string, string?, uint, float, byte)>();
        var objects = new HashSet<Child>();
        foreach (var child in data.CreateEnumerable<Child>(data.LoadFromEnumerable(rows), reuse))
        {
            seen.Add((child.ImagePath, child.Kind, child.Key, child.Vector[1], child.Image!.Pixels[0]));
            objects.Add(child);
        }
        Assert.Equal([("0.jpg", "k0", 0, 0, 0), ("1.jpg", "k1", 1, 1, 1), ("2.jpg", "", 2, 2, 2), ("3.jpg", "k3", 3, 3, 3), ("4.jpg", "k4", 4, 4, 4)], seen);
        Assert.Equal(reuse ? 1 : 5, objects.Count);
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_left_out_and_named()
    {
        var log = new List<string>();
        var logging = new DataOperationsCatalog(1, (_, message) => log.Add(message));
        Child[] rows = [new() { ImagePath = "a.jpg", Image = Image.FromPixels(1, 1, 1, [1]) }, new() { ImagePath = "b.jpg" }];
        Assert.Equal("a.jpg", Assert.Single(logging.CreateEnumerable<Child>(logging.LoadFromEnumerable(rows), false)).ImagePath);
        Assert.Equal("b.jpg: skipped. Child, column 'Image': is null, needs image 5×4.", Assert.Single(log));
    }

    [Fact]
    public void A_member_of_another_type_says_what_to_do()
    {
        Assert.StartsWith("Wrong.Link: is a Uri, a column holds string,", Assert.Throws<ArgumentException>(() => data.LoadFromEnumerable([new Wrong()])).Message);
        Assert.StartsWith("Mismatch.Label: is a Int32, column 'Label' holds text (String).",
            Assert.Throws<ArgumentException>(() => data.CreateEnumerable<Mismatch>(data.LoadFromEnumerable([new Child()]), false)).Message);
    }

    [Fact]
    public void A_definition_renames_columns()
    {
        var definition = SchemaDefinition.Create(typeof(Child)).With("Vector", "Features", new VectorDataViewType(typeof(float), 1, 1, 2));
        Assert.Equal("Features", data.LoadFromEnumerable([new Child()], definition).Schema["Features"].Name);
        Assert.Throws<ArgumentException>(() => definition.With("Nothing"));
    }

    [Fact]
    public void An_empty_enumerable_is_a_view_without_rows() => Assert.Empty(data.CreateEnumerable<Child>(data.LoadFromEnumerable(Array.Empty<Child>()), false));
}
