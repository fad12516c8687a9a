namespace MlPipelines.Cli;

/// <summary>What a user is told of an exception.</summary>
static class ErrorMessage
{
    /// <summary>What a work makes of what is named; where that does not fit, the message names it.</summary>
    /// <param name="name">A file, an option, or both.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="InvalidDataException">It does not fit.</exception>
    public static T Naming<T>(string name, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is ArgumentException or Graphs.GraphException)
        {
            throw new InvalidDataException($"{name}: {Of(exception)}", exception);
        }
    }

    /// <summary>Its message, without what .NET adds about parameters; of several the first.</summary>
    public static string Of(Exception exception) => exception switch
    {
        ArgumentException { ParamName: { } name } => exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        AggregateException { InnerExceptions: [var first, ..] } => Of(first),
        _ => exception.Message,
    };
}
