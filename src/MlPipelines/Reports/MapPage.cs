using System.Text;
using System.Text.Json;

namespace MlPipelines;

/// <summary>A page of a map of images: one looks at a point, by pointer or by keyboard, and sees its image, name and class.</summary>
static class MapPage
{
    const int Side = 96;

    const string Style = """
        :root { color-scheme: light dark; }
        body { font: 14px/1.4 sans-serif; margin: 16px; display: flex; flex-wrap: wrap; gap: 16px; }
        h1 { font-size: 18px; flex-basis: 100%; margin: 0; }
        svg { flex: 1 1 480px; max-width: 900px; max-height: calc(100vh - 80px); background: Canvas; border: 1px solid GrayText; }
        circle { cursor: pointer; }
        circle:focus { outline: none; stroke: Highlight; stroke-width: 4; }
        aside { flex: 0 1 240px; min-width: 200px; }
        aside img:not([src]) { visibility: hidden; }
        aside img { width: 192px; height: 192px; object-fit: contain; image-rendering: auto; display: block; }
        ul { list-style: none; padding: 0; }
        i { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 8px; }
        i.ring { border: 1px solid currentColor; box-sizing: border-box; }
        p { overflow-wrap: anywhere; min-height: 5em; }
        """;

    const string Script = """
        const svg = document.querySelector("svg"), shown = document.getElementById("shown"), said = document.getElementById("said");
        function show(point) {
          shown.src = point.t;
          shown.alt = point.n;
          said.textContent = [point.n, point.k && "class: " + point.k, point.p && "predicted: " + point.p].filter(Boolean).join("\n");
          said.style.whiteSpace = "pre-line";
        }
        for (const point of points.filter(p => !p.m).concat(points.filter(p => p.m))) {
          const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
          for (const [name, value] of Object.entries({ cx: point.x, cy: point.y, r: point.m ? 5 : 4, fill: point.c, tabindex: 0,
            stroke: point.m ? "currentColor" : "none", "aria-label": point.n }))
            dot.setAttribute(name, value);
          for (const event of ["pointerenter", "focus", "click"])
            dot.addEventListener(event, () => show(point));
          svg.append(dot);
        }
        """;

    public static string Of(ScatterChart chart, IReadOnlyList<MappedImage> images, IReadOnlyList<string>? predicted)
    {
        var places = chart.Places().ToArray();
        var colours = chart.Groups.ToDictionary(group => group.Name, group => group.Colour);
        // Names come from files: as JSON within a script they may not end it.
        var points = JsonSerializer.Serialize(images.Select((image, i) => new
        {
            x = Math.Round(places[i].X, 1),
            y = Math.Round(places[i].Y, 1),
            c = colours[chart.Points[i].Group],
            m = chart.Points[i].IsMarked,
            n = DisplayText.Visible(image.Name),
            k = DisplayText.Visible(image.Class ?? ""),
            p = DisplayText.Visible(predicted?[i] ?? ""),
            t = Thumbnail.Address(image.Image.Decoded(), Side),
        })).Replace("</", "<\\/", StringComparison.Ordinal);
        var legend = new StringBuilder();
        foreach (var (name, count, colour) in chart.Groups)
            legend.Append($"<li><i style=\"background:{colour}\"></i>{SvgWriter.Escape(name)} <b>{count}</b></li>\n");
        if (chart.Mark is { } mark)
            legend.Append(
                $"<li><i class=\"ring\"></i>{SvgWriter.Escape(mark)} <b>{chart.Points.Count(point => point.IsMarked)}</b></li>\n");
        return HtmlPage.Of(chart.Title, Style, $$"""
            <h1>{{SvgWriter.Escape(chart.Title)}}</h1>
            <svg viewBox="0 0 {{ScatterChart.FieldWidth}} {{ScatterChart.FieldHeight}}" role="img"
              aria-label="{{SvgWriter.Escape(chart.Title)}}"></svg>
            <aside><img id="shown" alt=""><p id="said">Look at a point.</p><ul>
            {{legend}}</ul></aside>
            <script>
            const points = {{points}};
            {{Script}}
            </script>
            """);
    }
}
