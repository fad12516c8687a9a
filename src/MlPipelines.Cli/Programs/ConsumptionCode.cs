namespace MlPipelines.Cli;

/// <summary>A model as a class that predicts, by any number of threads.</summary>
/// <param name="name">Name of the class.</param>
/// <param name="modelFile">Name of the model's file, beside the program.</param>
/// <param name="pathColumn">Column of the paths of images.</param>
/// <param name="scoreColumn">Column of the scores.</param>
sealed class ConsumptionCode(string name, string modelFile, string pathColumn, string scoreColumn)
{
    /// <summary>The file NAME.consumption.cs.</summary>
    public string Render() => Head + Body;

    string Head => $$"""
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using MlPipelines;

        /// <summary>The classifier in {{modelFile}}. All its methods may be called by any number of threads at once.</summary>
        public static partial class {{name}}
        {
            /// <summary>Where the model lies: beside the program.</summary>
            public static string ModelPath { get; } = Path.Combine(AppContext.BaseDirectory, {{CodeText.Quoted(modelFile)}});

            // Engines are pooled: each is used by one thread at a time, and there are as many as are used at once.
            static readonly Lazy<Predictor<Picture, Scores>> predictor = new(() =>
            {
                var ml = new MLContext();
                return ml.Model.CreatePredictor<Picture, Scores>(ml.Model.LoadModel(ModelPath));
            });

            static readonly Lazy<string[]> labels = new(() =>
            {
                VBuffer<ReadOnlyMemory<char>> names = default;
                predictor.Value.OutputSchema[{{CodeText.Quoted(scoreColumn)}}].GetSlotNames(ref names);
                return names.DenseValues().Select(label => label.ToString()).ToArray();
            });


        """;

    string Body => $$"""
            /// <summary>Names of the classes, in the order of the scores.</summary>
            public static IReadOnlyList<string> Labels => labels.Value;

            /// <summary>The most probable class of an image.</summary>
            /// <param name="imagePath">Its file.</param>
            /// <exception cref="InvalidDataException">It cannot be read.</exception>
            public static Guess Predict(string imagePath) => PredictAllLabels(imagePath)[0];

            /// <summary>All classes of an image with their probabilities, the most probable first.</summary>
            /// <param name="imagePath">Its file.</param>
            /// <exception cref="InvalidDataException">It cannot be read.</exception>
            public static IReadOnlyList<Guess> PredictAllLabels(string imagePath)
            {
                var scores = predictor.Value.Predict(new Picture { Path = imagePath }).Values;
                if (scores.Any(float.IsNaN))
                    throw new InvalidDataException($"{imagePath}: is no image that can be read. Check the path and the file.");
                return labels.Value.Zip(scores, (label, score) => new Guess(label, score))
                    .OrderByDescending(guess => guess.Score).ToArray();
            }

            /// <summary>A class and its probability.</summary>
            /// <param name="Label">Name of the class.</param>
            /// <param name="Score">Its probability, from 0 to 1.</param>
            public sealed record Guess(string Label, float Score);

            sealed class Picture
            {
                [ColumnName({{CodeText.Quoted(pathColumn)}})]
                public string Path { get; set; } = "";
            }

            sealed class Scores
            {
                [ColumnName({{CodeText.Quoted(scoreColumn)}})]
                public float[] Values { get; set; } = [];
            }
        }

        """;
}
