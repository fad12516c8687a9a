using System.CommandLine;
using System.Numerics;

namespace MlPipelines.Cli;

/// <summary>Options that several commands have; a value out of range is a misuse.</summary>
static class CommandOptions
{
    public static Option<string> Device()
    {
        var option = new Option<string>("--device") { Description = "Where networks run: cpu, cuda, cuda:N, webgpu, directml, directml:N, coreml.", HelpName = "DEVICE", DefaultValueFactory = _ => "cpu" };
        option.Validators.Add(result =>
        {
            try
            {
                Execution.Device.Parse(result.GetValueOrDefault<string>() ?? "");
            }
            catch (FormatException e)
            {
                result.AddError($"--device: {e.Message}");
            }
        });
        return option;
    }

    public static Option<bool> Strict() => new("--fail-on-bad-files") { Description = "Fail on files that cannot be read, instead of skipping and listing them." };

    public static Option<string> Folder(string name, string description, string? fallback = null)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "DIR" };
        if (fallback is not null)
            option.DefaultValueFactory = _ => fallback;
        return option;
    }

    public static Option<T> Number<T>(string name, string description, T fallback, T least) where T : INumber<T>
    {
        var option = new Option<T>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => fallback };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<T>() is { } value && !(value >= least && T.IsFinite(value)))
                result.AddError($"{name}: got {value}, needs at least {least}.");
        });
        return option;
    }
}
