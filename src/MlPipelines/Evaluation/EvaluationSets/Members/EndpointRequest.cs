using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Makes requests of a template and a picture. It alone knows the values of the variables, and takes them out of any
/// text.</summary>
sealed partial class EndpointRequest
{
    const string PictureName = "picture";

    readonly EndpointTemplate template;
    readonly ImmutableSortedDictionary<string, string> secrets;

    /// <param name="template">What is sent.</param>
    /// <param name="variable">Value of an environment variable.</param>
    /// <exception cref="InvalidDataException">A variable is not set, or the address is none.</exception>
    public EndpointRequest(EndpointTemplate template, Func<string, string?> variable)
    {
        this.template = template;
        secrets = template.TextsSent.SelectMany(text => Placeholder().Matches(text)).Select(match => match.Groups[1].Value)
            .Where(name => name != PictureName).Distinct().ToImmutableSortedDictionary(name => name,
                name => variable(name) is { Length: > 0 } value ? value : throw new InvalidDataException(
                    $"{template.Path}: the environment variable {name} is not set, ${{{name}}} stands for it. Set it, as in 'export "
                        + $"{name}=…'."),
                StringComparer.Ordinal);
        if (!Uri.TryCreate(Filled(template.Url), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new InvalidDataException($"{template.Path}: 'url' is '{template.Url}', an address that begins with http:// or "
                + "https:// is needed.");
        Address = address;
        // A header that is none is an error of the template, not of a picture.
        using var tried = new HttpRequestMessage(HttpMethod.Post, address);
        AddHeaders(tried);
    }

    public Uri Address { get; }

    public HttpRequestMessage For(Image image)
    {
        var scale = Math.Min(1, (double)template.LargestSide / Math.Max(image.Width, image.Height));
        var sent = scale == 1 ? image : image.Resize(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)),
            ResizingKind.Fill);
        var bytes = sent.Encode(template.PictureType == "png" ? ".png" : ".jpg", 95);
        var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = ContentOf(bytes) };
        AddHeaders(request);
        return request;
    }

    /// <summary>A text of the server's or the system's, with no value of a variable in it.</summary>
    public string Clean(string text)
    {
        // The longest first: one may hold another.
        foreach (var (name, value) in secrets.OrderByDescending(secret => secret.Value.Length))
            foreach (var form in new[] { value, Uri.EscapeDataString(value), Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) })
                text = text.Replace(form, $"${{{name}}}", StringComparison.Ordinal);
        return text;
    }

    HttpContent ContentOf(byte[] bytes)
    {
        if (template.Form is { } fields)
        {
            var form = new MultipartFormDataContent();
            foreach (var (name, value) in fields)
                if (value == $"${{{PictureName}}}")
                    form.Add(PictureContent(bytes), name, $"picture.{template.PictureType}");
                else
                    form.Add(new StringContent(Filled(value, bytes)), name);
            return form;
        }
        return template.SendsBytes ? PictureContent(bytes)
            : new StringContent(Filled(template.Body!.DeepClone(), bytes)!.ToJsonString(), Encoding.UTF8, "application/json");
    }

    ByteArrayContent PictureContent(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue($"image/{template.PictureType}");
        return content;
    }

    void AddHeaders(HttpRequestMessage request)
    {
        foreach (var (name, value) in template.Headers)
            try
            {
                request.Headers.Add(name, Filled(value));
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException or ArgumentException)
            {
                throw new InvalidDataException(
                    $"{template.Path}: the header '{name}' cannot be sent with '{value}'. Correct it, or the variable that it names.");
            }
    }

    JsonNode? Filled(JsonNode? node, byte[] picture) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Filled(member.Value, picture)))),
        JsonArray elements => new JsonArray([.. elements.Select(element => Filled(element, picture))]),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String =>
            JsonValue.Create(Filled(value.GetValue<string>(), picture)),
        _ => node?.DeepClone(),
    };

    string Filled(string text, byte[]? picture = null) => Placeholder().Replace(text, match => match.Groups[1].Value is var name
        && name == PictureName ? picture is null ? match.Value : Convert.ToBase64String(picture) : secrets[name]);

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Placeholder();
}
