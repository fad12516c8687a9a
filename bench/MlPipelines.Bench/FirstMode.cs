using System.Diagnostics;

/// <summary>The first prediction of a process. --mode teach --network FILE.onnx --data FOLDER --model FILE trains a linear head and saves;
/// --mode first --model FILE --image FILE predicts with a PredictionEngine and says how long the process has lived.</summary>
static class FirstMode
{
    public static void Teach(string network, string folder, string model)
    {
        var ml = new MLContext(1);
        var images = ml.Data.LoadFromImageFolder(folder);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
            .Append(ml.Transforms.LoadImages("Image", "ImagePath", 224, 224))
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(
                new() { Network = Network.FromOnnx(network, Preprocessing.ImageNetTorch), Head = new LinearHead() }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        if (Path.GetExtension(model) == ".zip")
            ml.Model.Save(pipeline.Fit(images), images.Schema, model);
        else
            ml.Model.SaveAsOnnx(pipeline.Fit(images), model, images.Schema);
    }

    public static void Predict(string model, string image)
    {
        var ml = new MLContext();
        using var engine = ml.Model.CreatePredictionEngine<ImageFile, Guess>(ml.Model.LoadModel(model));
        var ready = Alive();
        var guess = engine.Predict(new() { ImagePath = image });
        var first = Alive();
        engine.Predict(new() { ImagePath = image });
        Console.WriteLine($"{guess.PredictedLabel}: process alive {ready * 1e3:F0} ms when the model was loaded, {first * 1e3:F0} ms "
            + $"after the first prediction, {Alive() * 1e3:F0} ms after the "
            + $"second; {Environment.CpuUsage.TotalTime.TotalMilliseconds:F0} ms of processor time");
    }

    static double Alive() => (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;

    sealed class ImageFile
    {
        public string Label { get; set; } = "";
        public string ImagePath { get; set; } = "";
    }

    sealed class Guess
    {
        public string PredictedLabel { get; set; } = "";
    }
}
