using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>Looking into networks: verbs and steps.</summary>
public static class ExplanationVerbs
{
    /// <summary>Looks into the classifier of a fitted or loaded pipeline; images are prepared as its steps do it.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="model">A pipeline with an <see cref="ImageClassifier"/>.</param>
    /// <returns>To be disposed of by the caller.</returns>
    /// <exception cref="ArgumentException">The pipeline has no classifier.</exception>
    public static NetworkExplainer Explain(this ModelOperationsCatalog catalog, ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        return NetworkExplainer.Of(model);
    }

    /// <summary>Gives what a layer inside a network computes for each image, as a vector [channels,height,width] or [features].</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of the layer's values.</param>
    /// <param name="inputColumnName">Column of images, of image files' bytes or paths, or of vectors [C, H, W].</param>
    /// <param name="network">A network that has learnt.</param>
    /// <param name="layer">Its name, of <see cref="Network.LayersFor"/>.</param>
    /// <param name="input">The images that the network gets, and how others are brought to that size; null for those that it takes,
    /// cropped.</param>
    /// <exception cref="ArgumentException">There is no such layer, or the network takes any size and none is given.</exception>
    public static StepEstimator<ImageFeaturizer> ExtractLayer(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName, Network network, string layer, NetworkInput? input = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var takes = network.Takes;
        if (input is null && takes is null)
            throw new ArgumentException("ExtractLayer: the network takes images of any size, needs one. Give an input, such as "
                + "new NetworkInput(3, 224, 224).", nameof(network));
        var (height, width, channels) = input is null ? (takes!.Height, takes.Width, takes.Channels)
            : (input.Height, input.Width, input.Channels);
        var host = catalog.Host();
        var graph = InferenceMode.WithoutDropout(network.Build(height, width, channels)).Initialize(host.Seed());
        var value = NetworkLayer.Find(graph, Check.Named(layer));
        // The layer may be the image itself, which is no result of a node.
        var cut = new Graph(graph.Inputs, (Network.OutputName, value.Node is null ? Op.Apply("Identity", [value]) : value));
        return new(host, new(OnnxFile.Write(cut), outputColumnName, Check.Named(inputColumnName), input?.Resize ?? ResizingKind.IsoCrop));
    }

    /// <summary>Gives for each image which of its places speak for a class: numbers from 0 to 1, [height,width].</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of the maps.</param>
    /// <param name="model">A fitted or loaded pipeline with an <see cref="ImageClassifier"/>, whose feature column is read.</param>
    /// <param name="method">How it is found out; null for <see cref="GradCam"/>.</param>
    /// <param name="className">The class; null for the most probable one of each image.</param>
    /// <exception cref="ArgumentException">The pipeline has no classifier, or none that knows the class.</exception>
    public static StepEstimator<ImageHeatMapper> HeatMap(this TransformsCatalog catalog, string outputColumnName, ITransformer model,
        Attribution? method = null, string? className = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var explainer = NetworkExplainer.Of(model);
        if (className is not null)
            explainer.NumberOf(className);
        var classifier = model.ScoringSteps().OfType<ImageClassifier>().Last();
        return new(catalog.Host(), new(classifier.Onnx, classifier.Labels, outputColumnName, classifier.FeatureColumn)
        {
            Method = method ?? new GradCam(),
            ClassName = className,
            Resize = classifier.Resize,
        });
    }
}
