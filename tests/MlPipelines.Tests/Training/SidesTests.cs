using MlPipelines.Imaging;
using Pictures = MlPipelines.Tests.Imaging.Pictures;

namespace MlPipelines.Tests.Training;

/// <summary>What a trainer says of its two sets, and what its model keeps of them.</summary>
[Trait("Category", "Runtime")]
public sealed class SidesTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly List<string> log;
    readonly Data.TemporaryFolder folder = new();

    public SidesTests() => log = ml.Warnings();

    public void Dispose() => folder.Dispose();

    static ImageClassificationTrainer.Options Quick => new() { Network = Patterns.Small(), Epoch = 1, BatchSize = 4 };

    IDataView Stripes(string? only = null) =>
        Patterns.View(ml, Patterns.Stripes(12).Where(picture => only is null || picture.Label == only));

    [Fact]
    public void A_validation_set_without_a_class_is_warned_of()
    {
        using var model = Patterns.Fit(ml, Stripes(), Quick with { ValidationSet = Stripes("down") });
        Assert.Equal(["class 'across' is learnt and not among the samples to watch."], log);
    }

    [Fact]
    public void A_validation_set_without_rows_or_without_any_class_is_warned_of()
    {
        using var empty = Patterns.Fit(ml, Stripes(), Quick with { ValidationSet = ml.Data.SkipRows(Stripes(), 12) });
        Assert.StartsWith("ValidationSet has no sample of a class that is learnt", Assert.Single(log));
        log.Clear();
        var others = MadeUp.Pictures([Pictures.Quarters(12, 12)], ["elsewhere"]);
        using var disjoint = Patterns.Fit(ml, Stripes(), Quick with { ValidationSet = others });
        Assert.Equal(2, log.Count);
        Assert.Equal("1 image is of a class that is not learnt, and left out: 'elsewhere': 1.", log[0]);
    }

    [Fact]
    public void A_class_of_the_key_that_is_not_learnt_is_warned_of()
    {
        var all = MadeUp.Pictures([.. Patterns.Stripes(12).Select(picture => picture.Image!)]);
        var keyed = new AddedView(all, new(all.Schema, [MadeUp.Key("Label", ["across", "down", "round"], row => (uint)(row % 2) + 1)]));
        using var model = Patterns.Fit(ml, keyed, Quick with { Network = Patterns.Small(3) });
        Assert.StartsWith("class 'round' is among the classes and not among the samples to learn from, so never learnt.",
            Assert.Single(log));
    }

    [Fact]
    public void Equal_images_of_different_classes_are_warned_of()
    {
        var stripes = Patterns.Stripes(12).Select(picture => picture.Image!).ToArray();
        string[] labels = [.. Enumerable.Range(0, 12).Select(row => row % 2 == 0 ? "across" : "down")];
        using var twice = Patterns.Fit(ml, MadeUp.Pictures([.. stripes, stripes[0], stripes[1]], [.. labels, "across", "down"]), Quick);
        Assert.Empty(log);
        using var both = Patterns.Fit(ml, MadeUp.Pictures([.. stripes, stripes[0], stripes[2]], [.. labels, "down", "down"]), Quick);
        Assert.Equal(["2 samples are there as several classes, such as one as 'across' and 'down', so that at most one of them is learnt "
            + "rightly. ml.Data.Check (mlpipe dataset check) lists them."], log);
    }

    [Fact]
    public void Labels_in_two_normal_forms_are_one_class()
    {
        var all = MadeUp.Pictures([.. Patterns.Stripes(12).Select(picture => picture.Image!)],
            [.. Enumerable.Range(0, 12).Select(row => row % 2 == 0 ? "b" : row % 4 == 1 ? "caf\u00E9" : "cafe\u0301")]);
        using var model = Patterns.Fit(ml, all, Quick);
        Assert.Equal(["b", "caf\u00E9"], model.Labels);
    }

    [Fact]
    public void Images_that_are_mostly_cut_away_are_told_of()
    {
        for (var number = 0; number < 6; number++)
            Pictures.Noise(12, 60, number).Save(folder.Write($"{(number % 2 == 0 ? "a" : "b")}/{number}.png"));
        var images = ml.Data.LoadFromImageFolder(folder.Path);
        foreach (var (resizing, said) in new[] { (ResizingKind.IsoCrop, 1), (ResizingKind.IsoPad, 0), (ResizingKind.Fill, 0) })
        {
            log.Clear();
            using var model = ml.Transforms.LoadImages("Image", "ImagePath", 12, 12, resizing)
                .Append(ml.MulticlassClassification.Trainers.ImageClassification(Quick)).Fit(images).LastTransformer;
            Assert.Equal(said, log.Count(line => line.Contains("6 of 6 images looked at lose more than a third of themselves where they "
                + "are "
                + "cropped to 12×12", StringComparison.Ordinal) && line.Contains("(12×60) 80%", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(12, 60, 0, ResizingKind.IsoPad)]
    [InlineData(12, 16, 0, ResizingKind.IsoCrop)]
    [InlineData(12, 16, 199, ResizingKind.IsoCrop)]
    [InlineData(12, 16, 200, ResizingKind.IsoPad)]
    [InlineData(12, 12, 200, ResizingKind.IsoCrop)]
    public void Images_are_padded_where_much_would_be_cut_away_or_a_whole_network_learns_from_many(int width, int height, long steps,
        ResizingKind expected)
    {
        for (var number = 0; number < 4; number++)
            Pictures.Noise(width, height, number).Save(folder.Write($"{(number % 2 == 0 ? "a" : "b")}/{number}.png"));
        var (kind, reason) = Cropping.Usual(ml.Data.LoadFromImageFolder(folder.Path), 12, 12, steps);
        Assert.Equal((expected, expected == ResizingKind.IsoPad), (kind, reason is not null));
    }

    [Fact]
    public void Images_of_which_none_says_its_size_are_cropped()
    {
        File.WriteAllText(folder.Write("a/1.png"), "no picture");
        var (kind, reason) = Cropping.Usual(ml.Data.LoadFromImageFolder(folder.Path), 12, 12, 200);
        Assert.Equal((ResizingKind.IsoCrop, null), (kind, reason));
    }

    [Fact]
    public void A_model_knows_the_images_that_it_has_learnt_from()
    {
        for (var number = 0; number < 8; number++)
            Pictures.Noise(12, 12, number).Save(folder.Write($"data/{(number % 2 == 0 ? "a" : "b")}/{number}.png"));
        for (var number = 6; number < 10; number++)
            Pictures.Noise(12, 12, number).Save(folder.Write($"other/{(number % 2 == 0 ? "a" : "b")}/renamed {number}.png"));
        var images = ml.Data.LoadFromImageFolder(Path.Combine(folder.Path, "data"));
        var other = ml.Data.LoadFromImageFolder(Path.Combine(folder.Path, "other"));
        var model = ml.Transforms.LoadImages("Image", "ImagePath", 12, 12)
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(Quick)).Fit(images);
        Assert.Equal(8, model.LastTransformer.LearntFrom!.Count);
        Assert.Equal(new LearntOverlap(4, 2), ml.MulticlassClassification.CountLearnt(model, other));
        ml.Model.SaveAsOnnx(model, Path.Combine(folder.Path, "model.onnx"), images.Schema);
        ml.Model.Save(model, images.Schema, Path.Combine(folder.Path, "model.zip"));
        foreach (var file in (string[])["model.onnx", "model.zip"])
            Assert.Equal(new LearntOverlap(8, 8),
                ml.MulticlassClassification.CountLearnt(ml.Model.LoadModel(Path.Combine(folder.Path, file)), images));
        using var more = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(12).Select((picture, number) =>
            new Patterns.Picture { Image = picture.Image, Label = number % 2 == 0 ? "a" : "b" })),
            Quick with { WarmStart = model.LastTransformer });
        // Two of the twelve are watched.
        Assert.Equal(18, more.LearntFrom!.Count);
    }

    [Fact]
    public void Of_many_images_a_sample_is_kept()
    {
        static PixelCacheKey Key(int number) => PixelCacheKey.OfContent(BitConverter.GetBytes(number));
        var learnt = LearntImages.Of(Enumerable.Range(0, 50_000).Select(Key));
        Assert.Equal((LearntImages.MostKept, false), (learnt.Count, learnt.IsComplete));
        var own = Enumerable.Range(0, 5000).Select(number => learnt.Holds(Key(number))).OfType<bool>().ToArray();
        Assert.InRange(own.Length, 600, 1100);
        Assert.All(own, Assert.True);
        Assert.DoesNotContain(true, Enumerable.Range(50_000, 5000).Select(number => learnt.Holds(Key(number))));
    }
}
