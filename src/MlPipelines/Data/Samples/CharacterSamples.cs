using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A labelled folder of drawn faces: seven characters and one class of others,
/// 686 pictures of 128×128 pixels, unbalanced.</summary>
/// <remarks>Drawn from a seed alone: equal seeds give equal files on one machine, whatever the number of threads.</remarks>
public static class CharacterSamples
{
    const int Quality = 90;
    const string Note = ".characters";

    /// <summary>Number of pictures of each class, by its name, which is also the name of its folder.</summary>
    public static IReadOnlyDictionary<string, int> Classes { get; } = new SortedDictionary<string, int>(StringComparer.Ordinal)
    {
        ["aiko"] = 132,
        ["bruno"] = 96,
        ["cleo"] = 74,
        ["dario"] = 110,
        ["edda"] = 58,
        ["finn"] = 85,
        ["greta"] = 41,
        ["others"] = 90,
    };

    /// <summary>Draws the pictures into one sub-folder a class; a folder that holds them already is left as it is.</summary>
    /// <param name="folder">Where to; made if it is not there.</param>
    /// <param name="seed">What the pictures depend on.</param>
    /// <returns>The full path of the folder.</returns>
    /// <exception cref="IOException">The folder holds other pictures under these names, or cannot be written; no half-made set is left that
    /// a later call takes for whole.</exception>
    public static string Create(string folder, int seed = 1)
    {
        var whole = Path.GetFullPath(Check.Named(folder));
        var note = Path.Combine(whole, Note);
        var text = $"{Files.Count} pictures drawn by CharacterSamples, seed {seed}.\n";
        if (File.Exists(note) && File.ReadAllText(note) is var found)
        {
            if (found != text)
                throw new IOException(
                    $"{whole}: holds '{found.Trim()}', asked for seed {seed}. Choose another folder, or delete this one.");
            if (Files.All(file => File.Exists(Path.Combine(whole, file.Name, file.File))))
                return whole;
        }
        Directory.CreateDirectory(whole);
        var aside = Path.Combine(whole, $".{Guid.NewGuid():N}.part");
        try
        {
            Draw(aside, seed);
            MoveInto(aside, whole);
            File.WriteAllText(note, text);
        }
        catch (AggregateException exception) when (exception.InnerExceptions is [IOException or UnauthorizedAccessException, ..])
        {
            throw new IOException($"{whole}: cannot be written: {exception.InnerExceptions[0].Message.TrimEnd('.')}. Make room, or choose "
                + "another folder.", exception);
        }
        finally
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
        }
        return whole;
    }

    /// <summary>One picture of the set, in memory.</summary>
    /// <param name="name">One of <see cref="Classes"/>.</param>
    /// <param name="number">From 1; numbers beyond the set's give pictures that are not in it.</param>
    /// <param name="seed">What the pictures depend on.</param>
    public static Image Draw(string name, int number, int seed = 1)
    {
        var index = Classes.Keys.Index().FirstOrDefault(entry => entry.Item == name, (Index: -1, Item: "")).Index;
        if (index < 0)
            throw new ArgumentException($"name: got '{name}', needs one of {string.Join(", ", Classes.Keys)}.", nameof(name));
        var dice = Dice.For(seed, index, Check.AtLeast(number, 1));
        var who = Character.Named.FirstOrDefault(known => known.Name == name) ?? Character.Stranger(ref dice);
        return Image.FromSvg(Scene.Draw(who, dice));
    }

    static IReadOnlyList<(string Name, int Number, string File)> Files { get; } =
        [.. Classes.SelectMany(entry =>
            Enumerable.Range(1, entry.Value).Select(number => (entry.Key, number, $"{entry.Key}_{number:0000}.jpg")))];

    static void Draw(string folder, int seed)
    {
        foreach (var name in Classes.Keys)
            Directory.CreateDirectory(Path.Combine(folder, name));
        Parallel.ForEach(Files, file =>
            File.WriteAllBytes(Path.Combine(folder, file.Name, file.File), Draw(file.Name, file.Number, seed).Encode(".jpg", Quality)));
    }

    static void MoveInto(string from, string to)
    {
        foreach (var name in Classes.Keys)
        {
            var (source, target) = (Path.Combine(from, name), Path.Combine(to, name));
            if (!Directory.Exists(target))
            {
                Directory.Move(source, target);
                continue;
            }
            foreach (var file in Directory.GetFiles(source))
            {
                var place = Path.Combine(target, Path.GetFileName(file));
                if (!File.Exists(place))
                    File.Move(file, place);
                else if (!File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(place)))
                    throw new IOException(
                        $"{place}: is another picture than the one to be drawn there. Choose another folder, or delete this one.");
            }
        }
    }
}
