namespace MlPipelines;

/// <summary>The images that a table lists.</summary>
static class CsvImages
{
    public static LabelledImages List(string path, CsvOptions options)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, a table with a path and a "
                + "label in each row is needed. Check the path.");
        var root = string.IsNullOrEmpty(options.Folder) ? Path.GetDirectoryName(path) is { Length: > 0 } own ? own : "." : options.Folder;
        var table = new CsvReader(path, options.Separator ?? Separator(path));
        using var rows = table.Read().GetEnumerator();
        string[]? header = null;
        if (options.HasHeader)
        {
            header = rows.MoveNext() ? rows.Current.Cells
                : throw new InvalidDataException($"{path}: is empty, a header and a row for each image are needed.");
            if (options.PathColumn is null && header.FirstOrDefault(ImageFiles.IsNamed) is { } image)
                throw new InvalidDataException($"{path}:{rows.Current.Line}: '{image}' looks like an image, not like the name of a "
                    + "column. Set HasHeader = false (--no-header) if the file has no header.");
        }
        var (images, ignored, count) = (new List<LabelledImage>(), new List<IgnoredFile>(), 0);
        var (names, columns) = (new FileSpellings(), (CsvColumns?)null);
        for (; rows.MoveNext(); count++)
        {
            var (line, cells) = rows.Current;
            columns ??= CsvColumns.Of(path, header, cells, options, column => HoldsParts(table, column));
            if (Problem(cells, columns, (root, names), out var file) is { } problem)
                ignored.Add(new($"{path}:{line}", problem));
            else
                images.Add(new(file, cells[columns.Label].Trim(), Part(path, line, cells, columns),
                    columns.Group is { } group ? NormalForm.Of(cells[group].Trim()) : null));
        }
        return images.Count > 0 ? new(path, images, ignored)
            : throw new InvalidDataException(columns is null ? $"{path}: holds no row, a path and a label in each are needed."
                : $"{path}: no row of {count} is an image with a label, with paths from {CsvColumns.InWords(columns.Path, header)} and "
                    + "labels "
                    + $"from {CsvColumns.InWords(columns.Label, header)} ({ignored[0].Path}: {ignored[0].Reason}). Check the folder and "
                    + "the separator, or name the columns by PathColumn and LabelColumn (--path-column, --label-column).");
    }

    // Read again up to the first other word.
    static bool HoldsParts(CsvReader table, int column) => table.Read().Skip(1).Where(row => row.Cells.Length > column)
        .All(row => DivisionNames.Of(row.Cells[column]) is not null);

    // The separator that the first line has; of several the usual one of such files.
    static char Separator(string path)
    {
        const int most = 1 << 16;
        using var text = new StreamReader(path);
        var head = new char[most];
        ReadOnlySpan<char> line = head.AsSpan(0, text.ReadBlock(head));
        line = line[..(line.IndexOfAny('\r', '\n') is >= 0 and var end ? end : line.Length)];
        var usual = Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? ',' : '\t';
        if (line.Contains(usual))
            return usual;
        foreach (var other in ",\t;")
            if (line.Contains(other))
                return other;
        return usual;
    }

    static string? Problem(string[] cells, CsvColumns columns, (string, FileSpellings) places, out string file)
    {
        var (root, names) = places;
        file = "";
        if (cells.Length <= columns.Last)
            return $"has {Counted.Of(cells.Length, "cell")}, column {columns.Last + 1} is needed";
        var written = cells[columns.Path].Trim();
        if (written.Length == 0 || written.Contains('\0'))
            return "has no path";
        if (string.IsNullOrWhiteSpace(cells[columns.Label]))
            return "has no label";
        if (columns.Split is { } split && string.IsNullOrWhiteSpace(cells[split]))
            return "does not say to which part it belongs";
        if (columns.Group is { } group && string.IsNullOrWhiteSpace(cells[group]))
            return "does not say to which group it belongs";
        file = names.OnDisk(Located(root, written));
        return File.Exists(file) ? null : $"'{written}' is not there, looked for at {file}";
    }

    static DataPartPlace? Part(string path, int line, string[] cells, CsvColumns columns)
    {
        if (columns.Split is not { } split)
            return null;
        var part = DivisionNames.Of(cells[split])
            ?? throw new InvalidDataException($"{path}:{line}: belongs to the part '{cells[split].Trim()}', train, validation or test is "
                + "needed. Mend it, or name another column by SplitColumn (--split-column; none for no column).");
        return new(part, $"{path} ({part})");
    }

    // A '\' that stands for '/' is read so.
    static string Located(string root, string written)
    {
        var place = Path.Combine(root, written);
        return written.Contains('\\') && !File.Exists(place) && Path.Combine(root, written.Replace('\\', '/')) is var other
            && File.Exists(other) ? other : place;
    }
}
