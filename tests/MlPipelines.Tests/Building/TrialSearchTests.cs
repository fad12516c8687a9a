using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Building;

/// <summary>Successive halving with candidates that are made up.</summary>
public sealed class TrialSearchTests
{
    static readonly double[] nine = [0.5, 0.55, 0.9, 0.6, 0.8, 0.4, 0.7, 0.65, 0.3];

    [Fact]
    public void The_better_third_goes_on_and_the_best_of_the_last_two_wins()
    {
        var (search, candidates) = Search(new(null, null));
        Assert.Equal(SearchEnd.AllTried, search.Run(default, null, CancellationToken.None));
        Assert.Equal([9, 3, 2], search.Finished.CountBy(trial => trial.Rung).OrderBy(rung => rung.Key).Select(rung => rung.Value));
        Assert.Equal(["2", "4", "6"], search.Finished.Where(trial => trial.Rung == 1).Select(trial => trial.Candidate));
        Assert.Equal(["2", "4"], search.Finished.Where(trial => trial.Rung == 2).Select(trial => trial.Candidate));
        Assert.Equal([1.0 / 9, 1.0 / 3, 1], candidates[2].Tried);
        Assert.Equal("2", Halving(candidates).Leader(search.Finished).Candidate.Name);
    }

    [Fact]
    public void Without_a_bound_of_time_equally_many_trials_are_the_same()
    {
        var (whole, candidates) = Search(new(null, null));
        whole.Run(default, null, CancellationToken.None);
        for (var count = 1; count <= whole.Finished.Count; count++)
        {
            var (search, own) = Search(new(null, count), [7, 1, 4, 2, 3, 9, 1, 5, 2]);
            Assert.Equal(count == whole.Finished.Count ? SearchEnd.AllTried : SearchEnd.Trials,
                search.Run(default, null, CancellationToken.None));
            Assert.Equal(whole.Finished.Take(count).Select(Words), search.Finished.Select(Words));
            Assert.Equal(Halving(candidates).Leader([.. whole.Finished.Take(count)]).Candidate.Name,
                Halving(own).Leader(search.Finished).Candidate.Name);
        }
    }

    [Fact]
    public void What_does_not_fit_is_passed_over_and_what_does_is_tried()
    {
        // The first takes as long as all others together; without it all others are tried, in all rounds.
        var (search, candidates) = Search(new(TimeSpan.FromSeconds(60), null), [1, 1, 1, 200, 1, 1, 1, 1, 1]);
        Assert.Equal(SearchEnd.Time, search.Run(default, null, CancellationToken.None));
        Assert.Empty(candidates[3].Tried);
        Assert.Equal([8, 3, 2], search.Finished.CountBy(trial => trial.Rung).OrderBy(rung => rung.Key).Select(rung => rung.Value));
        Assert.Equal("2", Halving(candidates).Leader(search.Finished).Candidate.Name);
    }

    [Fact]
    public void The_best_of_a_family_that_gains_late_goes_on_and_wins()
    {
        var (candidates, clock) = Families();
        var search = new TrialSearch(Halving(candidates), new(null, null), null, clock);
        Assert.Equal(SearchEnd.AllTried, search.Run(default, null, CancellationToken.None));
        Assert.Equal(["head 0", "head 1", "whole 1"], search.Finished.Where(trial => trial.Rung == 1).Select(trial => trial.Candidate));
        Assert.Equal(["head 0", "head 1", "whole 1"], search.Finished.Where(trial => trial.Rung == 2).Select(trial => trial.Candidate));
        Assert.Equal("whole 1", search.Leader(null).Candidate.Name);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0)] // The best of the family leads all, so that it is of the better third.
    public void Of_a_family_whose_best_does_not_fit_the_next_goes_on(double lost)
    {
        var (candidates, clock) = Families(seconds: 40, lost);
        var search = new TrialSearch(Halving(candidates), new(TimeSpan.FromSeconds(60), null), null, clock);
        search.Run(default, null, CancellationToken.None);
        Assert.Equal((1, 3), (candidates[5].Tried.Count, candidates[4].Tried.Count));
        Assert.Equal(lost > 0 ? "whole 0" : "whole 1", search.Leader(TimeSpan.FromSeconds(60 - clock.Now)).Candidate.Name);
    }

    // Four heads, and two whole networks, which lose more by few samples: the second is the better one with all.
    static (MadeUpCandidate[] Candidates, MadeUpClock Clock) Families(double seconds = 1, double lost = 0.5)
    {
        var clock = new MadeUpClock();
        return ([
            .. new[] { 0.8, 0.75, 0.7, 0.65 }.Select((best, place) => new MadeUpCandidate($"head {place}", best, clock)),
            new("whole 0", 0.88, clock, family: "whole", lost: 0.5),
            new("whole 1", 0.93, clock, seconds, family: "whole", lost: lost),
        ], clock);
    }

    [Fact]
    public void A_kind_that_is_not_known_is_rehearsed_and_not_judged_by_others()
    {
        var clock = new MadeUpClock();
        // By the speed of the first the other would take 900 seconds.
        MadeUpCandidate[] candidates = [new("small", 0.5, clock, 1), new("large", 0.9, clock, 2, amount: 900)];
        Assert.Equal(SearchEnd.AllTried, new TrialSearch(Halving(candidates), new(TimeSpan.FromSeconds(60), null), null, clock)
            .Run(default, null, CancellationToken.None));
        Assert.Equal((8, 3), (candidates[1].Rehearsals, candidates[1].Tried.Count));
        Assert.Equal(SearchEnd.Time, new TrialSearch(Halving(candidates), new(TimeSpan.FromSeconds(1.6), null), null, clock)
            .Run(default, null, CancellationToken.None));
        Assert.Equal((16, 3), (candidates[1].Rehearsals, candidates[1].Tried.Count));
        new TrialSearch(Halving(candidates), new(null, 4), null, clock).Run(default, null, CancellationToken.None);
        Assert.Equal(16, candidates[1].Rehearsals);
    }

    [Fact]
    public void A_slow_moment_in_a_rehearsal_passes_nothing_over()
    {
        var clock = new MadeUpClock();
        MadeUpCandidate[] candidates = [new("small", 0.5, clock, 1), new("large", 0.9, clock, 10, amount: 900) { FirstRehearsal = 6 }];
        Assert.Equal(SearchEnd.AllTried, new TrialSearch(Halving(candidates), new(TimeSpan.FromSeconds(60), null), null, clock)
            .Run(default, null, CancellationToken.None));
        Assert.Equal(3, candidates[1].Tried.Count);
    }

    [Fact]
    public void One_that_would_not_end_in_time_keeps_nothing_from_being_tried_that_would_and_is_not_chosen_then()
    {
        var clock = new MadeUpClock();
        MadeUpCandidate[] candidates = [new("slow", 0.9, clock, 90), new("quick", 0.5, clock, 3)];
        var halving = Halving(candidates);
        var search = new TrialSearch(halving, new(TimeSpan.FromSeconds(40), null), null, clock);
        search.Run(default, null, CancellationToken.None);
        Assert.Single(candidates[0].Tried);
        Assert.Equal(3, candidates[1].Tried.Count);
        Assert.Equal("slow", search.Leader(null).Candidate.Name);
        Assert.Equal("quick", search.Leader(TimeSpan.FromSeconds(40 - clock.Now)).Candidate.Name);
        Assert.Equal("slow", search.Leader(TimeSpan.Zero).Candidate.Name);
    }

    [Fact]
    public void However_little_time_there_is_one_is_tried()
    {
        var (search, _) = Search(new(TimeSpan.FromSeconds(0.5), null));
        Assert.Equal(SearchEnd.Time, search.Run(default, null, CancellationToken.None));
        Assert.Single(search.Finished);
    }

    [Fact]
    public void A_search_that_passed_something_over_goes_on_too()
    {
        using var folder = new TemporaryFolder();
        double[] seconds = [1, 1, 1, 200, 1, 1, 1, 1, 1];
        using var stop = new CancellationTokenSource();
        var (stopped, _) = Search(new(TimeSpan.FromSeconds(60), null), seconds, new(folder.Path, "a search"));
        Assert.Throws<OperationCanceledException>(() => stopped.Run(default, trial =>
        {
            if (trial.Number == 6)
                stop.Cancel();
        }, stop.Token));
        var (resumed, candidates) = Search(new(TimeSpan.FromSeconds(60), null), seconds, new(folder.Path, "a search"));
        Assert.Equal(SearchEnd.Time, resumed.Run(default, null, CancellationToken.None));
        var (whole, _) = Search(new(TimeSpan.FromSeconds(60), null), seconds);
        whole.Run(default, null, CancellationToken.None);
        Assert.Equal(whole.Finished.Select(Words), resumed.Finished.Select(Words));
        Assert.Empty(candidates[3].Tried);
    }

    static string Words(BuildTrial trial) => $"{trial.Number} {trial.Candidate} {trial.Rung} {trial.Right}";

    [Theory]
    [InlineData(30)]
    [InlineData(45)]
    [InlineData(100)]
    public void What_is_begun_ends_in_time_with_the_last_training(double seconds)
    {
        var clock = new MadeUpClock();
        MadeUpCandidate[] candidates =
            [.. nine.Select((best, place) => new MadeUpCandidate($"{place}", best, clock, seconds: 2 + place))];
        var search = new TrialSearch(Halving(candidates), new(TimeSpan.FromSeconds(seconds), null), null, clock);
        search.Run(TimeSpan.FromSeconds(3), null, CancellationToken.None);
        var leader = Halving(candidates).Leader(search.Finished).Candidate;
        Assert.InRange(3 + clock.Now + leader.CostOfEnd(search.Finished).Amount, 0, seconds);
        Assert.True(search.Finished.Count > 2, $"{search.Finished.Count} trials");
        Assert.Equal(MeasuredSpeed.Margin * leader.CostOfEnd(search.Finished).Amount, search.EndOf(leader, null).Time.TotalSeconds, 3);
    }

    [Theory]
    [InlineData(true, "late")]
    [InlineData(false, "early")]
    public void Where_time_allows_one_of_a_round_it_is_the_one_that_gains_late(bool isLate, string leads)
    {
        var clock = new MadeUpClock();
        // With a third of all the early one leads; a trial on all takes 30 seconds of either, and the third is there to end with.
        MadeUpCandidate[] candidates =
        [
            new("spare", 0.5, clock),
            new("early", 0.8, clock, seconds: 30) { OwnEnd = 1 },
            new("late", 0.95, clock, seconds: 30, family: "late", lost: 0.5) { OwnEnd = 1, IsLate = isLate },
        ];
        var search = new TrialSearch(Halving(candidates), new(TimeSpan.FromSeconds(70), null), null, clock);
        search.Run(default, null, CancellationToken.None);
        Assert.Equal(leads, search.Leader(TimeSpan.FromSeconds(70 - clock.Now)).Candidate.Name);
    }

    [Theory]
    [InlineData(3, "spare")]
    [InlineData(12, "early")] // Behind the late one's trial even the spare one would come too late.
    public void Where_a_trial_leaves_no_model_the_search_still_ends_in_time(double spare, string leads)
    {
        var clock = new MadeUpClock();
        MadeUpCandidate[] candidates =
        [
            new("spare", 0.5, clock, seconds: spare),
            new("early", 0.8, clock, seconds: 30) { OwnEnd = 1 },
            new("late", 0.95, clock, seconds: 30, family: "late", lost: 0.5) { OwnEnd = 1, IsLate = true, LeavesNone = true },
        ];
        var search = new TrialSearch(Halving(candidates), new(TimeSpan.FromSeconds(70), null), null, clock);
        search.Run(default, null, CancellationToken.None);
        var left = TimeSpan.FromSeconds(70 - clock.Now);
        Assert.Equal((leads, leads == "spare" ? 3 : 2), (search.Leader(left).Candidate.Name, candidates[2].Tried.Count));
        Assert.InRange(search.EndOf(search.Leader(left).Candidate, left).Time, TimeSpan.Zero, left);
    }

    [Fact]
    public void The_model_of_a_trial_that_was_not_finished_is_not_the_end()
    {
        var clock = new MadeUpClock();
        MadeUpCandidate[] candidates = [new("slow", 0.9, clock, seconds: 40) { OwnEnd = 1, HasLeftBefore = true }];
        var search = new TrialSearch(Halving(candidates), new(TimeSpan.FromSeconds(30), null), null, clock);
        search.Run(default, null, CancellationToken.None);
        Assert.Equal([1.0 / 9], candidates[0].Tried);
        Assert.False(search.EndOf(candidates[0], TimeSpan.FromSeconds(30 - clock.Now)).IsOfTrial);
    }

    [Theory]
    [InlineData(80, 1.0, "slow", true)]
    [InlineData(80, null, "quick", false)]
    [InlineData(80, 30.0, "quick", false)] // The trial would end in time, and judging its model would not.
    [InlineData(150, 1.0, "slow", false)]
    public void Where_the_last_training_does_not_fit_the_model_of_the_trial_is_the_end(double seconds, double? own, string leads,
        bool isOfTrial)
    {
        var clock = new MadeUpClock();
        MadeUpCandidate[] candidates = [new("quick", 0.6, clock), new("slow", 0.9, clock, seconds: 40, lost: 0.6) { OwnEnd = own }];
        var search = new TrialSearch(Halving(candidates), new(TimeSpan.FromSeconds(seconds), null), null, clock);
        search.Run(default, null, CancellationToken.None);
        var left = TimeSpan.FromSeconds(seconds - clock.Now);
        var (leader, _) = search.Leader(left);
        var end = search.EndOf(leader, left);
        Assert.Equal((leads, isOfTrial), (leader.Name, end.IsOfTrial));
        Assert.InRange(end.Time, TimeSpan.Zero, left);
        Assert.Equal(leads == "slow" ? 3 : 2, candidates[1].Tried.Count);
    }

    [Fact]
    public void A_search_that_was_stopped_goes_on_to_the_same_end()
    {
        using var folder = new TemporaryFolder();
        var (whole, _) = Search(new(null, null));
        whole.Run(default, null, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var (stopped, _) = Search(new(null, null), store: Store());
        Assert.Throws<OperationCanceledException>(() => stopped.Run(default, trial =>
        {
            if (trial.Number == 5)
                stop.Cancel();
        }, stop.Token));
        var (resumed, candidates) = Search(new(null, null), store: Store());
        Assert.Equal(SearchEnd.AllTried, resumed.Run(default, null, CancellationToken.None));
        Assert.Equal(Timeless(whole), Timeless(resumed));
        Assert.Empty(candidates[0].Tried);
        Assert.Equal(whole.Finished.Count - 5, candidates.Sum(one => one.Tried.Count));

        TrialStore Store() => new(folder.File("trials"), "a search");

        static IEnumerable<BuildTrial> Timeless(TrialSearch search) => search.Finished.Select(trial => trial with { Seconds = 0 });
    }

    [Fact]
    public void What_was_passed_over_is_tried_by_a_search_with_more_time_and_a_third_process_follows_it()
    {
        using var folder = new TemporaryFolder();
        double[] seconds = [1, 1, 1, 200, 1, 1, 1, 1, 1];
        var (first, _) = Search(new(TimeSpan.FromSeconds(60), null), seconds, Store());
        Assert.Equal(SearchEnd.Time, first.Run(default, null, CancellationToken.None));
        var (second, candidates) = Search(new(TimeSpan.FromSeconds(600), null), seconds, Store());
        Assert.Equal(SearchEnd.AllTried, second.Run(default, null, CancellationToken.None));
        Assert.Equal([1.0 / 9], candidates[3].Tried);
        Assert.Equal(1, candidates.Sum(one => one.Tried.Count));
        Assert.Equal(first.Finished, second.Finished.SkipLast(1));
        var (third, rest) = Search(new(TimeSpan.FromSeconds(600), null), seconds, Store());
        Assert.Equal(SearchEnd.AllTried, third.Run(default, null, CancellationToken.None));
        Assert.Equal(second.Finished, third.Finished);
        Assert.All(rest, one => Assert.Empty(one.Tried));

        TrialStore Store() => new(folder.File("trials"), "a search");
    }

    [Fact]
    public void Trials_of_another_search_or_damaged_ones_are_refused()
    {
        using var folder = new TemporaryFolder();
        var (search, _) = Search(new(null, 2), store: new(folder.Path, "one"));
        search.Run(default, null, CancellationToken.None);
        var (other, _) = Search(new(null, null), store: new(folder.Path, "another"));
        Assert.Contains("holds the trials of another search",
            Assert.Throws<InvalidDataException>(() => other.Run(default, null, CancellationToken.None)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.File("002.json"), File.ReadAllText(folder.File("002.json"))[..20]);
        var (again, _) = Search(new(null, null), store: new(folder.Path, "one"));
        Assert.Contains("002.json: is no trial, or a damaged one",
            Assert.Throws<InvalidDataException>(() => again.Run(default, null, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_candidates_within_one_standard_error_the_smaller_log_loss_leads()
    {
        var clock = new MadeUpClock();
        var halving = Halving([new MadeUpCandidate("first", 0, clock), new MadeUpCandidate("second", 0, clock),
            new MadeUpCandidate("third", 0, clock)]);
        BuildTrial[] trials = [Trial("first", 80, 0.9), Trial("second", 78, 0.6), Trial("third", 70, 0.1)];
        Assert.Equal("second", halving.Leader(trials).Candidate.Name);

        static BuildTrial Trial(string name, int right, double loss) => new(1, name, 0, 1) { Right = right, Count = 100, LogLoss = loss };
    }

    // Candidates that are no better than each other, and whose accuracies are known: the best of them looks better than it is where it was
    // chosen, and not where it was not.
    [Fact]
    public void The_interval_of_images_that_no_choice_has_seen_holds_the_truth_where_that_of_the_choice_does_not()
    {
        const int repetitions = 400, candidates = 20, images = 150;
        const double truth = 0.7;
        var (held, flattered) = (0, 0);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var dice = Dice.For(7, repetition);
            var halving = new SuccessiveHalving([.. Enumerable.Range(0, candidates).Select(place => new Tossed($"{place}", truth, images,
                dice.Split(place)))], [1]);
            var search = new TrialSearch(halving, new(null, null), null, TimeProvider.System);
            search.Run(default, null, CancellationToken.None);
            var interval = halving.Leader(search.Finished).Trial.AccuracyInterval;
            flattered += interval.Lower <= truth && truth <= interval.Upper ? 0 : 1;
            var unseen = Interval.Wilson(Tossed.Toss(dice.Split(-1), truth, images), images);
            held += unseen.Lower <= truth && truth <= unseen.Upper ? 1 : 0;
        }
        // 95 % of 400, less four standard deviations of the binomial distribution.
        Assert.InRange(held, 362, repetitions);
        Assert.True(flattered > repetitions / 4, $"{flattered} of {repetitions}: the test cannot tell.");
    }

    [Fact]
    public void No_two_candidates_have_one_name() => Assert.Contains("got two of the name '0'",
        Assert.Throws<ArgumentException>(() => Halving([new("0", 1, new()), new("0", 1, new())])).Message, StringComparison.Ordinal);

    static SuccessiveHalving Halving(MadeUpCandidate[] candidates) => new([.. candidates], SuccessiveHalving.SharesOf(3));

    static (TrialSearch Search, MadeUpCandidate[] Candidates) Search(SearchBudget budget, double[]? seconds = null,
        TrialStore? store = null)
    {
        var clock = new MadeUpClock();
        MadeUpCandidate[] candidates =
            [.. nine.Select((best, place) => new MadeUpCandidate($"{place}", best, clock, seconds?[place] ?? 1))];
        return (new(Halving(candidates), budget, store, clock), candidates);
    }

    sealed class Tossed(string name, double truth, int images, Dice dice) : Candidate
    {
        public override string Name => name;

        public override TrialCost CostOf(double share, IReadOnlyCollection<BuildTrial> finished) => new("toss", 1);

        public override TrialCost CostOfEnd(IReadOnlyCollection<BuildTrial> finished) => new("toss", 1);

        public override TrialScore Try(double share, CancellationToken cancellation) =>
            Toss(dice, truth, images) is var right ? new(right, images, 1 - (double)right / images) : default;

        public static int Toss(Dice dice, double truth, int images) => Enumerable.Range(0, images).Count(_ => dice.Chance(truth));
    }
}
