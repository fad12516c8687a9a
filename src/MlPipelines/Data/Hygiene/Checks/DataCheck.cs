using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>One thing that can be wrong with a set of images, found from a survey of it. A sealed record that derives from this is found by
/// name; its parameters need defaults.</summary>
public abstract record DataCheck
{
    /// <summary>Every check there is, with its defaults, in the order of their names.</summary>
    public static ImmutableArray<DataCheck> All { get; } = [.. Catalog<DataCheck>.Members.Values.Select(Default)];

    /// <summary>What the check finds, in an order that depends on the survey alone.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public abstract IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default);

    static DataCheck Default(Type type)
    {
        var constructor = type.GetConstructors().Single();
        return (DataCheck)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }
}
