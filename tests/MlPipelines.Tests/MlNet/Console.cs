using System.Globalization;

namespace MlPipelines.Tests.MlNet;

/// <summary>Where the programs of this folder print to, each test apart.</summary>
static class Console
{
    static readonly AsyncLocal<StringWriter?> writer = new();

    /// <summary>Starts a new page, and gives it.</summary>
    public static StringWriter Open() => writer.Value = new StringWriter(CultureInfo.InvariantCulture);

    public static void WriteLine(object? value = null)
    {
        if (writer.Value is { } page)
            lock (page)
                page.WriteLine(value);
    }
}
