using System.CommandLine;
using System.CommandLine.Parsing;
using MlPipelines.Graphs;
using MlPipelines.Native;

namespace MlPipelines.Cli;

/// <summary>The file of a model or network that a command was given, for messages that come from deep inside it and do not know
/// it.</summary>
static class ModelInWork
{
    static readonly string[] Names = ["MODEL", "NETWORK", "--network", "--from"];

    /// <summary>The message, with the file before it where it is about what is in it and does not name it.</summary>
    public static string Named(ParseResult parsed, Exception exception, string message) =>
        IsAboutContent(exception) && Files(parsed).FirstOrDefault() is { } file
            && !message.Contains(Path.GetFileName(file), StringComparison.Ordinal) ? $"{file}: {message}" : message;

    // A picture, a table or an option is told of by exceptions of other kinds.
    static bool IsAboutContent(Exception exception) => exception is GraphException or NativeException or ArithmeticException
        or IndexOutOfRangeException or NullReferenceException or InvalidOperationException or KeyNotFoundException
        || exception is AggregateException { InnerExceptions: [var first, ..] } && IsAboutContent(first);

    static IEnumerable<string> Files(ParseResult parsed) => parsed.CommandResult.Children.Where(child => child switch
    {
        ArgumentResult argument => Names.Contains(argument.Argument.Name),
        OptionResult option => Names.Contains(option.Option.Name),
        _ => false,
    }).SelectMany(child => child.Tokens).Select(token => token.Value).Where(File.Exists);
}
