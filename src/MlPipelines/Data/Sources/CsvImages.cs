using System.Globalization;

namespace MlPipelines;

/// <summary>The images that a table lists.</summary>
static class CsvImages
{
    public static LabelledImages List(string path, CsvOptions options)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, a table with the columns "
                + "path and label is needed. Check the path.");
        var root = string.IsNullOrEmpty(options.Folder) ? Path.GetDirectoryName(path) is { Length: > 0 } own ? own : "." : options.Folder;
        using var rows = new CsvReader(path,
            options.Separator
            ?? (Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? ',' : '\t')).Read().GetEnumerator();
        string[]? header = null;
        if (options.HasHeader)
        {
            header = rows.MoveNext() ? rows.Current.Cells
                : throw new InvalidDataException($"{path}: is empty, a header and a row for each image are needed.");
            if (options.PathColumn is null && ImageFolder.Extensions.Contains(Path.GetExtension(header[0])))
                throw new InvalidDataException($"{path}:{rows.Current.Line}: '{header[0]}' looks like an image, not like the name of a "
                    + "column. Set HasHeader = false if the file has no header.");
        }
        var (at, label) =
            (Column(path, header, options.PathColumn, 0, nameof(options.PathColumn)),
                Column(path, header, options.LabelColumn, 1, nameof(options.LabelColumn)));
        var (images, ignored, count) = (new List<(string, string)>(), new List<IgnoredFile>(), 0);
        for (; rows.MoveNext(); count++)
        {
            var (line, cells) = rows.Current;
            if (Problem(cells, at, label, root, out var file) is { } problem)
                ignored.Add(new($"{path}:{line}", problem));
            else
                images.Add((file, cells[label].Trim()));
        }
        return images.Count > 0 ? new(path, images, ignored)
            : throw new InvalidDataException($"{path}: none of its {count} rows is an image with a "
                + $"label{(ignored is [var first, ..] ? $" ({first.Path}: {first.Reason})" : "")}. Check the columns, the separator and "
                + "the folder.");
    }

    static string? Problem(string[] cells, int at, int label, string root, out string file)
    {
        file = "";
        if (cells.Length <= Math.Max(at, label))
            return $"has {cells.Length} cells, column {Math.Max(at, label) + 1} is needed";
        var written = cells[at].Trim();
        if (written.Length == 0 || written.Contains('\0'))
            return "has no path";
        if (string.IsNullOrWhiteSpace(cells[label]))
            return "has no label";
        file = Located(root, written);
        return file.Length == 0 ? $"'{written}' lies outside {root}"
            : File.Exists(file) ? null
            : $"'{written}' is not there, looked for at {file}";
    }

    /// <summary>Where a file lies; empty when a relative path leads out of the folder. A '\' that stands for '/' is read so.</summary>
    static string Located(string root, string written)
    {
        if (Path.IsPathRooted(written))
            return written;
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        string[] ways = written.Contains('\\') ? [written, written.Replace('\\', '/')] : [written];
        var within = ways.Where(way => RealPath.IsWithin(Path.GetFullPath(Path.Combine(full, way)), full))
            .Select(way => Path.Combine(root, way)).ToArray();
        return within.FirstOrDefault(File.Exists) ?? within.FirstOrDefault() ?? "";
    }

    static int Column(string path, string[]? header, string? name, int fallback, string parameter)
    {
        if (name is null)
            return fallback;
        if (header is null)
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 ? number - 1
                : throw new ArgumentException(
                    $"{parameter}: got '{name}', needs the number of a column, from 1, since the file has no header.");
        var exact = Array.FindIndex(header, cell => cell.Trim() == name);
        var found = exact >= 0 ? exact : Array.FindIndex(header, cell => cell.Trim().Equals(name, StringComparison.OrdinalIgnoreCase));
        return found >= 0 ? found
            : throw new InvalidDataException($"{path}: has the columns {string.Join(", ", header.Select(cell => $"'{cell}'"))}, '{name}' "
                + $"is needed. Check {parameter} and the separator.");
    }
}
