using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Asks members about pictures and makes the table of their answers.</summary>
/// <param name="pictures">The pictures.</param>
/// <param name="options">How.</param>
sealed class MemberAsking(ImmutableArray<SurveyedPicture> pictures, EvaluationSetOptions options)
{
    readonly ImmutableArray<string> classes = [.. pictures.Select(picture => picture.Label).Distinct().Order(StringComparer.Ordinal)];
    readonly Dictionary<(int, int), string> unmapped = [];
    readonly Dictionary<int, string> failures = [];

    public IReadOnlyDictionary<(int Member, int Picture), string> Unmapped => unmapped;

    /// <summary>Why a member gave no answer, of the last one, by its number.</summary>
    public IReadOnlyDictionary<int, string> Failures => failures;

    /// <summary>The answers of all members; what they contradict together is added to <paramref name="noise"/>.</summary>
    public AnswerTable Ask(ImmutableArray<EvaluationMember> members, ImmutableArray<TableMember> roles, LabelNoise? noise)
    {
        int[] labels = [.. pictures.Select(picture => classes.IndexOf(picture.Label))];
        var answers = new TableAnswer[members.Length][];
        foreach (var (place, member) in members.Index())
        {
            var probabilities = noise is null || roles[place].IsHeldOut ? null : new float[pictures.Length * classes.Length];
            answers[place] = Ask(place, member, probabilities);
            if (probabilities is not null)
                noise!.Add((picture, of) => probabilities[picture * classes.Length + of], answers[place]);
            Tell(place, member, answers[place], labels);
        }
        return new(classes, labels, roles, answers);
    }

    public ImmutableArray<string> Classes => classes;

    TableAnswer[] Ask(int place, EvaluationMember member, float[]? probabilities)
    {
        var answers = new TableAnswer[pictures.Length];
        var asked = pictures.Select(picture => member.Seen(picture.Asked)).ToArray();
        var number = 0;
        foreach (var answer in new AnswerStore(options.AnswerFolder).Answers(member, asked, options.CancellationToken))
        {
            answers[number] = Of((place, number), answer.Failure is null ? member.Named(answer) : answer, probabilities);
            number++;
            options.Answers?.Report((member.Name, number));
        }
        return number == pictures.Length ? answers
            : throw new InvalidOperationException($"{member.Name}: gave {number} answers to {pictures.Length} pictures.");
    }

    TableAnswer Of((int Member, int Picture) at, MemberAnswer answer, float[]? probabilities)
    {
        if (answer.Failure is { } failure)
        {
            failures[at.Member] = failure;
            return new(TableAnswer.None, 0);
        }
        var found = NumberOf(answer.Class!);
        var best = found < 0 ? 0 : answer.ProbabilityOf(answer.Class!);
        foreach (var (place, name) in answer.Classes.Index())
        {
            if (NumberOf(name) is not (>= 0 and var number))
                continue;
            var probability = answer.Probabilities.Span[place];
            if (probabilities is not null)
                probabilities[at.Picture * classes.Length + number] = probability;
            // A class that is none of ours was said first: the best of ours is taken, as in a choice among ours alone.
            if (NumberOf(answer.Class!) < 0 && probability > best)
                (found, best) = (number, probability);
        }
        if (found < 0)
            unmapped[at] = answer.Class!;
        else if (probabilities is not null && answer.Classes.IsEmpty)
            probabilities[at.Picture * classes.Length + found] = 1;
        return new(found < 0 ? TableAnswer.Unmapped : found, best);
    }

    int NumberOf(string name)
    {
        var exact = classes.IndexOf(name);
        return exact >= 0 ? exact : classes.IndexOf(name, 0, classes.Length, StringComparer.OrdinalIgnoreCase);
    }

    void Tell(int place, EvaluationMember member, TableAnswer[] answers, int[] labels)
    {
        var (given, right) = (answers.Count(answer => answer.Class != TableAnswer.None), answers.Index()
            .Count(one => one.Item.Class == labels[one.Index]));
        if (given == 0)
            throw new InvalidDataException($"{member.Name}: gave no answer to any of {pictures.Length} pictures: {failures[place]}. "
                + "Is it about these pictures?");
        var odd = unmapped.Where(one => one.Key.Item1 == place).CountBy(one => one.Value).OrderByDescending(one => one.Value).ToArray();
        if (odd.Sum(one => one.Value) == given)
            throw new InvalidDataException($"{member.Name}: names {string.Join(", ", odd.Take(5).Select(one => $"'{one.Key}'"))}, none "
                + $"of the classes {string.Join(", ", classes.Take(5).Select(name => $"'{name}'"))}{(classes.Length > 5 ? ", …" : "")}. "
                + "Map its names to these.");
        options.Steps?.Invoke($"{member.Name}: {given:N0} of {pictures.Length:N0} pictures answered, {100.0 * right / given:0.0} % right"
            + (odd.Length == 0 ? "" : $", {odd.Sum(one => one.Value):N0} answers are none of the classes, such as '{odd[0].Key}'")
            + (given == pictures.Length ? "" : $"; of the others the last since {failures[place]}"));
    }
}
