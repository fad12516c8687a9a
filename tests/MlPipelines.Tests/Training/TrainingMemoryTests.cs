using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Execution;

namespace MlPipelines.Tests.Training;

[Collection(Alone.Name), Trait("Category", "Runtime")]
public sealed class TrainingMemoryTests
{
    readonly MLContext ml = new(1);

    [Fact]
    public void Hundreds_of_steps_leave_resident_memory_flat()
    {
        var (steps, before, after) = (0, 0L, 0L);
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(64, size: 32)), new()
        {
            Network = Patterns.Elaborate(),
            Epoch = 75,
            BatchSize = 8,
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
            StepProgress = new Patterns.Told<TrainingProgress>(_ =>
            {
                if (++steps == 200)
                    before = Memory.Resident();
                else if (steps == 600)
                    after = Memory.Resident();
            }),
        });
        Assert.Equal(600, steps);
        Assert.InRange(after - before, long.MinValue, 16 << 20);
    }

    [Fact]
    public void Training_again_and_again_leaves_resident_memory_flat()
    {
        void Train(int times)
        {
            for (var i = 0; i < times; i++)
                Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(12)),
                    new() { Network = Patterns.Elaborate(), Epoch = 1, BatchSize = 8 }).Dispose();
        }
        Train(24);
        Assert.InRange(Memory.LeastGrowth(() => Memory.GrowthDuring(() => Train(16))), long.MinValue, 16 << 20);
    }

    [Fact]
    public void Images_are_made_when_they_are_needed_and_let_go_of()
    {
        const int Side = 512;
        long Most(int images)
        {
            var most = 0L;
            var view = Patterns.Lazily(images, _ => Image.FromPixels(Side, Side, 3, new byte[Side * Side * 3]),
                row => row % 2 == 0 ? "a" : "b");
            using var model = Patterns.Fit(ml, view, new()
            {
                Network = new Sequential(new GlobalAveragePooling2D(), new Dense(2)),
                Epoch = 1,
                BatchSize = 4,
                ImageHeight = 8,
                ImageWidth = 8,
                ValidationSetFraction = 0,
                StepProgress = new Patterns.Told<TrainingProgress>(step =>
                    most = Math.Max(most, step.Samples % 32 == 0 ? Memory.Living() : 0)),
            });
            return most;
        }
        Most(32);
        Assert.InRange(Memory.LeastGrowth(() => Most(320) - Most(32)), long.MinValue, 24 << 20);
    }

    public static TheoryData<string> Sources => ["files", "archive", "ML.NET's pictures", "bytes"];

    // Pictures are decoded in each epoch, and none stays behind.
    [Theory, MemberData(nameof(Sources))]
    public void Decoded_pictures_and_held_files_do_not_pile_up(string source)
    {
        const int Side = 256, Images = 240;
        using var folder = new Data.TemporaryFolder();
        var dice = Dice.For(1);
        var picture = Image.FromPixels(Side, Side, 3, [.. Enumerable.Range(0, Side * Side * 3).Select(_ => (byte)dice.Below(256))])
            .Encode(".png");
        var file = folder.Write("image.png", picture);
        using (var zip =
            System.IO.Compression.ZipFile.Open(Path.Combine(folder.Path, "images.zip"), System.IO.Compression.ZipArchiveMode.Create))
            System.IO.Compression.ZipFileExtensions.CreateEntryFromFile(zip, file, "image.png");
        var path = source == "archive" ? Path.Combine(folder.Path, "images.zip", "image.png") : file;

        // Managed bytes that live on at the end of the second epoch, with few images and with many.
        long Most(int images)
        {
            var most = 0L;
            var paths = new SourceView(images, SourceColumn.Text("ImagePath", _ => path),
                SourceColumn.Text("Label", row => row % 2 == 0 ? "a" : "b"));
            IEstimator<ITransformer> steps = source switch
            {
                "ML.NET's pictures" =>
                    ml.Transforms.LoadImages("Image", null, "ImagePath").Append(ml.Transforms.AugmentImages("Image", new RandomFlip())),
                "bytes" => ml.Transforms.LoadRawImageBytes("Image", null, "ImagePath"),
                _ => ml.Transforms.LoadImages("Image", "ImagePath", Side, Side)
                .Append(ml.Transforms.AugmentImages("Image", new RandomFlip())),
            };
            var view = paths as IDataView;
            foreach (var step in steps.Fit(view).Steps())
                view = step.TransformForTraining(view);
            using var model = Patterns.Fit(ml, view, new()
            {
                Network = new Sequential(new AveragePooling2D(64), new Flatten(), new Dense(2)),
                FeatureColumnName = "Image",
                Epoch = 2,
                BatchSize = 8,
                ImageHeight = Side,
                ImageWidth = Side,
                ValidationSetFraction = 0,
                EpochCallback = _ => most = Memory.Living(),
            });
            return most;
        }
        Most(16);
        // All pictures are 47 MB, decoded or as files, which a store may hold once where they do not lie in files of their own.
        Assert.InRange(Memory.LeastGrowth(() => Most(Images) - Most(16)), long.MinValue, source == "files" ? 8 << 20 : 64 << 20);
    }
}
