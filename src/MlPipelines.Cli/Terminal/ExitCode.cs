namespace MlPipelines.Cli;

/// <summary>How a command went, for whoever started the process.</summary>
static class ExitCode
{
    public const int Success = 0, Failure = 1, Misuse = 2;

    /// <summary>Ended by Ctrl+C or SIGTERM: what shells say of a program that SIGINT ends.</summary>
    public const int Stopped = 130;

    /// <summary>Whether what was to be done was done.</summary>
    public static int Of(bool isSuccess) => isSuccess ? Success : Failure;
}
