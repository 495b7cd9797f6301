using YamlDotNet.RepresentationModel;

namespace Risk.House.Tests.Reading;

/// <summary>template.yaml as a tree; the short forms of intrinsic functions are plain values here, with a tag.</summary>
internal sealed class Template
{
    private readonly YamlMappingNode root;

    public Template(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        root = (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public YamlMappingNode Globals => At(root, "Globals", "Function") ?? throw new FormatException("template.yaml has no Globals of functions.");

    public IReadOnlyDictionary<string, YamlMappingNode> Resources => field ??= At(root, "Resources")!.ToDictionary(x => ((YamlScalarNode)x.Key).Value!, x => (YamlMappingNode)x.Value);

    public IEnumerable<KeyValuePair<string, YamlMappingNode>> OfType(string type) => Resources.Where(x => Text(x.Value, "Type") == type);

    /// <summary>Functions by their logical id without the ending <c>Function</c>.</summary>
    public IReadOnlyDictionary<string, YamlMappingNode> Functions =>
        field ??= OfType("AWS::Serverless::Function").ToDictionary(x => x.Key[..^"Function".Length], x => At(x.Value, "Properties")!);

    public static YamlMappingNode? At(YamlNode? node, params string[] path) => Node(node, path) as YamlMappingNode;

    public static string? Text(YamlNode? node, params string[] path) => (Node(node, path) as YamlScalarNode)?.Value;

    public static YamlNode? Node(YamlNode? node, params string[] path)
    {
        foreach (var name in path) node = node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;
        return node;
    }

    /// <summary>Names of a mapping's entries.</summary>
    public static IEnumerable<string> Names(YamlNode? node) => node is YamlMappingNode map ? map.Children.Keys.Select(x => ((YamlScalarNode)x).Value!) : [];

    /// <summary>Every text below a node: of a list its parts, of an intrinsic function its argument.</summary>
    public static IEnumerable<string> Texts(YamlNode? node) => node switch
    {
        YamlScalarNode { Value: { } value } => [value],
        YamlSequenceNode list => list.SelectMany(Texts),
        YamlMappingNode map => map.Children.Values.SelectMany(Texts),
        _ => [],
    };

    /// <summary>Each statement of each policy, with the resource that it stands in.</summary>
    public IEnumerable<(string Resource, YamlMappingNode Statement)> Statements() =>
        from resource in Resources
        from statement in StatementsBelow(resource.Value)
        select (resource.Key, statement);

    private static IEnumerable<YamlMappingNode> StatementsBelow(YamlNode node) => node switch
    {
        YamlMappingNode map when Node(map, "Statement") is YamlSequenceNode list => list.OfType<YamlMappingNode>(),
        YamlMappingNode map => map.Children.Values.SelectMany(StatementsBelow),
        YamlSequenceNode list => list.SelectMany(StatementsBelow),
        _ => [],
    };
}
