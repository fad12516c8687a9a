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

    static void Loop(Session session, int times)
    {
        for (var i = 0; i < times; i++)
            session.Run(Ones);
    }
}
