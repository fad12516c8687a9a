using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>How an HTTP endpoint is asked about a picture, and how its answer is read: a small JSON file.</summary>
/// <remarks>
/// <c>url</c>, <c>headers</c>; <c>body</c>: JSON in which <c>${picture}</c> stands for the picture in base64, or the text
/// <c>${picture}</c> alone for its bytes; or <c>form</c>: fields of a form, of which <c>${picture}</c> is a file.
/// <c>${NAME}</c> elsewhere is the environment variable of that name: it is sent, and neither kept nor shown.
/// <c>picture</c>: png or jpeg; <c>largestSide</c>: larger pictures are made smaller.
/// The answer: <c>label</c> and <c>score</c>, paths such as <c>result.name</c>, within each element of the list at <c>predictions</c> where
/// that is given; or <c>scores</c>, the path of an object label → score. <c>scoreScale</c>: what scores are divided by.
/// <c>classes</c>: its labels → yours. <c>timeoutSeconds</c> (30), <c>retries</c> (4), <c>requestsPerSecond</c> (5), <c>parallel</c> (2).
/// </remarks>
public sealed class EndpointTemplate
{
    const string Picture = "${picture}";

    static readonly ImmutableArray<string> known = ["url", "headers", "body", "form", "picture", "largestSide", "predictions", "label",
        "score",
        "scores", "scoreScale", "classes", "timeoutSeconds", "retries", "requestsPerSecond", "parallel"];

    static readonly JsonSerializerOptions json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly JsonObject template;

    EndpointTemplate(string path, JsonObject template)
    {
        (Path, this.template) = (path, template);
        if (template.Select(member => member.Key).FirstOrDefault(name => !known.Contains(name)) is { } odd)
            throw Wrong(odd, "is not known", $"one of {string.Join(", ", known)} is needed");
        Url = Text("url") ?? throw Wrong("url", "is missing", "the address that pictures are sent to is needed");
        Headers = Texts("headers");
        Form = template["form"] is null ? null : Texts("form");
        Body = template["body"];
        if (Form is null == Body is null || !(Form is null ? Body!.ToJsonString(json) : string.Concat(Form.Values)).Contains(Picture,
            StringComparison.Ordinal))
            throw Wrong("body", "or form", $"exactly one of the two, with {Picture} in it, is needed");
        PictureType = Text("picture") ?? "png";
        if (PictureType is not ("png" or "jpeg"))
            throw Wrong("picture", $"is '{PictureType}'", "png or jpeg is needed");
        LargestSide = (int)Number("largestSide", 1 << 20, 8, 1 << 20);
        TimeOut = TimeSpan.FromSeconds(Number("timeoutSeconds", 30, 0.01, 3600));
        Retries = (int)Number("retries", 4, 0, 20);
        RequestsPerSecond = Number("requestsPerSecond", 5, 0.001, 10_000);
        Parallel = (int)Number("parallel", 2, 1, 64);
        Classes = Texts("classes").ToImmutableDictionary(one => one.Key, one => NormalForm.Of(one.Value), StringComparer.Ordinal);
        Answer = new(Text("predictions"), Text("label"), Text("score"), Text("scores"), (float)Number("scoreScale", 1, 1e-6, 1e9));
        if (Answer.Label is null == Answer.Scores is null || Answer.Scores is not null && (Answer.Score ?? Answer.Predictions) is not null)
            throw Wrong("label", "or scores", "either label (with score, predictions) or scores alone is needed to read the answer");
    }

    /// <summary>The file, or what it was called.</summary>
    public string Path { get; }

    internal string Url { get; }
    internal ImmutableSortedDictionary<string, string> Headers { get; }
    internal ImmutableSortedDictionary<string, string>? Form { get; }
    internal JsonNode? Body { get; }
    internal string PictureType { get; }
    internal int LargestSide { get; }
    internal TimeSpan TimeOut { get; }
    internal int Retries { get; }
    internal double RequestsPerSecond { get; }
    internal int Parallel { get; }
    internal ImmutableDictionary<string, string> Classes { get; }
    internal EndpointAnswer Answer { get; }

    /// <summary>What decides which answer a picture gets: all but how often and how patiently is asked, and what labels are called
    /// here.</summary>
    internal string Fingerprint
    {
        get
        {
            var decisive = new JsonObject();
            string[] idle = ["classes", "timeoutSeconds", "retries", "requestsPerSecond", "parallel"];
            foreach (var (name, value) in template.Where(member => !idle.Contains(member.Key))
                .OrderBy(member => member.Key, StringComparer.Ordinal))
                decisive[name] = value?.DeepClone();
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(decisive.ToJsonString(json))));
        }
    }

    /// <summary>Whether the body is the picture itself.</summary>
    internal bool SendsBytes => Body is JsonValue value && value.GetValueKind() == JsonValueKind.String
        && value.GetValue<string>() == Picture;

    /// <summary>Reads a template.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no JSON, or says something else than is needed; the message names file and
    /// place.</exception>
    public static EndpointTemplate Read(string path) => Parse(File.ReadAllText(Check.Named(path)), path);

    /// <summary>Reads a template from its text.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is no JSON, or says something else than is needed.</exception>
    public static EndpointTemplate Parse(string text, string name = "endpoint")
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return new(name, JsonNode.Parse(text, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip }) as JsonObject
                ?? throw new InvalidDataException($"{name}: is no JSON object, a template of an endpoint is needed."));
        }
        // A name that stands twice in an object is found only when the object is read.
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{name}: is no JSON: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Correct it "
                + "there.",
                exception);
        }
    }

    /// <summary>Every text of the template that may name a variable.</summary>
    internal IEnumerable<string> TextsSent => [Url, .. Headers.Values, .. Form?.Values ?? [], .. Body is null ? [] : Strings(Body)];

    static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Strings(member.Value)),
        JsonArray elements => elements.SelectMany(Strings),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    string? Text(string name) => template[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length > 0 =>
            value.GetValue<string>(),
        var other => throw Wrong(name, $"is {other.ToJsonString(json)}", "a text is needed"),
    };

    double Number(string name, double fallback, double least, double most) => template[name] switch
    {
        null => fallback,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.GetValue<double>() is var number && number >= least
            && number <= most => number,
        var other => throw Wrong(name, $"is {other.ToJsonString(json)}",
            string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most} is needed")),
    };

    ImmutableSortedDictionary<string, string> Texts(string name) => template[name] switch
    {
        null => ImmutableSortedDictionary<string, string>.Empty,
        JsonObject members when members.All(member => member.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String) =>
            members.ToImmutableSortedDictionary(member => member.Key, member => member.Value!.GetValue<string>(), StringComparer.Ordinal),
        var other => throw Wrong(name, $"is {other.ToJsonString(json)}", "an object of texts is needed"),
    };

    InvalidDataException Wrong(string name, string found, string needed) => new($"{Path}: '{name}' {found}, {needed}.");
}
