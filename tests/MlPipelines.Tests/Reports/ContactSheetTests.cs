using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Reports;

public sealed class ContactSheetTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly MLContext ml = new(1);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_class_has_a_row_of_its_own_images_in_the_order_of_the_names()
    {
        var items = Enumerable.Range(0, 12)
            .Select(number =>
                new Item { Label = number % 3 == 0 ? "b" : number % 3 == 1 ? "a" : "c", Image = Pictures.Noise(32, 32, number) }).ToArray();
        var sheet = Sheet(Rows(items), perClass: 4);

        var places = items.Select(item => (item.Label, Place: Assert.Single(sheet.Places(item.Image.Magnified(3))))).ToArray();
        Assert.Equal(["a", "b", "c"], places.OrderBy(item => item.Place.Top).Select(item => item.Label).Distinct());
        Assert.Equal(3, places.DistinctBy(item => item.Place.Top).Count());
    }

    [Fact]
    public void What_is_transparent_lies_over_the_paper()
    {
        var pixels = Pictures.Noise(32, 32, 7).ToRgba().Pixels.ToArray();
        for (var i = 3; i < pixels.Length; i += 4)
            pixels[i] = (byte)(i / 16);
        var image = Image.FromPixels(32, 32, 4, pixels);
        var sheet = Sheet(Rows([new Item { Label = "a", Image = image }]), perClass: 1);
        Assert.Single(sheet.Places(image.ToRgb().Magnified(3)));
    }

    [Fact]
    public void The_choice_follows_from_the_seed_and_not_from_the_order_of_the_rows()
    {
        var images = Enumerable.Range(0, 40).Select(number => Pictures.Noise(8, 8, number)).ToArray();
        foreach (var (number, image) in images.Index())
            image.Save(folder.File($"{number}.png"));
        var data = MadeUp.Rows(40, MadeUp.Text("ImagePath", row => folder.File($"{row}.png")), MadeUp.Text("Label", _ => "x"));
        HashSet<int> Shown(IDataView view, int seed)
        {
            var sheet = Sheet(view, perClass: 5, size: 8, seed: seed);
            return [.. images.Index().Where(image => sheet.Places(image.Item).Any()).Select(image => image.Index)];
        }
        var first = Shown(data, 1);
        Assert.Equal(5, first.Count);
        Assert.Equal(first, Shown(ml.Data.ShuffleRows(data, 9), 1));
        Assert.NotEqual(first, Shown(data, 2));
    }

    [Fact]
    public void Another_image_takes_the_place_of_one_that_cannot_be_read_and_the_log_names_it()
    {
        for (var number = 0; number < 6; number++)
            folder.With($"data/red/broken{number}.png", "no picture");
        foreach (var number in new[] { 1, 2 })
            Pictures.Noise(40, 20, number).Save(folder.File($"data/red/{number}.png"));
        var said = ml.Warnings();
        var saved =
            ml.Data.SaveContactSheet(ml.Data.LoadFromImageFolder(folder.File("data")), folder.File("sheet.png"),
                new() { PerClass = 2, Size = 40 });

        var sheet = Image.FromFile(saved.Path);
        Assert.All([1, 2], number => Assert.Single(sheet.Places(Pictures.Noise(40, 20, number))));
        Assert.Equal((sheet.Width, sheet.Height), (saved.Width, saved.Height));
        Assert.All(saved.Skipped, row => Assert.Contains("broken", row.Path, StringComparison.Ordinal));
        Assert.Equal(saved.Skipped.Length,
            said.Count(text => text.StartsWith($"skipped {folder.File("data/red/broken")}", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_class_without_a_readable_image_keeps_its_empty_row()
    {
        folder.With("data/broken/1.png", "no picture");
        Directory.CreateDirectory(folder.File("data/whole"));
        Pictures.Noise(16, 16, 1).Save(folder.File("data/whole/1.png"));
        var saved =
            ml.Data.SaveContactSheet(ml.Data.LoadFromImageFolder(folder.File("data")), folder.File("sheet.png"), new() { Size = 16 });
        Assert.Single(saved.Skipped);
        Assert.Single(Image.FromFile(saved.Path).Places(Pictures.Noise(16, 16, 1)));
    }

    [Fact]
    public void Large_images_are_shrunk_in_their_own_shape()
    {
        var wide = Pictures.Paint(400, 100, (_, _) => Pictures.Red);
        var sheet = Sheet(Rows(new Item { Label = "x", Image = wide }), size: 80);
        Assert.Equal(80 * 20,
            Enumerable.Range(0, sheet.Width * sheet.Height).Count(i => sheet.At(i % sheet.Width, i / sheet.Width) == Pictures.Red));
    }

    [Fact]
    public void What_would_fill_the_memory_is_refused_while_it_is_read()
    {
        var large = Pictures.Noise(1024, 1024, 1);
        var data = Rows([.. Enumerable.Range(0, 100).Select(_ => new Item { Label = "x", Image = large })]);
        Assert.StartsWith("Sheet: its pictures would have more than",
            Assert.Throws<InvalidDataException>(() =>
                ml.Data.SaveContactSheet(data, folder.File("x.png"), new() { PerClass = 100, Size = 1024 })).Message,
                StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("x.png")));
    }

    [Theory]
    [InlineData("Vector", "Label", "Column 'Vector': holds Single[], images or the paths of image files are needed.")]
    [InlineData(null, "Image", "Column 'Image': holds image 8×8, a column of classes needs text, a key or a number.")]
    [InlineData("Picture", "Label", "Column 'Picture': not found")]
    public void A_column_of_another_kind_is_named(string? image, string label, string said)
    {
        var data = Rows(new Item { Label = "x", Image = Pictures.Noise(8, 8, 1) });
        Assert.StartsWith(said,
            Assert.Throws<ArgumentException>(() =>
                ml.Data.SaveContactSheet(data, folder.File("x.png"), new() { LabelColumnName = label, ImageColumnName = image })).Message,
                StringComparison.Ordinal);
    }

    Image Sheet(IDataView data, int perClass = 8, int size = 96, int? seed = null) =>
        Image.FromFile(
            ml.Data.SaveContactSheet(data, folder.File("sheet.png"), new() { PerClass = perClass, Size = size, Seed = seed }).Path);

    static AddedView Rows(params Item[] items)
    {
        var rows = MadeUp.Pictures([.. items.Select(item => item.Image)], [.. items.Select(item => item.Label)]);
        return new(rows, new(rows.Schema, [MadeUp.Vector("Vector", _ => [1])]));
    }

    sealed class Item
    {
        public string Label { get; set; } = "";
        public Image Image { get; set; } = null!;
    }
}
