using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A few images of a set, evenly spread, that are looked at before anything is done with all of them.</summary>
static class SomeImages
{
    /// <summary>The images, decoded; those that cannot be read are passed over, for a training tells of them.</summary>
    /// <param name="images">The set.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="keepsAlpha">Whether they come with their alpha.</param>
    public static IEnumerable<Image> Of(LabelledImages images, int count, bool keepsAlpha = false)
    {
        string[] paths = [.. images.GetColumn<string>(RowSelection.PathColumn)];
        var looked = Math.Min(count, paths.Length);
        for (var i = 0; i < looked; i++)
            if (Read(paths[(long)i * paths.Length / looked], keepsAlpha) is { } image)
                yield return image;
    }

    static Image? Read(string path, bool keepsAlpha)
    {
        try
        {
            return NetworkInput.ImageOf(path, path, keepsAlpha: keepsAlpha).Decoded();
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return null;
        }
    }
}
