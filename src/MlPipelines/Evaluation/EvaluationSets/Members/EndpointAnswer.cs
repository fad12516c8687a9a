using System.Globalization;
using System.Text.Json;

namespace MlPipelines;

/// <summary>How an endpoint's answer is read. Paths are names with dots between and numbers in brackets:
/// <c>outputs[0].labels</c>.</summary>
/// <param name="Predictions">Of the list; null where there is one prediction.</param>
/// <param name="Label">Of the class, in each element of the list; null where <paramref name="Scores"/> is given.</param>
/// <param name="Score">Of its score; null for none.</param>
/// <param name="Scores">Of an object label → score.</param>
/// <param name="ScoreScale">What scores are divided by.</param>
sealed record EndpointAnswer(string? Predictions, string? Label, string? Score, string? Scores, float ScoreScale)
{
    const int ShownNames = 8;

    /// <exception cref="InvalidDataException">It is no JSON, or lacks what is looked for; the message says what there is.</exception>
    public MemberAnswer Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var found = (Scores is not null ? OfObject(document.RootElement) : OfList(document.RootElement)).ToArray();
            if (found.Length == 0)
                throw new InvalidDataException("the answer holds no prediction");
            // Of equal scores the first, as services list the best first.
            var best = found.MaxBy(one => one.Score).Label;
            if (Scores is null && Score is null)
                return new(best);
            var byLabel = found.DistinctBy(one => one.Label).ToArray();
            return new(best)
            {
                Classes = [.. byLabel.Select(one => one.Label)],
                Probabilities = byLabel.Select(one => one.Score).ToArray(),
            };
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("the answer is no JSON", exception);
        }
    }

    IEnumerable<(string Label, float Score)> OfObject(JsonElement root)
    {
        var scores = At(root, Scores!);
        if (scores.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"the answer has at '{Scores}' {Kind(scores)}, an object of labels and scores is needed");
        foreach (var one in scores.EnumerateObject())
            yield return (one.Name, ScoreOf(one.Value));
    }

    IEnumerable<(string Label, float Score)> OfList(JsonElement root)
    {
        var list = Predictions is null ? root : At(root, Predictions);
        if (Predictions is not null && list.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException($"the answer has at '{Predictions}' {Kind(list)}, a list is needed");
        foreach (var (place, element) in (Predictions is null ? [list] : list.EnumerateArray().ToArray()).Index())
        {
            var label = At(element, Label!);
            var name = label.ValueKind switch
            {
                JsonValueKind.String => label.GetString()!,
                JsonValueKind.Number => label.GetRawText(),
                _ => throw new InvalidDataException($"the answer has at '{Label}' {Kind(label)}, a text is needed"),
            };
            yield return (name, Score is null ? -place : ScoreOf(At(element, Score)));
        }
    }

    float ScoreOf(JsonElement score)
    {
        if (score.ValueKind != JsonValueKind.Number)
            throw new InvalidDataException($"the answer has {Kind(score)} for a score, a number is needed");
        var value = score.GetSingle() / ScoreScale;
        return value is >= 0 and <= 1.0001f ? value : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
            $"the answer has the score {value}, a number from 0 to 1 is needed; scoreScale in the template says what to divide by"));
    }

    static JsonElement At(JsonElement from, string path)
    {
        var at = from;
        foreach (var step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step is ['[', .. var number, ']'] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && at.ValueKind == JsonValueKind.Array && index < at.GetArrayLength())
                at = at[index];
            else if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(step, out var inner))
                at = inner;
            else
                throw new InvalidDataException($"the answer has no '{path}': at '{step}' there is {Kind(at)}");
        }
        return at;
    }

    static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object with " + string.Join(", ",
            element.EnumerateObject().Take(ShownNames).Select(member => $"'{member.Name}'").DefaultIfEmpty("nothing")),
        JsonValueKind.Array => $"a list of {element.GetArrayLength()}",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => "nothing",
    };
}
