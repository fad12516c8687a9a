using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>One sample, ready to be written as a network takes it.</summary>
/// <param name="Content">What <see cref="NetworkInput.Write"/> takes.</param>
/// <param name="Label">Number of its class, from 0.</param>
/// <param name="Id">Which sample this is; copies have ids of their own.</param>
/// <param name="Weight">What its loss is multiplied with.</param>
/// <param name="Turn">Its place in the order that it was read in, from 0; those before it that cannot be read count.</param>
readonly record struct Sample(object Content, int Label, long Id, float Weight = 1, int Turn = 0);

/// <summary>One sample as it was collected from a view: its picture is not decoded yet, or is kept elsewhere.</summary>
/// <param name="Id">Which sample this is.</param>
/// <param name="Label">Number of its class, from 0.</param>
/// <param name="Weight">What its loss is multiplied with.</param>
/// <param name="Content">A <see cref="Picture"/>, a <see cref="LazyVector"/>, the path of an image file, or what is kept: a
/// <see cref="StoredContent"/>, a <see cref="KeptPicture"/>, a <see cref="RereadSample"/>.</param>
/// <param name="Name">What messages call it.</param>
readonly record struct CollectedSample(long Id, int Label, float Weight, object Content, string Name);

/// <summary>Which sample comes next, and which copy of it in this epoch.</summary>
readonly record struct SampleDraw(int Place, int Copy = 0);

/// <summary>All samples of a training, in memory but for their pixels; any of them can be read at any time, by several threads.</summary>
sealed class SampleTable
{
    /// <summary>The epoch of samples as they are, without what is changed at random.</summary>
    public const int AsItIs = -1;

    readonly Func<CollectedSample, int, object> content;
    readonly Action<int>? begin;

    /// <param name="samples">The samples.</param>
    /// <param name="length">Numbers in each.</param>
    /// <param name="content">What a network takes of a sample in an epoch.</param>
    /// <param name="mixings">How batches are mixed.</param>
    /// <param name="begin">Called before each epoch where a view must be read anew for it.</param>
    public SampleTable(ImmutableArray<CollectedSample> samples, int length, Func<CollectedSample, int, object> content,
        ImmutableArray<ISampleMixing> mixings, Action<int>? begin = null)
    {
        (Samples, Length, this.content, Mixings, this.begin) = (samples, length, content, mixings, begin);
        IsRandom = begin is not null
            || samples.Any(sample =>
                sample.Content is Picture { IsRandom: true } or KeptPicture { Picture.IsRandom: true } or LazyVector { IsRandom: true });
    }

    /// <summary>The samples as they are, in every epoch, and never mixed.</summary>
    public SampleTable Unchanged() =>
        new(Samples, Length, (sample, _) => content(sample, AsItIs), [], begin is null ? null : _ => begin(AsItIs)) { IsRandom = false };

    /// <summary>The same samples; whoever reads one tells of it first, on the thread that reads.</summary>
    public SampleTable Telling(Action<CollectedSample> tell) => new(Samples, Length, (sample, epoch) =>
    {
        tell(sample);
        return content(sample, epoch);
    }, Mixings, begin)
    { IsRandom = IsRandom };

    /// <summary>These samples and then others of the same kind.</summary>
    public SampleTable With(SampleTable others) => new([.. Samples, .. others.Samples], Length, content, Mixings, begin);

    public ImmutableArray<CollectedSample> Samples { get; }

    public int Count => Samples.Length;

    /// <summary>Numbers in a sample.</summary>
    public int Length { get; }

    /// <summary>Whether the view is read anew for each epoch, since steps of others stand between what is random and the trainer.</summary>
    public bool IsReread => begin is not null;

    /// <summary>Whether a sample differs from epoch to epoch.</summary>
    public bool IsRandom { get; private init; }

    /// <summary>How a trainer mixes the samples of a batch.</summary>
    public ImmutableArray<ISampleMixing> Mixings { get; }

    /// <summary>The samples in an order, read ahead.</summary>
    /// <param name="epoch">Which time a trainer goes through the samples, from 0; or <see cref="AsItIs"/>.</param>
    /// <param name="reading">How many threads read.</param>
    /// <param name="order">Which samples; null for all, in their order.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IEnumerable<Sample> Read(int epoch, RowReading reading, IReadOnlyList<SampleDraw>? order = null,
        CancellationToken cancellation = default) =>
        Read((draw, turn) => Of(draw, epoch) with { Turn = turn }, epoch, reading, order, cancellation);

    /// <summary>What is made of each sample as it was collected; the sample and the epoch are given.</summary>
    public IEnumerable<T> ReadEach<T>(Func<CollectedSample, T> read, int epoch, RowReading reading, CancellationToken cancellation) =>
        Read((draw, _) => read(Samples[draw.Place]), epoch, reading, null, cancellation);

    /// <summary>The same in an order.</summary>
    public IEnumerable<T> ReadInOrder<T>(Func<CollectedSample, T> read, int epoch, RowReading reading, IReadOnlyList<SampleDraw> order,
        CancellationToken cancellation = default) =>
        Read((draw, _) => read(Samples[draw.Place]), epoch, reading, order, cancellation);

    /// <summary>What a network takes of a sample in an epoch.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public object ContentOf(CollectedSample sample, int epoch) => content(sample, epoch);

    IEnumerable<T> Read<T>(Func<SampleDraw, int, T> read, int epoch, RowReading reading, IReadOnlyList<SampleDraw>? order,
        CancellationToken cancellation)
    {
        // At once, and not when the first sample is taken: the view is read on the thread that asks for the epoch.
        begin?.Invoke(epoch);
        var (next, count) = (0, order?.Count ?? Count);
        var work = new ReadingWork<(SampleDraw Draw, int Turn), T>(Take, one => read(one.Draw, one.Turn),
            (one, exception) => new(Samples[one.Draw.Place].Id, Samples[one.Draw.Place].Name, exception.Message), count);
        return new OrderedReader<(SampleDraw Draw, int Turn), T>(work, reading, cancellation).Read();

        // By one thread at a time, see ReadingWork.
        bool Take(out (SampleDraw Draw, int Turn) one)
        {
            var more = next < count;
            one = more ? (order is null ? new(next) : order[next], next) : default;
            next++;
            return more;
        }
    }

    // A copy is another sample to all that is drawn at random.
    Sample Of(SampleDraw draw, int epoch)
    {
        var sample = Samples[draw.Place];
        if (draw.Copy > 0)
        {
            var id = (long)Dice.For(sample.Id, draw.Copy).Bits();
            sample = sample with
            {
                Id = id,
                Content = sample.Content switch
                {
                    Picture picture => picture with { Id = id },
                    KeptPicture kept => kept with { Picture = kept.Picture with { Id = id } },
                    // Another epoch's numbers, since a vector draws by the id of the row that it came from.
                    LazyVector vector => vector with { Draw = drawn => vector.Draw(drawn < 0 ? drawn : drawn + draw.Copy) },
                    var other => other,
                }
            };
        }
        return new(content(sample, epoch), sample.Label, sample.Id, sample.Weight);
    }
}
