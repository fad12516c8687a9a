using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Evaluation.EvaluationSets;

/// <summary>Models as members: this library's, and those that know nothing of it.</summary>
[Trait("Category", "Runtime")]
public sealed class ModelMemberTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly MLContext ml = new(1);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_of_this_library_is_asked_about_files_pictures_and_through_filters()
    {
        var path = MeanColourNetwork.Save(folder.File("colours.onnx"), MeanColourNetwork.Onnx());
        var model = ml.Model.LoadModel(path, out var schema);
        using var member = new ModelMember(ml, "colours", model, schema) { File = path };
        AskedPicture[] pictures = [Picture("file", 9, 200, 30, inFile: true), Picture("memory", 200, 10, 30)];
        Assert.Equal(["green", "red"], member.Answers(pictures, default).Select(answer => answer.Class));
        Assert.InRange(member.Answers(pictures, default).First().ProbabilityOf("green"), 0.9f, 1);
        using var grey = new ModelMember(ml, "grey", model, schema) { File = path, Filter = PictureFilter.Grey };
        Assert.All(grey.Answers([.. pictures.Select(grey.Seen)], default), answer =>
            Assert.Equal(1 / 3f, answer.ProbabilityOf("blue"), 1e-3f));
        Assert.NotEqual(member.Fingerprint, grey.Fingerprint);
        // A picture that cannot be read is without an answer, and the others keep theirs.
        AskedPicture[] broken = [pictures[0], new("gone", "gone") { Open = () => Image.FromFile(folder.File("gone.png")) }, pictures[1]];
        var answers = member.Answers(broken, default).ToArray();
        Assert.Equal(["green", null, "red"], answers.Select(answer => answer.Class));
        Assert.Contains("gone.png", answers[1].Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_shows_where_it_looks_by_its_gradients_also_behind_steps_over_pixels()
    {
        var images = MadeUp.Pictures([.. Enumerable.Range(0, 12).Select(number => Plain((byte)(20 * number), 90, 30))],
            [.. Enumerable.Range(0, 12).Select(number => number < 6 ? "a" : "b")]);
        var model = ml.Transforms.GenerateImageData("Features", "Image", new() { Rescale = 1 / 255f, FeaturewiseCenter = true })
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
            {
                Network = new Sequential(new Input(8, 8, 3), new Conv2D(4, 3, activation: Activation.Relu), new GlobalAveragePooling2D(),
                    new Dense(2, Activation.Softmax)),
                FeatureColumnName = "Features",
                Epoch = 1,
                EarlyStoppingCriteria = null,
                ValidationSetFraction = 0,
            })).Fit(images);
        using EvaluationMember member = new ModelMember(ml, "network", model, images.Schema);
        var questions = 0;
        var map = member.Looks(Picture("x", 90, 90, 90), ref questions, default)!;
        Assert.Equal((8, 8, nameof(GradCam)), (map.Width, map.Height, member.Attention));
        var answer = member.Answers([Picture("x", 90, 90, 90)], default).Single();
        // The explained network takes pixels as they are; it says the same of them.
        Assert.Equal(answer.Class, map.Class);
        Assert.Equal(answer.ProbabilityOf(answer.Class!), map.Score, 1e-4f);
    }

    [Fact]
    public void A_zip_of_ML_NETs_own_steps_is_a_member_and_is_asked_about_covered_pictures()
    {
        var path = ForeignZip(ml, folder);
        var model = ml.Model.Load(path, out var schema);
        using EvaluationMember member = new ModelMember(ml, "foreign", model, schema, ownsModel: true) { File = path };
        AskedPicture[] pictures = [Picture("file", 220, 20, 20, inFile: true), Picture("memory", 20, 20, 220)];
        var answers = member.Answers(pictures, default).ToArray();
        Assert.Equal(["red", "blue"], answers.Select(answer => answer.Class));
        Assert.InRange(answers[0].ProbabilityOf("red"), 0.5f, 1);
        var questions = 200;
        var map = member.Looks(pictures[1], ref questions, default)!;
        Assert.Equal(("Occlusion", "blue"), (member.Attention, map.Class));
        Assert.InRange(questions, 0, 199);
        Assert.True(map.Values.Span.ToArray().Max() > 0);
    }

    [Fact]
    public void A_step_over_images_with_nothing_but_a_text_for_a_class_is_a_member()
    {
        var images = MadeUp.Pictures([Plain(250, 0, 0)], ["red"]);
        var model = ml.Transforms.CustomMapping<Seen, Said>((seen, said) =>
            said.PredictedLabel = seen.Image.Pixels[0] > seen.Image.Pixels[2] ? "red" : "blue", null).Fit(images);
        using var member = new ModelMember(ml, "text", model, images.Schema);
        var answers = member.Answers([Picture("a", 250, 0, 0), Picture("b", 0, 0, 250)], default).ToArray();
        Assert.Equal(["red", "blue"], answers.Select(answer => answer.Class));
        Assert.Equal((1f, 0f), (answers[0].ProbabilityOf("red"), answers[0].ProbabilityOf("blue")));
    }

    [Fact]
    public void What_is_no_classifier_is_refused_with_what_it_gives()
    {
        var images = MadeUp.Pictures([Plain(250, 0, 0)], ["red"]);
        var model = ml.Transforms.CopyColumns("Copy", "Label").Fit(images);
        var refused = Assert.Throws<ArgumentException>(() => new ModelMember(ml, "copy", model, images.Schema)).Message;
        Assert.StartsWith("copy: gives 'Image' (image 8×8), 'Label' (text), 'Copy' (text), a predicted class", refused,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Members_are_trained_on_draws_of_their_own_and_named_by_their_type()
    {
        var members = ml.TrainMembers(DarkAndLight(),
            new() { Draws = 2, HeldOutDraws = 1, Pictures = 16, Epochs = 1, BatchSize = 8, Side = 16 });
        try
        {
            Assert.Equal(["control-1", "wide-view-1", "less-colour-1", "control-2", "wide-view-2", "less-colour-2", "control-3",
                "wide-view-3",
                "less-colour-3"], members.Select(member => member.Name));
            Assert.Equal(["control-3", "wide-view-3", "less-colour-3"], members.Where(member => member.IsHeldOut == true)
                .Select(member => member.Name));
            AskedPicture[] asked = [Sized(30), Sized(150)];
            Assert.All(members, member => Assert.All(member.Answers(asked, default), answer => Assert.Null(answer.Failure)));
            Assert.NotEqual(members[0].Answers(asked, default).First().ProbabilityOf("dark"),
                members[3].Answers(asked, default).First().ProbabilityOf("dark"));
        }
        finally
        {
            foreach (var member in members)
                member.Dispose();
        }
    }

    [Fact]
    public void Trained_members_are_kept_in_a_workspace_where_what_was_stopped_goes_on()
    {
        var lines = new List<string>();
        MemberTraining training = new()
        {
            Types = [ClassifierType.Control, ClassifierType.WideView],
            Draws = 1,
            HeldOutDraws = 1,
            Pictures = 16,
            Epochs = 2,
            BatchSize = 8,
            Side = 16,
            Seed = 5,
            Steps = lines.Add,
        };
        AskedPicture[] asked = [Sized(30), Sized(150)];
        var undisturbed = Answers(training);
        using var stop = new CancellationTokenSource();
        var kept = training with { WorkspacePath = folder.File("members") };
        Assert.Throws<OperationCanceledException>(() => ml.TrainMembers(DarkAndLight(), kept with
        {
            CancellationToken = stop.Token,
            Steps = _ => stop.Cancel(),
        }));
        var first = Written("control-1");
        Assert.False(Directory.Exists(folder.File("members/wide-view-2")));
        Assert.Equal(undisturbed, Answers(kept));
        Assert.Equal(undisturbed, Answers(kept));
        // What had ended was taken as it was.
        Assert.Equal(first, Written("control-1"));
        Assert.StartsWith("trained control-1 on 16 pictures in ", lines[^4], StringComparison.Ordinal);
        Assert.Equal(lines[^8..^4], lines[^4..]);
        // Another training's members are not mistaken for these.
        Assert.Throws<InvalidDataException>(() => ml.TrainMembers(DarkAndLight(), kept with { Epochs = 3 }));
        Assert.Throws<InvalidDataException>(() => ml.TrainMembers(DarkAndLight(brighter: 1), kept));

        float[] Answers(MemberTraining how)
        {
            var members = ml.TrainMembers(DarkAndLight(), how);
            float[] said = [.. members.SelectMany(member => member.Answers(asked, default))
                .Select(answer => answer.ProbabilityOf("dark"))];
            foreach (var member in members)
                member.Dispose();
            return said;
        }

        DateTime[] Written(string member) =>
            [.. Directory.GetFiles(folder.File($"members/{member}"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(File.GetLastWriteTimeUtc)];
    }

    [Fact]
    public async Task Who_is_stopped_while_the_last_member_learns_gets_none_that_is_half_trained()
    {
        using var stop = new CancellationTokenSource();
        MemberTraining training = new()
        {
            Types = [ClassifierType.Control],
            Draws = 1,
            HeldOutDraws = 0,
            Pictures = 16,
            Epochs = 100_000,
            BatchSize = 8,
            Side = 16,
            WorkspacePath = folder.File("endless"),
            CancellationToken = stop.Token,
        };
        var work = Task.Run(() => ml.TrainMembers(DarkAndLight(), training), CancellationToken.None);
        for (var waited = 0; !File.Exists(folder.File("endless/control-1/checkpoint/state.bin")) && waited < 1200; waited++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => work);
    }

    static IDataView DarkAndLight(int brighter = 0) => MadeUp.Pictures([.. Enumerable.Range(0, 48).Select(number =>
        Image.FromPixels(16, 16, 3, [.. Enumerable.Range(0, 768)
            .Select(i => (byte)(brighter + number % 2 * 120 + (7 * i * number + 13 * i) % 60))]))],
        [.. Enumerable.Range(0, 48).Select(number => number % 2 == 0 ? "dark" : "light")]);

    static AskedPicture Sized(byte level)
    {
        var image = Image.FromPixels(16, 16, 3, [.. Enumerable.Repeat(level, 768)]);
        return new($"level {level}", $"{level}") { Open = () => image };
    }

    /// <summary>A model of ML.NET's own steps alone that tells red from blue by files of 8×8.</summary>
    internal static string ForeignZip(MLContext ml, TemporaryFolder folder)
    {
        var rows = Enumerable.Range(0, 24).Select(number =>
        {
            var path = folder.File($"foreign-{number}.png");
            Plain((byte)(number % 2 == 0 ? 180 + number : number), 20, (byte)(number % 2 == 0 ? number : 180 + number)).Save(path);
            return new Row { ImagePath = path, Label = number % 2 == 0 ? "red" : "blue" };
        }).ToArray();
        var data = ml.Data.LoadFromEnumerable(rows);
        var model = ml.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(ml.Transforms.LoadImages("Loaded", "", "ImagePath"))
            .Append(ml.Transforms.ResizeImages("Loaded", 8, 8))
            .Append(ml.Transforms.ExtractPixels("Features", "Loaded"))
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
                new Microsoft.ML.Trainers.SdcaMaximumEntropyMulticlassTrainer.Options
                {
                    LabelColumnName = "Key",
                    NumberOfThreads = 1,
                    MaximumNumberOfIterations = 2000,
                }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        ml.Model.Save(model, data.Schema, folder.File("foreign.zip"));
        return folder.File("foreign.zip");
    }

    AskedPicture Picture(string name, byte red, byte green, byte blue, bool inFile = false)
    {
        var image = Plain(red, green, blue);
        if (!inFile)
            return new(name, name) { Open = () => image };
        image.Save(folder.File($"{name}.png"));
        return new(name, name) { Open = () => Image.FromFile(folder.File($"{name}.png")), Path = folder.File($"{name}.png") };
    }

    static Image Plain(byte red, byte green, byte blue) =>
        Image.FromPixels(8, 8, 3, [.. Enumerable.Repeat(new[] { red, green, blue }, 64).SelectMany(pixel => pixel)]);

    sealed class Row
    {
        public string ImagePath { get; set; } = "";
        public string Label { get; set; } = "";
    }

    sealed class Seen
    {
        [Microsoft.ML.Transforms.Image.ImageType(8, 8)]
        public MLImage Image { get; set; } = null!;
    }

    sealed class Said
    {
        public string PredictedLabel { get; set; } = "";
    }
}
