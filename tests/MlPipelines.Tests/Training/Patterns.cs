using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Training;

/// <summary>Small pictures of stripes, across or down, and networks small enough to learn them in a moment.</summary>
static class Patterns
{
    public const int Size = 12;

    public sealed class Picture
    {
        public Image? Image { get; set; }
        public string Label { get; set; } = "";
    }

    public sealed class Prediction
    {
        public float[] Score { get; set; } = [];
        public string PredictedLabel { get; set; } = "";
    }

    /// <summary>Told at once, unlike <see cref="System.Progress{T}"/>.</summary>
    public sealed class Told<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }

    public static Picture[] Stripes(int count, int seed = 5, int size = Size, int channels = 3,
        double noise = 40) => [.. Enumerable.Range(0, count).Select(number =>
    {
        var dice = Dice.For(seed, number);
        var (across, phase) = (number % 2 == 0, dice.Below(4));
        var pixels = new byte[size * size * channels];
        for (var i = 0; i < pixels.Length; i++)
        {
            var place = i / channels;
            var bright = ((across ? place / size : place % size) + phase) % 4 < 2;
            pixels[i] = (byte)Math.Clamp((bright ? 170 : 90) + dice.Uniform(-noise, noise), 0, 255);
        }
        return new Picture { Image = Image.FromPixels(size, size, channels, pixels), Label = across ? "across" : "down" };
    })];

    /// <summary>The pictures as this library's own steps hand them on.</summary>
    public static IDataView View(MLContext ml, IEnumerable<Picture> pictures)
    {
        Picture[] all = [.. pictures];
        return View(all.Length, row => all[row].Image!, row => all[row].Label);
    }

    /// <summary>The pictures in a column that says their size, as ML.NET's steps want it.</summary>
    public static IDataView Sized(Picture[] pictures) =>
        View(pictures.Length, row => pictures[row].Image!, row => pictures[row].Label, new(Size, Size));

    /// <summary>Pictures that are made when they are asked for.</summary>
    public static IDataView View(int count, Func<int, Image> image, Func<int, string> label, ImageDataViewType? type = null) =>
        new SourceView(count, SourceColumn.Pictures("Image", type ?? new(), row => image((int)row)),
            SourceColumn.Text("Label", row => label((int)row)));

    /// <summary>Pictures of one size whose pixels are computed as those of a file are decoded: when they are needed.</summary>
    public static IDataView Lazily(int count, Func<int, Image> draw, Func<int, string> label) => new SourceView(count,
        new SourceColumn("Image", new ImageDataViewType(), row => new Undrawn(row, draw).ToGetter()),
        SourceColumn.Text("Label", row => label((int)row)));

    sealed class Undrawn(Func<long> row, Func<int, Image> draw) : PictureGetter
    {
        static readonly Image undrawn = Image.FromPixels(Size, Size, 3, new byte[Size * Size * 3]);

        public override MlPipelines.Picture Current() => new MlPipelines.Picture(undrawn, row()).With(new Drawing(draw));
    }

    sealed class Drawing(Func<int, Image> draw) : PictureChange
    {
        public override string Text => "drawing";

        public override Image Apply(Image image, long id, int epoch) => draw((int)id);
    }

    /// <summary>A picture as a program holds it.</summary>
    public sealed class Shown
    {
        [ImageType(Size, Size)]
        public MLImage? Image { get; set; }
        public string Label { get; set; } = "";
    }

    public static Shown[] Show(IEnumerable<Picture> pictures) =>
        [.. pictures.Select(picture => new Shown { Image = MLPictures.Of(picture.Image!), Label = picture.Label })];

    /// <summary>The same pictures as ML.NET holds them.</summary>
    public static IDataView Foreign(MLContext ml, IEnumerable<Picture> pictures) => ml.Data.LoadFromEnumerable(Show(pictures));

    public static Sequential Small(int classes = 2) => new(
        new Rescaling(1 / 127.5f, -1), new Conv2D(8, 3, Padding.Same, Activation.Relu), new MaxPooling2D(2), new Flatten(),
        new Dense(classes, Activation.Softmax));

    /// <summary>With everything that is random or keeps statistics.</summary>
    public static Sequential Elaborate(int classes = 2) => new(
        new Rescaling(1 / 127.5f, -1), new Conv2D(6, 3, Padding.Same, useBias: false), new BatchNormalization(momentum: 0.8f),
        Activation.Relu, new MaxPooling2D(2), new Dropout(0.25f),
        new Conv2D(8, 3, Padding.Same, Activation.Relu), new GlobalAveragePooling2D(), new Dropout(0.2f),
        new Dense(classes, Activation.Softmax));

    /// <summary>A context that hands its warnings on.</summary>
    public static MLContext Warned(Action<string> warn, int seed = 2)
    {
        var ml = new MLContext(seed);
        ml.Log += (_, message) =>
        {
            if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warn(message.RawMessage);
        };
        return ml;
    }

    public static ImageClassifier Fit(MLContext ml, IDataView data, ImageClassificationTrainer.Options options) =>
        ml.MulticlassClassification.Trainers.ImageClassification(options).Fit(data);
}
