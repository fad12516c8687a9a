namespace MlPipelines.Cli;

/// <summary>Where results go, as an option of the command line says.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Option">The option's name.</param>
sealed record OutputPlace(string Path, string Option = OutputPlace.UsualOption)
{
    public const string UsualOption = "--output";

    /// <summary>Checks that it is not among the images, where the next run would take it for a class,
    /// and not through a link either.</summary>
    /// <exception cref="InvalidDataException">It lies in the data.</exception>
    public void CheckOutside(string data)
    {
        if (RealPath.IsWithin(RealPath.Of(Path), RealPath.Of(data)))
            throw new InvalidDataException($"{Path}: lies in the data folder {data}, where the next run would take it for a class. "
                + $"Choose another folder with {Option}.");
    }

    public override string ToString() => Path;
}
