using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>How the command line writes how images are brought to a size of another shape.</summary>
static class ResizingText
{
    /// <summary>What is taken where neither the user nor the network says anything, and little is cut away by it.</summary>
    public const ResizingKind Default = ResizingKind.IsoCrop;

    static readonly (string Name, ResizingKind Kind)[] kinds =
        [("crop", ResizingKind.IsoCrop), ("pad", ResizingKind.IsoPad), ("stretch", ResizingKind.Fill)];

    /// <summary>--resizing.</summary>
    public static Option<ResizingKind?> Option() => OptionKinds.Parsed<ResizingKind?>("--resizing",
        "How images of another shape are brought to the size: crop keeps the middle and cuts off what sticks out, pad keeps all of them "
            + "between black bars, stretch squeezes them. Without it what the network was trained with, or else "
            + $"{Of(Default)}, or pad where that would cut away more than a third of many images.", "crop|pad|stretch", Parse);

    /// <summary>The word for it.</summary>
    public static string Of(ResizingKind kind) => Array.Find(kinds, one => one.Kind == kind).Name;

    static ResizingKind? Parse(string text) => Array.Find(kinds, one => one.Name.Equals(text, StringComparison.OrdinalIgnoreCase)) is
    { Name: not null } found ? found.Kind : throw new FormatException($"got '{text}', needs crop, pad or stretch.");
}
