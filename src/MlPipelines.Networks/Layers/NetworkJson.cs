using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Networks as JSON; layers and initializers go by the names of their types.</summary>
static class NetworkJson
{
    static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Family<Layer>("layer"), Family<Initializer>("initializer") } },
    };

    sealed record Description(string Network, IReadOnlyList<Layer>? Layers = null, Preprocessing? Preprocessing = null,
        IReadOnlyList<SummaryRow>? Summary = null);

    public static string Write(Sequential network) =>
        JsonSerializer.Serialize(new Description(nameof(Sequential), network.Layers), Options);

    public static string Write(Network network, Summary summary, Preprocessing? preprocessing = null) =>
        JsonSerializer.Serialize(new Description(network.GetType().Name, Preprocessing: preprocessing, Summary: summary.Rows), Options);

    public static Network Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Description>(json, Options) switch
            {
                { Network: nameof(Sequential), Layers: { } layers } => new Sequential(layers),
                { Network: nameof(Functional) } =>
                throw new InvalidDataException(
                    "network: describes a functional network, needs a sequential one. Read its ONNX file instead."),
                var other =>
                throw new InvalidDataException($"network: got '{other?.Network ?? "nothing"}' with {other?.Layers?.Count ?? 0} layers, "
                    + "needs 'Sequential' with its layers."),
            };
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException($"network: {exception.Message}", exception);
        }
    }

    static Action<JsonTypeInfo> Family<TFamily>(string discriminator) where TFamily : class => info =>
    {
        if (info.Type == typeof(TFamily))
        {
            info.PolymorphismOptions = new()
            {
                TypeDiscriminatorPropertyName = discriminator,
                UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization,
            };
            foreach (var (name, type) in Catalog<TFamily>.Members.Where(member => member.Value.IsPublic).Concat(Catalog<TFamily>.Others))
                info.PolymorphismOptions.DerivedTypes.Add(new(type, name));
        }
    };
}
