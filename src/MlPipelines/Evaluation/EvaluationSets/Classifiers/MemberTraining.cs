using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Which members are trained, and how.</summary>
public sealed record MemberTraining
{
    /// <summary>The types.</summary>
    public ImmutableArray<ClassifierType> Types { get; init; } = ClassifierType.All;

    /// <summary>Draws of training sets; of each type one member is trained on each, and searched with.</summary>
    public int Draws { get; init => field = Check.Within(value, 1, 1000, nameof(Draws)); } = 10;

    /// <summary>Further draws, with other seeds, whose members are held out.</summary>
    public int HeldOutDraws { get; init => field = Check.Within(value, 0, 1000, nameof(HeldOutDraws)); } = 3;

    /// <summary>Pictures in a draw, as many of each class.</summary>
    public int Pictures { get; init => field = Check.AtLeast(value, 2, nameof(Pictures)); } = 5000;

    /// <summary>How often each member sees its pictures.</summary>
    public int Epochs { get; init => field = Check.AtLeast(value, 1, nameof(Epochs)); } = 20;

    /// <summary>Pictures in a step.</summary>
    public int BatchSize { get; init => field = Check.AtLeast(value, 1, nameof(BatchSize)); } = 64;

    /// <summary>Greatest learning rate of the one-cycle schedule, of Adam.</summary>
    public float LearningRate { get; init => field = Check.MoreThan(value, 0, nameof(LearningRate)); } = 0.001f;

    /// <summary>Width and height that pictures in files are brought to; pictures in memory must have it.</summary>
    public int Side { get; init => field = Check.Within(value, 16, 256, nameof(Side)); } = 32;

    /// <summary>Of draws and trainings; null for the context's.</summary>
    public int? Seed { get; init; }

    /// <summary>Folder in which each member's training is kept, in a folder of its name; null for nowhere. With the same images and options
    /// again, one that has ended is taken as it is, and one that was stopped goes on to the same bits.</summary>
    public string? WorkspacePath { get; init; }

    /// <summary>Told what was done, a line a member.</summary>
    public Action<string>? Steps { get; init; }

    /// <summary>Ends the training.</summary>
    public CancellationToken CancellationToken { get; init; }
}
