namespace MlPipelines;

/// <summary>Finds pictures whose label most members contradict with confidence.</summary>
/// <remarks>Confident learning: a picture counts for another class when the members' mean probability of that class is at least the mean
/// that the pictures of that class have. Here three quarters of the members must say that class as well, so that pictures on which members
/// differ stay, and give the label itself no more than chance would, so that members that are often wrong leave out few of the pictures
/// that are only difficult. Source: Northcutt, Jiang, Chuang 2021, doi:10.1613/jair.1.12125, §3.1.</remarks>
sealed class LabelNoise(int pictures, int classes)
{
    const double Agreement = 0.75;

    readonly float[] sums = new float[(long)pictures * classes];
    readonly int[] votes = new int[(long)pictures * classes];
    int members;

    /// <summary>Adds a member's answers.</summary>
    /// <param name="probability">Of picture and class.</param>
    /// <param name="answers">Its answers.</param>
    public void Add(Func<int, int, float> probability, TableAnswer[] answers)
    {
        members++;
        for (var picture = 0; picture < pictures; picture++)
        {
            for (var of = 0; of < classes; of++)
                sums[(long)picture * classes + of] += probability(picture, of);
            if (answers[picture].Class >= 0)
                votes[(long)picture * classes + answers[picture].Class]++;
        }
    }

    /// <summary>The pictures, with the class that members agree on.</summary>
    public IEnumerable<(int Picture, int Class)> Find(int[] labels)
    {
        // One member alone contradicts itself in nothing but its own mistakes.
        if (members < 2)
            yield break;
        var thresholds = Enumerable.Range(0, classes).Select(of => labels.Index().Where(one => one.Item == of)
            .Select(one => (double)sums[(long)one.Index * classes + of]).DefaultIfEmpty(double.PositiveInfinity).Average()).ToArray();
        for (var picture = 0; picture < pictures; picture++)
        {
            var most = Enumerable.Range(0, classes).MaxBy(of => votes[(long)picture * classes + of]);
            if (most != labels[picture] && votes[(long)picture * classes + most] >= Agreement * members
                && sums[(long)picture * classes + most] >= thresholds[most]
                && sums[(long)picture * classes + labels[picture]] * classes <= members)
                yield return (picture, most);
        }
    }
}
