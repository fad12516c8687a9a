
namespace MlPipelines.Cli;

/// <summary>A folder that is already split into train and validation or test, each with one sub-folder a class.</summary>
static class SplitFolder
{
    static readonly string[] Watched = ["validation", "valid", "val"], Tested = ["test"];

    /// <summary>The settings with the parts in place of the folder, if its sub-folders are such parts and nothing else.</summary>
    public static TrainingSettings Resolve(TrainingSettings settings)
    {
        var parts = FolderParts.Split(settings.Folder);
        if (!parts.TryGetValue("train", out var train))
            return settings;
        return settings with
        {
            Name = settings.Name ?? settings.NameOfFolder,
            Folder = train,
            Validation = settings.Validation ?? Watched.Select(parts.GetValueOrDefault).FirstOrDefault(part => part is not null),
            Test = settings.Test ?? Tested.Select(parts.GetValueOrDefault).FirstOrDefault(part => part is not null),
        };
    }
}
