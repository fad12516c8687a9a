using System.Text.Json;

/// <summary>Epochs of training with full augmentation and without, in alternation: --mode fit --data FOLDER [--network
/// keras_cifar10|s4_mnist] [--rounds 5] [--images 10000].</summary>
static class FitMode
{
    public static void Run(string folder, string network, int rounds, int count)
    {
        var ml = new MLContext(1);
        var small = network == "s4_mnist";
        var images = ml.Data.TakeRows(small ? ml.Data.LoadFromMnist(folder) : ml.Data.LoadFromCifar(folder), count);
        Augmentation[] full = [new RandomShift(0.1f), new RandomRotation(15), new RandomFlip(), new RandomErasing()];
        var augmented = ml.Transforms.AugmentImages("Image", full).Fit(images).TransformForTraining(images);
        using Turns plain = new(), changed = new();
        // Each trainer has a thread of its own and goes on only in its turn, so that both keep their state and the two never run at once.
        var threads = new[]
        {
            (images, plain),
            (augmented, changed),
        }.Select(pair => new Thread(() => Train(ml, pair.Item1, pair.Item2, small, rounds + 1))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        var ratios = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var (without, with) = (plain.Next(), changed.Next());
            if (round == 0)
                continue;
            ratios.Add(with / without);
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                peer = "mlpipelines",
                mode = "fit",
                network,
                round,
                without = Math.Round(without),
                with = Math.Round(with),
                ratio = Math.Round(with / without, 3)
            }));
        }
        ratios.Sort();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            peer = "mlpipelines",
            mode = "fit",
            network,
            median = Math.Round(ratios[ratios.Count / 2], 3),
            collections = $"{GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)}"
        }));
        foreach (var thread in threads)
            thread.Join();
    }

    static void Train(MLContext ml, IDataView images, Turns turns, bool small, int epochs)
    {
        turns.Wait();
        ml.MulticlassClassification.Trainers.ImageClassification(new()
        {
            Network = small ? Architectures.SmallMnistCnn(10) : Architectures.CifarCnn(10),
            Optimizer = small ? new Adam() : new RMSprop(1e-4f),
            BatchSize = 128,
            Epoch = epochs,
            FeatureColumnName = "Image",
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
            EpochCallback = epoch => turns.Done(epoch.Samples / epoch.Seconds, last: epoch.Epoch == epochs),
        }).Fit(images, null);
    }

    sealed class Turns : IDisposable
    {
        readonly SemaphoreSlim go = new(0), done = new(0);
        double rate;

        public double Next()
        {
            go.Release();
            done.Wait();
            return rate;
        }

        public void Wait() => go.Wait();

        public void Done(double imagesPerSecond, bool last)
        {
            rate = imagesPerSecond;
            done.Release();
            if (!last)
                go.Wait();
        }

        public void Dispose()
        {
            go.Dispose();
            done.Dispose();
        }
    }
}
