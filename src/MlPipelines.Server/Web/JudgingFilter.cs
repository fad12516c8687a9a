using Microsoft.Extensions.Logging;

namespace MlPipelines;

/// <summary>What all endpoints have in common: who may call them, what browsers may do with the answers, and how failures are
/// told (RFC 9457).</summary>
sealed class JudgingFilter(PictureJudge judge, RequestRate rate, ILogger<JudgingFilter> log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        try
        {
            OriginCheck.Check(request, judge.Options);
            if (HttpMethods.IsPost(request.Method))
                rate.Check(context.HttpContext);
            return await next(context).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            if (refused.Status == StatusCodes.Status503ServiceUnavailable)
                response.Headers.RetryAfter = "1";
            return Problem(refused.Status, refused.Message);
        }
        catch (NotFiniteNumberException exception)
        {
            Failed(exception);
            return Problem(StatusCodes.Status500InternalServerError, "The model gives what is no number (NaN or infinity) for this "
                + "picture.");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException
            && !context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            Failed(exception);
            return Problem(StatusCodes.Status503ServiceUnavailable, "Judgements and verdicts cannot be kept at the moment; the server's "
                + "log says why.");
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            const int clientClosedRequest = 499;
            return Results.StatusCode(clientClosedRequest);
        }
    }

    static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);

    void Failed(Exception exception)
    {
        if (log.IsEnabled(LogLevel.Error))
            Said(log, exception.Message, exception);
    }

    static readonly Action<ILogger, string, Exception?> Said =
        LoggerMessage.Define<string>(LogLevel.Error, new(1, "Failed"), "{Message}");
}
