using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MlPipelines;

/// <summary>Members of a <see cref="Catalog{TFamily}"/> as JSON objects whose "kind" is the member's name.</summary>
sealed class FamilyConverter<TFamily> : JsonConverter<TFamily> where TFamily : class
{
    const string Kind = "kind";

    public override TFamily Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonNode.Parse(ref reader);
        if (json is not JsonObject members || members[Kind] is not JsonValue kind || !kind.TryGetValue(out string? name))
            throw new JsonException($"{typeof(TFamily).Name}: got {json?.GetValueKind() ?? JsonValueKind.Null}, needs an object with a "
                + $"\"{Kind}\".");
        // What is left are the member's own properties, of which none may be unknown.
        members.Remove(Kind);
        return (TFamily)members.Deserialize(Catalog<TFamily>.Find(name), options)!;
    }

    public override void Write(Utf8JsonWriter writer, TFamily value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        var json = new JsonObject { [Kind] = Catalog<TFamily>.NameOf(value.GetType()) };
        foreach (var (name, part) in JsonSerializer.SerializeToNode(value, value.GetType(), options)!.AsObject())
            if (!json.TryAdd(name, part?.DeepClone()))
                throw new NotSupportedException($"{value.GetType()}: has a property '{name}', by which files know its type. Rename it.");
        json.WriteTo(writer, options);
    }
}
