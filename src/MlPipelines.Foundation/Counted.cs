using System.Globalization;

namespace MlPipelines;

/// <summary>Numbers of things, in words.</summary>
static class Counted
{
    /// <summary>1 image, 2 images; 1 class, 2 classes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">What one of them is called, and what is said of it.</param>
    /// <param name="several">The same of several; null to add an s.</param>
    public static string Of(long count, string one, string? several = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : several ?? one + "s")}");
}
