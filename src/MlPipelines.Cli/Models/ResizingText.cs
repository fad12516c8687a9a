namespace MlPipelines.Cli;

/// <summary>How the command line writes how images are brought to a size of another shape.</summary>
static class ResizingText
{
    /// <summary>What is taken where neither the user nor the network says anything, and little is cut away by it.</summary>
    public const ResizingKind Default = ResizingKind.IsoCrop;

    static readonly (string Name, ResizingKind Kind)[] kinds =
        [("crop", ResizingKind.IsoCrop), ("pad", ResizingKind.IsoPad), ("stretch", ResizingKind.Fill)];

    /// <summary>The word for it.</summary>
    public static string Of(ResizingKind kind) => Array.Find(kinds, one => one.Kind == kind).Name;

    /// <summary>What a word stands for.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static ResizingKind? Parse(string text) => Array.Find(kinds, one => one.Name.Equals(text, StringComparison.OrdinalIgnoreCase)) is
    { Name: not null } found ? found.Kind : throw new FormatException($"got '{text}', needs crop, pad or stretch.");
}
