using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>The options that say which columns of a table are meant, and what images are grouped by.</summary>
static class TableOptions
{
    /// <summary>Adds --path-column, --label-column, --split-column and --no-header.</summary>
    public static void Add<TSettings>(SettingsCommand<TSettings> command, Func<TSettings, CsvOptions> get,
        Func<TSettings, CsvOptions, TSettings> set)
    {
        Column("--path-column", "Column of the image files in a table; without it the one whose name says so (path, file, image, …).",
            (table, name) => table with { PathColumn = name });
        Column("--label-column", "Column of the classes in a table; without it the one whose name says so (label, class, target, …).",
            (table, name) => table with { LabelColumn = name });
        Column("--split-column", "Column that says train, validation or test for each image; without it the one named split, subset or "
            + "partition; none for no such column.", (table, name) => table with { SplitColumn = name });
        command.Add(new Option<bool>("--no-header")
        {
            Description = "The first line of a table is an image already; columns are then told by their numbers, from 1.",
        }, (settings, without) => set(settings, get(settings) with { HasHeader = !without }));

        void Column(string name, string description, Func<CsvOptions, string?, CsvOptions> with) => command.Add(
            OptionKinds.Text(name, description, "NAME"), (settings, column) => set(settings, with(get(settings), column)));
    }

    /// <summary>Checks that what is said of a table's columns is said of a table.</summary>
    /// <param name="table">The columns.</param>
    /// <param name="sources">Folders, archives and tables that are read; null for none.</param>
    /// <exception cref="InvalidDataException">None of them is a table, and columns are named.</exception>
    public static void Check(CsvOptions table, params IEnumerable<string?> sources)
    {
        var given = table.PathColumn is not null ? "--path-column" : table.LabelColumn is not null ? "--label-column"
            : table.SplitColumn is not null ? "--split-column" : table.HasHeader ? null : "--no-header";
        if (given is not null && !sources.Any(source => source is not null && ImageSource.IsTable(source)))
            throw new InvalidDataException($"{given}: is about a table (.csv or .tsv), and {string.Join(", ", sources.OfType<string>())} "
                + "is none. Leave it out, or name the table.");
    }

    /// <summary>--group-by.</summary>
    public static Option<string> GroupBy() => OptionKinds.Text("--group-by",
        "What keeps images together in one part, such as a patient, a scene or a video: a column of the table; or a regular expression "
            + "over "
            + "the file's name, or over its path within FOLDER if it has a '/', where the parentheses are the group: \"patient(\\d+)\".",
        "COLUMN|PATTERN");

    /// <summary>The images of a folder, archive or table, in their groups.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="folder">The folder, archive or table.</param>
    /// <param name="table">The columns of a table.</param>
    /// <param name="groupBy">A column of the table, or a pattern; null for no groups.</param>
    public static LabelledImages Load(MLContext ml, string folder, CsvOptions table, string? groupBy)
    {
        // A pattern for a table's paths has its parentheses, a column's name has none.
        var isColumn = groupBy is not null && !groupBy.Contains('(') && ImageSource.IsTable(folder);
        var images = ml.Data.LoadFromImages(folder, isColumn ? table with { GroupColumn = groupBy } : table);
        return groupBy is null || isColumn ? images : images.GroupedBy(groupBy);
    }
}
