using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MlPipelines.Tests.Server;

/// <summary>Clients that send what is no picture, too much, too slowly, too often, or on behalf of another's page.</summary>
[Trait("Category", "Runtime")]
public sealed class HostileClientTests : ServedPictures
{
    [Theory]
    [InlineData("image/png", "no picture", 422, "picture: begins with the text 'no picture', needs JPEG")]
    [InlineData("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 422, "is an SVG")]
    [InlineData("image/png", "", 400, "The body is empty")]
    [InlineData(null, "no picture", 422, "picture: begins with")]
    [InlineData("text/plain", "no picture", 415, "got text/plain, image/jpeg, image/png and the like")]
    [InlineData("application/x-www-form-urlencoded", "a=1", 415, "multipart/form-data is needed")]
    [InlineData("application/json", "{}", 415, "got application/json")]
    [InlineData("multipart/form-data", "x", 400, "names no boundary")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\na", 400, "not whole")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nabc\r\n--b--\r\n", 400, "no file")]
    [InlineData("multipart/form-data; boundary=b", "nothing of the kind", 400, "not whole")]
    public async Task What_is_no_picture_is_refused_with_a_reason(string? type, string body, int status, string said)
    {
        using var client = await Serve();
        using var content = Content(Encoding.UTF8.GetBytes(body), null);
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await client.PostAsync("judge", content, Cancellation);
        var problem = await Json(answer, (HttpStatusCode)status);
        Assert.Contains(said, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.DoesNotContain("folder", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(0, (int)(await Tally(client))[0]!["judged"]!);
    }

    [Fact]
    public async Task A_form_with_two_files_is_refused()
    {
        using var client = await Serve();
        using var form = new MultipartFormDataContent { { Content(Picture(1)), "a", "a.png" }, { Content(Picture(2)), "b", "b.png" } };
        using var answer = await client.PostAsync("judge", form, Cancellation);
        Assert.Contains("several files", (string?)(await Json(answer, HttpStatusCode.BadRequest))["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_swells_is_refused_before_it_is_decoded()
    {
        using var client = await Serve(change: options => options with { MaxPixels = 1_000_000 });
        using var answer = await client.PostAsync("judge", Content(Swelling(20_000, 20_000)), Cancellation);
        Assert.Contains("announces 20000×20000 pixels, at most 1,000,000",
            (string?)(await Json(answer, HttpStatusCode.UnprocessableEntity))["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_not_read_to_its_end()
    {
        using var client = await Serve(change: options => options with { MaxBytes = 1 << 20 });
        using var endless = new Endless(1L << 30);
        using (var content = new StreamContent(endless))
        {
            content.Headers.ContentType = new("image/png");
            await AssertTooLarge(client, content);
        }
        Assert.InRange(endless.Taken, 1 << 20, 1L << 26);
        await AssertTooLarge(client, Content(new byte[(1 << 20) + 1]));
        using var form = new MultipartFormDataContent { { Content(new byte[(1 << 20) + 1]), "picture", "a.png" } };
        await AssertTooLarge(client, form);
        using var verdict = new StringContent($$"""{"judgement": "{{new string('a', 100_000)}}"}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("verdict", verdict, Cancellation);
        await Json(answer, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Slow_clients_hold_up_nobody_and_are_told_off()
    {
        using var client = await Serve(change: options => options with { BodyTime = TimeSpan.FromSeconds(3) });
        var slow = Enumerable.Range(0, 80).Select(async number =>
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, client.BaseAddress!.Port, Cancellation);
            await using var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /judge HTTP/1.1\r\nHost: {client.BaseAddress.Authority}\r\n"
                + "Content-Type: image/png\r\nContent-Length: 1000000\r\n\r\nslow"), Cancellation);
            using var reader = new StreamReader(stream);
            return await reader.ReadLineAsync(Cancellation);
        }).ToArray();
        for (var number = 0; number < 10; number++)
            await Judge(client, Picture(number));
        Assert.DoesNotContain(slow, one => one.IsFaulted);
        Assert.All(await Task.WhenAll(slow), line => Assert.Equal("HTTP/1.1 408 Request Timeout", line));
    }

    [Fact]
    public async Task More_than_there_is_room_for_is_told_to_come_again()
    {
        using var client = await Serve(change: options => options with { MaxPendingBytes = 100_000 });
        var picture = new byte[80_000];
        Picture(1).CopyTo(picture, 0);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.PostAsync("judge", Content(picture), Cancellation)));
        Assert.All(answers.Where(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable),
            answer => Assert.Equal("1", answer.Headers.RetryAfter?.ToString()));
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.UnprocessableEntity or HttpStatusCode.OK, answer.StatusCode.ToString()));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable);
        // What was taken is given back.
        await Judge(client, Picture(1));
    }

    [Fact]
    public async Task More_requests_than_the_rate_are_told_when_to_come_again()
    {
        using var client = await Serve(change: options => options with { RequestsPerSecond = 1 });
        var answers = new List<HttpResponseMessage>();
        for (var number = 0; number < 10; number++)
            answers.Add(await client.PostAsync("judge", Content(Picture(1)), Cancellation));
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), 5, 8);
        var late = answers.First(answer => answer.StatusCode != HttpStatusCode.OK);
        Assert.Contains("More than 1 requests a second", (string?)(await Json(late, HttpStatusCode.TooManyRequests))["detail"],
            StringComparison.Ordinal);
        Assert.Equal("1", late.Headers.RetryAfter?.ToString());
        Assert.Equal("healthy", await client.GetStringAsync("health", Cancellation));
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "http://127.0.0.1:1", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Host", "evil.example", 421)]
    [InlineData("Host", "localhost.evil.example", 421)]
    [InlineData("Host", "localhost", 200)]
    [InlineData("Host", "pictures.example", 200)]
    [InlineData("Host", "[::1]:80", 200)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    public async Task Pages_of_others_cannot_send(string header, string value, int status)
    {
        using var client = await Serve(change: options => options with { AllowedHosts = ["pictures.example"] });
        var judged = await Judge(client, Picture(1));
        foreach (var (path, body) in new[] { ("judge", Content(Picture(1))), ("verdict", Content(Encoding.UTF8.GetBytes(Right(judged)),
            "application/json")) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await client.SendAsync(request, Cancellation);
            await Json(answer, (HttpStatusCode)status);
        }
        Assert.Equal(status == 200 ? 1 : 0, (int)(await Tally(client))[0]!["verdicts"]!);
    }

    [Fact]
    public async Task The_page_runs_nothing_but_its_own_script_and_stands_in_no_frame()
    {
        using var client = await Serve();
        foreach (var path in new[] { "", "tally" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
            using var answer = await client.SendAsync(request, Cancellation);
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.DoesNotContain("http", (await answer.Content.ReadAsStringAsync(Cancellation)).Replace("http-equiv", "",
                StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    static async Task AssertTooLarge(HttpClient client, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "judge") { Content = content };
        // As programs do that send much: they ask first.
        request.Headers.ExpectContinue = content is not StreamContent;
        try
        {
            using var answer = await client.SendAsync(request, Cancellation);
            Assert.Contains("more than 1,048,576 bytes", (string?)(await Json(answer, HttpStatusCode.RequestEntityTooLarge))["detail"],
                StringComparison.Ordinal);
        }
        catch (HttpRequestException closed) when (content is StreamContent)
        {
            // The connection was closed while it was still sending.
            Assert.IsType<IOException>(closed.InnerException, exactMatch: false);
        }
    }

    // A PNG of one colour: a thousandth of its pixels.
    static byte[] Swelling(int width, int height)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Chunk("IHDR", [.. Big(width), .. Big(height), 8, 0, 0, 0, 0]);
        using var data = new MemoryStream();
        using (var packed = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
            for (var row = 0; row < 100; row++)
                packed.Write(new byte[width + 1]);
        Chunk("IDAT", data.ToArray());
        Chunk("IEND", []);
        return file.ToArray();

        void Chunk(string name, byte[] content)
        {
            byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
            file.Write([.. Big(content.Length), .. named, .. Big((int)System.IO.Hashing.Crc32.HashToUInt32(named))]);
        }

        static byte[] Big(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
    }

    sealed class Endless(long length) : Stream
    {
        long done;

        public long Taken => done;
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => done; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - done);
            done += read;
            return read;
        }
    }
}
