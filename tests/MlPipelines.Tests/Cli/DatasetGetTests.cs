using MlPipelines.Cli;
using MlPipelines.Tests.Data.Sources;

namespace MlPipelines.Tests.Cli;

public sealed class DatasetGetTests : IDisposable
{
    readonly Data.TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("dataset get")]
    [InlineData("dataset get imagenet")]
    [InlineData("dataset get mnist --from nowhere")]
    [InlineData("dataset get mnist --from ftp://host/")]
    public void Misuse_is_said_with_exit_code_2(string arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.Equal(2, CommandLine.Run(arguments.Split(' '), output, error, TestContext.Current.CancellationToken));
        Assert.StartsWith("mlpipe: ", error.ToString());
    }

    [Theory]
    [InlineData("imagenet", "", "mlpipe: NAME: got 'imagenet', needs one of cifar10, cifar100, mnist, fashion-mnist.")]
    [InlineData("mnist", "--from ftp://host",
        "mlpipe: --from: got 'ftp://host/', needs an address that begins with http:// or https://, without ? and #.")]
    public void What_is_wrong_is_one_line_that_says_what_is_needed(string name, string rest, string said)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.Equal(2,
            CommandLine.Run(["dataset", "get", name, .. rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)], output, error,
                TestContext.Current.CancellationToken));
        Assert.Equal($"{said}{Environment.NewLine}Run 'mlpipe dataset get --help' for what is needed.{Environment.NewLine}",
            error.ToString());
    }

    [Fact]
    public void A_server_without_the_files_is_one_clear_line()
    {
        using var server = new LyingServer(_ => new("404 Not Found"));
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.Equal(1,
            CommandLine.Run(["dataset", "get", "cifar10", "--output", folder.Path, "--from", server.Address.AbsoluteUri], output, error,
                TestContext.Current.CancellationToken));
        Assert.Equal($"mlpipe: {server.Address}cifar-10-binary.tar.gz: the server answered 404 Not Found. Check the connection, or give "
            + $"another address.{Environment.NewLine}", error.ToString());
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_set_is_fetched_once_and_what_went_wrong_on_the_way_is_a_warning()
    {
        byte[] content = [1, 2, 3];
        var set = new PublishedDataSet("tiny", [new("http://127.0.0.1:9/")], [new("file.bin", 3, Packing.Sha256(content))]);
        var asked = 0;
        using var server =
            new LyingServer(_ => asked++ == 0 ? new("503 Service Unavailable", null, "Retry-After: 0") : new("200 OK", content));
        var (output, error) = (new StringWriter(), new StringWriter());
        var command = DatasetGetCommand.Create(new Terminal(output, error, TestContext.Current.CancellationToken), [set]);
        string[] arguments = ["tiny", "--output", folder.Path, "--from", server.Address.AbsoluteUri.TrimEnd('/')];

        Assert.Equal(0, command.Parse(arguments).Invoke());
        Assert.Contains($"new:     {Path.Combine(folder.Path, "file.bin")}", output.ToString());
        Assert.Contains("warning: ", error.ToString());
        Assert.Contains("503 Service Unavailable; trying again in 1 s.", error.ToString());
        Assert.Equal(0, command.Parse(arguments).Invoke());
        Assert.EndsWith($"checked: tiny in {folder.Path}, all was there{Environment.NewLine}", output.ToString());
        Assert.Equal(2, asked);
    }
}
