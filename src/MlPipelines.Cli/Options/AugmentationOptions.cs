using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>The options that say which augmentations a training uses.</summary>
static class AugmentationOptions
{
    /// <summary>--augment, which names them.</summary>
    public static Option<Augmentation[]?> Chosen() => OptionKinds.Parsed<Augmentation[]?>("--augment",
        "Change images so while training, in place of flips, shifts, turns and erasing (of nothing, with a head), such as "
            + $"\"RandomFlip,RandomRotation(20),RandomErasing(Probability=0.25)\". There are {string.Join(", ", AugmentationText.Names)}.",
        "LIST", AugmentationText.Parse).NotBlank();

    /// <summary>--augment or --no-augment; null where the command line says nothing.</summary>
    public static Alternatives<Augmentation[]?> With(Option<Augmentation[]?> chosen) =>
        new Alternatives<Augmentation[]?>(null).Or(chosen).Or(new("--no-augment")
        {
            Description = "Learn from the images as they are; without it they are flipped, shifted, turned and partly erased at random.",
        }, []);
}
