using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlPipelines.Pipelines;

/// <summary>Finds the converter of a family that a step holds members of (an abstract record of this library).</summary>
sealed class NestedFamilies : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert is { IsAbstract: true, IsInterface: false } && typeToConvert.Assembly == typeof(NestedFamilies).Assembly;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(FamilyConverter<>).MakeGenericType(typeToConvert))!;
}
