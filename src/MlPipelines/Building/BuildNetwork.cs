using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>A network that has learnt already, on which a build tries heads and fine-tuning.</summary>
/// <param name="Name">What tables call it; also what <c>mlpipe train --network</c> takes for it, where it comes from the command
/// line.</param>
/// <param name="Network">The network, with what it wants done with pixels.</param>
public sealed record BuildNetwork(string Name, Network Network)
{
    /// <summary>Width and height of pictures for a network of photographs that takes any.</summary>
    const int UsualSide = 224;

    /// <inheritdoc cref="BuildNetwork"/>
    public string Name { get; } = Check.Named(Name);

    /// <summary>The side of the pictures that heads learn from.</summary>
    internal int Side => Network.Takes?.Width ?? UsualSide;

    internal bool IsGrey => Network.TakenChannels == 1;

    internal bool TakesAlpha => Network.TakenChannels == 4;

    /// <summary>Whether it takes files of images.</summary>
    internal bool TakesImages => (Network.TakenChannels ?? 3) is 1 or 3 or 4;

    /// <summary>Whether it also works on pictures of another size.</summary>
    internal bool Takes(int side)
    {
        if (side == Side)
            return true;
        try
        {
            Network.Build(side, side, Network.TakenChannels ?? 3);
            return true;
        }
        catch (Graphs.GraphException)
        {
            return false;
        }
    }

    /// <summary>The networks at hand: the packaged one, and those of the catalogue that were fetched, the less work first.</summary>
    /// <param name="folder">Folder of the catalogue's models; null for the usual one.</param>
    internal static IEnumerable<BuildNetwork> AtHand(string? folder) =>
    [
        .. PackagedNetwork.Find() is { } packaged ? [new BuildNetwork(PackagedNetwork.ShortName, packaged.Network)]
            : Array.Empty<BuildNetwork>(),
        .. PretrainedModel.All.Where(model => model.Preprocessing is not null && model.InstalledIn(folder) is not null)
            .OrderBy(model => model.Published.Bytes).Select(model => new BuildNetwork(model.Name, model.Load(folder))),
    ];
}
