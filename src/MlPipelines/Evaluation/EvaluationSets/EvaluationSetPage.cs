using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>The page of a report: what was found, how the members fare, the pictures on which they differ, and where they look.</summary>
static class EvaluationSetPage
{
    const int Side = 96;

    const string Style = HtmlPage.ReportStyle + """
        :root { --held: #b0413e; }
        @media (prefers-color-scheme: dark) { :root { --held: #f08d89; } }
        .verdict { font-weight: 600; } .holds { color: var(--good); } .not { color: var(--bad); }
        .name { max-width: 22em; overflow-wrap: anywhere; }
        .key { display: inline-block; width: 10px; height: 10px; border-radius: 50%; background: var(--dot); margin: 0 4px 0 12px; }
        .key.held { background: var(--held); }
        .disputed td, .disputed th { text-align: center; width: 116px; min-width: 116px; font-size: 13px; border: 0; }
        .disputed td, .disputed th { overflow-wrap: anywhere; }
        .disputed img { width: 96px; height: 96px; object-fit: contain; image-rendering: pixelated; display: block; margin: 0 auto 2px; }
        .right { color: var(--good); } .wrong { color: var(--bad); }
        """;

    public static string Of(EvaluationSetReport report, EvaluationSetSaving saving)
    {
        var attention = new Attention(report, saving);
        var body = new StringBuilder();
        Head(body, report);
        MembersTable(body, report);
        SetsTable(body, report);
        foreach (var set in report.Sets)
        {
            saving.Steps?.Invoke($"where members look: {set.Name}");
            SetSection(body, report, set, attention);
        }
        DrawsTable(body, report);
        return HtmlPage.Of("Evaluation sets", Style, body.ToString());
    }

    static void Head(StringBuilder body, EvaluationSetReport report)
    {
        var holds = report.Sets.Any(set => set.Verdict == SetVerdict.Holds);
        body.Append(Invariant($"""
            <h1>Evaluation sets</h1>
            <p class="verdict {(holds ? "holds" : "not")}">{Text(report.Finding)}</p>
            <p>{report.Members.Length} members of {report.TypeCount} types; {report.PictureCount:N0} pictures of
            {report.Data.Table.Classes.Length} classes, {report.LeftOut.Length:N0} left out (left_out.csv says why).
            Spread is how far apart the accuracies of types are, in percentage points.
            A set is looked for with some members and pictures and tried on others: the figure where it was found is
            flattered by the choice, the one on what was held out is not.</p>

            """));
    }

    static void MembersTable(StringBuilder body, EvaluationSetReport report)
    {
        body.Append("<h2>Members</h2>\n<p><span class=\"key\" style=\"margin-left:0\"></span>searched with"
            + "<span class=\"key held\"></span>held out; accuracy on all pictures, with its 95 % interval</p>\n<div "
                + "class=\"scroll\"><table>\n"
            + "<tr><th>member</th><th>type</th><th class=\"number\">accuracy</th><th></th><th>remarks</th></tr>\n");
        var scale = IntervalScale.Of(report.Members.Select(member => member.Accuracy.Interval));
        foreach (var member in report.Members)
            body.Append(Invariant($"""
                <tr><td class="name">{Text(member.Name)}</td><td class="name">{Text(member.Type)}</td>
                <td class="number">{100 * member.Accuracy.Value:0.0} %</td><td>{Strip(scale, member.Accuracy, member.IsHeldOut)}</td>
                <td>{Text(Remarks(member))}</td></tr>

                """));
        body.Append("</table></div>\n");
    }

    static string Remarks(MemberResult member)
    {
        string[] remarks =
        [
            .. member.Unanswered > 0 ? [$"{member.Unanswered:N0} pictures without an answer"] : Array.Empty<string>(),
            .. member.Unmapped.Count > 0 ? [$"{member.Unmapped.Values.Sum():N0} answers are none of the classes: " + string.Join(", ",
                member.Unmapped.OrderByDescending(one => one.Value).Take(3)
                    .Select(one => $"{one.Key} ({one.Value:N0})"))] : Array.Empty<string>(),
            .. member.Learnt is { Learnt: > 0 } learnt ? [$"has learnt from {learnt.Learnt:N0} of these pictures"] : Array.Empty<string>(),
        ];
        return string.Join("; ", remarks);
    }

    static void SetsTable(StringBuilder body, EvaluationSetReport report)
    {
        body.Append("<h2>What was found</h2>\n<div class=\"scroll\"><table>\n<tr><th>set</th><th class=\"number\">pictures</th>"
            + "<th class=\"number\">spread where found</th><th class=\"number\">on what was held out</th><th class=\"number\">random "
                + "sets</th>"
            + "<th class=\"number\">as difficult</th><th>verdict</th></tr>\n");
        foreach (var set in report.Sets)
            body.Append(Invariant($"""
                <tr><td class="name"><a href="#{Id(set)}">{Text(set.Name)}</a></td><td class="number">{set.Pictures.Length:N0}</td>
                <td class="number">{EvaluationSet.Points(set.Searched.Spread)}
                <span class="note">{EvaluationSet.Range(set.Searched.Interval)}</span></td>
                <td class="number">{(set.HeldOut is { } tried ? EvaluationSet.Points(tried.Spread) : "")}
                <span class="note">{(set.HeldOut is { } own ? EvaluationSet.Range(own.Interval) : "nothing")}</span></td>
                <td class="number">{EvaluationSet.Range((set.HeldOut ?? set.Searched).RandomInterval)}</td>
                <td class="number">{EvaluationSet.Range((set.HeldOut ?? set.Searched).DifficultyInterval)}</td>
                <td class="{(set.Verdict == SetVerdict.Holds ? "holds" : "not")}">{Words(set.Verdict)}</td></tr>

                """));
        body.Append("</table></div>\n<p class=\"note\">In points; ranges are 95 %. Sets as difficult have, of each class, as many "
            + "pictures that no member, one member, two … get right.</p>\n");
    }

    static string Words(SetVerdict verdict) => verdict switch
    {
        SetVerdict.Holds => "holds",
        SetVerdict.OnlyDifficulty => "only difficulty",
        SetVerdict.DoesNotHold => "does not hold",
        _ => "not tried",
    };

    static void SetSection(StringBuilder body, EvaluationSetReport report, EvaluationSet set, Attention attention)
    {
        body.Append(Invariant($"""
            <h2 id="{Id(set)}">{Text(set.Name)}</h2>
            <p>{Text(set.Origin)} {Text(set.Finding)}</p>
            <p>Members of different types disagree on {100 * set.Disagreement:0.0} % of its pictures;
            {100 * set.Reversal:0} % of the pairs of types stand in the opposite order to that on all pictures.</p>
            <div class="scroll"><table>

            """));
        var scale = IntervalScale.Of(set.Accuracies.Select(accuracy => accuracy.Interval));
        foreach (var (place, accuracy) in set.Accuracies.Index())
            body.Append(Invariant($"""
                <tr><td class="name">{Text(report.Members[place].Name)}</td>
                <td class="number">{100 * accuracy.Value:0.0} % <span class="note">{EvaluationSet.Range(accuracy.Interval)}</span></td>
                <td>{Strip(scale, accuracy, report.Members[place].IsHeldOut)}</td></tr>

                """));
        body.Append("</table></div>\n");
        var disputed = attention.Disputed(set).ToArray();
        if (disputed.Length > 0)
            DisputedTable(body, report, disputed, attention.Shown);
    }

    static void DisputedTable(StringBuilder body, EvaluationSetReport report, DisputedPicture[] pictures, ImmutableArray<int> members)
    {
        body.Append("<h3>Pictures on which members differ</h3>\n<p class=\"note\">Red is where a member looks: ")
            .Append(Text(string.Join("; ", members.Select(member => $"{report.Members[member].Name}: "
                + (report.Data.Members[member].Attention ?? "not known")))))
            .Append(".</p>\n<div class=\"scroll\"><table class=\"disputed\">\n<tr><th>picture</th>");
        foreach (var member in members)
            body.Append($"<th>{Text(report.Members[member].Name)}</th>");
        body.Append("</tr>\n");
        foreach (var picture in pictures)
        {
            body.Append($"<tr><td>{Img(picture.Image, picture.Name)}<b>{Text(picture.Label)}</b></td>");
            foreach (var look in picture.Looks)
                body.Append($"<td>{Img(look.Picture, look.Method is null ? "the picture" : $"{look.Method}")}"
                    + $"<span class=\"{(look.IsRight ? "right" : "wrong")}\">{(look.IsRight ? "✓" : "✗")} "
                    + $"{Text(look.Said.Length > 0 ? look.Said : "no answer")}</span></td>");
            body.Append("</tr>\n");
        }
        body.Append("</table></div>\n");
    }

    static void DrawsTable(StringBuilder body, EvaluationSetReport report)
    {
        body.Append("<h2>Draws</h2>\n<p>Balanced sets drawn at random, those first on which types lie farthest apart; sets.csv and "
            + "draws.csv have the "
            + "accuracy of each member on each.</p>\n<div class=\"scroll\"><table>\n<tr><th>draw</th><th class=\"number\">spread</th>"
            + "<th class=\"number\">disagreement</th><th class=\"number\">reversed pairs</th><th class=\"number\">random sets</th></tr>\n");
        foreach (var draw in report.Draws)
            body.Append(Invariant($"""
                <tr><td>{Text(draw.Name)}</td><td class="number">{EvaluationSet.Points(draw.Searched.Spread)}</td>
                <td class="number">{100 * draw.Disagreement:0.0} %</td><td class="number">{100 * draw.Reversal:0} %</td>
                <td class="number">{EvaluationSet.Range(draw.Searched.RandomInterval)}</td></tr>

                """));
        body.Append("</table></div>\n");
    }

    static string Id(EvaluationSet set) => $"set-{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(set.Name))}";

    static string Img(Image image, string alternative) =>
        $"<img alt=\"{Text(alternative)}\" src=\"{Thumbnail.Address(image, Side)}\">";

    static string Strip(IntervalScale scale, MemberAccuracy accuracy, bool isHeldOut) =>
        scale.Strip(accuracy.Value, accuracy.Interval, isHeldOut ? "var(--held)" : "var(--dot)");

    static string Text(string text) => SvgWriter.Escape(text);

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
