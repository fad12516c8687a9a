namespace MlPipelines.Cli;

/// <summary>The argument MODEL, and the options that say of a network made elsewhere what a model of this library knows itself.</summary>
/// <param name="get">The model of a command's settings.</param>
/// <param name="set">The settings with another model.</param>
sealed class ModelOptions<TSettings>(Func<TSettings, ModelFile> get, Func<TSettings, ModelFile, TSettings> set)
{
    public void AddTo(SettingsCommand<TSettings> command)
    {
        command.Add(OptionKinds.Path("MODEL", "A model file (.zip or .onnx) that train, Model.Save or SaveAsOnnx wrote; or a classifier "
            + "made elsewhere, an .onnx file or a name that 'mlpipe models list' shows."),
            (settings, path) => set(settings, get(settings) with { Path = path }));
        command.Add(OptionKinds.Text("--labels",
            "The names of the classes of a network made elsewhere: one a line in the order of its scores, or JSON; without it those in its "
                + "own metadata.", "FILE"), (settings, file) => set(settings, get(settings) with { Labels = file }));
        command.Add(OptionKinds.Parsed("--preprocessing",
            $"What a network made elsewhere wants done with pixels: {string.Join(", ", PreprocessingText.Names)}.", "KIND",
            PreprocessingText.Parse), (settings, kind) => set(settings, get(settings) with { Preprocessing = kind }));
        command.Add(
            OptionKinds.OptionalNumber("--size", "Width and height of the images of a network made elsewhere that takes any.", 8, 4096),
            (settings, size) => set(settings, get(settings) with { Size = size }));
        command.Add(NetworkPartOptions.Output(), (settings, output) => set(settings, get(settings) with { Output = output }));
        command.Add(SharedOptions.Device(), (settings, device) => set(settings, get(settings) with { Device = device }));
    }
}
