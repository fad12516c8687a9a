
/// <summary>Augmented samples of CIFAR-10 in memory, as a trainer reads them: --mode augment|loader --data FOLDER [--seconds 2].</summary>
static class AugmentMode
{
    static readonly (string Name, Augmentation[] Changes)[] Recipes =
    [
        ("nothing", []),
        ("shift + rotate + flip + erase", [new RandomShift(0.1f), new RandomRotation(15), new RandomFlip(), RandomErasing.Torchvision]),
        ("flip", [new RandomFlip()]),
        ("pad and crop", [new PadAndCrop()]),
        ("resized crop", [new RandomResizedCrop()]),
        ("perspective", [new RandomPerspective(0.5f, 1)]),
        ("brightness", [new RandomBrightness(0.2f)]),
        ("contrast", [new RandomContrast(0.2f)]),
        ("saturation", [new RandomSaturation(0.2f)]),
        ("hue", [new RandomHue(0.1f)]),
        ("grey", [new RandomGrey(1)]),
        ("blur", [new RandomBlur(0.5f, 2, 1)]),
    ];

    /// <summary>One worker, each recipe in turn.</summary>
    public static void Recipe(string folder, double seconds)
    {
        var images = Images(folder);
        Windows.Alternate("augment", seconds, [.. Recipes.Select(recipe => (recipe.Name, Reading(images, recipe.Changes, 1)))]);
    }

    /// <summary>The same samples read by one worker and by two.</summary>
    public static void Workers(string folder, double seconds)
    {
        var images = Images(folder);
        foreach (var (name, changes) in Recipes.Take(2))
            Windows.Alternate("loader", seconds, ($"{name}, 1 worker", Reading(images, changes, 1)),
                ($"{name}, 2 workers", Reading(images, changes, 2)));
    }

    static SourceView Images(string folder)
    {
        var data = new MLContext(1).Data;
        var pixels = data.LoadFromCifar(folder).Read(["Image"], row => row.Get<Picture>("Image").Image).Take(10_000).ToArray();
        return new SourceView(pixels.Length,
            SourceColumn.Pictures("Image", new Microsoft.ML.Transforms.Image.ImageDataViewType(32, 32), row => pixels[row]),
            SourceColumn.Text("Label", row => $"{row % 2}"));
    }

    static Func<int> Reading(SourceView images, Augmentation[] changes, int workers)
    {
        IDataView view = changes.Length == 0 ? images
            : new MLContext(1).Transforms.AugmentImages("Image", changes).Fit(images).TransformForTraining(images);
        var (input, epoch, numbers) = (new NetworkInput(3, 32, 32), 0, new float[3 * 32 * 32]);
        var samples = new SampleCollector(new("Image", "Label", null, ["0", "1"], input, false), new SampleStore(), null,
            Console.Error.WriteLine).Collect(view, new(), isLearnt: true, default);
        return () =>
        {
            var count = 0;
            foreach (var sample in samples.Read(epoch++, new() { Workers = workers, Prefetch = workers == 1 ? 0 : 256 }))
            {
                NetworkInput.Write(sample.Content, numbers);
                count++;
            }
            return count;
        };
    }
}
