using System.Collections.Immutable;
using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>A network as a chain of stages, found by structure: between two stages all that is computed so far is one value.</summary>
static class NetworkStages
{
    /// <summary>The stages of a graph of images; the first is the image.</summary>
    public static ImmutableArray<Stage> Of(Graph graph)
    {
        var units = NetworkUnit.Of(graph);
        return [LayerStages.Of(units[0]), .. Chain(units[0], [.. units.Skip(1)])];
    }

    /// <summary>The stages of units in order, of which the last one gives the result.</summary>
    static ImmutableArray<Stage> Chain(NetworkUnit entry, List<NetworkUnit> units)
    {
        var stages = ImmutableArray.CreateBuilder<Stage>();
        var lastUse = new Dictionary<NetworkUnit, int>();
        foreach (var (place, unit) in units.Index())
            foreach (var input in unit.Inputs)
                lastUse[input] = place;
        var (first, open) = (0, -1);
        for (var place = 0; place < units.Count; place++)
        {
            open = Math.Max(open, place > first ? lastUse.GetValueOrDefault(units[place - 1]) : lastUse.GetValueOrDefault(entry));
            if (open > place)
                continue;
            stages.Add(Segment(entry, [.. units[first..(place + 1)]]));
            (entry, first, open) = (units[place], place + 1, -1);
        }
        return stages.ToImmutable();
    }

    static Stage Segment(NetworkUnit entry, NetworkUnit[] units)
    {
        if (units is [var only])
            return LayerStages.Of(only);
        var join = units[^1];
        var ways = Ways(units[..^1]);
        var crossed = ways.Any(way => way.SkipLast(1).Any(join.Inputs.Contains) || !join.Inputs.Contains(way[^1]));
        // One way beside no skip would be the same units again.
        if (crossed || ways.Count == 1 && !join.Inputs.Contains(entry))
            return Tangled(units);
        var chains = ways.Select(way => Chain(entry, way)).Concat(join.Inputs.Contains(entry) ? [[]] : Array.Empty<ImmutableArray<Stage>>())
            .GroupBy(way => string.Join(';', way.Select(stage => stage.Signature))).ToArray();
        return new BranchingStage([.. chains.Select(alike => alike.First())], [.. chains.Select(alike => alike.Count())],
            LayerStages.Of(join));
    }

    /// <summary>Units that are linked to each other, together and in order.</summary>
    static List<List<NetworkUnit>> Ways(NetworkUnit[] units)
    {
        var wayOf = new Dictionary<NetworkUnit, List<NetworkUnit>>();
        foreach (var unit in units)
        {
            var own = new List<NetworkUnit>();
            foreach (var way in unit.Inputs.Where(wayOf.ContainsKey).Select(input => wayOf[input]).Distinct().ToArray())
                own.AddRange(way);
            own.Add(unit);
            foreach (var member in own)
                wayOf[member] = own;
        }
        var places = units.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return [.. wayOf.Values.Distinct().Select(way => way.OrderBy(unit => places[unit]).ToList()).OrderBy(way => places[way[0]])];
    }

    static TangledStage Tangled(NetworkUnit[] units)
    {
        var places = units.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return new([.. units.Select(LayerStages.Of)],
            [.. units.Index().SelectMany(pair => pair.Item.Inputs.Select(input => (places.GetValueOrDefault(input, -1), pair.Index)))]);
    }
}
