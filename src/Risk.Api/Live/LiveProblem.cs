using System.Text.Json;
using Risk.Api.Wire;

namespace Risk.Api.Live;

/// <summary>A problem as the data of a live message, for a client whose connection goes on.</summary>
public static class LiveProblem
{
    /// <summary>The type of the message.</summary>
    public const string Type = "problem";

    /// <summary>More are counted but not listed: an answer must fit a message.</summary>
    public const int MaxListed = 100;

    public static byte[] Invalid(IReadOnlyList<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return Write(Problems.MakeInvalid([.. faults.Take(MaxListed)], faults.Count));
    }

    public static byte[] Of(int status, string type, string detail) => Write(Problems.Make(status, type, detail));

    private static byte[] Write(Problem problem) => JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.Problem);
}
