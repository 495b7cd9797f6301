namespace Risk.Application.Access;

/// <summary>A key to be made, as a command line asks for it.</summary>
public sealed record KeyDraft(string Label, Scopes Scopes, int LifeDays)
{
    /// <summary>Null with every fault for what <see cref="IssueKey"/> would refuse, and for words that are no scopes.</summary>
    /// <param name="scopes">Each with one or more of <c>ACCOUNT:ROLE</c> or <c>*:ROLE</c>, apart by blanks or commas.</param>
    public static KeyDraft? Read(string label, IEnumerable<string> scopes, int lifeDays, List<string> faults)
    {
        var words = scopes.SelectMany(x => x.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)).ToList();
        var wrong = words.Where(x => !Grant.TryParse(x, out var grant) || grant is { Role: Role.Ingest, Account: not null }).ToList();
        faults.AddRange(wrong.Select(x => $"The scope '{x}' must be ACCOUNT:ROLE or *:ROLE with {string.Join(", ", Roles.Words)}, and ingest for *."));
        if (words.Count == 0) faults.Add("A key without a scope opens nothing: give one, as *:viewer.");
        var name = label.Trim();
        if (name.Length is 0 or > IssueKey.MaxLabelLength) faults.Add($"The label must have 1 to {IssueKey.MaxLabelLength} characters.");
        if (lifeDays is < 1 or > IssueKey.MaxLifeDays) faults.Add($"The days are {lifeDays}; they must be 1 to {IssueKey.MaxLifeDays}.");
        return faults.Count == 0 ? new KeyDraft(name, Scopes.Read(words), lifeDays) : null;
    }
}
