using System.Globalization;
using System.Reflection;
using Microsoft.ML.Trainers;

namespace MlPipelines;

/// <summary>How a trainer's learning rate changes: a schedule of this library, or one of ML.NET's schedulers,
/// either of which converts to it.</summary>
public sealed record TrainingSchedule
{
    TrainingSchedule(LearningRateSchedule schedule) => Schedule = schedule;

    internal LearningRateSchedule Schedule { get; }

    /// <summary>A schedule of this library.</summary>
    public static implicit operator TrainingSchedule(LearningRateSchedule schedule) => FromLearningRateSchedule(schedule);

    /// <summary>ML.NET's <see cref="ExponentialLRDecay"/>, <see cref="PolynomialLRDecay"/> or <see cref="LsrDecay"/>,
    /// which have a rate of their own.</summary>
    public static implicit operator TrainingSchedule(LearningRateScheduler scheduler) => FromLearningRateScheduler(scheduler);

    /// <summary>A schedule of this library.</summary>
    public static TrainingSchedule FromLearningRateSchedule(LearningRateSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return new(schedule);
    }

    /// <summary>A scheduler of ML.NET.</summary>
    /// <exception cref="ArgumentException">The factors of a <see cref="LsrDecay"/> do not stand latest epoch first: it takes the first
    /// whose epoch has begun, so that those behind would never count.</exception>
    public static TrainingSchedule FromLearningRateScheduler(LearningRateScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        Internals.CheckSchedules();
        var schedule = new MlNetSchedule(scheduler);
        schedule.CheckOrder();
        return new(schedule);
    }

    /// <inheritdoc/>
    public override string ToString() => Schedule.ToString();
}

/// <summary>A scheduler of ML.NET, asked for each step.</summary>
sealed record MlNetSchedule(LearningRateScheduler Scheduler) : LearningRateSchedule
{
    internal override bool HasOwnRate => true;

    /// <exception cref="ArgumentException">It gives no number, as one does that decays within less than a step.</exception>
    public override float At(float learningRate, in TrainingMoment moment)
    {
        var rate = Scheduler.RateAt(moment.BatchSize, moment.StepsPerEpoch, moment.Epoch, (int)(moment.Step % moment.StepsPerEpoch));
        return float.IsFinite(rate) ? rate
            : throw new ArgumentException($"LearningRateScheduler: {this} gives the rate {rate} in step {moment.Step}, "
                + $"with {moment.StepsPerEpoch} steps an epoch. Let it decay over more epochs.");
    }

    /// <summary>Its name and all its numbers, which the type itself does not say.</summary>
    public override string ToString()
    {
        // Two that ML.NET writes while it is asked for a rate: they are no settings.
        var fields = Fields.Where(field => field.Name is not ("GlobalStep" or "DecaySteps"))
            .Select(field => $"{field.Name} = {Text(field.GetValue(Scheduler))}");
        return $"{Scheduler.GetType().Name} {{ {string.Join(", ", fields)} }}";
    }

    public void CheckOrder()
    {
        var epochs = Fields.Select(field => field.GetValue(Scheduler)).OfType<IEnumerable<LsrDecay.LearningRateSchedulerItem>>()
            .SelectMany(items => items).Select(item => item.Epoch).ToArray();
        for (var i = 1; i < epochs.Length; i++)
            if (epochs[i] >= epochs[i - 1])
                throw new ArgumentException($"lrschedule: got factors from the epochs {string.Join(", ", epochs)} on, and LsrDecay takes "
                    + "the first whose epoch has begun. List the latest first.");
    }

    FieldInfo[] Fields => Scheduler.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    public bool Equals(MlNetSchedule? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    static string Text(object? value) => value is IEnumerable<LsrDecay.LearningRateSchedulerItem> items
        ? string.Join("; ", items.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Epoch}: {item.ScalingFactor}")))
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
