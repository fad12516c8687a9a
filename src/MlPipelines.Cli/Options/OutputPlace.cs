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

    /// <summary>What is wrong where it is what is read; null where it is not.</summary>
    /// <param name="read">Files.</param>
    public string? Problem(IEnumerable<string> read)
    {
        if (!File.Exists(Path))
            return null;
        var own = RealPath.Of(Path);
        // A name is looked at first: there may be a hundred thousand files, of which each link is followed.
        return read.Any(file => System.IO.Path.GetFileName(file) == System.IO.Path.GetFileName(own) && RealPath.Of(file) == own)
            ? $"{Option}: '{Path}' is what is read, and would be written over. Name another file." : null;
    }

    /// <summary>Checks that it is none of the files that are read.</summary>
    /// <exception cref="InvalidDataException">It is one of them.</exception>
    public void CheckIsNone(IEnumerable<string> read)
    {
        if (Problem(read) is { } problem)
            throw new InvalidDataException(problem);
    }

    public override string ToString() => Path;
}
