using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CiDiff.Errors;

namespace CiDiff.Publishing;

/// <summary>Sends requests to a host's REST API: waits and tries again as the host asks, and turns what cannot be done into one line that says
/// what is missing. The token goes to the API's own address and nowhere else.</summary>
internal sealed class HostClient : IDisposable
{
    // A list longer than this is not a pull request's.
    private const int MostPages = 200;
    private const int MostTries = 5;
    private const int MostRedirects = 3;

    // Everything that one run waits for a host, all requests together: a job is paid by the minute.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(3);
    // A job that seems to hang says why.
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(30);

    // "wait at least one minute": https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api (2026-11-21)
    private static readonly TimeSpan SecondaryLimitWait = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http;
    private readonly HostAccess _access;
    private readonly TimeProvider _time;
    private readonly IProgress<RunEvent> _progress;
    private readonly HostProblems _problems;
    private TimeSpan _waited;

    public HostClient(HostAccess access, AuthenticationHeaderValue authorization, TimeProvider time, IProgress<RunEvent> progress)
    {
        // A redirect is followed by hand, and only within the API's own address.
#pragma warning disable CA2000 // the client disposes its handler
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore CA2000
        _http.DefaultRequestHeaders.Authorization = authorization;
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("cidiff", null));
        _access = access;
        _time = time;
        _progress = progress;
        _problems = new HostProblems(access);
    }

    /// <summary>Headers that every request carries.</summary>
    public HttpRequestHeaders Headers => _http.DefaultRequestHeaders;

    /// <summary>When the host last answered, by its own clock.</summary>
    public DateTimeOffset? HostTime { get; private set; }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request until it has an answer that is worth something.</summary>
    /// <param name="method">GET, POST, …</param>
    /// <param name="path">Below the API's root, with a slash in front and its parts escaped; or a whole address of the API.</param>
    /// <param name="body">JSON to send; null for none.</param>
    /// <param name="action">What it is for.</param>
    /// <param name="cancellationToken">Stops it, waiting included.</param>
    /// <param name="expected">Refusals that the caller deals with.</param>
    /// <exception cref="UserErrorException">It was refused for another reason, or the host does not answer.</exception>
    public async Task<HostAnswer> SendAsync(
        HttpMethod method,
        string path,
        JsonNode? body,
        HostAction action,
        CancellationToken cancellationToken,
        params IReadOnlyList<HttpStatusCode> expected)
    {
        var address = path.StartsWith('/') ? new Uri(_access.ApiUrl.AbsoluteUri.TrimEnd('/') + path) : new Uri(path);
        for (var (tries, redirects) = (1, 0); ; tries++)
        {
            HostAnswer answer;
            TimeSpan wait;
            try
            {
                answer = await SendOnceAsync(method, address, body, cancellationToken);
            }
            catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                if (tries == MostTries || !await WaitAsync(Backoff(tries), error.Message, cancellationToken))
                {
                    throw _problems.Unreachable(action, error);
                }

                continue;
            }

            HostTime = answer.Headers.Date ?? HostTime;
            if ((int)answer.Status is >= 200 and < 300 || (expected.Contains(answer.Status) && !IsLimited(answer)))
            {
                return answer;
            }

            if (Redirect(answer, address) is { } next && redirects++ < MostRedirects
                && (method == HttpMethod.Get || answer.Status is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                address = next;
                continue;
            }

            if (IsLimited(answer))
            {
                wait = LimitedFor(answer);
                if (tries == MostTries || !await WaitAsync(wait, "it asks to wait", cancellationToken))
                {
                    throw _problems.Limited(action, answer, _time.GetUtcNow() + wait);
                }
            }
            else if ((int)answer.Status is 500 or 502 or 503 or 504)
            {
                wait = answer.Headers.RetryAfter is null ? Backoff(tries) : LimitedFor(answer);
                if (tries == MostTries || !await WaitAsync(wait, FormattableString.Invariant($"status {(int)answer.Status}"), cancellationToken))
                {
                    throw _problems.Failing(action, answer);
                }
            }
            else
            {
                throw _problems.Refused(action, answer);
            }
        }
    }

    /// <summary>All elements of a list, page after page, as the <c>Link</c> headers name them.</summary>
    public async IAsyncEnumerable<JsonElement> ListAsync(string path, HostAction action, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = path;
        for (var page = 0; next is not null && page < MostPages; page++)
        {
            var answer = await SendAsync(HttpMethod.Get, next, null, action, cancellationToken);
            if (answer.Body.ValueKind != JsonValueKind.Array)
            {
                throw _problems.NotUnderstood(action);
            }

            foreach (var element in answer.Body.EnumerateArray())
            {
                yield return element;
            }

            next = NextPage(answer.Headers) is { } link && IsOwn(link) ? link.AbsoluteUri : null;
        }
    }

    /// <summary>Reads an answer; one that lacks what it has to have is told as such.</summary>
    public T Read<T>(HostAction action, JsonElement body, Func<JsonElement, T> read)
    {
        try
        {
            return read(body);
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw _problems.NotUnderstood(action, error);
        }
    }

    /// <summary>The error for a refusal that the caller asked to see and cannot deal with.</summary>
    public UserErrorException Refused(HostAction action, HostAnswer answer) => _problems.Refused(action, answer);

    /// <summary>Whether an address is one of this API's: only those get the token.</summary>
    internal bool IsOwn(Uri address) =>
        address.Scheme == _access.ApiUrl.Scheme && address.Host == _access.ApiUrl.Host && address.Port == _access.ApiUrl.Port;

    private async Task<HostAnswer> SendOnceAsync(HttpMethod method, Uri address, JsonNode? body, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestRequest);
        using var request = new HttpRequestMessage(method, address);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var response = await _http.SendAsync(request, limit.Token);
        return new HostAnswer(response.StatusCode, Parse(await response.Content.ReadAsByteArrayAsync(limit.Token)), response.Headers);
    }

    // A proxy in between answers in HTML.
    private static JsonElement Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            return default;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private Uri? Redirect(HostAnswer answer, Uri address) =>
        (int)answer.Status is 301 or 302 or 307 or 308 && answer.Headers.Location is { } location && new Uri(address, location) is var next && IsOwn(next)
            ? next
            : null;

    private static Uri? NextPage(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("Link", out var values))
        {
            return null;
        }

        // <https://…>; rel="next", <https://…>; rel="last"
        var link = values.SelectMany(value => value.Split(',')).FirstOrDefault(part => part.Contains("rel=\"next\"", StringComparison.Ordinal));
        return link is not null && link.IndexOf('<', StringComparison.Ordinal) is >= 0 and var start && link.IndexOf('>', start) is > 0 and var end
            && Uri.TryCreate(link[(start + 1)..end], UriKind.Absolute, out var next)
                ? next
                : null;
    }

    private static bool IsLimited(HostAnswer answer) => answer.Status switch
    {
        HttpStatusCode.TooManyRequests => true,
        HttpStatusCode.Forbidden => answer.Headers.RetryAfter is not null
            || HeaderNumber(answer, "x-ratelimit-remaining") == 0
            || HostProblems.MessageOf(answer).Contains("secondary rate limit", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private TimeSpan LimitedFor(HostAnswer answer)
    {
        var now = _time.GetUtcNow();
        var wait = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,

            // Only an exhausted budget is filled again at the reset; a secondary limit has nothing to do with it.
            _ when HeaderNumber(answer, "x-ratelimit-remaining") is 0 && HeaderNumber(answer, "x-ratelimit-reset") is { } reset =>
                DateTimeOffset.FromUnixTimeSeconds(reset) - now,
            _ when HeaderNumber(answer, "RateLimit-Reset") is { } reset => DateTimeOffset.FromUnixTimeSeconds(reset) - now,
            _ => SecondaryLimitWait,
        };
        return wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait;
    }

    private static long? HeaderNumber(HostAnswer answer, string name) =>
        answer.Headers.TryGetValues(name, out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= 253402300799
            ? number
            : null;

    private static TimeSpan Backoff(int tries) => TimeSpan.FromSeconds(1 << (tries - 1));

    private async Task<bool> WaitAsync(TimeSpan wait, string because, CancellationToken cancellationToken)
    {
        if (_waited + wait > LongestWait)
        {
            return false;
        }

        var told = string.Create(CultureInfo.InvariantCulture, $"{_access.Name} is asked again in {wait.TotalSeconds:0} s: {because}");
        _progress.Report(wait >= LongWait ? new RunEvent.Warning(told) : new RunEvent.Reasoning(told));
        _waited += wait;
        await Task.Delay(wait, _time, cancellationToken);
        return true;
    }
}
