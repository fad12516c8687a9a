using System.Security.Cryptography;
using System.Text;

namespace MlPipelines.Tests.Data.Sources;

public sealed class DownloadTests : IDisposable
{
    static readonly byte[] content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i >> 5))];

    readonly TemporaryFolder folder = new();
    readonly List<string> notices = [];
    readonly List<DownloadProgress> progress = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_is_fetched_checked_and_then_only_checked()
    {
        using var server = new LyingServer(Honest);
        Assert.Equal([Target], await GetAsync(server));
        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal(["file.bin"], Names);
        Assert.Equal((300_000L, 300_000L), (progress[^1].Done, progress[^1].Total));
        Assert.Empty(await GetAsync(server));
        Assert.Single(server.Requests);
        Assert.Empty(notices);
    }

    [Fact]
    public async Task A_line_that_is_cut_goes_on_where_it_ended()
    {
        using var server =
            new LyingServer(asked => Cut(Honest(asked), asked.From is null ? 100_000 : asked.From == 100_000 ? 50_000 : int.MaxValue));
        await GetAsync(server);
        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal([null, 100_000, 150_000], server.Requests.Select(asked => asked.From));
        Assert.All(server.Requests.Skip(1), asked => Assert.StartsWith("\"300000-", asked.IfRange));
        Assert.Equal(2, notices.Count);
    }

    [Fact]
    public async Task What_came_is_gone_on_with_in_the_next_run()
    {
        using (var server = new LyingServer(asked => Cut(Honest(asked), 120_000)))
            Assert.Contains("Run it again to go on",
                (await Assert.ThrowsAsync<DownloadException>(() => GetAsync(server, attempts: 1))).Message);
        Assert.Equal(["file.bin.part", "file.bin.part.etag"], Names);
        using var better = new LyingServer(Honest);
        await GetAsync(better);
        Assert.Equal(120_000, Assert.Single(better.Requests).From);
        Assert.Equal(["file.bin"], Names);
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_sends_all_again()
    {
        using var server = new LyingServer(asked => asked.From is null ? Cut(Honest(asked), 10_000) : new("200 OK", content));
        await GetAsync(server);
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_file_that_changed_in_between_is_fetched_from_its_beginning()
    {
        folder.Write("file.bin.part", [1, 2, 3]);
        folder.Write("file.bin.part.etag", Encoding.ASCII.GetBytes("\"old\""));
        using var server = new LyingServer(Honest);
        await GetAsync(server);
        Assert.Equal((3, "\"old\""), (server.Requests.First().From, server.Requests.First().IfRange));
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_server_that_goes_on_with_another_file_is_not_believed()
    {
        folder.Write("file.bin.part", [1, 2, 3]);
        folder.Write("file.bin.part.etag", Encoding.ASCII.GetBytes("\"old\""));
        using var server = new LyingServer(asked => Honest(asked with { IfRange = null }));
        await GetAsync(server);
        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_part_that_is_wrong_is_thrown_away_once_the_sum_tells()
    {
        folder.Write("file.bin.part", [1, 2, 3]);
        using var server = new LyingServer(Honest);
        await GetAsync(server);
        Assert.Equal([3, null], server.Requests.Select(asked => asked.From));
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_server_that_stalls_is_given_up_and_asked_again()
    {
        using var server = new LyingServer(asked =>
            asked.From is null ? new("200 OK", content, Honest(asked).Headers) { Sent = 70_000, Stalls = true } : Honest(asked));
        await GetAsync(server, stall: 0.3);
        Assert.Equal([null, 70_000], server.Requests.Select(asked => asked.From));
        Assert.Contains("sent nothing for 0.3 s", notices[0]);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        using var server = new LyingServer(_ => new("200 OK") { Promised = 300_000, Stalls = true });
        Assert.Contains("sent nothing for 0.1 s",
            (await Assert.ThrowsAsync<DownloadException>(() => GetAsync(server, stall: 0.1, attempts: 2))).Message);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(900_000)]
    [InlineData(-1)]
    public async Task A_wrong_length_is_not_believed(int promised)
    {
        using var server = new LyingServer(asked => asked.From is null ? new("200 OK", content) { Promised = promised } : Honest(asked));
        await GetAsync(server);
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task More_than_the_file_has_is_not_taken()
    {
        using var server = new LyingServer(_ => new("200 OK", [.. content, .. content]));
        await GetAsync(server);
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Wrong_bytes_get_no_name()
    {
        using var server = new LyingServer(_ => new("200 OK", new byte[300_000]));
        var message = (await Assert.ThrowsAsync<DownloadException>(() => GetAsync(server))).Message;
        Assert.StartsWith($"{server.Address}file.bin: has the SHA-256 {Sha(new byte[300_000])}, file.bin as published has {Sha(content)}.",
            message);
        Assert.Equal(2, server.Requests.Count);
        Assert.Empty(Names);
    }

    [Fact]
    public async Task A_page_in_place_of_the_file_is_no_file()
    {
        using var server = new LyingServer(_ => new("200 OK", "<html>sign in</html>"u8.ToArray()));
        Assert.Contains("ended after 20 of 300,000 bytes, which is all there, as the server says.",
            (await Assert.ThrowsAsync<DownloadException>(() => GetAsync(server))).Message);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData("500 Internal Server Error", 2)]
    [InlineData("503 Service Unavailable", 2)]
    [InlineData("429 Too Many Requests", 2)]
    [InlineData("404 Not Found", 1)]
    [InlineData("403 Forbidden", 1)]
    public async Task A_busy_server_is_asked_again_and_one_without_the_file_is_not(string status, int requests)
    {
        var asked = 0;
        using var server = new LyingServer(request => asked++ == 0 ? new(status) : Honest(request));
        if (requests == 1)
            Assert.StartsWith($"{server.Address}file.bin: the server answered {status}.",
                (await Assert.ThrowsAsync<DownloadException>(() => GetAsync(server))).Message);
        else
            await GetAsync(server);
        Assert.Equal(requests, server.Requests.Count);
        if (requests == 1)
            await GetAsync(server);
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Redirects_are_followed_but_not_in_a_circle()
    {
        using var server =
            new LyingServer(asked => asked.Path == "there" ? new("200 OK", content) : new("302 Found", null, "Location: /there"));
        await GetAsync(server);
        File.Delete(Target);
        using var circle = new LyingServer(_ => new("302 Found", null, "Location: /again"));
        Assert.Contains("answered 302 Found, to go to", (await Assert.ThrowsAsync<DownloadException>(() => GetAsync(circle))).Message);
        Assert.Equal(6, circle.Requests.Count);
    }

    [Fact]
    public async Task The_next_address_is_asked_when_one_fails()
    {
        using var poor = new LyingServer(_ => new("410 Gone"));
        using var server = new LyingServer(Honest);
        await new DataSetDownloader(Options(null, 5, 5)).GetAsync(new(Set.Name, [poor.Address, server.Address], Set.Files), folder.Path,
            TestContext.Current.CancellationToken);
        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Contains($"Asking {server.Address} now.", Assert.Single(notices));
    }

    [Fact]
    public async Task A_mirror_has_a_folder_for_each_set()
    {
        using var server = new LyingServer(Honest);
        await Assert.ThrowsAsync<DownloadException>(() =>
            new DataSetDownloader(new() { Mirror = server.Address }).GetAsync(Set, folder.Path, TestContext.Current.CancellationToken));
        Assert.Equal("tiny/file.bin", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task A_file_of_the_users_that_is_another_one_is_named_and_kept()
    {
        folder.Write("file.bin", 1, 2, 3);
        using var server = new LyingServer(Honest);
        Assert.StartsWith($"{Target}: is not file.bin as published",
            (await Assert.ThrowsAsync<InvalidDataException>(() => GetAsync(server))).Message);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Target));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Stopping_leaves_the_part()
    {
        using var stop = new CancellationTokenSource();
        using var server = new LyingServer(asked => new("200 OK", content) { Sent = 90_000, Stalls = true });
        var get = new DataSetDownloader(new() { From = server.Address, Progress = new Listener(_ => stop.Cancel()) }).GetAsync(Set,
            folder.Path, stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get);
        Assert.Contains("file.bin.part", Names);
    }

    [Theory]
    [InlineData("ftp://host/")]
    [InlineData("datasets/")]
    [InlineData("http://host/?list")]
    public void An_address_that_is_none_is_refused(string address) =>
    Assert.Contains($"got '{address}'", Assert.Throws<ArgumentException>(() => DownloadOptions.Parse(address, "--from")).Message);

    static Answer Honest(Asked asked) => LyingServer.Honest(asked, new Dictionary<string, byte[]> { ["file.bin"] = content });

    static Answer Cut(Answer whole, int sent) => new(whole.Status, whole.Body, whole.Headers) { Sent = sent };

    static string Sha(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static PublishedDataSet Set => new("tiny", [new("http://127.0.0.1:9/")], [new("file.bin", content.Length, Sha(content))]);

    string Target => Path.Combine(folder.Path, "file.bin");

    IEnumerable<string> Names =>
        Directory.GetFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    DownloadOptions Options(Uri? from, double stall, int attempts) =>
        new()
        {
            From = from,
            Attempts = attempts,
            StallSeconds = stall,
            PauseSeconds = 0,
            Notice = notices.Add,
            Progress = new Listener(progress.Add),
        };

    Task<IReadOnlyList<string>> GetAsync(LyingServer server, double stall = 20, int attempts = 3) =>
        new DataSetDownloader(Options(server.Address, stall, attempts)).GetAsync(Set, folder.Path, TestContext.Current.CancellationToken);

    sealed class Listener(Action<DownloadProgress> listen) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => listen(value);
    }
}
