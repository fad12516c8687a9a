using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MlPipelines;

/// <summary>Runs side by side as one page that needs nothing else; text of files is never markup.</summary>
static class RunComparisonPage
{
    const int PictureSide = 96;

    // Charts are drawn on white; turned over, their colours keep their hues on a dark page.
    const string Style = HtmlPage.ReportStyle + """
        @media (prefers-color-scheme: dark) { .chart svg { filter: invert(1) hue-rotate(180deg); } }
        td { max-width: 26em; overflow-wrap: anywhere; }
        td img { width: 64px; height: 64px; object-fit: contain; display: block; }
        .chart svg { max-width: 100%; height: auto; }
        .gained { color: var(--good); } .lost { color: var(--bad); }
        """;

    /// <param name="comparison">The runs.</param>
    /// <param name="shown">The most images of which a page shows that they changed sides; the others are counted.</param>
    public static string Of(RunComparison comparison, int shown = 200)
    {
        var body = new StringBuilder("<h1>Runs</h1>\n");
        RunsTable(body, comparison);
        Side(body, "What ran differently", "The values of pipeline.json that are not the same in all.", comparison.Names,
            comparison.Differences);
        Side(body, "What came of it", "The figures of metrics.json, and the F1 score of each class.", comparison.Names, comparison.Metrics);
        if (comparison.Curves is { } curves)
            body.Append("<h2>Epochs</h2>\n<div class=\"chart\">\n").Append(curves.ToSvg()).Append("</div>\n");
        foreach (var pair in comparison.Pairs)
            Pair(body, comparison, pair, shown);
        return HtmlPage.Of(string.Join(", ", comparison.Names), Style, body.ToString());
    }

    static void RunsTable(StringBuilder body, RunComparison comparison)
    {
        body.Append("<div class=\"scroll\"><table>\n<tr><th>run</th><th>when</th><th>what ran</th><th class=\"number\">accuracy</th>"
            + "<th>95 % interval</th><th class=\"number\">images</th><th class=\"number\">epochs</th>"
            + "<th class=\"number\">seconds</th></tr>\n");
        var scale = IntervalScale.Of(comparison.Runs.Select(run => run.AccuracyInterval).OfType<Interval>());
        foreach (var (place, run) in comparison.Runs.Index())
            body.Append(Invariant($"""
                <tr><td>{Text(comparison.Names[place])}</td><td>{run.Written:yyyy-MM-dd HH:mm} UTC</td><td>{Text(run.WhatRan)}</td>
                <td class="number">{(run.Accuracy is { } share ? Invariant($"{100 * share:0.0} %") : "")}</td>
                <td>{(run is { Accuracy: { } value, AccuracyInterval: { } interval } ? scale.Strip(value, interval) : Text(run.State))}</td>
                <td class="number">{run.Tested}</td><td class="number">{run.History?.Epochs.Length}</td>
                <td class="number">{run.Seconds:0.0}</td></tr>

                """));
        body.Append("</table></div>\n");
    }

    static void Side(StringBuilder body, string title, string note, ImmutableArray<string> names, IEnumerable<ComparedValues> rows)
    {
        body.Append($"<h2>{title}</h2>\n");
        ComparedValues[] all = [.. rows];
        if (all.Length == 0)
        {
            body.Append("<p>Nothing.</p>\n");
            return;
        }
        body.Append($"<p class=\"note\">{note}</p>\n<div class=\"scroll\"><table>\n<tr><th></th>");
        foreach (var name in names)
            body.Append($"<th>{Text(name)}</th>");
        body.Append("</tr>\n");
        foreach (var row in all)
        {
            body.Append($"<tr><td>{Text(row.Name)}</td>");
            foreach (var value in row.Values)
                body.Append($"<td>{Text(value)}</td>");
            body.Append("</tr>\n");
        }
        body.Append("</table></div>\n");
    }

    static void Pair(StringBuilder body, RunComparison comparison, ComparedRun pair, int shown)
    {
        var (first, second) = (comparison.Names[0], comparison.Names[pair.Second]);
        body.Append($"<h2>{Text(first)} and {Text(second)} on the same images</h2>\n<p>{Text(pair.Comparison?.ToString() ?? pair.Reason!)}"
            + "</p>\n");
        if (pair.Comparison is not { Changed: [_, ..] changed })
            return;
        body.Append($"<h3>Images of which they say different classes</h3>\n<div class=\"scroll\"><table>\n<tr><th></th><th>image</th>"
            + $"<th>class</th><th>{Text(first)}</th><th>{Text(second)}</th><th></th></tr>\n");
        foreach (var one in changed.Take(shown))
        {
            var change = one.IsGain ? "gained" : one.IsLoss ? "lost" : "neither";
            body.Append($"<tr><td>{Picture(one.Path)}</td><td>{Text(one.Path ?? "")}</td><td>{Text(one.True)}</td>"
                + $"<td>{Text(one.First)}</td><td>{Text(one.Second)}</td><td class=\"{change}\">{change}</td></tr>\n");
        }
        body.Append("</table></div>\n");
        if (changed.Length > shown)
            body.Append(Invariant($"<p class=\"note\">{changed.Length - shown:N0} more.</p>\n"));
    }

    // An image that is gone meanwhile, or cannot be read, leaves its name.
    static string Picture(string? path)
    {
        if (path is null)
            return "";
        try
        {
            return $"<img alt=\"\" src=\"{Thumbnail.Address(ArchivePath.Image(path).Decoded(), PictureSide)}\">";
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return "";
        }
    }

    static string Text(string text) => SvgWriter.Escape(text);

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
