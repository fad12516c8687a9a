namespace MlPipelines;

/// <summary>A row that could not be read.</summary>
/// <param name="Id">Which sample.</param>
/// <param name="Path">Its file, or "row" and its number.</param>
/// <param name="Reason">Why not.</param>
public sealed record SkippedRow(long Id, string Path, string Reason)
{
    /// <summary>Path and reason on one line; the path once, where the reason begins with it.</summary>
    public override string ToString() => Reason.StartsWith(Path, StringComparison.Ordinal) ? Reason : $"{Path}: {Reason}";

    internal static SkippedRow Of(RowValues row, Exception exception) => new(row.Id, row.Name, exception.Message);
}
