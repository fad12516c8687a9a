using System.Collections.Immutable;
using MlPipelines.Execution;

namespace MlPipelines;

/// <summary>What a build of a classifier may use, and where it ends.</summary>
public sealed record ImageBuildOptions
{
    /// <summary>When it shall have ended, the last training and evaluation included; null for no bound.</summary>
    /// <remarks>A trial that would not end in time, with what comes after it, is passed over; those that would are made. At least one is
    /// made, however little time there is.</remarks>
    public TimeSpan? Time
    {
        get;
        init => field = value is null || value > TimeSpan.Zero ? value
            : throw new ArgumentOutOfRangeException(nameof(Time), $"Time: got {value}, needs more than nothing.");
    } = TimeSpan.FromMinutes(10);

    /// <summary>The most trials; null for as many as there are. With equal seeds, equally many trials choose the same.</summary>
    public int? Trials { get; init => field = value is { } count ? Check.AtLeast(count, 1, nameof(Trials)) : null; }

    /// <summary>Share of each class that is divided off first, and that no choice sees: the report is of it.</summary>
    public double TestFraction { get; init => field = Fraction(value, nameof(TestFraction)); } = 0.2;

    /// <summary>Images that no choice sees, in place of those divided off; null to divide some off.</summary>
    public IDataView? TestSet { get; init; }

    /// <summary>Share of each class of what is left by which candidates are chosen.</summary>
    public double ValidationFraction { get; init => field = Fraction(value, nameof(ValidationFraction)); } = 0.2;

    /// <summary>Images by which candidates are chosen, in place of a part of what is left; the last training does not learn from them
    /// either.</summary>
    public IDataView? ValidationSet { get; init; }

    /// <summary>Networks to try beside those at hand (the package MlPipelines.ResNet18's, and those that <c>mlpipe models get</c> has
    /// fetched).</summary>
    public ImmutableArray<BuildNetwork> Networks { get; init; } = [];

    /// <summary>Folder of the fetched networks; null for <see cref="PretrainedModel.DefaultFolder"/>.</summary>
    public string? ModelFolder { get; init; }

    /// <summary>How pictures of another shape are brought to a size; null for cropping, or padding where that would cut away more than a
    /// third of many.</summary>
    public ResizingKind? Resizing { get; init; }

    /// <summary>Folder where finished trials and features are kept: a build that was stopped goes on there. Null for none.</summary>
    public string? WorkspacePath { get; init; }

    /// <summary>Seed of divisions and trainings; null for the context's.</summary>
    public int? Seed { get; init; }

    /// <summary>Where networks run; null for the context's.</summary>
    public Device? Device { get; init; }

    /// <summary>Threads that load images; null for one a core.</summary>
    public int? Workers { get; init; }

    /// <summary>Told of each trial, those of a workspace included.</summary>
    public IProgress<BuildTrial>? Progress { get; init; }

    /// <summary>Told of the name of what is begun.</summary>
    internal Action<string>? Begins { get; init; }

    /// <summary>Told of each epoch of what is learnt in steps.</summary>
    internal Action<EpochMetrics>? Epochs { get; init; }

    /// <summary>Told, in words, of what is found and done.</summary>
    public Action<string>? Steps { get; init; }

    /// <summary>Ends the build; finished trials stay in the workspace.</summary>
    public CancellationToken CancellationToken { get; init; }

    static double Fraction(double value, string name) => value is > 0 and < 1 ? value
        : throw new ArgumentOutOfRangeException(name, $"{name}: got {value}, needs a value between 0 and 1.");
}
