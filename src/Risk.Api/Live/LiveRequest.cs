using System.Text.Json;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;

namespace Risk.Api.Live;

/// <summary>What a client asks for: <c>{"subscribe":["AAPL","account:default","alerts"]}</c> adds topics, <c>unsubscribe</c> takes them away.</summary>
public sealed record LiveRequest(IReadOnlyList<string> Subscribe, IReadOnlyList<string> Unsubscribe)
{
    private const string Form = "Expected is {\"subscribe\":[\"AAPL\",\"account:default\",\"alerts\"]} or the same with unsubscribe.";
    private const string NoTopic = "A topic is a symbol, account:ID or alerts.";
    private const string NotHeard = "The topic is not the caller's to hear.";

    private const string AccountPrefix = "account:";
    private const int MaxNameLength = 40;

    /// <summary>Null with every fault for anything else.</summary>
    /// <param name="mayHear">Which topics the caller may hear: what they may not is a fault, too.</param>
    public static LiveRequest? Read(ReadOnlyMemory<byte> message, Predicate<string> mayHear, List<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(mayHear);
        ArgumentNullException.ThrowIfNull(faults);
        var request = new LiveRequest([], []);
        try
        {
            using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object) request = Read(document.RootElement, mayHear, faults);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter for broken text inside of well-formed JSON.
            faults.Clear();
        }
        if (faults.Count == 0 && request.Subscribe.Count + request.Unsubscribe.Count == 0) faults.Add(new Fault("", Form));
        return faults.Count == 0 ? request : null;
    }

    /// <summary>An account's topic is for those who may view it, alerts are of all accounts, symbols for any viewer.</summary>
    public static bool MayHear(Scopes scopes, string topic)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(topic);
        return topic == "alerts" ? scopes.AllowEverywhere(Role.Viewer)
            : topic.StartsWith(AccountPrefix, StringComparison.Ordinal) ? scopes.Allow(Role.Viewer, AccountId.Parse(topic[AccountPrefix.Length..]))
            : scopes.AllowSomewhere(Role.Viewer);
    }

    private static LiveRequest Read(JsonElement root, Predicate<string> mayHear, List<Fault> faults)
    {
        var (subscribe, unsubscribe) = (new List<string>(), new List<string>());
        foreach (var member in root.EnumerateObject())
        {
            var into = member.Name switch { "subscribe" => subscribe, "unsubscribe" => unsubscribe, _ => null };
            var name = member.Name.Length <= MaxNameLength ? member.Name : member.Name[..MaxNameLength];
            var pointer = $"/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (into is null || member.Value.ValueKind != JsonValueKind.Array)
            {
                faults.Add(new Fault(pointer, Form));
                continue;
            }
            foreach (var (index, element) in member.Value.EnumerateArray().Index())
            {
                if (element.ValueKind != JsonValueKind.String || TopicOf(element.GetString()!) is not { } topic) faults.Add(new Fault($"{pointer}/{index}", NoTopic));
                else if (into == subscribe && !mayHear(topic)) faults.Add(new Fault($"{pointer}/{index}", NotHeard));
                else into.Add(topic);
            }
        }
        return new LiveRequest(subscribe, unsubscribe);
    }

    private static string? TopicOf(string text)
    {
        if (text == "alerts") return text;
        if (text.StartsWith(AccountPrefix, StringComparison.Ordinal)) return AccountId.TryParse(text[AccountPrefix.Length..], out _) ? text : null;
        return Symbol.TryParse(text, out var symbol) ? symbol.Text : null;
    }
}
