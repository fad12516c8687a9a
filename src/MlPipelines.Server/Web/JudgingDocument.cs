using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MlPipelines;

/// <summary>What OpenAPI's description says of bodies and parameters that are read by hand.</summary>
static class JudgingDocument
{
    static OpenApiSchema File => new() { Type = JsonSchemaType.String, Format = "binary" };

    /// <summary>The picture itself, or a form with it.</summary>
    public static Task OfJudge(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var form = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema> { ["picture"] = File },
        };
        operation.RequestBody = Body(("image/*", File), ("application/octet-stream", File), ("multipart/form-data", form));
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Schema = parameter.Name switch
            {
                "top" => new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Default = 5 },
                "heatMap" => new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false },
                _ => parameter.Schema,
            };
        return Task.CompletedTask;
    }

    /// <summary>A verdict.</summary>
    public static async Task OfVerdict(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellation) => operation.RequestBody = Body(("application/json",
            await context.GetOrCreateSchemaAsync(typeof(VerdictRequest), cancellationToken: cancellation).ConfigureAwait(false)));

    static OpenApiRequestBody Body(params ReadOnlySpan<(string Type, OpenApiSchema Schema)> content)
    {
        var types = new Dictionary<string, OpenApiMediaType>();
        foreach (var (type, schema) in content)
            types.Add(type, new() { Schema = schema });
        return new() { Required = true, Content = types };
    }
}
