using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Evaluation.EvaluationSets;

/// <summary>Members behind HTTP, asked on loopback.</summary>
[Trait("Category", "Runtime")]
public sealed class EndpointMemberTests : IDisposable
{
    const string Secret = "s3cr3t/+=value";

    readonly HttpListener server = new();
    readonly ConcurrentQueue<(string Authorization, byte[] Body, DateTime At)> asked = [];
    readonly string address;
    Func<int, (int Status, string Body)> answer = _ => (200, """{"predictions":[{"name":"tabby","p":0.75},{"name":"dog","p":0.2}]}""");
    string? retryAfter;

    public EndpointMemberTests()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        free.Stop();
        server.Prefixes.Add(address);
        server.Start();
        _ = ServeAsync();
    }

    public void Dispose() => server.Close();

    [Fact]
    public void A_picture_goes_as_the_template_says_and_its_labels_become_ours()
    {
        using var member = Member("""
            "headers": { "Authorization": "Bearer ${KEY}" },
            "body": { "requests": [ { "image": "${picture}", "features": ["LABEL", 3] } ] },
            "predictions": "predictions", "label": "name", "score": "p", "classes": { "tabby": "cat" }
            """);
        var found = member.Named(member.Answers(Pictures(1), default).Single());
        Assert.Equal(("cat", 0.75f, 0.2f), (found.Class, found.ProbabilityOf("cat"), found.ProbabilityOf("dog")));
        var (authorization, body, _) = Assert.Single(asked);
        Assert.Equal($"Bearer {Secret}", authorization);
        using var sent = JsonDocument.Parse(body);
        var request = sent.RootElement.GetProperty("requests")[0];
        Assert.Equal(3, request.GetProperty("features")[1].GetInt32());
        Assert.Equal(8, Image.FromBytes(request.GetProperty("image").GetBytesFromBase64()).Width);
    }

    [Theory]
    [InlineData("\"body\": \"${picture}\"", "\"scores\": \"a.b\"", """{"a":{"b":{"cat":0.1,"dog":0.9}}}""", "dog")]
    [InlineData("\"form\": { \"file\": \"${picture}\", \"model\": \"m\" }", "\"label\": \"[1].class\"",
        """[{"class":"cat"},{"class":"dog"}]""", "dog")]
    [InlineData("\"body\": \"${picture}\", \"picture\": \"jpeg\", \"largestSide\": 8",
        "\"label\": \"l\", \"score\": \"s\", \"scoreScale\": 100",
        """{"l":"cat","s":87.5}""", "cat")]
    [InlineData("\"body\": \"${picture}\"", "\"predictions\": \"list\", \"label\": \"n\"",
        """{"list":[{"n":"first"},{"n":"second"}]}""", "first")]
    public void Answers_are_read_as_the_template_says(string request, string read, string said, string expected)
    {
        answer = _ => (200, said);
        using var member = Member($"{request}, {read}");
        Assert.Equal((expected, null as string), member.Answers(Pictures(1), default).Single() is var found ? (found.Class, found.Failure)
            : default);
    }

    [Fact]
    public void Refusals_for_the_moment_are_tried_again_and_others_are_not()
    {
        answer = number => number < 3 ? (number == 0 ? 429 : 503, "busy") : (200, """{"label":"cat"}""");
        retryAfter = "1";
        using var member = Member("\"headers\": { \"X-Key\": \"${KEY}\" }, \"body\": \"${picture}\", \"label\": \"label\"");
        Assert.Equal("cat", member.Answers(Pictures(1), default).Single().Class);
        Assert.Equal(4, member.Requests);
        // As long as the server says.
        Assert.InRange((asked.ElementAt(1).At - asked.ElementAt(0).At).TotalSeconds, 0.95, 30);
        answer = _ => (400, "no picture");
        Assert.Equal("it answered 400 Bad Request (no picture)", member.Answers(Pictures(1), default).Single().Failure);
        answer = _ => (401, $"the key {Secret} is wrong");
        var refused = Assert.Throws<IOException>(() => member.Answers(Pictures(1), default).ToArray()).Message;
        Assert.StartsWith("endpoint.json: it answered 401 Unauthorized (the key ${KEY} is wrong). Correct", refused,
            StringComparison.Ordinal);
        Assert.Equal(6, member.Requests);
    }

    [Fact]
    public void What_does_not_come_in_time_or_is_no_answer_is_a_failure_and_five_in_a_row_end_the_asking()
    {
        answer = _ => (200, "SLOW");
        using var slow = Member("\"body\": \"${picture}\", \"label\": \"label\", \"timeoutSeconds\": 0.2, \"retries\": 1");
        Assert.Equal("it did not answer within 0.2 s", slow.Answers(Pictures(1), default).Single().Failure);
        Assert.Equal(2, slow.Requests);
        using var member = Member("\"body\": \"${picture}\", \"label\": \"result.label\", \"parallel\": 1");
        answer = _ => (200, "<html>");
        Assert.Equal("the answer is no JSON", member.Answers(Pictures(1), default).Single().Failure);
        answer = _ => (200, """{"result":{"class":"cat","p":1}}""");
        Assert.Equal("the answer has no 'result.label': at 'label' there is an object with 'class', 'p'",
            member.Answers(Pictures(1), default).Single().Failure);
        var given = new List<MemberAnswer>();
        Assert.StartsWith("endpoint.json: 5 pictures in a row got no answer", Assert.Throws<IOException>(() =>
        {
            foreach (var one in member.Answers(Pictures(30), default))
                given.Add(one);
        }).Message, StringComparison.Ordinal);
        Assert.InRange(given.Count, 1, 4);
    }

    [Fact]
    public void Requests_keep_their_distance()
    {
        answer = _ => (200, """{"label":"cat"}""");
        using var member = Member("\"body\": { \"x\": \"${picture}\" }, \"label\": \"label\", \"requestsPerSecond\": 25, \"parallel\": 4");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(6, member.Answers(Pictures(6), default).Count());
        Assert.True(clock.Elapsed.TotalSeconds > 4.9 / 25, $"{clock.Elapsed.TotalSeconds}");
    }

    [Fact]
    public void No_secret_is_in_any_file_or_line_and_what_was_answered_is_not_asked_again()
    {
        using var folder = new TemporaryFolder();
        // A server that says back all that it was sent.
        answer = number => (200, JsonSerializer.Serialize(new
        {
            label = number % 3 == 0 ? $"class {number % 2}"
            : $"echo {Secret} {Uri.EscapeDataString(Secret)}"
        }));
        var lines = new StringBuilder();
        EvaluationSetReport Find()
        {
            using var member = Member("\"headers\": { \"X-Key\": \"${KEY}\" }, \"body\": \"${picture}\", \"label\": \"label\", "
                + "\"requestsPerSecond\": 10000");
            using var other = new MadeUpMember("other", picture => new(DarkAndLight.Label(picture)));
            var report = new MLContext(1).FindEvaluationSets(DarkAndLight.Pictures(60), [member, other], new()
            {
                Pictures = 4,
                RandomSets = 100,
                AnswerFolder = folder.File("answers"),
                Steps = line => lines.AppendLine(line),
                NearDuplicates = null,
            });
            if (!Directory.Exists(folder.File("sets")))
                report.Save(folder.File("sets"), new() { Questions = 0 });
            return report;
        }
        var first = Find();
        var requests = asked.Count;
        Assert.Equal(60, requests);
        Find();
        Assert.Equal(requests, asked.Count);
        Assert.Contains(first.Members[0].Unmapped.Keys, label => label.StartsWith("echo ${KEY}", StringComparison.Ordinal));
        var written = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(written, path => path.EndsWith(".jsonl", StringComparison.Ordinal));
        Assert.All(written.Select(File.ReadAllText).Append(lines.ToString()), text =>
        {
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cr3t", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Where_it_looks_is_asked_for_within_the_questions_that_are_left()
    {
        answer = _ => (200, """{"label":"cat"}""");
        using var member = Member("\"body\": \"${picture}\", \"label\": \"label\", \"requestsPerSecond\": 10000");
        var questions = 60;
        var map = ((EvaluationMember)member).Looks(Pictures(1)[0], ref questions, default)!;
        Assert.Equal((8, 8, "cat"), (map.Width, map.Height, map.Class));
        Assert.Equal(60 - questions, member.Requests);
        questions = 3;
        Assert.Null(((EvaluationMember)member).Looks(Pictures(1)[0], ref questions, default));
        Assert.Equal(3, questions);
    }

    [Theory]
    [InlineData("{", "endpoint.json: is no JSON")]
    [InlineData("[]", "endpoint.json: is no JSON object")]
    [InlineData("{\"url\":\"http://x\",\"body\":\"${picture}\",\"label\":\"l\",\"secret\":\"x\"}",
        "'secret' is not known, one of url, headers")]
    [InlineData("{\"url\":\"http://x\",\"body\":\"picture\",\"label\":\"l\"}", "exactly one of the two, with ${picture} in it")]
    [InlineData("{\"url\":\"http://x\",\"body\":\"${picture}\"}", "either label (with score, predictions) or scores alone")]
    [InlineData("{\"url\":\"ftp://x\",\"body\":\"${picture}\",\"label\":\"l\"}", "'url' is 'ftp://x', an address that begins with http")]
    [InlineData("{\"url\":\"http://x/${MISSING}\",\"body\":\"${picture}\",\"label\":\"l\"}", "the environment variable MISSING is not set")]
    [InlineData("{\"url\":\"http://x\",\"body\":\"${picture}\",\"label\":\"l\",\"requestsPerSecond\":0}",
        "'requestsPerSecond' is 0, a number from 0.001")]
    [InlineData("{\"url\":\"http://x\",\"body\":\"${picture}\",\"label\":\"l\",\"headers\":{\"Bad Name\":\"x\"}}",
        "the header 'Bad Name' cannot be sent")]
    public void A_template_that_does_not_go_is_an_error_that_names_the_place(string text, string expected) => Assert.Contains(expected,
        Assert.Throws<InvalidDataException>(() => new EndpointMember(EndpointTemplate.Parse(text, "endpoint.json"), Variable)).Message,
        StringComparison.Ordinal);

    EndpointMember Member(string rest) =>
        new(EndpointTemplate.Parse("{ \"url\": \"" + address + "judge\", " + rest + " }", "endpoint.json"), Variable)
        {
            FirstPause = TimeSpan.FromMilliseconds(20),
        };

    static string? Variable(string name) => name == "KEY" ? Secret : null;

    static AskedPicture[] Pictures(int count) => [.. Enumerable.Range(0, count).Select(number =>
    {
        var image = Image.FromPixels(8, 8, 3, [.. Enumerable.Range(0, 192).Select(i => (byte)(i + number))]);
        return new AskedPicture($"row {number}", $"{number}") { Open = () => image };
    })];

    async Task ServeAsync()
    {
        try
        {
            for (var number = 0; ; number++)
                _ = AnswerAsync(await server.GetContextAsync(), number);
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    async Task AnswerAsync(HttpListenerContext context, int number)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        asked.Enqueue((context.Request.Headers["Authorization"] ?? "", body.ToArray(), DateTime.UtcNow));
        var (status, text) = answer(number);
        if (text == "SLOW")
            await Task.Delay(2000);
        context.Response.StatusCode = status;
        if (retryAfter is not null && status == 429)
            context.Response.AddHeader("Retry-After", retryAfter);
        try
        {
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
            context.Response.Close();
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }
}
