using System.Net;
using System.Text;
using MlPipelines.Cli;

namespace MlPipelines.Tests.Server;

/// <summary>mlpipe serve.</summary>
[Trait("Category", "Runtime")]
public sealed class ServeCommandTests : ServedPictures
{
    [Fact]
    public async Task It_serves_until_it_is_stopped_and_leaves_the_verdicts()
    {
        using var stop = new CancellationTokenSource();
        await using var output = new Lines();
        var running = Task.Run(() => CommandLine.Run(["serve", Model(), "--port", "0", "--verdicts", Database, "--keep-pictures"], output,
            output, stop.Token), Cancellation);
        var address = new Uri((await output.First("serving: ")).Split(" at ")[1]);
        Assert.Equal(("127.0.0.1", true), (address.Host, address.Port > 0));
        using (var client = new HttpClient { BaseAddress = address })
            await Verdict(client, Right(await Judge(client, Picture(1))));
        stop.Cancel();
        Assert.Equal(0, await running);
        Assert.EndsWith($"ended{Environment.NewLine}", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("warning", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(["verdicts", Database, "--export", Folder.File("said")], TextWriter.Null, TextWriter.Null,
            Cancellation));
        Assert.Single(Directory.GetFiles(Folder.File("said"), "*.png", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Opened_to_others_it_says_so_and_limits_the_rate()
    {
        using var stop = new CancellationTokenSource();
        await using var output = new Lines();
        var running = Task.Run(() => CommandLine.Run(["serve", Model(), "--port", "0", "--host", "0.0.0.0", "--verdicts", Database], output,
            output, stop.Token), Cancellation);
        Assert.Contains("without password or encryption", await output.First("mlpipe: warning: open to all"), StringComparison.Ordinal);
        var port = new Uri((await output.First("serving: ")).Split(" at ")[1]).Port;
        using (var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => client.PostAsync("judge", Content([1]), Cancellation)));
            Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
            Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity);
        }
        stop.Cancel();
        Assert.Equal(0, await running);
    }

    [Theory]
    [InlineData(2, "--host: got 'everywhere'", "--host", "everywhere")]
    [InlineData(2, "--port: got '70000'", "--port", "70000")]
    [InlineData(2, "--max-bytes: got '0'", "--max-bytes", "0")]
    [InlineData(1, "cannot be opened", "--verdicts", "missing/folder/verdicts.db")]
    [InlineData(1, "is about networks made elsewhere", "--labels", "labels.txt")]
    public void What_does_not_go_is_said(int exit, string said, params string[] words)
    {
        string[] verdicts = words.Contains("--verdicts") ? [] : ["--verdicts", Database];
        var error = new StringWriter();
        Assert.Equal(exit, CommandLine.Run(["serve", Model(), .. words, .. verdicts], TextWriter.Null, error, Cancellation));
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_and_a_file_of_another_program_are_said()
    {
        using var client = await Serve();
        var error = new StringWriter();
        Assert.Equal(1, CommandLine.Run(["serve", Model(), "--port", $"{client.BaseAddress!.Port}", "--verdicts", Folder.File("other.db")],
            TextWriter.Null, error, Cancellation));
        Assert.Contains("address already in use", error.ToString(), StringComparison.Ordinal);
        Folder.With("text.db", "no database at all, but text");
        Assert.Equal(1, CommandLine.Run(["serve", Model(), "--port", "0", "--verdicts", Folder.File("text.db")], TextWriter.Null, error,
            Cancellation));
        Assert.Contains("text.db: is no SQLite file", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Lines that are waited for while they are written.</summary>
    sealed class Lines : StringWriter
    {
        readonly Lock gate = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            lock (gate)
                base.WriteLine(value);
        }

        public override string ToString()
        {
            lock (gate)
                return base.ToString();
        }

        public async Task<string> First(string start)
        {
            for (var tries = 0; tries < 600; tries++)
            {
                var lines = ToString().Split(Environment.NewLine);
                if (Array.Find(lines, line => line.StartsWith(start, StringComparison.Ordinal)) is { } found)
                    return found;
                await Task.Delay(50, Cancellation);
            }
            throw new TimeoutException($"No line begins with '{start}':\n{this}");
        }
    }
}
