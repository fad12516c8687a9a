namespace MlPipelines.Cli;

/// <summary>What a user is told of an exception.</summary>
static class ErrorMessage
{
    /// <summary>Its message, without what .NET adds about parameters; of several the first.</summary>
    public static string Of(Exception exception) => exception switch
    {
        ArgumentException { ParamName: { } name } => exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        AggregateException { InnerExceptions: [var first, ..] } => Of(first),
        _ => exception.Message,
    };
}
