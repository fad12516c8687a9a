namespace MlPipelines.Tests.Structure;

/// <summary>Folders of each depth: none uses another that uses it, be it in a roundabout way.</summary>
[Trait("Category", "Slow")]
public sealed class CircleTests
{
    [Fact]
    public void Folders_do_not_refer_to_each_other_in_circles()
    {
        var uses = SourceCode.Uses.Where(use => use.DeclaredIn is { } file && Folder(file) != Folder(use.File))
            .GroupBy(use => (From: Folder(use.File), To: Folder(use.DeclaredIn!)))
            .ToDictionary(group => group.Key, group => group.ToArray());
        var behind = uses.Keys.ToLookup(pair => pair.From, pair => pair.To);
        var circles = from pair in uses.Keys
                      where Reaches(pair.To, pair.From, behind)
                      orderby uses[pair].Length, pair.From
                      select $"{pair.From} → {pair.To}: {uses[pair].Length}, such as {uses[pair][0]} of src/{uses[pair][0].DeclaredIn}";
        Assert.True(!circles.Any(), string.Join('\n', circles));
    }

    static string Folder(string file) => Path.GetDirectoryName(file)!.Replace('\\', '/');

    static bool Reaches(string from, string to, ILookup<string, string> behind)
    {
        var (seen, open) = (new HashSet<string> { from }, new Stack<string>([from]));
        while (open.TryPop(out var folder))
            foreach (var next in behind[folder])
                if (next == to)
                    return true;
                else if (seen.Add(next))
                    open.Push(next);
        return from == to;
    }
}
