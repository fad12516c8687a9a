using MlPipelines.Imaging;

namespace MlPipelines.Tests;

/// <summary>Programs of README.md and docs/guide.md, whose text must be that between the comments in the tests.</summary>
public abstract class DocumentedPrograms
{
    private protected static void MakeFlowers(string folder)
    {
        foreach (var (channel, label) in new[] { "poppy", "clover" }.Index())
            for (var copy = 0; copy < 5; copy++)
            {
                byte[] pixel = [(byte)(20 * copy), (byte)(20 * copy), (byte)(20 * copy)];
                pixel[channel] = 220;
                Directory.CreateDirectory(Path.Combine(folder, label));
                Image.FromPixels(16, 16, 3, [.. Enumerable.Repeat(pixel, 256).SelectMany(each => each)])
                    .Save(Path.Combine(folder, label, $"{copy}.png"));
            }
    }

    // Where the program's relative paths lead, and where it prints to.
    private protected sealed class Surroundings : IDisposable
    {
        readonly string folder = Environment.CurrentDirectory;
        readonly TextWriter output = Console.Out;

        public Surroundings(string path)
        {
            Environment.CurrentDirectory = path;
            Console.SetOut(Printed);
        }

        public StringWriter Printed { get; } = new();

        public void Dispose()
        {
            Console.SetOut(output);
            Environment.CurrentDirectory = folder;
        }
    }

    public sealed class Photo
    {
        public string ImagePath { get; set; } = "";
        public string Label { get; set; } = "";
    }

    public sealed class Guess
    {
        public string PredictedLabel { get; set; } = "";
    }
}
