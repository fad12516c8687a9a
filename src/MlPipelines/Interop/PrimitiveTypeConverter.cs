using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlPipelines;

/// <summary>The types of numbers and texts that columns hold, by name; a file names no other type.</summary>
sealed class PrimitiveTypeConverter : JsonConverter<Type>
{
    static readonly Dictionary<string, Type> Known = new Type[]
    {
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(string),
    }.ToDictionary(type => type.Name);

    public override Type Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } name && Known.TryGetValue(name, out var type) ? type
        : throw new JsonException($"Type: needs one of {string.Join(", ", Known.Keys)}.");

    public override void Write(Utf8JsonWriter writer, Type value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}
