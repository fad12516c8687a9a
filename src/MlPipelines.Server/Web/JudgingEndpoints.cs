using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace MlPipelines;

/// <summary>Serving a model from a web application: pictures are judged, users say what they are, verdicts are counted.</summary>
public static class JudgingEndpoints
{
    const int DefaultTop = 5, VerdictBytes = 1 << 16;

    static readonly JsonSerializerOptions verdictJson =
        new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Adds what <see cref="MapJudging"/> needs.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="model">The model, which is disposed of with the application.</param>
    /// <param name="options">How it is served; null for the defaults.</param>
    public static IServiceCollection AddJudging(this IServiceCollection services, ServedModel model, JudgingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var chosen = options ?? new();
        return services.AddSingleton(_ => new PictureJudge(model, chosen)).AddSingleton(_ => new RequestRate(chosen.RequestsPerSecond))
            .AddSingleton(_ => new PictureBody(chosen, new(chosen.MaxPendingBytes))).AddSingleton<JudgingFilter>();
    }

    /// <summary>Maps POST /judge and /verdict, GET /tally, /model and /health, and a page at / that uses them.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">What stands before these paths, such as <c>/flowers</c>; nothing by default.</param>
    /// <returns>The group of all, to which authorization and the like can be added.</returns>
    /// <exception cref="InvalidOperationException"><see cref="AddJudging"/> was not called.</exception>
    /// <exception cref="ArgumentException">The model is no pipeline of <c>LoadImages</c> and an <see cref="ImageClassifier"/>.</exception>
    /// <exception cref="InvalidDataException">The file of verdicts is of another program or format, or damaged.</exception>
    /// <exception cref="IOException">The file of verdicts cannot be opened.</exception>
    public static RouteGroupBuilder MapJudging(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        // What is wrong with the model or the file shows now, and not with the first request.
        endpoints.ServiceProvider.GetRequiredService<PictureJudge>();
        var group = endpoints.MapGroup(prefix);
        group.WithTags("Judging");
        group.AddEndpointFilter((context, next) =>
            context.HttpContext.RequestServices.GetRequiredService<JudgingFilter>().InvokeAsync(context, next));
        group.MapPost("/judge", Judge).WithSummary("Judges a picture.").DisableAntiforgery()
            .WithDescription("The body is the picture's file, or a form with one file. Its classes come back with their scores, and an id "
                + "for the verdict.")
            .Describing(JudgingDocument.OfJudge).Produces<JudgeAnswer>()
            .WithProblems(400, 403, 408, 413, 415, 422, 429, 503);
        group.MapPost("/verdict", Answer).WithSummary("Takes a user's verdict on a judgement.")
            .WithDescription("The judgement is right, or the picture is of another class. A second verdict on the same judgement takes the "
                + "place of the first.")
            .Describing(JudgingDocument.OfVerdict).Produces<VerdictAnswer>().WithProblems(400, 403, 404, 413, 415, 422, 429, 503);
        group.MapGet("/tally", Tally).WithSummary("Counts the verdicts, for each generation of the model.")
            .WithDescription("As JSON, or for a browser as a page.").Produces<TallyAnswer>().WithProblems(503);
        group.MapGet("/model", Model).WithSummary("Tells of the model that is served.").Produces<ModelAnswer>();
        group.MapMethods("/health", [HttpMethods.Get, HttpMethods.Head], Health)
            .WithSummary("Tells that the server answers, and can read the verdicts.")
            .Produces<string>(contentType: "text/plain").WithProblems(503);
        group.MapGet("/", JudgingPage.Serve).ExcludeFromDescription();
        return group;
    }

    static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder builder, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            builder.ProducesProblem(status);
        return builder;
    }

    // Only told, where Accepts would refuse other content types without a word of those that are taken.
    static RouteHandlerBuilder Describing(this RouteHandlerBuilder builder,
        Func<OpenApiOperation, OpenApiOperationTransformerContext, CancellationToken, Task> description) =>
        builder.AddOpenApiOperationTransformer(description);

    static IResult Health(PictureJudge judge)
    {
        judge.Verdicts.CheckReadable();
        return Results.Text("healthy");
    }

    static async Task<IResult> Judge(HttpContext context, PictureJudge judge, PictureBody body,
        [Description("How many of the best classes come back; 5 without it.")] string? top,
        [Description("true for a heat map over the picture.")] string? heatMap,
        [Description("The class that the heat map speaks for; the most probable one without it.")] string? @class)
    {
        var count = Number(top);
        var wish = Truth(heatMap) ? new HeatMapWish(@class) : null;
        var (bytes, share) = await body.Read(context).ConfigureAwait(false);
        using (share)
        {
            var judged = await judge.Judge(bytes, wish, context.RequestAborted).ConfigureAwait(false);
            ImmutableArray<ClassScore> ranked = [.. judge.Labels.Zip(judged.Scores, (name, score) => new ClassScore(name, score))
                .OrderByDescending(one => one.Score).Take(count)];
            return Results.Ok(new JudgeAnswer
            {
                Id = judged.Id,
                Model = judge.Model.Sha256,
                Class = judge.Labels[judged.Best],
                Score = judged.Scores[judged.Best],
                Scores = ranked,
                HeatMap = judged.HeatMap is not { } map ? null : new()
                {
                    Class = map.Class,
                    Score = map.Score,
                    Width = map.Width,
                    Height = map.Height,
                    Image = $"data:image/png;base64,{Convert.ToBase64String(map.Png)}",
                },
            });
        }
    }

    static async Task<IResult> Answer(HttpContext context, PictureJudge judge)
    {
        var request = await Read(context).ConfigureAwait(false);
        var wrong = request switch
        {
            { Judgement: null or "" } => "judgement: got nothing, needs the id that POST /judge gave.",
            { Right: null, Class: null } => "right and class: got neither, needs right: true, or the class that the picture is of.",
            { Right: false, Class: null } => "class: got nothing, needs the class that the picture is of.",
            _ => null,
        };
        if (wrong is not null)
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, wrong);
        return Results.Ok(Kept(judge, request));
    }

    static VerdictAnswer Kept(PictureJudge judge, VerdictRequest request)
    {
        try
        {
            var verdict = judge.Verdicts.Answer(request.Judgement!, request.Class, request.Right)
                ?? throw new RefusedException(StatusCodes.Status404NotFound,
                    "judgement: there is none of that id. Was it judged elsewhere, or long ago without a verdict?");
            return new()
            {
                Judgement = request.Judgement!,
                Predicted = verdict.Predicted,
                Actual = verdict.Actual,
                Right = verdict.IsRight,
                Corrected = verdict.Corrects,
            };
        }
        catch (ArgumentException exception)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, exception.Message, exception);
        }
    }

    static async Task<VerdictRequest> Read(HttpContext context)
    {
        var request = context.Request;
        // A form of another's page cannot be sent as JSON without the browser asking first.
        if (!request.HasJsonContentType())
            throw new RefusedException(StatusCodes.Status415UnsupportedMediaType, "Content-Type: application/json is needed.");
        if (request.ContentLength > VerdictBytes)
            throw TooLong();
        try
        {
            using var buffered = new FileBufferingReadStream(request.Body, VerdictBytes, VerdictBytes, "");
            return await JsonSerializer.DeserializeAsync<VerdictRequest>(buffered, verdictJson, context.RequestAborted)
                .ConfigureAwait(false) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, "The body is no JSON object of judgement, right and class, such as "
                + """{"judgement": "…", "right": true} or {"judgement": "…", "class": "…"}.""", exception);
        }
        catch (BadHttpRequestException exception)
        {
            throw new RefusedException(exception.StatusCode, exception.Message, exception);
        }
        catch (IOException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw TooLong();
        }
    }

    static RefusedException TooLong() => new(StatusCodes.Status413PayloadTooLarge, $"A verdict takes at most {VerdictBytes} bytes.");

    static IResult Tally(HttpContext context, PictureJudge judge)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        return JudgingPage.IsWanted(context.Request) ? JudgingPage.Serve(context)
            : Results.Ok(new TallyAnswer([.. judge.Verdicts.Tally().Select(generation => Told(generation, judge))]));
    }

    static GenerationAnswer Told(GenerationTally tally, PictureJudge judge) => new()
    {
        Number = tally.Number,
        Model = tally.Model,
        Name = tally.Name,
        Since = tally.Since,
        Served = tally.Number == judge.Generation,
        Judged = tally.Judged,
        Verdicts = tally.Verdicts,
        Right = tally.Right,
        Accuracy = tally.Verdicts == 0 ? null : tally.Accuracy,
        AccuracyInterval = tally.Verdicts == 0 ? null : [tally.AccuracyInterval.Lower, tally.AccuracyInterval.Upper],
        Confusion = [.. tally.Counts.Select(count =>
            new ConfusionAnswer(tally.Classes[count.Actual], tally.Classes[count.Predicted], count.Count))],
    };

    static IResult Model(PictureJudge judge) => Results.Ok(new ModelAnswer
    {
        Name = judge.Model.Name,
        Model = judge.Model.Sha256,
        Generation = judge.Generation,
        Classes = judge.Labels,
        MaxBytes = judge.Options.MaxBytes,
        KeepsPictures = judge.Options.KeepPictures,
    });

    static int Number(string? top) => top is null ? DefaultTop
        : int.TryParse(top, out var number) && number > 0 ? number
        : throw new RefusedException(StatusCodes.Status400BadRequest, "top: a whole number of at least 1 is needed.");

    static bool Truth(string? heatMap) => heatMap is not null && (heatMap.Length == 0 || (bool.TryParse(heatMap, out var truth) ? truth
        : throw new RefusedException(StatusCodes.Status400BadRequest, "heatMap: true or false is needed.")));
}
