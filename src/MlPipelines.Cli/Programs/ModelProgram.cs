using System.Text.Json.Nodes;

namespace MlPipelines.Cli;

/// <summary>A project around a model, which builds and runs as it is.</summary>
static class ModelProgram
{
    /// <summary>Writes it.</summary>
    /// <param name="terminal">Where it is said what was written.</param>
    /// <param name="source">A model file, or the folder of a run.</param>
    /// <param name="name">Name of the class.</param>
    /// <param name="folder">A new folder.</param>
    /// <param name="isWeb">Whether it serves the model over HTTP.</param>
    /// <exception cref="IOException">The folder holds something already, or a file is missing.</exception>
    /// <exception cref="InvalidDataException">It is no model of this library, or none that predicts from files.</exception>
    public static void Write(Terminal terminal, string source, string name, string folder, bool isWeb)
    {
        if (File.Exists(folder) || Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new IOException($"{folder}: {(File.Exists(folder) ? "is a file" : "holds something already")}, a new folder is needed. "
                + "Choose another, or empty it.");
        var run = Directory.Exists(source);
        var model = run ? Path.Combine(source, "model.onnx") : source;
        if (run && !File.Exists(model))
            throw new FileNotFoundException($"{source}: has no model.onnx, the folder of a run that has ended is needed. Check the path.");
        var modelFile = $"{name}{Path.GetExtension(model).ToLowerInvariant()}";
        var consumption = Consumption(terminal, model, name, modelFile);
        var training = run ? Training(source, name) : null;
        var project = new ProjectCode(name, modelFile, training is not null, isWeb);
        Dictionary<string, string> files = new()
        {
            [$"{name}.consumption.cs"] = consumption.Render(),
            ["Program.cs"] = project.RenderProgram(),
            [$"{name}.csproj"] = project.RenderProject(training is { UsesPackaged: true }),
        };
        if (training is not null)
            files.Add($"{name}.training.cs", training.Render());
        AtomicFile.WriteWithFolder(Path.Combine(folder, modelFile), File.ReadAllBytes(model));
        foreach (var (file, text) in files)
            AtomicFile.WriteWithFolder(Path.Combine(folder, file), text);
        terminal.Line($"program:  {folder} ({string.Join(", ", files.Keys.Append(modelFile).Order(StringComparer.Ordinal))})");
        if (training is null)
            terminal.Line($"advice: {name}.training.cs is not there, as a model alone does not say how it was made; the folder of its run "
                + "does.");
    }

    static ConsumptionCode Consumption(Terminal terminal, string path, string name, string modelFile)
    {
        if (new ModelFile { Path = ModelFile.Existing(path) }.IsOfOthers())
            throw new InvalidDataException($"{path}: is a network made elsewhere, a model of this library is needed. Make one on it with "
                + "'mlpipe train --network'.");
        var steps = terminal.Context(seed: 0).Model.LoadModel(path).ScoringSteps().ToArray();
        var classifier = steps.OfType<ImageClassifier>().LastOrDefault()
            ?? throw new InvalidDataException($"{path}: holds no classifier of images, a model that 'mlpipe train' or a pipeline with the "
                + "trainer of this library left is needed.");
        var loader = steps.OfType<ImageLoader>().LastOrDefault(step => step.OutputColumn == classifier.FeatureColumn)
            ?? throw new InvalidDataException($"{path}: takes pictures of the column '{classifier.FeatureColumn}' and no files. Begin its "
                + "pipeline with LoadImages.");
        return new(name, modelFile, loader.InputColumn, classifier.ScoreColumn);
    }

    static TrainingCode? Training(string run, string name)
    {
        var path = Path.Combine(run, "pipeline.json");
        return File.Exists(path) && JsonNode.Parse(File.ReadAllText(path)) is JsonObject file && file.ContainsKey("network")
            ? new(name, file, path) : null;
    }
}
