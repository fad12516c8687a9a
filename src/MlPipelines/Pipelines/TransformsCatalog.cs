namespace MlPipelines;

/// <summary>The transforms; each adds its verb as an extension method.</summary>
public sealed class TransformsCatalog(MLContext context)
{
    public MLContext Context { get; } = context;

    /// <summary>Conversions between types of columns.</summary>
    public ConversionTransforms Conversion { get; } = new(context);

    /// <summary>The conversions; each adds its verb as an extension method.</summary>
    public sealed class ConversionTransforms(MLContext context)
    {
        public MLContext Context { get; } = context;
    }
}

/// <summary>Training and judging of classifiers with any number of classes; each verb is an extension method.</summary>
public sealed class MulticlassClassificationCatalog(MLContext context)
{
    public MLContext Context { get; } = context;

    /// <summary>The trainers.</summary>
    public MulticlassClassificationTrainers Trainers { get; } = new(context);

    /// <summary>The trainers; each adds its verb as an extension method.</summary>
    public sealed class MulticlassClassificationTrainers(MLContext context)
    {
        public MLContext Context { get; } = context;
    }
}
