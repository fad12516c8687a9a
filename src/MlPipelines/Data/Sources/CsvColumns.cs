using System.Globalization;

namespace MlPipelines;

/// <summary>Which columns of a table say what, by their numbers from 0.</summary>
sealed record CsvColumns(int Path, int Label, int? Split, int? Group)
{
    static readonly HashSet<string> paths = ["path", "filepath", "fullpath", "relativepath", "file", "filename", "image", "img",
        "imagepath", "imgpath", "imagefile", "imgfile", "imagefilename", "imagefilepath", "imagename", "imgname",
        "picture", "photo", "uri", "imageuri"];

    static readonly HashSet<string> labels = ["label", "class", "target", "category", "classname", "labelname", "categoryname",
        "classlabel", "imagelabel", "imageclass", "species", "tag", "y"];

    static readonly HashSet<string> splits = ["split", "subset", "partition"];

    /// <summary>The last of the columns, which every row must reach.</summary>
    public int Last => new[] { Path, Label, Split ?? 0, Group ?? 0 }.Max();

    /// <summary>What messages call a column.</summary>
    public static string InWords(int column, string[]? header) => header is null ? $"column {column + 1}" : $"'{header[column].Trim()}'";

    /// <param name="table">The table, for messages.</param>
    /// <param name="header">Its first line; null where that is an image.</param>
    /// <param name="first">The first line that is an image.</param>
    /// <param name="options">The columns asked for.</param>
    /// <param name="holdsParts">Whether a column holds nothing but names of parts.</param>
    /// <exception cref="InvalidDataException">A column is missing, or there are several that it may be.</exception>
    /// <exception cref="ArgumentException">A column is asked for by a name where there are only numbers.</exception>
    public static CsvColumns Of(string table, string[]? header, string[] first, CsvOptions options, Func<int, bool> holdsParts)
    {
        var finder = new Finder(table, header, first);
        var path = finder.Asked(options.PathColumn, $"{nameof(options.PathColumn)} (--path-column)");
        var label = finder.Asked(options.LabelColumn, $"{nameof(options.LabelColumn)} (--label-column)");
        var group = finder.Asked(options.GroupColumn, $"{nameof(options.GroupColumn)} (--group-by, --by)");
        var split = options.SplitColumn == CsvOptions.NoColumn ? null
            : finder.Asked(options.SplitColumn, $"{nameof(options.SplitColumn)} (--split-column)")
            ?? finder.Known(splits, path, label, group);
        path ??= finder.Known(paths, label, split, group);
        label ??= finder.Known(labels, path, split, group);
        // Of two columns the other one.
        if (finder.Count == 2)
            (path, label) = (path ?? 1 - label, label ?? 1 - path);
        if (path is { } same && same == label)
            throw new InvalidDataException($"{table}: {InWords(same, header)} is said to hold both the paths and the labels. Name two "
                + "columns by PathColumn and LabelColumn (--path-column, --label-column).");
        if (options.SplitColumn is null)
            split ??= finder.Parts(holdsParts, path, label, group);
        return new(path ?? throw finder.Missing("paths", "--path-column", nameof(options.PathColumn)),
            label ?? throw finder.Missing("labels", "--label-column", nameof(options.LabelColumn)), split, group);
    }

    /// <summary>A name as it is looked up: without case, spaces, hyphens and underscores.</summary>
    static string Bare(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    sealed class Finder(string table, string[]? header, string[] first)
    {
        public int Count => (header ?? first).Length;

        /// <summary>The column of that name or number; null where none is asked for.</summary>
        public int? Asked(string? name, string parameter)
        {
            if (name is null)
                return null;
            if (header is null)
                return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 ? number - 1
                    : throw new ArgumentException(
                        $"{parameter}: got '{name}', needs the number of a column, from 1, since the file has no header.");
            foreach (var comparison in (StringComparison[])[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
                if (Single(header.Index().Where(cell => NormalForm.Of(cell.Item.Trim()).Equals(NormalForm.Of(name), comparison)), name)
                    is { } found)
                    return found;
            throw new InvalidDataException($"{table}: has {Columns}, '{name}' is needed. Check {parameter} and the separator.");
        }

        /// <summary>The one column whose name is among those; null where there is none.</summary>
        /// <exception cref="InvalidDataException">There are several.</exception>
        public int? Known(HashSet<string> names, params int?[] taken)
        {
            if (header is null)
                return names == paths ? Image(taken) : null;
            return Single(header.Index().Where(cell => !taken.Contains(cell.Index) && names.Contains(Bare(cell.Item))), null);
        }

        /// <summary>The one column, whatever its name, that holds nothing but names of parts.</summary>
        public int? Parts(Func<int, bool> holdsParts, params int?[] taken) => header is null ? null : Single(header.Index()
            .Where(cell => !taken.Contains(cell.Index) && cell.Index < first.Length && DivisionNames.Of(first[cell.Index]) is not null
                && holdsParts(cell.Index)), null);

        // Without names only an image's own cell says what it is.
        int? Image(int?[] taken) => first.Index().Where(cell => !taken.Contains(cell.Index) && ImageFiles.IsNamed(cell.Item.Trim()))
            .Select(cell => (int?)cell.Index).ToArray() is [var only] ? only : null;

        int? Single(IEnumerable<(int Index, string Item)> found, string? name) => found.ToArray() switch
        {
            [] => null,
            [var only] => only.Index,
            var several => throw new InvalidDataException($"{table}: has {Columns}, of which "
                + $"{string.Join(" and ", several.Select(cell => $"'{cell.Item.Trim()}'"))} may be meant"
                + (name is null ? ". Name the one by PathColumn, LabelColumn or SplitColumn (--path-column, --label-column, "
                + "--split-column)."
                    : $" by '{name}'. Rename one.")),
        };

        public InvalidDataException Missing(string what, string option, string parameter) => new($"{table}: has {Columns}, of which none "
            + $"is known to hold the {what}. Name it by {parameter} ({option}), check the separator"
            + (header is null ? "." : ", or say HasHeader = false (--no-header) if the first line is an image already."));

        string Columns => header is null ? $"{first.Length} columns and no header"
            : $"the column{(header.Length == 1 ? "" : "s")} {string.Join(", ", header.Select(cell => $"'{cell.Trim()}'"))}";
    }
}
