namespace MlPipelines.Cli;

/// <summary>A folder that is already split into train and validation or test, each with one sub-folder a class.</summary>
static class SplitFolder
{
    static readonly string[] Watched = ["validation", "valid", "val"], Tested = ["test"];

    /// <summary>The settings with the parts in place of the folder, if its sub-folders are such parts and nothing else.</summary>
    public static TrainingSettings Resolve(TrainingSettings settings)
    {
        if (!Directory.Exists(settings.Folder))
            return settings;
        var parts = Directory.GetDirectories(settings.Folder).Where(part => !Path.GetFileName(part).StartsWith('.')).ToDictionary(part => Path.GetFileName(part));
        var known = Watched.Concat(Tested).Append("train").ToHashSet();
        if (parts.Count < 2 || !parts.TryGetValue("train", out var train) || !parts.All(part => known.Contains(part.Key) && Directory.EnumerateDirectories(part.Value).Any()))
            return settings;
        return settings with
        {
            Name = settings.Name ?? settings.OwnName,
            Folder = train,
            Validation = settings.Validation ?? Watched.Select(parts.GetValueOrDefault).FirstOrDefault(part => part is not null),
            Test = settings.Test ?? Tested.Select(parts.GetValueOrDefault).FirstOrDefault(part => part is not null),
        };
    }
}
