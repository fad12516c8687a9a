using System.Collections.Immutable;
using MlPipelines.Imaging;
using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.Transforms;

public sealed class ClassBalancingTests
{
    readonly MLContext ml = new(seed: 1);

    // The pixels of each image are all different, so that a turned or shifted one is told from it.
    static IDataView Pictures(params (string Label, int Count)[] classes)
    {
        var rows = classes.SelectMany(one => Enumerable.Range(0, one.Count).Select(number => (one.Label, number))).ToArray();
        return MadeUp.Pictures([.. rows.Select(row =>
            Image.FromPixels(8, 8, 1, [.. Enumerable.Range(0, 64).Select(i => (byte)(3 * i + row.number))]))],
            [.. rows.Select(row => row.Label)]);
    }

    static string[] Pixels(IDataView view, int epoch) => [.. view.Images(epoch: epoch).Select(image => Convert.ToHexString(image.Pixels))];

    static string[] Labels(IDataView view) => [.. view.GetColumn<string>("Label")];

    [Fact]
    public void Only_what_is_learnt_from_is_balanced()
    {
        var pictures = Pictures(("a", 20), ("b", 3), ("c", 2));
        var fitted = ml.Transforms.Balance("Label", new(AtMost: 10, AtLeast: 8, MergeBelow: 5)).Fit(pictures);
        Assert.Equal(new() { ["a"] = 10, ["others"] = 8 },
            Labels(fitted.TransformForTraining(pictures)).CountBy(label => label).ToDictionary());
        Assert.Equal(Labels(pictures).Select(label => label == "a" ? "a" : "others"), Labels(fitted.Transform(pictures)));
        Assert.Equal(1, fitted.Transform(ml.Transforms.DropColumns("Label").Fit(pictures)
            .Transform(ml.Data.TakeRows(pictures, 1))).CountRows());
    }

    [Fact]
    public void A_class_that_was_not_there_before_keeps_its_name()
    {
        var fitted = ml.Transforms.Balance("Label", new(MergeBelow: 5)).Fit(Pictures(("a", 9), ("b", 3)));
        Assert.Equal(["new", "others"], Labels(fitted.Transform(Pictures(("new", 1), ("b", 1)))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Copies_are_augmented_differently_wherever_the_augmentation_stands(bool before)
    {
        var pictures = Pictures(("a", 1), ("b", 6));
        var (balance, augment) = (ml.Transforms.Balance("Label", new(AtLeast: 6)).Fit(pictures),
            ml.Transforms.AugmentImages("Image", new RandomRotation(180), new RandomShift(0.3f)).Fit(pictures));
        var view = before ? balance.TransformForTraining(augment.TransformForTraining(pictures))
            : augment.TransformForTraining(balance.TransformForTraining(pictures));
        var copies = Pixels(view, 0)[..6];
        Assert.Equal(12, Pixels(view, 0).Length);
        Assert.Equal(6, copies.Distinct().Count());
        Assert.Equal(copies, Pixels(view, 0)[..6]);
        Assert.Empty(copies.Intersect(Pixels(view, 1)[..6]));
    }

    [Fact]
    public void Augmentations_of_its_own_change_copies_and_leave_the_images_themselves()
    {
        var pictures = Pictures(("a", 2), ("b", 8));
        var view = ml.Transforms.Balance("Label", new(AtLeast: 8), "Image", new RandomRotation(180), new RandomShift(0.3f))
            .Fit(pictures).TransformForTraining(pictures);
        var (plain, fitting, later) = (Pixels(pictures, 0), Pixels(view, 0), Pixels(view, 1));
        var own = view.Ids().Select(id => id is >= 0 and < 10).ToArray();
        string[] Where(string[] all, bool original) => [.. all.Zip(own).Where(one => one.Second == original).Select(one => one.First)];
        Assert.Equal(plain, Where(fitting, true));
        Assert.Equal(plain, Where(later, true));
        Assert.Equal(8 + 6, fitting.Distinct().Count());
        Assert.Equal(6 + 6, Where(fitting, false).Concat(Where(later, false)).Distinct().Count());
        Assert.Equal(8, Pixels(view, -1).Distinct().Count());
    }

    [Fact]
    public void Each_pass_of_a_trainer_of_ML_NET_sees_other_copies_and_the_same_images()
    {
        var pictures = Pictures(("a", 1), ("b", 4));
        var balance = ml.Transforms.Balance("Label", new(AtLeast: 4), "Image", new RandomErasing(1, EachPixel: true));
        var model = balance.Append(ml.Transforms.ExtractPixels("Pixels", "Image")).Fit(pictures);
        var view = model.LastTransformer.Transform(((ITransformer)balance.Fit(pictures)).TransformForTraining(pictures));
        var (one, other) = (view.GetColumn<float[]>("Pixels").ToArray(), view.GetColumn<float[]>("Pixels").ToArray());
        Assert.Equal([0, 4, 5, 6, 7], Enumerable.Range(0, 8).Where(row => one[row].SequenceEqual(other[row])));
    }

    [Fact]
    public void The_log_says_what_changes()
    {
        var messages = new List<string>();
        ml.Log += (_, message) =>
        {
            if (message is { Source: "Balance", Kind: Microsoft.ML.Runtime.ChannelMessageKind.Info })
                messages.Add(message.RawMessage);
        };
        ml.Transforms.Balance("Label", new(AtMost: 10, AtLeast: 8, MergeBelow: 5)).Fit(Pictures(("a", 20), ("b", 3), ("c", 2)));
        Assert.Equal(["'b', 'c' became 'others'; 'a' 20 → 10; 'others' 5 → 8."], messages);
    }

    [Fact]
    public void Merging_comes_before_the_classes_are_numbered()
    {
        var pictures = Pictures(("a", 9), ("b", 3));
        var number = ml.Transforms.Conversion.MapValueToKey("Key", "Label");
        Assert.StartsWith("Column 'Key': holds key, merging classes changes their names, so text is needed. "
                + "Put Balance before MapValueToKey.",
            Assert.Throws<ArgumentException>(() => number.Append(ml.Transforms.Balance("Key", new(MergeBelow: 5))).Fit(pictures)).Message,
                StringComparison.Ordinal);
        Assert.StartsWith("Column 'Key': numbers the classes before they are merged ('b').",
            Assert.Throws<ArgumentException>(() => number.Append(ml.Transforms.Balance("Label", new(MergeBelow: 5))).Fit(pictures)).Message,
            StringComparison.Ordinal);
        var sized = number.Append(ml.Transforms.Balance("Key", new(AtLeast: 9)))
            .Fit(pictures).LastTransformer.TransformForTraining(number.Fit(pictures).Transform(pictures));
        Assert.Equal(18, sized.CountRows());
        var merged = ml.Transforms.Balance("Label", new(MergeBelow: 5)).Append(number).Fit(pictures);
        Assert.Equal(["a", "others"], merged.Transform(pictures).KeyValues("Key"));
    }

    sealed record Mixing : Augmentation;

    [Fact]
    public void Columns_and_augmentations_that_do_not_fit_are_refused()
    {
        var pictures = Pictures(("a", 2), ("b", 3));
        Assert.StartsWith("augmentations: Mixing mixes",
            Assert.Throws<ArgumentException>(() => ml.Transforms.Balance("Label", new(AtLeast: 3), "Image", new Mixing())).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("augmentations: got none",
            Assert.Throws<ArgumentException>(() => ml.Transforms.Balance("Label", new(AtLeast: 3), "Image")).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("Column 'Label': holds text, an image is needed.",
            Assert.Throws<ArgumentException>(() =>
                ml.Transforms.Balance("Label", new(AtLeast: 3), "Label", new RandomFlip()).Fit(pictures)).Message,
                StringComparison.Ordinal);
        Assert.StartsWith("Column 'Class': not found",
            Assert.Throws<ArgumentException>(() => ml.Transforms.Balance("Class", new(AtLeast: 3)).Fit(pictures)).Message,
            StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Runtime")]
    public void A_pipeline_that_balances_is_trained_saved_and_evaluated()
    {
        var stripes = Patterns.Stripes(24);
        foreach (var odd in stripes[..2])
            odd.Label = "rare";
        var data = Patterns.View(ml, stripes);
        var model = ml.Transforms.Balance("Label", new(AtLeast: 12, MergeBelow: 5, MergeInto: "across"), "Image", new RandomFlip())
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
            {
                Network = Patterns.Small(),
                Epoch = 2,
                BatchSize = 8,
            })).Fit(data);
        using var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        var loaded = ml.Model.Load(file, out _);

        var balancing = Assert.IsType<ClassBalancingTransformer>(loaded.Steps().First());
        var expected = (ClassBalancingTransformer)model.Steps().First();
        Assert.Equal((expected.Balance with { }).ToString(), balancing.Balance.ToString());
        Assert.Equal(expected.Merged, balancing.Merged);
        Assert.Equal(ImmutableDictionary<string, string>.Empty.Add("rare", "across"), balancing.Merged);
        Assert.Equal(expected.Augmentations, balancing.Augmentations);
        Assert.Equal(["across", "down"], Labels(loaded.Transform(data)).Distinct().Order());
        Assert.Equal(24, loaded.Transform(data).GetColumn<float[]>("Score").Count());
    }
}
