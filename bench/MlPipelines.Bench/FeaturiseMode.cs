/// <summary>Features of images in memory, against ONNX Runtime alone on the network's own file with numbers made ready: --mode featurise
/// --model FILE.onnx [--batch 32] [--size 224] [--seconds 10].</summary>
static class FeaturiseMode
{
    public static void Run(string path, int batch, int size, double seconds)
    {
        using var session = Session.Load(path);
        if (session.Inputs[0].Shape[0] is > 0 and var made && made != batch)
            throw new ArgumentException(
                $"{path}: its batch is fixed at {made}, so ONNX Runtime alone cannot run {batch}. Say --batch {made}.");
        var shape = Shape.Create([batch, 3, size, size]);
        using TensorBuffer numbers = new(ElementType.Float, shape),
            result = new(session.Outputs[0].Type, session.Outputs[0].Shape.With(0, batch));
        using var bare = session.Bind(new Dictionary<string, TensorBuffer> { [session.Inputs[0].Name] = numbers },
            new Dictionary<string, TensorBuffer> { [session.Outputs[0].Name] = result });
        var dice = Dice.For(1);
        foreach (ref var number in numbers.Elements<float>())
            number = (float)dice.Uniform(-2, 2);
        object[] images = [.. Enumerable.Range(0, batch).Select(_ =>
        {
            var pixels = new byte[3 * size * size];
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)dice.Below(256);
            return MlPipelines.Imaging.Image.FromPixels(size, size, 3, pixels);
        })];
        var network = Network.FromOnnx(path, Preprocessing.ImageNetTorch).CutAtFeatures().Freeze().Append(new Dense(2)).Build(size, size, 3)
            .Initialize(1);
        using var extractor = new FeatureExtractor(FrozenPart.Of(network)!.Part, new());
        Windows.Alternate($"featurise {Path.GetFileNameWithoutExtension(path)} batch {batch}", seconds,
            ("ONNX Runtime alone", () =>
            {
                bare.Run();
                return batch;
            }
        ),
            ("ours", () => extractor.Features(images).Length));
    }
}
