using System.Net;
using System.Text.Json.Nodes;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Server;

/// <summary>POST /judge, /verdict and GET /tally through HTTP.</summary>
[Trait("Category", "Runtime")]
public sealed class JudgingTests : ServedPictures
{
    [Fact]
    public async Task A_picture_is_judged_as_the_model_predicts_it_whether_it_is_the_body_or_in_a_form()
    {
        var (model, picture) = (Model(), Picture(7));
        using var client = await Serve(model);
        var expected = Predicted(model, [picture])[0];

        var raw = await Judge(client, picture, "?top=4");
        using var form = new MultipartFormDataContent { { new StringContent("more"), "note" }, { Content(picture), "picture", "a.png" } };
        using var answer = await client.PostAsync("judge?top=4", form, Cancellation);
        var sent = await Json(answer, HttpStatusCode.OK);

        foreach (var judged in new[] { raw, sent })
        {
            AssertScores(expected, judged);
            Assert.Equal(Labels[Array.IndexOf(expected, expected.Max())], (string?)judged["class"]);
            Assert.Equal(64, ((string)judged["model"]!).Length);
            Assert.Null(judged["heatMap"]);
        }
        Assert.NotEqual((string?)raw["id"], (string?)sent["id"]);
        Assert.Single((await Judge(client, picture, "?top=1"))["scores"]!.AsArray());
    }

    [Fact]
    public async Task Sixty_four_clients_at_once_get_each_its_own_answer()
    {
        const int clients = 64, each = 4;
        var model = Model();
        var pictures = Enumerable.Range(0, clients).Select(Picture).ToArray();
        var expected = Predicted(model, pictures);
        using var client = await Serve(model, options => options with { KeepPictures = true });
        var ids = await Task.WhenAll(Enumerable.Range(0, clients).Select(async number =>
        {
            var mine = new List<string>();
            for (var turn = 0; turn < each; turn++)
            {
                var judged = await Judge(client, pictures[number], "?top=4");
                AssertScores(expected[number], judged);
                mine.Add((string)judged["id"]!);
            }
            return mine;
        }));
        Assert.Equal(clients * each, ids.SelectMany(mine => mine).Distinct().Count());
        Assert.Equal(clients * each, (int)(await Tally(client))[0]!["judged"]!);
    }

    [Fact]
    public async Task A_heat_map_comes_as_a_picture_of_the_networks_size()
    {
        using var client = await Serve();
        var judged = await Judge(client, Picture(1), $"?heatMap=true&class={Uri.EscapeDataString(Hostile)}");
        var map = judged["heatMap"]!;
        Assert.Equal((Hostile, 12, 12), ((string?)map["class"], (int)map["width"]!, (int)map["height"]!));
        var image = Image.FromBytes(Convert.FromBase64String(((string)map["image"]!)["data:image/png;base64,".Length..]));
        Assert.Equal((12, 12), (image.Width, image.Height));

        using var unknown = await client.PostAsync("judge?heatMap=true&class=tulip", Content(Picture(1)), Cancellation);
        Assert.Contains("'tulip', which is none of the model's 4 classes",
            (string?)(await Json(unknown, HttpStatusCode.UnprocessableEntity))["detail"], StringComparison.Ordinal);
        using var words = await client.PostAsync("judge?heatMap=maybe", Content(Picture(1)), Cancellation);
        await Json(words, HttpStatusCode.BadRequest);
        using var none = await client.PostAsync("judge?top=0", Content(Picture(1)), Cancellation);
        await Json(none, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_verdict_counts_once_and_is_corrected_by_the_next()
    {
        using var client = await Serve();
        var judged = await Judge(client, Picture(1));
        var said = (string)judged["class"]!;
        var other = Labels.First(label => label != said);

        Assert.False((bool)(await Verdict(client, Right(judged)))["corrected"]!);
        Assert.False((bool)(await Verdict(client, Right(judged)))["corrected"]!);
        AssertTally(await Tally(client), verdicts: 1, right: 1, (said, said, 1));
        var wrong = await Verdict(client, Is(judged, other));
        Assert.Equal((said, other, false, true), ((string?)wrong["predicted"], (string?)wrong["actual"], (bool)wrong["right"]!,
            (bool)wrong["corrected"]!));
        AssertTally(await Tally(client), verdicts: 1, right: 0, (other, said, 1));
        await Verdict(client, Right(await Judge(client, Picture(1))));
        AssertTally(await Tally(client), verdicts: 2, right: 1, (said, said, 1), (other, said, 1));
    }

    [Theory]
    [InlineData("""{"judgement": "ID", "class": "tulip"}""", 422, "class: got 'tulip', the model knows 'plain', '<script>")]
    [InlineData("""{"judgement": "ID"}""", 422, "right and class: got neither")]
    [InlineData("""{"judgement": "ID", "right": false}""", 422, "class: got nothing")]
    [InlineData("""{"right": true}""", 422, "judgement: got nothing")]
    [InlineData("""{"judgement": "0123456789abcdef0123456789abcdef", "right": true}""", 404, "none of that id")]
    [InlineData("""{"judgement": "' OR 1=1 --", "right": true}""", 404, "none of that id")]
    [InlineData("""{"judgment": "ID", "right": true}""", 400, "no JSON object of judgement")]
    [InlineData("""{"judgement": "ID", "right": "yes"}""", 400, "no JSON object of judgement")]
    [InlineData("""{"judgement": "ID", "right": true""", 400, "no JSON object of judgement")]
    [InlineData("null", 400, "no JSON object of judgement")]
    [InlineData("", 400, "no JSON object of judgement")]
    public async Task A_verdict_that_cannot_be_is_refused_and_counts_nothing(string body, int status, string said)
    {
        using var client = await Serve();
        var judged = await Judge(client, Picture(1));
        var problem = await Verdict(client, body.Replace("ID", (string)judged["id"]!, StringComparison.Ordinal), (HttpStatusCode)status);
        Assert.Contains(said, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(0, (int)(await Tally(client))[0]!["verdicts"]!);
    }

    [Fact]
    public async Task A_verdict_that_contradicts_itself_is_refused()
    {
        using var client = await Serve();
        var judged = await Judge(client, Picture(1));
        var (said, other) = ((string)judged["class"]!, Labels.First(label => label != (string?)judged["class"]));
        foreach (var (right, name) in new[] { (true, other), (false, said) })
            await Verdict(client, Both(right, name), HttpStatusCode.UnprocessableEntity);
        await Verdict(client, Both(false, other));
        using var form = new FormUrlEncodedContent([new("judgement", (string?)judged["id"]), new("right", "true")]);
        using var answer = await client.PostAsync("verdict", form, Cancellation);
        Assert.Contains("application/json", (string?)(await Json(answer, HttpStatusCode.UnsupportedMediaType))["detail"],
            StringComparison.Ordinal);

        string Both(bool right, string name) =>
            new JsonObject { ["judgement"] = (string?)judged["id"], ["right"] = right, ["class"] = name }.ToJsonString();
    }

    [Fact]
    public async Task Generations_have_tallies_of_their_own_and_two_servers_share_a_file()
    {
        using var first = await Serve(Model(1));
        using var second = await Serve(Model(2));
        var judged = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Judge(number % 2 == 0 ? first : second, Picture(number))));
        // Each hears of the other's judgements.
        await Task.WhenAll(judged.Select((one, number) => Verdict(number % 2 == 0 ? second : first, Right(one))));
        foreach (var (client, served) in new[] { (first, 0), (second, 1) })
        {
            var tally = await Tally(client);
            Assert.Equal(2, tally.AsArray().Count);
            for (var place = 0; place < 2; place++)
                Assert.Equal((place + 1, 10, 10, 1.0, place == served), ((int)tally[place]!["number"]!, (int)tally[place]!["judged"]!,
                    (int)tally[place]!["right"]!, (double)tally[place]!["accuracy"]!, (bool)tally[place]!["served"]!));
            Assert.NotEqual((string?)tally[0]!["model"], (string?)tally[1]!["model"]);
        }
    }

    [Fact]
    public async Task What_was_judged_before_a_restart_gets_its_verdict_after_it()
    {
        using var before = await Serve();
        var judged = await Judge(before, Picture(1));
        await End();
        Assert.Equal([Database], Directory.GetFiles(Folder.Path, "verdicts.db*"));
        using var after = await Serve();
        await Verdict(after, Right(judged));
        Assert.Equal((1, 1), ((int)(await Tally(after))[0]!["judged"]!, (int)(await Tally(after))[0]!["verdicts"]!));
    }

    [Fact]
    public async Task The_description_tells_of_all_that_there_is()
    {
        using var client = await Serve();
        var api = JsonNode.Parse(await client.GetStringAsync("openapi.json", Cancellation))!;
        Assert.Equal(["/health", "/judge", "/model", "/tally", "/verdict"],
            api["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal));
        var judge = api["paths"]!["/judge"]!["post"]!;
        Assert.Equal(["application/octet-stream", "image/*", "multipart/form-data"],
            judge["requestBody"]!["content"]!.AsObject().Select(type => type.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["top:integer", "heatMap:boolean", "class:string"],
            judge["parameters"]!.AsArray().Select(one => $"{one!["name"]}:{one["schema"]!["type"]}"));
        Assert.Superset(new HashSet<string> { "200", "400", "413", "415", "422", "503" },
            judge["responses"]!.AsObject().Select(one => one.Key).ToHashSet());
        var verdict = api["paths"]!["/verdict"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!.ToJsonString();
        Assert.Contains("judgement", api.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEqual("{}", verdict);
        Assert.Equal("healthy", await client.GetStringAsync("health", Cancellation));
        using var head = await client.SendAsync(new(HttpMethod.Head, "health"), Cancellation);
        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync(Cancellation)).Length));
        var model = JsonNode.Parse(await client.GetStringAsync("model", Cancellation))!;
        Assert.Equal(Labels, model["classes"]!.AsArray().Select(one => (string?)one));
        using var nothing = await client.GetAsync("nothing", Cancellation);
        await Json(nothing, HttpStatusCode.NotFound);
    }

    static void AssertScores(float[] expected, JsonNode judged)
    {
        var scores = judged["scores"]!.AsArray().ToDictionary(one => (string)one!["class"]!, one => (float)one!["score"]!);
        foreach (var (label, score) in Labels.Zip(expected))
            Assert.Equal(score, scores[label], 1e-5f);
    }

    static void AssertTally(JsonNode tally, int verdicts, int right, params (string Actual, string Predicted, int Count)[] confusion)
    {
        var generation = Assert.Single(tally.AsArray())!;
        Assert.Equal((verdicts, right), ((int)generation["verdicts"]!, (int)generation["right"]!));
        Assert.Equal(confusion.Order(), generation["confusion"]!.AsArray()
            .Select(one => ((string)one!["actual"]!, (string)one["predicted"]!, (int)one["count"]!)).Order());
    }
}
