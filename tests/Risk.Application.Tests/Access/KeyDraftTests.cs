using Risk.Application.Access;
using Xunit;

namespace Risk.Application.Tests.Access;

public sealed class KeyDraftTests
{
    [Fact]
    public void Words_of_scopes_may_stand_together_or_apart()
    {
        var draft = KeyDraft.Read(" desk ", ["*:viewer desk-1:trader", "desk-2:admin,*:ingest"], 7, [])!;
        Assert.Equal(("desk", "*:viewer desk-1:trader desk-2:admin *:ingest", 7), (draft.Label, draft.Scopes.ToString(), draft.LifeDays));
    }

    [Fact]
    public void Every_fault_is_named()
    {
        var faults = new List<string>();
        Assert.Null(KeyDraft.Read(new string('x', 101), ["king:*", "desk-1:ingest"], 0, faults));
        Assert.Equal(4, faults.Count);
        faults.Clear();
        Assert.Null(KeyDraft.Read(" ", [], IssueKey.MaxLifeDays + 1, faults));
        Assert.Equal(3, faults.Count);
    }
}
