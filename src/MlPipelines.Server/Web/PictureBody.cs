using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MlPipelines;

/// <summary>The picture in the body of a request: the body itself, or the one file of a form.</summary>
/// <remarks>It is read into memory as it comes, no further than its limit, and no longer than its time.</remarks>
sealed class PictureBody(JudgingOptions options, BodyMemory memory)
{
    /// <summary>What a form has around its file.</summary>
    internal const long FormBytes = 1 << 16;

    const int FirstBytes = 1 << 16, IdleShare = 6;

    static readonly string[] binary = ["application/octet-stream", "binary/octet-stream"];

    /// <summary>Reads it.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The file's bytes, and what they take of the memory, to be given back.</returns>
    /// <exception cref="RefusedException">There is none, it is too large, comes too slowly or under another content type.</exception>
    public async Task<(ReadOnlyMemory<byte> Bytes, IDisposable Share)> Read(HttpContext context)
    {
        var request = context.Request;
        var form = Form(request);
        if (request.ContentLength > options.MaxBytes + (form is null ? 0 : FormBytes))
            throw TooLarge();
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = options.MaxBytes + FormBytes;
        var share = memory.Take(0);
        try
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            var reading = new Reading(options, share, time);
            var bytes = form is null ? await reading.ToEnd(request.Body).ConfigureAwait(false)
                : await FileOf(new(form, request.Body), reading).ConfigureAwait(false);
            return bytes.IsEmpty ? throw new RefusedException(StatusCodes.Status400BadRequest, "The body is empty, a picture is needed.")
                : (bytes, share);
        }
        catch (Exception exception)
        {
            share.Dispose();
            if (Refused(exception, context) is { } refused)
                throw refused;
            throw;
        }
    }

    // The boundary of a form; null where the body is the picture itself.
    static string? Form(HttpRequest request)
    {
        const string needed = "image/jpeg, image/png and the like, application/octet-stream or multipart/form-data is needed";
        if (request.ContentType is null)
            return null;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            throw Unsupported($"Content-Type: cannot be read, {needed}.");
        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 200 } boundary ? boundary.ToString()
                : throw new RefusedException(StatusCodes.Status400BadRequest, "Content-Type: multipart/form-data names no boundary.");
        return type.Type.Equals("image", StringComparison.OrdinalIgnoreCase)
            || binary.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase) ? null
            : throw Unsupported($"Content-Type: got {DisplayText.Shorten(DisplayText.Visible(type.MediaType.ToString()), 60)}, {needed}.");
    }

    static async Task<ReadOnlyMemory<byte>> FileOf(MultipartReader form, Reading reading)
    {
        ReadOnlyMemory<byte>? found = null;
        while (await reading.Next(form).ConfigureAwait(false) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                || !disposition.IsFileDisposition())
                continue;
            if (found is not null)
                throw new RefusedException(StatusCodes.Status400BadRequest, "The form has several files, one picture is judged at a time.");
            found = await reading.ToEnd(section.Body).ConfigureAwait(false);
        }
        return found ?? throw new RefusedException(StatusCodes.Status400BadRequest, "The form has no file, one with a picture is needed.");
    }

    RefusedException? Refused(Exception exception, HttpContext context) => exception switch
    {
        RefusedException => null,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(),
        BadHttpRequestException bad => new RefusedException(bad.StatusCode, bad.Message, bad),
        OperationCanceledException when !context.RequestAborted.IsCancellationRequested =>
            new RefusedException(StatusCodes.Status408RequestTimeout, $"The body did not come within {options.BodyTime.TotalSeconds:0.#} "
                + $"s, or nothing of it for {options.BodyTime.TotalSeconds / IdleShare:0.#} s.", exception),
        InvalidDataException or IOException when !context.RequestAborted.IsCancellationRequested =>
            new RefusedException(StatusCodes.Status400BadRequest, "The form is not whole, or none.", exception),
        _ => null,
    };

    RefusedException TooLarge() => new(StatusCodes.Status413PayloadTooLarge,
        FormattableString.Invariant($"The picture has more than {options.MaxBytes:N0} bytes, which is the most that is taken."));

    static RefusedException Unsupported(string found) => new(StatusCodes.Status415UnsupportedMediaType, found);

    sealed class Reading(JudgingOptions options, BodyMemory.Share share, CancellationTokenSource time)
    {
        readonly DateTimeOffset end = TimeProvider.System.GetUtcNow() + options.BodyTime;

        public async Task<MultipartSection?> Next(MultipartReader form)
        {
            Continue();
            return await form.ReadNextSectionAsync(time.Token).ConfigureAwait(false);
        }

        public async Task<ReadOnlyMemory<byte>> ToEnd(Stream body)
        {
            var (bytes, length) = (Array.Empty<byte>(), 0);
            while (true)
            {
                if (length == bytes.Length)
                {
                    // One byte more than is taken shows that there is more.
                    var size = (int)Math.Min(Math.Max(FirstBytes, 2L * length), options.MaxBytes + 1);
                    share.Grow(size - length);
                    Array.Resize(ref bytes, size);
                }
                Continue();
                var read = await body.ReadAsync(bytes.AsMemory(length), time.Token).ConfigureAwait(false);
                if (read == 0)
                    return bytes.AsMemory(0, length);
                if ((length += read) > options.MaxBytes)
                    throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge);
            }
        }

        void Continue()
        {
            var (left, idle) = (end - TimeProvider.System.GetUtcNow(), options.BodyTime / IdleShare);
            time.CancelAfter(left < idle ? (left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1)) : idle);
        }
    }
}
