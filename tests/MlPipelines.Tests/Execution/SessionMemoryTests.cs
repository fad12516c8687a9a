using MlPipelines.Execution;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Execution;

/// <summary>Tests that look at the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class Alone
{
    public const string Name = "Alone";
}

[Collection(Alone.Name), Trait("Category", "Runtime")]
public class SessionMemoryTests
{
    static Dictionary<string, Tensor> Ones { get; } = new() { ["x"] = Tensor.Of<float>([2, 3], [1, 2, 3, 4, 5, 6]) };

    [Fact]
    public void Ten_thousand_runs_leave_resident_memory_flat()
    {
        using var session = new Session(Models.Doubling());
        Loop(session, 3_000);
        Assert.InRange(Memory.LeastGrowth(() => Memory.GrowthDuring(() => Loop(session, 10_000))), long.MinValue, 6 << 20);
    }

    [Fact]
    public void Making_sessions_again_and_again_leaves_resident_memory_flat()
    {
        static void Make(int times)
        {
            for (var i = 0; i < times; i++)
                using (var session = new Session(Models.Doubling(), new SessionSettings { IntraOpThreads = 1 }))
                    session.Run(Ones);
        }

        Make(100);
        Assert.InRange(Memory.LeastGrowth(() => Memory.GrowthDuring(() => Make(300))), long.MinValue, 8 << 20);
    }

    [Fact]
    public void A_session_holds_what_its_values_take_and_not_twice_as_much()
    {
        // Twelve values of 16 MB, all of them needed until the end.
        const int values = 12, elements = 4 << 20;
        string Wave(int number) => number == 0 ? "x" : $"wave{number}";
        var waves = Enumerable.Range(1, values).Select(number => Models.Node("Sin", [Wave(number - 1)], [Wave(number)]));
        string Sum(int number) => number == values ? Wave(values) : $"sum{number}";
        var sums = Enumerable.Range(1, values - 1).Reverse()
            .Select(number => Models.Node("Add", [Sum(number + 1), Wave(number)], [Sum(number)]));
        var model = Models.Of([.. waves, .. sums, Models.Node("ReduceMax", [Sum(1)], ["y"])], ["x"], ["y"], 1, elements);
        var input = new Dictionary<string, Tensor> { ["x"] = Tensor.Zeros(ElementType.Float, [1, elements]) };
        var grown = Memory.LeastGrowth(() =>
        {
            using var session = new Session(model);
            return Memory.GrowthDuring(() =>
            {
                for (var run = 0; run < 3; run++)
                    session.Run(input);
            });
        });
        Assert.InRange(grown, long.MinValue, values * elements * sizeof(float) * 3L / 2);
    }

    static void Loop(Session session, int times)
    {
        for (var i = 0; i < times; i++)
            session.Run(Ones);
    }
}
