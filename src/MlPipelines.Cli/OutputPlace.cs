
namespace MlPipelines.Cli;

/// <summary>Where results may go: not among the images, where the next run would take them for a class,
/// and not through a link either.</summary>
static class OutputPlace
{
    /// <exception cref="InvalidDataException">The output lies in the data.</exception>
    public static void Check(string data, string? output, string option)
    {
        if (output is not null && RealPath.IsWithin(RealPath.Of(output), RealPath.Of(data)))
            throw new InvalidDataException($"{output}: lies in the data folder {data}, where the next run would take it for a class. "
                + $"Choose another folder with {option}.");
    }
}
