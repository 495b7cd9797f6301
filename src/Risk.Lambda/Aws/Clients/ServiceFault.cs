using System.Text;
using System.Text.Json;
using System.Xml;
using Amazon.Runtime;

namespace Risk.Lambda.Aws.Clients;

/// <summary>What a service said when it refused, in either of the two forms that services speak.</summary>
internal static class ServiceFault
{
    private const int MaxUnread = 200;

    public static AmazonServiceException Read(HttpResponseMessage answer, byte[] content)
    {
        var (code, message) = content.AsSpan().TrimStart(" \r\n\t"u8) switch
        {
            [(byte)'{', ..] => ReadJson(content),
            [(byte)'<', ..] => ReadXml(content),
            _ => (null, null),
        };
        code = Header(answer, "x-amzn-errortype") ?? code ?? answer.StatusCode.ToString();
        message ??= Encoding.UTF8.GetString(content.AsSpan(0, Math.Min(content.Length, MaxUnread)));
        var type = (int)answer.StatusCode >= 500 ? ErrorType.Receiver : ErrorType.Sender;
        return new AmazonServiceException($"{code}: {message}", type, BareName(code), Header(answer, "x-amzn-requestid"), answer.StatusCode);
    }

    private static (string? Code, string? Message) ReadJson(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            string? Member(string name) =>
                document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            return (Member("__type") ?? Member("code"), Member("message") ?? Member("Message"));
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static (string? Code, string? Message) ReadXml(byte[] content)
    {
        try
        {
            var (code, message) = ((string?)null, (string?)null);
            using var reader = XmlReader.Create(new MemoryStream(content), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            while (reader.Read())
            {
                if (reader is { NodeType: XmlNodeType.Element, LocalName: "Code" })
                    code = reader.ReadElementContentAsString();
                if (reader is { NodeType: XmlNodeType.Element, LocalName: "Message" })
                    message = reader.ReadElementContentAsString();
            }

            return (code, message);
        }
        catch (XmlException)
        {
            return (null, null);
        }
    }

    /// <summary>Of <c>com.amazonaws.kinesis#ThrottlingException</c> and of <c>ThrottlingException:http://…</c>.</summary>
    private static string BareName(string code) => code[(code.IndexOf('#', StringComparison.Ordinal) + 1)..].Split(':')[0];

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
