using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlPipelines;

/// <summary>Answers of members on disk, by the content of the pictures: a file a member, a line of JSON an answer. Each is written when it
/// comes, so that what was asked is not asked again, however the program ends.</summary>
/// <param name="folder">The folder; made where it is missing. Null to keep nothing.</param>
sealed class AnswerStore(string? folder)
{
    // Of many classes those that are all but impossible are left out.
    const float Least = 1e-4f;

    /// <summary>A member's answers for pictures as it sees them, in their order; those that are kept are not asked for.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public IEnumerable<MemberAnswer> Answers(EvaluationMember member, IReadOnlyList<AskedPicture> pictures, CancellationToken cancellation)
    {
        if (folder is null || member.Fingerprint is not { } fingerprint)
        {
            foreach (var answer in member.Answers(pictures, cancellation))
                yield return answer;
            yield break;
        }
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fingerprint)))[..32]}.jsonl");
        var kept = Read(path);
        AskedPicture[] missing = [.. pictures.Where(picture => !kept.ContainsKey(picture.Digest))];
        using var asked = member.Answers(missing, cancellation).GetEnumerator();
        using var file = missing.Length == 0 ? null : Open(path);
        foreach (var picture in pictures)
        {
            if (kept.TryGetValue(picture.Digest, out var known))
            {
                yield return known;
                continue;
            }
            if (!asked.MoveNext())
                throw new InvalidOperationException($"{member.Name}: gave fewer answers than it was asked for.");
            if (asked.Current.Failure is null)
                Write(file!, picture.Digest, asked.Current);
            yield return asked.Current;
        }
    }

    static StreamWriter Open(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        // A line that was cut short by the end of a program is ended here, and passed over when it is read.
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n')
                file.WriteByte((byte)'\n');
        }
        return new(file, new UTF8Encoding(false)) { AutoFlush = true };
    }

    static void Write(StreamWriter file, string digest, MemberAnswer answer)
    {
        var scores = answer.Classes.Index().Select(one => (Name: one.Item, Score: answer.Probabilities.Span[one.Index]))
            .Where(one => one.Score >= Least).DistinctBy(one => one.Name).ToDictionary(one => one.Name, one => one.Score);
        file.WriteLine(JsonSerializer.Serialize(new Line(digest, answer.Class!, answer.Classes.IsEmpty ? null : scores)));
    }

    static Dictionary<string, MemberAnswer> Read(string path)
    {
        var kept = new Dictionary<string, MemberAnswer>(StringComparer.Ordinal);
        if (!File.Exists(path))
            return kept;
        foreach (var text in File.ReadLines(path))
            if (Parsed(text) is { Picture: not null, Class: not null } line)
                kept[line.Picture] = line.Scores is null ? new(line.Class)
                    : new(line.Class) { Classes = [.. line.Scores.Keys], Probabilities = line.Scores.Values.ToArray() };
        return kept;
    }

    static Line? Parsed(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    sealed record Line([property: JsonPropertyName("picture")] string Picture, [property: JsonPropertyName("class")] string Class,
        [property: JsonPropertyName("scores"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Dictionary<string,
            float>? Scores);
}
