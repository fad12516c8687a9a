using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What a build has made: the model, why it was chosen, and how it does on images that no choice has seen.</summary>
/// <param name="Model">The fitted pipeline, from paths or pictures to PredictedLabel and Score; it is yours to dispose of.</param>
/// <param name="Report">How it does on <paramref name="TestSet"/>.</param>
/// <param name="TestSet">Images that no choice and no training has seen.</param>
/// <param name="Search">What was tried and chosen.</param>
public sealed record BuiltClassifier(ITransformer Model, ClassificationReport Report, IDataView TestSet, BuildSearch Search)
{
    /// <summary>The epochs of the last training; one for a head that is learnt at once.</summary>
    public TrainingHistory History { get; init; } = new();
}

/// <summary>What a build has tried, and what it has chosen.</summary>
/// <param name="Chosen">Name of the candidate.</param>
/// <param name="Trials">All trials, in their order.</param>
/// <param name="End">Why no more were made.</param>
/// <param name="Reason">Why this one, and why not another kind, in a sentence or two.</param>
public sealed record BuildSearch(string Chosen, ImmutableArray<BuildTrial> Trials, SearchEnd End, string Reason)
{
    /// <summary>Whether the model is the one of the trial that decided, which has not learnt from the images that candidates are chosen by:
    /// there was no time for another training.</summary>
    public bool IsOfTrial { get; init; }

    /// <summary>One row a trial: its number, candidate, round, share of the images, accuracy on the images that candidates are chosen by
    /// with its interval, log-loss, seconds, and 1 for the trial that decided.</summary>
    public string ToCsv()
    {
        var decided = Trials.Where(trial => trial.Candidate == Chosen).MaxBy(trial => trial.Rung);
        var csv = new CsvWriter().Text("trial").Text("candidate").Text("round").Text("share").Text("right").Text("images")
            .Text("accuracy").Text("lower95").Text("upper95").Text("log_loss").Text("seconds").Text("chosen").EndRow();
        foreach (var trial in Trials)
            csv.Number((double)trial.Number).Text(trial.Candidate).Number((double)trial.Rung + 1).Number(trial.Share)
                .Number((double)trial.Right).Number((double)trial.Count).Number(trial.Accuracy).Number(trial.AccuracyInterval.Lower)
                .Number(trial.AccuracyInterval.Upper).Number(trial.LogLoss).Number(trial.Seconds)
                .Number((double)(trial == decided ? 1 : 0)).EndRow();
        return csv.ToString();
    }
}
