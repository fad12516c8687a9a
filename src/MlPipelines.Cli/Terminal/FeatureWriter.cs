using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace MlPipelines.Cli;

/// <summary>Features of images as a table of text, or as numbers alone with a table of the paths beside them.</summary>
static class FeatureWriter
{
    const string Numbers = ".npy";

    /// <summary>The file of the paths that belong to a file of numbers.</summary>
    public static string PathsOf(string path) => Path.ChangeExtension(path, ".paths.csv");

    /// <summary>Whether a file is to hold numbers alone.</summary>
    /// <exception cref="InvalidDataException">It ends as neither a table nor numbers do.</exception>
    public static bool IsNumbers(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        Numbers => true,
        ".csv" => false,
        var other => throw new InvalidDataException($"{path}: got the extension '{other}', .csv (paths and numbers as text) or {Numbers} "
            + "(numbers alone, as NumPy reads them) is needed."),
    };

    /// <summary>Writes path, f0, f1, … of each image.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="width">How many numbers an image has.</param>
    /// <param name="rows">Path and numbers of each.</param>
    public static void Csv(TextWriter output, int width, IEnumerable<(string Path, float[] Numbers)> rows)
    {
        output.Write(Enumerable.Range(0, width).Aggregate(new CsvWriter().Text("path"),
            (head, number) => head.Text(string.Create(CultureInfo.InvariantCulture, $"f{number}"))).EndRow());
        foreach (var (path, numbers) in rows)
            output.Write(numbers.Aggregate(new CsvWriter().Text(path), (row, number) => row.Number(number)).EndRow());
    }

    /// <summary>Writes the numbers as one block, as NumPy's load reads it, and the paths of its rows.</summary>
    /// <param name="output">Where the numbers go; it can seek.</param>
    /// <param name="paths">Where the paths go.</param>
    /// <param name="width">How many numbers an image has.</param>
    /// <param name="rows">Path and numbers of each.</param>
    /// <remarks>Source: NumPy's format 1.0: float32, little-endian, [images, width], row-major.</remarks>
    public static void Block(Stream output, TextWriter paths, int width, IEnumerable<(string Path, float[] Numbers)> rows)
    {
        paths.Write(new CsvWriter().Text("path").EndRow());
        output.Write(Head(0, width));
        var count = 0L;
        foreach (var (path, numbers) in rows)
        {
            output.Write(MemoryMarshal.AsBytes<float>(numbers));
            paths.Write(new CsvWriter().Text(path).EndRow());
            count++;
        }
        output.Position = 0;
        output.Write(Head(count, width));
    }

    // As long whatever the numbers are, so that it can be written again when they are known.
    static byte[] Head(long count, int width)
    {
        const int length = 128, before = 10;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count}, {width}), }}");
        return [0x93, .. "NUMPY"u8, 1, 0, length - before, 0, .. Encoding.ASCII.GetBytes(text.PadRight(length - before - 1)), (byte)'\n'];
    }
}
