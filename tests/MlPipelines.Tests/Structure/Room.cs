using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace MlPipelines.Tests.Structure;

/// <summary>A folder directly in a project, with all in it; for projects without folders, the project.</summary>
static partial class Room
{
    /// <summary>All rooms in the order of docs/architecture.md, which is that of reading: each uses those before it.</summary>
    public static readonly ImmutableArray<string> Order = [.. Rooms(Repository.Read("docs/architecture.md"))];

    // Rows and cursors are what Interop's kinds of steps are made of, and stand before it.
    const string Rows = "MlPipelines/Data/Rows";

    /// <summary>The room of a file, given as a path from src/.</summary>
    public static string Of(string file) => file.Split('/') switch
    {
        [var project, _] => project,
        _ when file.StartsWith($"{Rows}/", StringComparison.Ordinal) => Rows,
        [var project, var folder, ..] => $"{project}/{folder}",
        _ => throw new ArgumentException($"{file}: is in no project, a path from src/ is needed."),
    };

    // A row of the first table is a project, and its folders if it names any; those of MlPipelines have a table of their own.
    static IEnumerable<string> Rooms(string page)
    {
        var folders = Row().Matches(page).Where(row => !Project().IsMatch(row.Value))
            .SelectMany(row => Quoted().Matches(row.Groups[1].Value))
            .Select(name => $"MlPipelines/{name.Groups[1].Value}").ToArray();
        foreach (var row in Row().Matches(page).Where(row => Project().IsMatch(row.Value)))
        {
            var project = Project().Match(row.Value).Groups[1].Value;
            var own = Quoted().Matches(row.Groups[2].Value).Select(name => $"{project}/{name.Groups[1].Value}").Where(IsFolder).ToArray();
            foreach (var room in project == "MlPipelines" ? folders.Where(IsFolder) : WithRoot(project, own))
                yield return room;
        }
    }

    // A program's root uses all its folders; what lies at a library's root is used by them.
    static string[] WithRoot(string project, string[] folders)
    {
        var root = Path.Combine(Repository.Root, "src", project);
        return Directory.GetFiles(root, "*.cs") is [] ? folders
            : File.Exists(Path.Combine(root, "Program.cs")) ? [.. folders, project] : [project, .. folders];
    }

    static bool IsFolder(string room) => Directory.Exists(Path.Combine(Repository.Root, "src", room));

    [GeneratedRegex(@"^\|(.*?)\|(.*)\|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `src/([\w.]+)`")]
    private static partial Regex Project();

    [GeneratedRegex("`([A-Z][A-Za-z]+(?:/[A-Z][A-Za-z]+)*)/?`")]
    private static partial Regex Quoted();
}
