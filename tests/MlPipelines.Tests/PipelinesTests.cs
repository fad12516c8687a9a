namespace MlPipelines.Tests;

/// <summary>The programs in pipelines/. That they compile and run is the business of .ci/run.</summary>
public sealed class PipelinesTests
{
    public static TheoryData<string> Programs =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "pipelines"), "*.cs").Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_programs() => Assert.Contains("quickstart.cs", Programs.Select(row => row.Data));

    [Theory, MemberData(nameof(Programs))]
    public void A_program_begins_with_the_project_and_says_what_it_does_and_how_it_is_run(string name)
    {
        var lines = Repository.Read($"pipelines/{name}").ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("#:project ../src/MlPipelines/MlPipelines.csproj", lines[0]);
        var says = lines.Skip(1).TakeWhile(line => !line.StartsWith("// dotnet run", StringComparison.Ordinal)).ToArray();
        Assert.All(says, line => Assert.Matches(@"^// \S", line));
        Assert.EndsWith(".", says[^1], StringComparison.Ordinal);
        Assert.StartsWith($"// dotnet run pipelines/{name} ", lines[1 + says.Length], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public void The_guide_mentions_it(string name) =>
        Assert.Contains($"pipelines/{name}", Repository.Read("docs/guide.md"), StringComparison.Ordinal);

    [Theory, MemberData(nameof(Programs))]
    public void A_program_declares_and_needs_no_classes_of_its_own(string name) =>
        Assert.DoesNotMatch(@"(?m)^\s*(public |sealed |static )*(class|record|struct) ", Repository.Read($"pipelines/{name}"));
}
