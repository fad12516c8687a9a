using System.Net;

namespace MlPipelines;

/// <summary>A classifier behind an HTTP endpoint, as sold ones are.</summary>
/// <remarks>What it is asked goes by its template. Refusals for the moment (408, 429, 5xx), lost connections and time-outs are tried again,
/// after a pause that doubles from half a second, or as long as the server says. A picture that still has no answer is without one; five in
/// a row end the asking. Redirections are not followed, so that nothing is sent elsewhere.</remarks>
public sealed class EndpointMember : EvaluationMember
{
    const int MostInARow = 5, LongestAnswer = 1 << 22, ShownText = 200, BatchesAhead = 8;

    static readonly TimeSpan longestPause = TimeSpan.FromSeconds(60);

    readonly EndpointTemplate template;
    readonly EndpointRequest requests;
    readonly RateLimit limit;
    readonly HttpClient client;
    int failedInARow;
    long sent;

    /// <param name="template">How it is asked.</param>
    /// <param name="variable">Value of an environment variable, for what the template names; none is kept or shown.</param>
    /// <param name="name">What reports call it; null for the template's file.</param>
    /// <exception cref="InvalidDataException">A variable is not set, or the address is none.</exception>
    public EndpointMember(EndpointTemplate template, Func<string, string?> variable, string? name = null)
        : base(name ?? Path.GetFileName(Checked(template).Path))
    {
        ArgumentNullException.ThrowIfNull(variable);
        this.template = template;
        requests = new(template, variable);
        limit = new(template.RequestsPerSecond);
        client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    /// <summary>Pause before the first repetition; it doubles with each.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How many requests were sent.</summary>
    public long Requests => Interlocked.Read(ref sent);

    /// <inheritdoc/>
    protected internal override string? Fingerprint => $"endpoint {template.Fingerprint} {Filter}";

    /// <inheritdoc/>
    /// <exception cref="IOException">It refuses what it is sent, or five pictures in a row got no answer.</exception>
    protected internal override IEnumerable<MemberAnswer> Answers(IReadOnlyList<AskedPicture> pictures, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        foreach (var batch in pictures.Chunk(template.Parallel * BatchesAhead))
        {
            var turns = new SemaphoreSlim(template.Parallel);
            var answers = Task.Run(() => Task.WhenAll(batch.Select(picture => InTurn(turns, picture, cancellation))), cancellation)
                .GetAwaiter().GetResult();
            foreach (var answer in answers)
            {
                failedInARow = answer.Failure is null ? 0 : failedInARow + 1;
                if (failedInARow >= MostInARow)
                    throw new IOException($"{Name}: {MostInARow} pictures in a row got no answer, the last since {answer.Failure}. "
                        + "Look at the endpoint or its template; answers that came are kept.");
                yield return answer;
            }
        }
    }

    internal override MemberAnswer Named(MemberAnswer answer)
    {
        string Ours(string label) => template.Classes.GetValueOrDefault(label) ?? NormalForm.Of(label);
        if (answer.Class is null || answer.Classes.IsEmpty)
            return answer.Class is null ? answer : answer with { Class = Ours(answer.Class) };
        // Several of its labels may be one class of ours.
        var sums = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var (place, label) in answer.Classes.Index())
            sums[Ours(label)] = Math.Min(1, sums.GetValueOrDefault(Ours(label)) + answer.Probabilities.Span[place]);
        return answer with { Class = sums.MaxBy(one => one.Value).Key, Classes = [.. sums.Keys], Probabilities = sums.Values.ToArray() };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        client.Dispose();
        base.Dispose(disposing);
    }

    static EndpointTemplate Checked(EndpointTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return template;
    }

    async Task<MemberAnswer> InTurn(SemaphoreSlim turns, AskedPicture picture, CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await AnswerAsync(picture, cancellation).ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }

    async Task<MemberAnswer> AnswerAsync(AskedPicture picture, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (answer, wait) = await TryAsync(picture, cancellation).ConfigureAwait(false);
            if (answer.Failure is null || wait is null || attempt == template.Retries)
                return answer;
            var own = FirstPause * Math.Pow(2, attempt);
            var pause = wait > own ? wait.Value : own;
            limit.Pause(pause < longestPause ? pause : longestPause);
        }
    }

    // The answer, and where there is none how long to wait before it is tried again; null where that would not help.
    async Task<(MemberAnswer Answer, TimeSpan? Wait)> TryAsync(AskedPicture picture, CancellationToken cancellation)
    {
        await limit.TurnAsync(cancellation).ConfigureAwait(false);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(template.TimeOut);
        try
        {
            using var request = requests.For(picture.Image);
            Interlocked.Increment(ref sent);
            using var response = await client.SendAsync(request, patience.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(patience.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return (Cleaned(template.Answer.Read(body)), null);
            var reason = Refusal(response, body);
            if ((int)response.StatusCode is 408 or 429 or >= 500)
                return (new(null, reason), response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero);
            // One picture may be refused for what it is; what is wrong with the request itself is so for all.
            return response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge
                or HttpStatusCode.UnprocessableEntity or HttpStatusCode.UnsupportedMediaType
                ? (new(null, reason), null)
                : throw new IOException($"{Name}: {reason}. Correct {template.Path}, or the variables that it names.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (new(null, $"it did not answer within {template.TimeOut.TotalSeconds:0.##} s"), TimeSpan.Zero);
        }
        catch (HttpRequestException exception)
        {
            return (new(null, requests.Clean(exception.Message).TrimEnd('.')), TimeSpan.Zero);
        }
        catch (InvalidDataException exception)
        {
            return (new(null, requests.Clean(exception.Message)), null);
        }
    }

    string Refusal(HttpResponseMessage response, byte[] body)
    {
        var text = requests.Clean(System.Text.Encoding.UTF8.GetString(body)).ReplaceLineEndings(" ").Trim();
        return requests.Clean($"it answered {(int)response.StatusCode} {response.ReasonPhrase}")
            + (text.Length == 0 ? "" : $" ({DisplayText.Shorten(DisplayText.Visible(text), ShownText)})");
    }

    // A server may say back what it was sent.
    MemberAnswer Cleaned(MemberAnswer answer) => answer with
    {
        Class = requests.Clean(answer.Class!),
        Classes = [.. answer.Classes.Select(requests.Clean)],
    };
}
