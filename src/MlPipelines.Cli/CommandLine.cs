using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;

namespace MlPipelines.Cli;

/// <summary>The command line: parses, runs one command, and says how it went.</summary>
public static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <param name="args">The words behind the program's name.</param>
    /// <param name="output">Takes the results.</param>
    /// <param name="error">Takes everything else.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <returns>0 for success, 1 for failure, 2 for misuse, 130 when stopped by Ctrl+C.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation = default) =>
        Run(args, output, error, TextReader.Null, cancellation);

    /// <summary>Runs one command that may read a list of files.</summary>
    /// <param name="args">The words behind the program's name.</param>
    /// <param name="output">Takes the results.</param>
    /// <param name="error">Takes everything else.</param>
    /// <param name="input">What is read where a command is told to.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <inheritdoc cref="Run(string[], TextWriter, TextWriter, CancellationToken)" path="/returns"/>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong becomes one line and an exit code here, and nowhere else.")]
    public static int Run(string[] args, TextWriter output, TextWriter error, TextReader input, CancellationToken cancellation)
    {
        var verbose = new Option<bool>("--verbose")
        {
            Description = "Say what happens on the way, and show the stack of an error.",
            Recursive = true,
        };
        var terminal = new Terminal(output, error, cancellation, input);
        var root = Commands(terminal);
        root.Options.Add(verbose);
        CommandExamples.AddTo(root);
        if (Parsed(terminal, root, args is ["help", .. var words] ? [.. words, "--help"] : args) is not { } parsed)
            return ExitCode.Failure;
        if (parsed.Action is ParseErrorAction || CommandWords.Misspelt(parsed).Any())
        {
            foreach (var problem in CommandWords.Problems(parsed))
                terminal.Error(problem);
            error.WriteLine($"Run '{string.Join(' ', Words(parsed.CommandResult))} --help' for what is needed.");
            return ExitCode.Misuse;
        }
        terminal.Verbose = parsed.GetValue(verbose);
        using var decoding = Imaging.DecodingCancellation.By(cancellation);
        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Error("Stopped.");
            return ExitCode.Stopped;
        }
        catch (Exception exception)
        {
            Report(terminal, error, parsed, exception);
            return ExitCode.Failure;
        }
        finally
        {
            Finish(terminal);
        }
    }

    static RootCommand Commands(Terminal terminal) => new(
        "Image classification: a labelled folder in, a trained model and its mistakes out.")
    {
        TrainCommand.Create(terminal),
        BuildCommand.Create(terminal),
        TrainCommand.CreateRun(terminal),
        RunsCommand.Create(terminal),
        EvaluateCommand.Create(terminal),
        ReportCommand.Create(terminal),
        CompareCommand.Create(terminal),
        CalibrateCommand.Create(terminal),
        PredictCommand.Create(terminal),
        FeaturesCommand.Create(terminal),
        MergeCommand.Create(terminal),
        ClusterCommand.Create(terminal),
        NewCommand.Create(terminal),
        QuickstartCommand.Create(terminal),
        AugmentCommand.Create(terminal),
        ExplainCommand.Create(terminal),
        ServeCommand.Create(terminal),
        VerdictsCommand.Create(terminal),
        EvaluationSetsCommand.Create(terminal),
        DatasetCommand.Create(terminal),
        ModelsCommand.Create(terminal),
        CompletionCommand.Create(terminal),
    };

    /// <summary>What the words come to, with those that --pipeline stands for; null where its file cannot be read, which is said.</summary>
    static ParseResult? Parsed(Terminal terminal, RootCommand root, string[] words)
    {
        // A file name that begins with @ is a file name.
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
        try
        {
            words = ClusterCommand.Divided(words, root.Parse(words, parser));
            var train = PipelineFile.AsTrain(words, root.Parse(words, parser));
            return root.Parse(PipelineFile.Expanded(train, root.Parse(train, parser)), parser);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            terminal.Error(exception.Message);
            return null;
        }
    }

    static IEnumerable<string> Words(CommandResult result) =>
        result.Parent is CommandResult parent ? Words(parent).Append(result.Command.Name) : ["mlpipe"];

    static void Finish(Terminal terminal)
    {
        try
        {
            terminal.Finish();
        }
        catch (IOException)
        {
            // As below.
        }
    }

    static void Report(Terminal terminal, TextWriter error, ParseResult parsed, Exception exception)
    {
        try
        {
            terminal.Error(ModelInWork.Named(parsed, exception, ErrorMessage.Of(exception)));
            if (terminal.Verbose)
                error.WriteLine(exception);
        }
        catch (IOException)
        {
            // The error stream itself cannot be written; the exit code still tells.
        }
    }
}
