using System.Text;
using Risk.Api.Live;
using Risk.Api.Wire;
using Xunit;

namespace Risk.Api.Tests.Live;

public sealed class LiveRequestTests
{
    [Theory]
    [InlineData("nonsense", "")]
    [InlineData("{}", "")]
    [InlineData("""{"subscribe":[]}""", "")]
    [InlineData("""{"subscribe":["A"],"subscribe":["B"]}""", "")]
    [InlineData("""{"subscribe":["\ud800"]}""", "")]
    [InlineData("""{"subscribe":{},"unsubscribe":[1,"AAA","account:"],"x~/y":[]}""", "/subscribe /unsubscribe/0 /unsubscribe/2 /x~0~1y")]
    [InlineData("""{"subscribe":["SECRET","AAA"],"unsubscribe":["SECRET"]}""", "/subscribe/0")]
    public void Every_fault_is_named_and_fits_a_closing_frame(string message, string pointers)
    {
        var faults = new List<Fault>();
        Assert.Null(LiveRequest.Read(Encoding.UTF8.GetBytes(message), topic => topic != "SECRET", faults));
        Assert.Equal(pointers, string.Join(' ', faults.Select(x => x.Where)));
        Assert.All(faults, x => Assert.InRange(Encoding.UTF8.GetByteCount(x.Detail), 1, 123));
    }

    [Fact]
    public void A_long_name_does_not_come_back_whole()
    {
        var faults = new List<Fault>();
        Assert.Null(LiveRequest.Read(Encoding.UTF8.GetBytes($$"""{"{{new string('x', 100_000)}}":1}"""), _ => true, faults));
        Assert.InRange(Assert.Single(faults).Where.Length, 1, 100);
    }
}
