using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlPipelines;

/// <summary>The finished trials of a search in a folder, each in a file that is there whole or not at all.</summary>
/// <param name="folder">The folder; made with the first file.</param>
/// <param name="search">What makes a trial that of this search: one of another is refused.</param>
sealed class TrialStore(string folder, string search)
{
    const string SearchName = "search.txt";

    // A loss may be infinite.
    static readonly JsonSerializerOptions json = new(JsonText.Indented)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The trials that an earlier process has finished, in their order.</summary>
    /// <exception cref="InvalidDataException">They are those of another search, or a file is damaged.</exception>
    public List<KeptTrial> Load()
    {
        var name = Path.Combine(folder, SearchName);
        if (!File.Exists(name))
        {
            AtomicFile.WriteWithFolder(name, search);
            return [];
        }
        if (File.ReadAllText(name) != search)
            throw new InvalidDataException($"{folder}: holds the trials of another search (its images, seed, networks or candidates "
                + "differ), so it cannot go on. Repeat its options, or begin anew in another folder.");
        var trials = new List<KeptTrial>();
        for (var path = PathOf(1); File.Exists(path); path = PathOf(trials.Count + 1))
            trials.Add(Read(path, trials.Count + 1));
        return trials;
    }

    /// <summary>Keeps a trial.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Keep(KeptTrial kept) => AtomicFile.WriteWithFolder(PathOf(kept.Trial.Number), JsonSerializer.Serialize(kept, json));

    string PathOf(int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:000}.json"));

    static KeptTrial Read(string path, int number)
    {
        try
        {
            if (JsonSerializer.Deserialize<KeptTrial>(File.ReadAllText(path), json)
                is { Trial: { Candidate.Length: > 0, Count: > 0 } trial, PassedOver.IsDefault: false } kept && trial.Number == number)
                return kept;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: is no trial, or a damaged one ({exception.Message}). Delete it and those behind it.",
                exception);
        }
        throw new InvalidDataException($"{path}: is no trial of that number, or a damaged one. Delete it and those behind it.");
    }
}
