namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>Networks by ML.NET's names; each stands for a published one that has learnt ImageNet's classes.</summary>
    public enum Architecture
    {
        /// <summary>ResNet-101 v2 at 224×224.</summary>
        ResnetV2101,

        /// <summary>Inception v3; no file of it is in the catalogue.</summary>
        InceptionV3,

        /// <summary>MobileNet v2 at 224×224.</summary>
        MobilenetV2,

        /// <summary>ResNet-50 v2 at 224×224.</summary>
        ResnetV250,
    }

    static readonly Dictionary<Architecture, string> models = new()
    {
        [Architecture.ResnetV2101] = "resnet101-v2",
        [Architecture.MobilenetV2] = "mobilenetv2",
        [Architecture.ResnetV250] = "resnet50-v2",
    };

    /// <summary>The options with the network that <see cref="Options.Arch"/> names. Its classifier is replaced, and learnt in steps if nothing else is asked for.</summary>
    static Options Pretrained(Options options, Architecture arch)
    {
        if (options.Network is not null)
            throw new ArgumentException($"Arch: got {arch} beside a Network, needs one of the two. Leave out the other.");
        if (!models.TryGetValue(arch, out var name))
            throw new ArgumentException($"Arch: got {arch}, of which there is no public ONNX file in the catalogue of models, needs one of {string.Join(", ", models.Keys)}. Give a file of your own as Network = Network.FromOnnx(\"…\", Preprocessing.MinusOneToOne).");
        var wholeNetwork = options.FineTuning is not null || options.DepthRates is not null || options.Unfreezing is not null;
        return options with { Pretrained = options.OpenModel(name, options.ModelFolder), Head = options.Head ?? (wholeNetwork ? null : new MultilayerPerceptron()) };
    }
}
