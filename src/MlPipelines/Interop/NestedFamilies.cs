using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>Finds the converter of a family that a step holds members of (an abstract record of this library).</summary>
sealed class NestedFamilies : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert is { IsAbstract: true, IsInterface: false } && Own.Contains(typeToConvert.Assembly);

    static readonly Assembly[] Own = [typeof(NestedFamilies).Assembly, typeof(Augmentation).Assembly, typeof(Network).Assembly];

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(FamilyConverter<>).MakeGenericType(typeToConvert))!;
}
