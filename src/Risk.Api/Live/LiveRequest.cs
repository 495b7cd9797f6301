using System.Text.Json;
using Risk.Application.Access;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;

namespace Risk.Api.Live;

/// <summary>What a client asks for: <c>{"subscribe":["AAPL","account:default","alerts"]}</c> adds topics, <c>unsubscribe</c> takes them away.</summary>
internal sealed record LiveRequest(IReadOnlyList<string> Subscribe, IReadOnlyList<string> Unsubscribe)
{
    private const string AccountPrefix = "account:";
    private const string Form = "Expected is {\"subscribe\":[\"AAPL\",\"account:default\",\"alerts\"]} or the same with unsubscribe.";

    /// <summary>Null with the fault for anything else. The fault fits the 123 bytes of a closing frame.</summary>
    public static LiveRequest? Read(ReadOnlyMemory<byte> message, out string? fault)
    {
        fault = Form;
        try
        {
            using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 4 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            var (subscribe, unsubscribe) = (new List<string>(), new List<string>());
            foreach (var member in document.RootElement.EnumerateObject())
            {
                var into = member.Name switch { "subscribe" => subscribe, "unsubscribe" => unsubscribe, _ => null };
                if (into is null || member.Value.ValueKind != JsonValueKind.Array) return null;
                foreach (var element in member.Value.EnumerateArray())
                {
                    if (element.ValueKind != JsonValueKind.String || TopicOf(element.GetString()!) is not { } topic)
                    {
                        fault = "A topic is a symbol, account:ID or alerts.";
                        return null;
                    }
                    into.Add(topic);
                }
            }
            if (subscribe.Count + unsubscribe.Count == 0) return null;
            fault = null;
            return new LiveRequest(subscribe, unsubscribe);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An account's topic is for those who may view it, alerts are of all accounts, symbols for any viewer.</summary>
    public static bool MayHear(Scopes scopes, string topic) =>
        topic == "alerts" ? scopes.AllowEverywhere(Role.Viewer)
        : topic.StartsWith(AccountPrefix, StringComparison.Ordinal) ? scopes.Allow(Role.Viewer, AccountId.Parse(topic[AccountPrefix.Length..]))
        : scopes.AllowSomewhere(Role.Viewer);

    private static string? TopicOf(string text)
    {
        if (text == "alerts") return text;
        if (text.StartsWith(AccountPrefix, StringComparison.Ordinal)) return AccountId.TryParse(text[AccountPrefix.Length..], out _) ? text : null;
        return Symbol.TryParse(text, out var symbol) ? symbol.Text : null;
    }
}
