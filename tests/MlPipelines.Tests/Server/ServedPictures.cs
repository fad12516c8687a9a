using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Server;

/// <summary>A small model in a file, pictures, and servers on loopback that end with the test.</summary>
public abstract class ServedPictures : IAsyncDisposable
{
    protected const string Hostile = "<script>alert(1)</script>";

    internal static readonly string[] Labels = ["plain", Hostile, "b & \"c\" 'd'", "日本"];

    readonly List<JudgingServer> servers = [];

    private protected TemporaryFolder Folder { get; } = new();

    private protected string Database => Folder.File("verdicts.db");

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a model that differs with its seed.</summary>
    private protected string Model(int seed = 1, string[]? labels = null)
    {
        var (network, path) = (Folder.File($"network{seed}.onnx"), Folder.File($"model{seed}.onnx"));
        OnnxFile.Save(new Sequential(new Input(12, 12, 3), new Rescaling(1 / 64f), new Conv2D(8, 3, activation: Activation.Relu),
            new GlobalAveragePooling2D(), new Dense(4, Activation.Softmax)).Build().Initialize(seed), network);
        var ml = new MLContext(1);
        var view = ml.Data.LoadFromEnumerable(new[] { new { ImagePath = "" } });
        var model = ml.Transforms.LoadImages("Image", "ImagePath", 12, 12).Fit(view)
            .Append(ImageClassifier.FromNetwork(Network.FromOnnx(network), labels ?? Labels));
        ml.Model.SaveAsOnnx(model, path, view.Schema);
        return path;
    }

    /// <summary>The file of a picture that differs with its number.</summary>
    private protected static byte[] Picture(int number)
    {
        var dice = Dice.For(number);
        var colour = Enumerable.Range(0, 3).Select(_ => dice.Below(200)).ToArray();
        byte[] pixels = [.. Enumerable.Range(0, 20 * 16 * 3).Select(place => (byte)(colour[place % 3] + dice.Below(50)))];
        return Image.FromPixels(20, 16, 3, pixels).Encode(number % 3 == 0 ? ".jpg" : ".png");
    }

    /// <summary>What the model says of the pictures by itself.</summary>
    private protected float[][] Predicted(string model, IReadOnlyList<byte[]> pictures)
    {
        Directory.CreateDirectory(Folder.File("own"));
        var paths = pictures.Select((_, number) => Folder.File($"own/{number}.png")).ToArray();
        foreach (var (path, picture) in paths.Zip(pictures))
            File.WriteAllBytes(path, picture);
        var ml = new MLContext(1);
        var scored = ml.Model.LoadModel(model).Transform(ml.Data.LoadFromEnumerable(paths.Select(path => new { ImagePath = path })));
        return [.. scored.GetColumn<float[]>("Score")];
    }

    private protected async Task<HttpClient> Serve(string? model = null, Func<JudgingOptions, JudgingOptions>? change = null)
    {
        var options = new JudgingOptions { Verdicts = Database };
        var server = await JudgingServer.Start(ServedModel.FromFile(model ?? Model()), change?.Invoke(options) ?? options,
            new(IPAddress.Loopback, 0), cancellation: Cancellation);
        servers.Add(server);
        return new() { BaseAddress = server.Address };
    }

    /// <summary>Ends all servers as a signal does.</summary>
    private protected async Task End()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
        servers.Clear();
    }

    private protected static ByteArrayContent Content(byte[] bytes, string? type = "image/png")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private protected static async Task<JsonNode> Judge(HttpClient client, byte[] picture, string query = "")
    {
        using var answer = await client.PostAsync($"judge{query}", Content(picture), Cancellation);
        return await Json(answer, HttpStatusCode.OK);
    }

    private protected static async Task<JsonNode> Json(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(expected == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal((int)expected < 400 ? "application/json" : "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!;
    }

    private protected static async Task<JsonNode> Verdict(HttpClient client, string body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("verdict", content, Cancellation);
        return await Json(answer, expected);
    }

    private protected static async Task<JsonNode> Tally(HttpClient client) =>
        JsonNode.Parse(await client.GetStringAsync("tally", Cancellation))!["generations"]!;

    private protected static string Right(JsonNode judgement) =>
        new JsonObject { ["judgement"] = (string?)judgement["id"], ["right"] = true }.ToJsonString();

    private protected static string Is(JsonNode judgement, string name) =>
        new JsonObject { ["judgement"] = (string?)judgement["id"], ["class"] = name }.ToJsonString();
}
