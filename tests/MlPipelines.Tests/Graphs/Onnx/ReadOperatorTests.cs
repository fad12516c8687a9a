using MlPipelines.Autodiff;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines.Tests.Graphs.Onnx;

/// <summary>What docs/networks.md says of operators is what is read.</summary>
public class ReadOperatorTests
{
    const string Document = "docs/networks.md", Heading = "## Operators\n";

    [Fact]
    public void The_document_lists_what_is_read()
    {
        var text = Repository.Read(Document);
        var start = text.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length;
        var table = text.IndexOf("\n| operator |", start, StringComparison.Ordinal) + 1;
        var end = text.IndexOf("\n\n", table, StringComparison.Ordinal) + 1;
        var wanted = Table();
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, Document), text[..table] + wanted + text[end..]);
        else
            Assert.Equal(wanted, text[table..end]);
    }

    [Fact]
    public void Every_note_is_about_an_operator_that_is_read() =>
        Assert.Empty(ReadOperator.Noted.Except(ReadOperator.All.Select(op => op.Type)));

    static string Table() => string.Concat(
    [
        "| operator | operator sets | trained through | not read |\n", "|---|---|---|---|\n",
        .. ReadOperator.All.Select(op => $"| {op.Type} | {op.Since} to {op.Until} | {Gradient(op.Type)} | {op.Refused} |\n"),
    ]);

    static string Gradient(string type) => GradientRules.Flat.Contains(type) ? "flat"
        : Op.ForwardOnly.Any(op => op.Type == type) ? "no" : "yes";
}
