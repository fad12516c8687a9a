namespace MlPipelines.Tests.Evaluation.EvaluationSets;

public sealed class PredictionsMemberTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Pictures_are_found_by_path_or_by_the_longest_end_that_only_one_row_has()
    {
        using var member = Member("path,true,predicted,score cat,score "
            + "'=dog\r\n/data/cat/1.png,cat,cat,0.75,0.25\r\n/data/dog/1.png,cat,'=dog,0.1,0.9\r\n"
            + "/data/dog/2.png,x,zebra,0.5,0.5\r\n");
        var answers = member.Answers([Asked("/data/cat/1.png"), Asked("/elsewhere/dog/1.png"), Asked("/elsewhere/2.png"),
            Asked("/elsewhere/1.png"),
            Asked("row 4")], default).ToArray();
        // Two rows end in 1.png, so that it alone says nothing.
        Assert.Equal(["cat", "=dog", "zebra", null, null], answers.Select(answer => answer.Class));
        Assert.Equal((0.75f, 0.9f), (answers[0].ProbabilityOf("cat"), answers[1].ProbabilityOf("=dog")));
        Assert.Equal("the table has no row for it", answers[3].Failure);
        var questions = 100;
        Assert.Null(((EvaluationMember)member).Looks(Asked("/data/cat/1.png"), ref questions, default));
    }

    [Fact]
    public void Labels_alone_do_and_copies_of_a_row_count_once()
    {
        using var member = Member("file;x,prediction\nrow 3,a\nrow 3,a\n".Replace("file;x", "file", StringComparison.Ordinal));
        var answer = member.Answers([Asked("row 3")], default).Single();
        Assert.Equal(("a", 1f, 0f), (answer.Class, answer.ProbabilityOf("a"), answer.ProbabilityOf("b")));
    }

    [Theory]
    [InlineData("", "is empty, a header with path and predicted is needed.")]
    [InlineData("path,predicted\n", "has a header and no row")]
    [InlineData("path,other\nx,y\n", "has no column of predicted classes, one of predicted,")]
    [InlineData("other,predicted\nx,y\n", "has no column of paths, one of path,")]
    [InlineData("path,predicted\nx.png,a\nx.png,b\n", ":3: says that x.png is 'b', line 2 says 'a'. Leave one of them.")]
    [InlineData("path,predicted\nx.png\n", ":2: has 1 cell, 2 are needed as in the header.")]
    [InlineData("path,predicted\nx.png,\n", ":2: has no predicted class. Fill it in, or leave out the row.")]
    [InlineData("path,predicted,score a\nx.png,a,1.5\n", ":2: the score of 'a' is '1.5', a number from 0 to 1 is needed.")]
    public void What_is_no_table_of_predictions_is_an_error_that_names_the_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Member(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_table_that_is_not_there_is_said() =>
        Assert.StartsWith("nowhere.csv: not found",
            Assert.Throws<FileNotFoundException>(() => new PredictionsMember("nowhere.csv")).Message,
            StringComparison.Ordinal);

    PredictionsMember Member(string text) => new(folder.With("table.csv", text));

    static AskedPicture Asked(string name) => new(name, name) { Open = () => null! };
}
