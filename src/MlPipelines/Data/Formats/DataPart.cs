namespace MlPipelines;

/// <summary>The parts that a published data set comes in.</summary>
public enum DataPart
{
    /// <summary>To learn from.</summary>
    Train,

    /// <summary>To test on.</summary>
    Test,
}
