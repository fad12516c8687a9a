namespace MlPipelines;

/// <summary>The folders of classes, each with a name of its own on every system, by which several parts of a set call a class
/// alike.</summary>
sealed class ClassFolders
{
    readonly UnusedFileNames used = new();
    readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    /// <summary>The folder of a class; the first that asks for a name gets it.</summary>
    public string Of(string name)
    {
        if (!names.TryGetValue(name, out var folder))
            names.Add(name, folder = used.Take(SafeFileName.Of(name)));
        return folder;
    }
}
