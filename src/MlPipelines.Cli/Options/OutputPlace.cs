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

    /// <summary>Checks that it is none of the files that are read.</summary>
    /// <exception cref="InvalidDataException">It is one of them.</exception>
    public void CheckIsNone(IEnumerable<string> read)
    {
        if (IsAmong(read))
            throw new InvalidDataException(ReadToo);
    }

    /// <summary>What is said where it is a file that is read.</summary>
    public string ReadToo => $"{Option}: '{Path}' is what is read, and would be written over. Name another file.";

    /// <summary>Whether it is one of the files.</summary>
    public bool IsAmong(IEnumerable<string> files) => File.Exists(Path) && RealPath.Of(Path) is var own && files.Any(file =>
        System.IO.Path.GetFileName(file) == System.IO.Path.GetFileName(own) && RealPath.Of(file) == own);

    public override string ToString() => Path;
}
