using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Where a member looks in a picture.</summary>
/// <param name="Picture">As it sees it, with the map laid over it where there is one.</param>
/// <param name="Said">The class that it says.</param>
/// <param name="IsRight">Whether that is the picture's class.</param>
/// <param name="Method">How the map was made; null for none.</param>
sealed record AttentionPicture(Image Picture, string Said, bool IsRight, string? Method);

/// <summary>A picture on which members differ, with where each looks.</summary>
/// <param name="Name">Its path, or "row" and its number.</param>
/// <param name="Label">Its class.</param>
/// <param name="Image">The picture.</param>
/// <param name="Looks">Of each member shown.</param>
sealed record DisputedPicture(string Name, string Label, Image Image, ImmutableArray<AttentionPicture> Looks);

/// <summary>Finds the pictures of a set on which members differ most, and where they look.</summary>
sealed class Attention
{
    readonly EvaluationSetReport report;
    readonly EvaluationSetSaving saving;
    readonly int[] questions;
    readonly Dictionary<(int Member, int Picture), AttentionPicture> known = [];

    public Attention(EvaluationSetReport report, EvaluationSetSaving saving)
    {
        (this.report, this.saving) = (report, saving);
        questions = [.. report.Members.Select(_ => saving.Questions)];
        var byType = report.Members.Index().GroupBy(one => one.Item.Type).Select(type => type.Select(one => one.Index).ToArray()).ToArray();
        Shown = [.. byType.SelectMany(type => type.Index()).OrderBy(one => one.Index).Take(saving.ShownMembers).Select(one => one.Item)
            .Order()];
    }

    /// <summary>The members that are shown: one of each type first.</summary>
    public ImmutableArray<int> Shown { get; }

    /// <summary>The pictures of a set on which the members are divided most, those of different classes in turn.</summary>
    public IEnumerable<DisputedPicture> Disputed(EvaluationSet set)
    {
        var (table, members) = (report.Data.Table, Enumerable.Range(0, report.Members.Length).ToArray());
        var byType = TypeShares.Of(table, members);
        var places = set.Places.OrderByDescending(place => Spreads.Of(SpreadMeasure.Deviation, byType.Shares[place], 1))
            .ThenBy(place => place)
            .GroupBy(place => table.Labels[place]).SelectMany(group => group.Index()).OrderBy(one => one.Index)
            .ThenByDescending(one => Spreads.Of(SpreadMeasure.Deviation, byType.Shares[one.Item], 1)).Select(one => one.Item)
            .Take(saving.ShownPictures).ToArray();
        foreach (var place in places)
        {
            saving.CancellationToken.ThrowIfCancellationRequested();
            var picture = report.Data.Pictures[place];
            yield return new(picture.Asked.Name, picture.Label, picture.Asked.Image, [.. Shown.Select(member => Look(member, place))]);
        }
    }

    AttentionPicture Look(int member, int place)
    {
        if (known.TryGetValue((member, place), out var before))
            return before;
        var asked = report.Data.Members[member].Seen(report.Data.Pictures[place].Asked);
        var map = report.Data.Table.Answers[member][place].Class == TableAnswer.None ? null
            : report.Data.Members[member].Looks(asked, ref questions[member], saving.CancellationToken);
        // The map is as large as what the member was given, and the picture is brought to it as the member does.
        var picture = map is null ? asked.Image : map.Overlay(asked.Image);
        return known[(member, place)] = new(picture, report.Data.Said(member, place), report.Data.Table.IsRight(member, place),
            map is null ? null : report.Data.Members[member].Attention);
    }
}
