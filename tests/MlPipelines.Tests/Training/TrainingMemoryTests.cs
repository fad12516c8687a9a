using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Execution;

namespace MlPipelines.Tests.Training;

[Collection(Alone.Name), Trait("Category", "Runtime")]
public sealed class TrainingMemoryTests
{
    readonly MLContext ml = new(1);

    [Fact]
    public void Hundreds_of_steps_leave_resident_memory_flat()
    {
        var (steps, before, after) = (0, 0L, 0L);
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(64, size: 32)), new()
        {
            Network = Patterns.Elaborate(),
            Epoch = 75,
            BatchSize = 8,
            ValidationSetFraction = null,
            EarlyStoppingCriteria = null,
            StepProgress = new Patterns.Told<TrainingProgress>(_ =>
            {
                if (++steps == 200)
                    before = Resident();
                else if (steps == 600)
                    after = Resident();
            }),
        });
        Assert.Equal(600, steps);
        Assert.InRange(after - before, long.MinValue, 16 << 20);
    }

    [Fact]
    public void Training_again_and_again_leaves_resident_memory_flat()
    {
        void Train(int times)
        {
            for (var i = 0; i < times; i++)
                Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(12)), new() { Network = Patterns.Elaborate(), Epoch = 1, BatchSize = 8 }).Dispose();
        }
        Train(24);
        var before = Resident();
        Train(16);
        Assert.InRange(Resident() - before, long.MinValue, 16 << 20);
    }

    [Fact]
    public void Images_are_made_when_they_are_needed_and_let_go_of()
    {
        const int Side = 512;
        long Most(int images)
        {
            var most = 0L;
            var view = Patterns.Lazily(images, _ => Image.FromPixels(Side, Side, 3, new byte[Side * Side * 3]), row => row % 2 == 0 ? "a" : "b");
            using var model = Patterns.Fit(ml, view, new()
            {
                Network = new Sequential(new GlobalAveragePooling2D(), new Dense(2)),
                Epoch = 1,
                BatchSize = 4,
                ImageHeight = 8,
                ImageWidth = 8,
                ValidationSetFraction = null,
                StepProgress = new Patterns.Told<TrainingProgress>(step => most = Math.Max(most, step.Samples % 32 == 0 ? GC.GetTotalMemory(forceFullCollection: true) : 0)),
            });
            return most;
        }
        Most(32);
        Assert.InRange(Most(320) - Most(32), long.MinValue, 24 << 20);
    }

    static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
