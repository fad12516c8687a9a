using System.Globalization;
using System.Text.RegularExpressions;
using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Reports;

public sealed partial class AugmentationSheetTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly MLContext ml = new(3);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Below_the_originals_stands_what_a_trainer_gets_in_each_epoch()
    {
        var data = Items(3, 64);
        var augmented = ml.Transforms.AugmentImages("Image", new RandomShift(0.2f), new RandomErasing(1))
            .Fit(data).TransformForTraining(data);
        var sheet = Sheet(data, new RandomShift(0.2f), new RandomErasing(1));

        for (var row = 0; row < 3; row++)
        {
            var epochs = new[] { -1, 0, 1, 2 };
            var places = epochs.Select(epoch => Assert.Single(sheet.Places(augmented.Images(epoch: epoch)[row].Magnified(2)))).ToArray();
            Assert.Single(places.DistinctBy(place => place.Left));
            Assert.Equal(places.OrderBy(place => place.Top), places);
        }
    }

    [Theory]
    [InlineData(64, 8)]
    [InlineData(2048, 8)]
    public void A_page_gets_no_wider_sheet_than_a_screen(int side, int count)
    {
        var data = MadeUp.Pictures([.. Enumerable.Range(0, count).Select(_ => Image.FromPixels(side, side, 1, new byte[side * side]))]);
        var sheet = new AugmentationSheet(data, ml.Transforms.AugmentImages("Image", new RandomFlip()).Fit(data), "Label", 1)
            .ForPage(side, side, TestContext.Current.CancellationToken);
        Assert.InRange(sheet.Width, 500, 1200);
    }

    [Fact]
    public void A_fitted_pipeline_shows_its_own_step_with_what_comes_before_it()
    {
        foreach (var number in new[] { 0, 1 })
            Pictures.Noise(300, 300, number).Save(folder.File($"{number}.png"));
        var data = MadeUp.Rows(2, MadeUp.Text("ImagePath", row => folder.File($"{row}.png")), MadeUp.Text("Label", row => $"class {row}"));
        var steps = ml.Transforms.LoadImages("Image", "ImagePath", 128, 128)
            .Append(ml.Transforms.AugmentImages("Image", new RandomFlip(Horizontal: false, Vertical: true)))
            .Append(ml.Transforms.ConvertToGrayscale("Image"));
        ml.Data.SaveAugmentations(data, folder.File("a.png"), steps.Fit(data), new() { Count = 2, Epochs = 1 });
        ml.Data.SaveAugmentations(data, folder.File("b.png"), steps, new() { Count = 2, Epochs = 1 });
        Assert.Equal(File.ReadAllBytes(folder.File("a.png")), File.ReadAllBytes(folder.File("b.png")));

        var small = Pictures.Noise(300, 300, 1).Resize(128, 128);
        var sheet = Image.FromFile(folder.File("a.png"));
        Assert.NotEmpty(sheet.Places(small));
        var drawn = new ImageAugmentingTransformer("Image", "Image", 3, [new RandomFlip(false, true)]).Draw(new(128, 128), 0,
            data.Ids()[1]);
        Assert.NotEmpty(sheet.Places(ImageChange.Apply(small, drawn)));
    }

    [Fact]
    public void The_images_come_from_as_many_classes_as_there_are()
    {
        var items = Enumerable.Range(0, 30)
            .Select(number =>
                new Item { Label = number < 26 ? "many" : number < 28 ? "two" : "other", Image = Pictures.Noise(64, 64, number) })
                .ToArray();
        var sheet = Sheet(Rows(items));
        Assert.Equal(["many", "other", "two"],
            items.Where(item => sheet.Places(item.Image.Magnified(2)).Any()).Select(item => item.Label).Distinct().Order());
    }

    [Fact]
    public void Samples_are_mixed_as_a_batch_of_what_is_shown()
    {
        var data = Items(2, 128);
        var sheet = Sheet(data, new Halves());
        var half = data.Images();
        var mean = Image.FromPixels(128, 128, 3,
            [.. half[0].Pixels.ToArray().Zip(half[1].Pixels.ToArray(), (a, b) => (byte)Math.Round((a + b) / 2f))]);
        Assert.Equal(2 * 3, sheet.Places(mean).Count());
        Assert.All(half, image => Assert.Single(sheet.Places(image)));
    }

    [Fact]
    public void A_caption_says_what_was_done_to_the_picture_above_it()
    {
        var data = Items(3, 40);
        var rows = new AugmentationSheet(data, ml.Transforms.AugmentImages("Image", new RandomErasing(1)).Fit(data), "Label", 3).Draw(3, 2,
            TestContext.Current.CancellationToken).Rows;

        Assert.Equal(["original", "epoch 1", "epoch 2"], rows.Select(row => row.Heading));
        Assert.Equal(["class 0\nrow 0", "class 1\nrow 1", "class 2\nrow 2"], rows[0].Pictures.Select(picture => picture.Caption).Order());
        Assert.All(rows.Skip(1).SelectMany(row => row.Pictures), picture =>
        {
            var numbers = ErasedRectangle().Match(picture.Caption).Groups.Values.Skip(1)
                .Select(group => int.Parse(group.Value, CultureInfo.InvariantCulture)).ToArray();
            var erased = picture.Image.Crop(numbers[2], numbers[3], numbers[0], numbers[1]);
            Assert.Single(erased.Pixels.ToArray().Distinct());
        });
    }

    [Fact]
    public void What_nothing_was_drawn_for_is_unchanged()
    {
        var data = Items(1, 40);
        var rows = new AugmentationSheet(data, ml.Transforms.AugmentImages("Image").Fit(data), "None", 3).Draw(1, 1,
            TestContext.Current.CancellationToken).Rows;
        Assert.Equal(["row 0", "unchanged"], rows.Select(row => row.Pictures[0].Caption));
    }

    [Fact]
    public void A_mixed_picture_says_what_is_in_it_and_hardly_any_is_none()
    {
        MixedPicture Picture(string name) => new(name[0], name, Pictures.Noise(4, 4, name[0]), "turned 3°");
        Assert.All(MixedPictures.Mix([Picture("cat"), Picture("dog")], [new Halves()], Dice.For(1)),
            mixed => Assert.Equal("50% cat + 50% dog\nturned 3°", mixed.Caption));
        Assert.All(MixedPictures.Mix([Picture("cat"), Picture("dog")], [new Share(0.003f)], Dice.For(1)),
            mixed => Assert.Equal("turned 3°", mixed.Caption));
        Assert.Equal("75% cat + 25% dog\nturned 3°",
            MixedPictures.Mix([Picture("cat"), Picture("dog")], [new Share(0.25f)], Dice.For(1))[0].Caption);
    }

    [Fact]
    public void Images_of_different_sizes_are_not_mixed()
    {
        var data = Rows(new Item { Label = "a", Image = Pictures.Noise(8, 8, 1) },
            new Item { Label = "b", Image = Pictures.Noise(9, 8, 1) });
        Assert.EndsWith("needs one size. Give LoadImages a width and a height.",
            Assert.Throws<InvalidDataException>(() => Sheet(data, new Halves())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_cannot_be_read_are_named_and_others_shown()
    {
        folder.With("data/a/broken.png", "no picture");
        foreach (var name in new[] { "a/1", "b/2" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File($"data/{name}"))!);
            Pictures.Noise(128, 128, name[2]).Save(folder.File($"data/{name}.png"));
        }
        var images = ml.Data.LoadFromImageFolder(folder.File("data"));
        var steps = ml.Transforms.LoadImages("Image", "ImagePath", grayscale: false)
            .Append(ml.Transforms.AugmentImages("Image", new RandomFlip()));
        var saved = ml.Data.SaveAugmentations(images, folder.File("sheet.png"), steps, new() { Count = 3 });
        Assert.EndsWith("broken.png", Assert.Single(saved.Skipped).Path, StringComparison.Ordinal);
        Assert.All([(128, '1'), (128, '2')],
            one => Assert.NotEmpty(Image.FromFile(saved.Path).Places(Pictures.Noise(128, one.Item1, one.Item2))));

        File.Delete(folder.File("data/a/1.png"));
        File.Delete(folder.File("data/b/2.png"));
        Assert.Matches("^Augmentations: none of the 3 images can be read, the first .*\\.png: ",
            Assert.Throws<InvalidDataException>(() => ml.Data.SaveAugmentations(images, folder.File("sheet.png"), steps)).Message);
    }

    [Fact]
    public void A_pipeline_without_augmentation_is_told_what_it_has()
    {
        var data = Items(1, 8);
        var error = Assert.Throws<ArgumentException>(() =>
            ml.Data.SaveAugmentations(data, folder.File("x.png"), ml.Transforms.ConvertToGrayscale("Image")));
        Assert.StartsWith("pipeline: has no step AugmentImages, only ImageGrayscalingTransformer. Append one.", error.Message,
            StringComparison.Ordinal);
    }

    static IDataView Items(int count, int side) =>
        Rows([.. Enumerable.Range(0, count)
            .Select(number => new Item { Label = $"class {number}", Image = Pictures.Noise(side, side, number) })]);

    static IDataView Rows(params Item[] items) =>
        MadeUp.Pictures([.. items.Select(item => item.Image)], [.. items.Select(item => item.Label)]);

    Image Sheet(IDataView data, params Augmentation[] augmentations) =>
        Image.FromFile(ml.Data.SaveAugmentations(data, folder.File("sheet.png"), augmentations).Path);

    [GeneratedRegex(@"^erased (\d+)×(\d+) at (\d+),(\d+)$")]
    private static partial Regex ErasedRectangle();

    sealed class Item
    {
        public string Label { get; set; } = "";
        public Image Image { get; set; } = null!;
    }

    /// <summary>Half of each of two samples.</summary>
    sealed record Halves() : Share(0.5f);

    /// <summary>A share of the other of two samples.</summary>
    record Share(float Other) : Augmentation, ISampleMixing
    {
        public void Mix(SampleBatch batch, Dice dice)
        {
            foreach (var numbers in new[] { batch.Pixels.ToArray(), batch.Targets.ToArray() })
            {
                var target = numbers.Length == batch.Pixels.Length ? batch.Pixels : batch.Targets;
                for (var i = 0; i < numbers.Length; i++)
                    target[i] = (1 - Other) * numbers[i] + Other * numbers[(i + numbers.Length / 2) % numbers.Length];
            }
        }
    }
}
