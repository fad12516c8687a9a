using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Looks for evaluation sets: asks members, leaves out what misleads, draws, ranks, searches, and tries what was found on what was
/// held out.</summary>
sealed class EvaluationSetSearch
{
    // Of a type with so many members one is held out.
    const int MembersToOneHeldOut = 3;

    const long SplitKey = 1, PoolKey = 2, DrawKey = 3, SearchKey = 4, ComparisonKey = 5;

    readonly MLContext ml;
    readonly EvaluationSetOptions options;
    readonly int seed;
    readonly List<LeftOutPicture> leftOut = [];

    public EvaluationSetSearch(MLContext ml, EvaluationSetOptions options) =>
        (this.ml, this.options, seed) = (ml, options, options.Seed ?? ml.Data.Host().Seed());

    /// <exception cref="InvalidDataException">There are too few pictures or members.</exception>
    public EvaluationSetReport Run(IDataView images, ImmutableArray<EvaluationMember> members)
    {
        var roles = Roles(members);
        var pictures = PictureSurvey.Read(images, options.NearDuplicates, leftOut, options.CancellationToken);
        options.Steps?.Invoke($"{pictures.Length:N0} pictures of {pictures.Select(picture => picture.Label).Distinct().Count()} classes"
            + (leftOut.Count == 0 ? "" : $", {leftOut.Count:N0} left out as unreadable, unlabelled or double"));
        var asking = new MemberAsking(pictures, options);
        var noise = options.LeavesOutDoubtfulLabels ? new LabelNoise(pictures.Length, asking.Classes.Length) : null;
        var table = asking.Ask(members, roles, noise);
        var used = Used(pictures, table, noise);
        var data = new EvaluationSetData(pictures, members, table, asking.Unmapped, used);
        var (sets, draws) = new SetFinding(data, options, seed).Find();
        return new(data)
        {
            Members = [.. members.Select((member, place) => ResultOf(data, asking, images, place))],
            Sets = sets,
            Draws = draws,
            LeftOut = [.. leftOut],
        };
    }

    MemberResult ResultOf(EvaluationSetData data, MemberAsking asking, IDataView images, int place)
    {
        var role = data.Table.Members[place];
        return new(role.Name, role.Type, role.IsHeldOut, MemberAccuracy.Of(data.Table.CountRight(place, data.Used), data.Used.Length))
        {
            Unmapped = asking.Unmapped.Where(one => one.Key.Member == place).CountBy(one => one.Value)
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
            Unanswered = data.Table.Answers[place].Count(answer => answer.Class == TableAnswer.None),
            Failure = asking.Failures.GetValueOrDefault(place),
            Learnt = data.Members[place] is ModelMember model ? ml.MulticlassClassification.CountLearnt(model.Model, images) : null,
        };
    }

    static ImmutableArray<TableMember> Roles(ImmutableArray<EvaluationMember> members)
    {
        if (members.GroupBy(member => member.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidDataException($"{twice.Count()} members are called '{twice.Key}'. Give each a name of its own.");
        var heldOut = members.GroupBy(member => member.Type).SelectMany(type =>
        {
            var open = type.Where(member => member.IsHeldOut is null).ToArray();
            // Where someone said which, nobody else is.
            var count = open.Length < type.Count() ? 0 : open.Length < 2 ? 0 : Math.Max(1, open.Length / MembersToOneHeldOut);
            return open.TakeLast(count);
        }).Concat(members.Where(member => member.IsHeldOut == true)).ToHashSet();
        var searching = members.Where(member => !heldOut.Contains(member)).Select(member => member.Type).Distinct().Count();
        if (searching < 2)
            throw new InvalidDataException($"{members.Length} members are of {Counted.Of(searching, "type")} without those "
                + "held out, two types or more are needed to look for differences. Name more members, or give them types of their own.");
        return [.. members.Select(member => new TableMember(member.Name, member.Type, heldOut.Contains(member)))];
    }

    int[] Used(ImmutableArray<SurveyedPicture> pictures, AnswerTable table, LabelNoise? noise)
    {
        var used = new HashSet<int>(Enumerable.Range(0, pictures.Length));
        foreach (var (picture, found) in noise?.Find(table.Labels) ?? [])
            Leave(picture, $"its label '{pictures[picture].Label}' is doubtful: members say '{table.Classes[found]}'");
        var doubtful = pictures.Length - used.Count;
        for (var member = 0; member < table.Members.Length; member++)
            for (var picture = 0; picture < pictures.Length; picture++)
                if (table.Answers[member][picture].Class == TableAnswer.None)
                    Leave(picture, $"{table.Members[member].Name} gives no answer");
        options.Steps?.Invoke($"{used.Count:N0} pictures to make sets of; left out: {doubtful:N0} with a doubtful label, "
            + $"{pictures.Length - used.Count - doubtful:N0} without an answer of every member");
        return [.. used.Order()];

        void Leave(int picture, string reason)
        {
            if (used.Remove(picture))
                leftOut.Add(new(pictures[picture].Asked.Name, reason));
        }
    }

    /// <summary>Draws, ranks and searches in the table of answers.</summary>
    sealed class SetFinding(EvaluationSetData data, EvaluationSetOptions options, int seed)
    {
        readonly AnswerTable table = data.Table;
        readonly TypeShares searching = TypeShares.Of(data.Table, data.Table.Searching),
            heldOut = TypeShares.Of(data.Table, data.Table.HeldOut);
        double[] overall = [];

        bool HasHeldOut => heldOut.Types.Length > 1;

        public (ImmutableArray<EvaluationSet> Sets, ImmutableArray<EvaluationSet> Draws) Find()
        {
            overall = searching.Accuracies(data.Used);
            var (searched, kept) = Halves();
            var pool = Pool(searched, options.Pictures);
            ImmutableArray<EvaluationSet> draws = [.. pool.Draws(options.Draws, DiceFor(DrawKey)).Select((places, number) =>
                Set($"draw-{number + 1}", "A balanced set drawn at random.", places, pool)).OrderByDescending(set => set.Searched.Spread)];
            foreach (var draw in draws)
                options.Steps?.Invoke($"{draw.Name}: spread {EvaluationSet.Points(draw.Searched.Spread)} points, disagreement "
                    + $"{100 * draw.Disagreement:0.0} %, {100 * draw.Reversal:0} % of pairs in the opposite order");
            var found = new DirectedSearch(searching, pool, options.Measure).Find(DiceFor(SearchKey), options.CancellationToken);
            EvaluationSet[] sets =
            [
                Set("directed", "Found by exchange of pictures: of all balanced sets of this size that on which the types searched with "
                    + "differ most.",
                    found, pool),
                .. Kind(searched, kept) is { } kind ? [kind] : Array.Empty<EvaluationSet>(),
                Named(draws[0], "spread", $"Of {draws.Length} random draws that on which accuracies lie farthest apart."),
                Named(draws.MaxBy(set => set.Disagreement)!, "disagreement",
                    $"Of {draws.Length} random draws that on which members disagree most."),
                Named(draws.MaxBy(set => (set.Reversal, set.Searched.Spread))!, "reversal",
                    $"Of {draws.Length} random draws that on which most pairs of types change their order."),
            ];
            foreach (var set in sets)
                options.Steps?.Invoke(set.Finding);
            return ([.. sets], draws);
        }

        static EvaluationSet Named(EvaluationSet draw, string name, string origin) =>
            draw with { Name = name, Origin = $"{origin} ({draw.Name})" };

        EvaluationSet? Kind(int[] searched, int[] kept)
        {
            var kinds = PictureKinds(searched);
            var candidates = kinds.Select(kind =>
                (Kind: kind, Searched: searched.Where(kind.Holds).ToArray(), Kept: kept.Where(kind.Holds).ToArray()))
                .Select(one => (one.Kind, one.Searched, one.Kept, Size: Math.Min(MostOf(one.Searched), MostOf(one.Kept))))
                .Where(one => one.Size >= table.Classes.Length).ToArray();
            if (candidates.Length == 0)
                return null;
            var best = candidates.MaxBy(one => options.Measure.Of(searching.Accuracies(one.Searched), 1));
            var (own, others) = (Pool(best.Searched, best.Size), Pool(best.Kept, best.Size));
            var (found, tried) = (own.Draw(DiceFor(DrawKey, 1)), others.Draw(DiceFor(DrawKey, 2)));
            var asked = HasHeldOut ? heldOut : searching;
            var figures = new SpreadComparison(asked, Pool(kept, best.Size), options.Measure, options.RandomSets)
                .Of(tried, DiceFor(ComparisonKey, 1));
            return Set(best.Kind.Name.Replace(' ', '-'),
                $"Pictures with {best.Kind.Name}: of the kinds of pictures that can be told by brightness, "
                + "contrast, colour and the like that on which the types searched with differ most; drawn from pictures that took no "
                    + "part in the search.",
                tried, Pool(kept, best.Size)) with
            {
                Searched = new SpreadComparison(searching, Pool(searched, best.Size), options.Measure, options.RandomSets)
                    .Of(found, DiceFor(ComparisonKey, 2)),
                HeldOut = figures,
                Trial = HasHeldOut ? "with pictures and members held out" : "with pictures held out",
            };
        }

        ImmutableArray<PictureKind> PictureKinds(int[] searched) =>
            PictureKind.All([.. data.Pictures.Select(picture => picture.Facts)], table.Labels, searched);

        EvaluationSet Set(string name, string origin, int[] places, BalancedPool pool) => new(name, origin, [.. places.Select(PictureOf)],
            new SpreadComparison(searching, pool, options.Measure, options.RandomSets).Of(places, DiceFor(ComparisonKey)),
            HasHeldOut ? new SpreadComparison(heldOut, pool, options.Measure, options.RandomSets).Of(places, DiceFor(ComparisonKey)) : null)
        {
            Trial = "with members held out",
            Places = places,
            Accuracies = [.. table.Members.Select((_, member) => MemberAccuracy.Of(table.CountRight(member, places), places.Length))],
            Disagreement = table.Disagreement(table.Searching, places),
            Reversal = Spreads.Reversal(searching.Accuracies(places), overall),
        };

        SetPicture PictureOf(int place) =>
            new(data.Pictures[place].Row, data.Pictures[place].Asked.Name, data.Pictures[place].Label);

        // By what pictures are, not by their places: the halves do not depend on the order of the data.
        (int[] Searched, int[] Kept) Halves()
        {
            var dice = DiceFor(SplitKey);
            var kept = data.Used.GroupBy(place => table.Labels[place]).SelectMany(group => group
                .OrderBy(place => dice.Split(Convert.ToInt64(data.Pictures[place].Facts.Digest[..15], 16)).Bits()).ThenBy(place => place)
                .Take((int)(options.HeldOutPictures * group.Count()))).Order().ToArray();
            return ([.. data.Used.Except(kept)], kept);
        }

        int MostOf(int[] places) => BalancedPool.Most(places, table.Labels, table.Classes.Length, options.Pictures);

        BalancedPool Pool(IEnumerable<int> places, int size) => new(places, table.Labels, table.Classes, size, DiceFor(PoolKey));

        Dice DiceFor(long key, long part = 0) => Dice.For(seed, key, part);
    }
}
