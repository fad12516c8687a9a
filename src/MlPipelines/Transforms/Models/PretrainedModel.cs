using System.Collections.Immutable;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>A network that others have trained and published as an ONNX file: where it is, how it is known,
/// and what it wants done with images.</summary>
/// <param name="Name">Short name, as the command line knows it.</param>
/// <param name="Title">Name in the literature.</param>
/// <param name="Published">The file: its name, size and SHA-256.</param>
/// <param name="Addresses">Folders on the network that hold the file; each ends with '/'. The next one is asked when one fails.</param>
/// <param name="Licence">Its SPDX identifier.</param>
/// <remarks>Nothing is downloaded but by <see cref="PretrainedModelsCatalog.Download"/> and <c>mlpipe models get</c>.</remarks>
public sealed partial record PretrainedModel(string Name, string Title, PublishedFile Published, ImmutableArray<Uri> Addresses,
    string Licence)
{
    /// <summary>Name of the application's setting (<see cref="AppContext"/>) that replaces the publishers' addresses by a folder on the
    /// network with one sub-folder a model.</summary>
    public const string MirrorSetting = "MlPipelines.Models";

    /// <summary>Name of the application's setting that replaces the folder where models are kept.</summary>
    public const string FolderSetting = "MlPipelines.ModelsFolder";

    /// <inheritdoc cref="PretrainedModel" path="/param[@name='Name']"/>
    public string Name { get; } = Check.Named(Name);

    /// <summary>The images that it was trained on.</summary>
    public required Input Takes { get; init; }

    /// <summary>Number of classes that it tells apart.</summary>
    public required int Classes { get; init => field = Check.AtLeast(value, 1, nameof(Classes)); }

    /// <summary>What it wants done with pixels; null where its publishers do not say.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>How its publishers bring images to its size.</summary>
    public ResizingKind Resize { get; init; } = ResizingKind.IsoCrop;

    /// <summary>Share of ImageNet's validation images that it names rightly, as published, from 0 to 1; null where it is not
    /// published.</summary>
    public double? Top1Accuracy
    {
        get;
        init => field = value is { } accuracy ? Check.Within(accuracy, 0, 1, nameof(Top1Accuracy)) : null;
    }

    /// <inheritdoc cref="PretrainedModel" path="/param[@name='Addresses']"/>
    public ImmutableArray<Uri> Addresses { get; } = !Addresses.IsDefaultOrEmpty && Addresses.All(DownloadOptions.IsFolder) ? Addresses
        : throw new ArgumentException($"Addresses: got {(Addresses.IsDefaultOrEmpty ? "none" : string.Join(", ", Addresses))}, needs at "
            + "least one of http or https that ends with '/'.", nameof(Addresses));

    /// <summary>Where models are kept unless another folder is named: in the user's folder of local application data, or where
    /// <see cref="FolderSetting"/> says.</summary>
    /// <exception cref="InvalidOperationException">There is neither.</exception>
    public static string DefaultFolder
    {
        get
        {
            if (AppContext.GetData(FolderSetting) is string { Length: > 0 } setting)
                return setting;
            var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify);
            return data.Length > 0 ? Path.Combine(data, "MlPipelines", "models")
                : throw new InvalidOperationException("Models: this user has no folder of application data, needs one to keep models in. "
                    + $"Name a folder, or set {FolderSetting}.");
        }
    }

    /// <summary>The model of that name, or of that file's name.</summary>
    /// <param name="name">Such as <c>mobilenetv2</c> or <c>mobilenetv2-7.onnx</c>, in any case.</param>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static PretrainedModel Find(string name) => All.FirstOrDefault(model => model.IsNamed(name))
        ?? throw new ArgumentException($"Model '{name}' is not known; there are {string.Join(", ", All.Select(model => model.Name))}. A "
            + "file of your own is read by Network.FromOnnx.", nameof(name));

    /// <summary>Whether it has that name, or its file has, with or without .onnx, in any case.</summary>
    public bool IsNamed(string name) =>
        new[] { Name, Published.Name, Path.GetFileNameWithoutExtension(Published.Name) }.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file is that of the model, by its size and SHA-256.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool IsIn(string path) =>
        new FileInfo(path).Length == Published.Bytes && Checksum.OfFile(path, unzipped: false) == Published.Sha256;

    /// <summary>Where the file of a model lies; null when it was not downloaded.</summary>
    /// <param name="name">As <see cref="Find(string)"/> takes it.</param>
    /// <param name="folder">The folder of models; null for <see cref="DefaultFolder"/>.</param>
    /// <remarks>A file of another size is none; its SHA-256 is only checked by the download.</remarks>
    /// <exception cref="ArgumentException">There is no model of that name.</exception>
    public static string? InstalledPath(string name, string? folder = null) => Find(name).InstalledIn(folder);

    /// <summary>Where the file lies in a folder of models; null when it was not downloaded.</summary>
    /// <param name="folder">The folder; null for <see cref="DefaultFolder"/>.</param>
    public string? InstalledIn(string? folder = null)
    {
        var file = new FileInfo(Path.Combine(folder ?? DefaultFolder, Published.Name));
        return file.Exists && file.Length == Published.Bytes ? file.FullName : null;
    }

    /// <summary>Where the file lies.</summary>
    /// <param name="folder">The folder of models; null for <see cref="DefaultFolder"/>.</param>
    /// <exception cref="FileNotFoundException">It was not downloaded; the message says how it is.</exception>
    public string File(string? folder = null) => InstalledIn(folder)
        ?? throw new FileNotFoundException($"{Name}: {Published.Name} ({Published.Bytes / 1e6:0} MB) is not "
            + $"in {folder ?? DefaultFolder}. Fetch it with 'mlpipe models get {Name}'{(folder is null ? "" : " and --output")}, or name "
            + "a file of your own.");

    /// <summary>The network with what it wants done with pixels.</summary>
    /// <param name="folder">The folder of models; null for <see cref="DefaultFolder"/>.</param>
    /// <param name="preprocessing">What it wants done with pixels 0–255 in RGB; null for what its publishers say.</param>
    /// <exception cref="FileNotFoundException">It was not downloaded.</exception>
    /// <exception cref="ArgumentException">Its publishers do not say what it wants, so it has to be given.</exception>
    public GraphNetwork Load(string? folder = null, Preprocessing? preprocessing = null) => Network.FromOnnx(File(folder),
        preprocessing ?? Preprocessing
        ?? throw new ArgumentException($"{Name}: what it wants done with pixels is not published, needs a preprocessing. Give one, such "
            + "as Preprocessing.ImageNetCaffe.", nameof(preprocessing)));
}
