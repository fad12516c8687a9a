namespace MlPipelines;

/// <summary>The memory that bodies of requests may take, all together: what has come counts, not what was announced.</summary>
sealed class BodyMemory(long most)
{
    long taken;

    /// <summary>Takes some, which the one who gets it gives back.</summary>
    /// <exception cref="RefusedException">There is not as much.</exception>
    public Share Take(long bytes)
    {
        var share = new Share(this);
        share.Grow(bytes);
        return share;
    }

    /// <summary>What one request has of it.</summary>
    public sealed class Share(BodyMemory memory) : IDisposable
    {
        long bytes;

        /// <exception cref="RefusedException">There is not as much.</exception>
        public void Grow(long by)
        {
            if (Interlocked.Add(ref memory.taken, by) > memory.most)
            {
                Interlocked.Add(ref memory.taken, -by);
                throw RefusedException.Busy();
            }
            bytes += by;
        }

        public void Dispose() => Interlocked.Add(ref memory.taken, -Interlocked.Exchange(ref bytes, 0));
    }

    readonly long most = most;
}
