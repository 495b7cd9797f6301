using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Risk.House.Tests.Rules;

/// <summary>No role may do more than its function does.</summary>
public sealed partial class PermissionTests
{
    /// <summary>Every action or resource that is allowed with a star in it, where, and why.</summary>
    private static readonly (string Resource, string Text, string Reason)[] Stars =
    [
        ("DataKey", "kms:*", "the key is handed to the account's own IAM, or nobody could ever change it"),
        ("DataKey", "*", "in the policy of a key the star is the key itself"),
        ("FanoutRole", "*", "dynamodb:ListStreams knows no resource, and the mapping needs it"),
        ("FanoutRole", "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebSocketApi}/live/POST/@connections/*", "connections come and go"),
        ("FanoutRole", "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebSocketApi}/live/DELETE/@connections/*", "and those of a revoked key are ended"),
        ("LiveConnectionsRole", "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebSocketApi}/live/POST/@connections/*", "connections come and go"),
        ("LogBucketPolicy", "${LogBucket.Arn}/*", "S3 names the objects of its logs itself"),
        ("DashboardBucketPolicy", "${DashboardBucket.Arn}/*", "every file of the page is public, through the one distribution"),
    ];

    /// <summary>Nobody needs them: the program puts and deletes single items, each under a condition.</summary>
    private static readonly string[] Never =
        ["dynamodb:Scan", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLInsert", "dynamodb:PartiQLDelete", "dynamodb:DeleteTable",
         "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention", "s3:PutObjectRetention", "iam:PassRole", "kms:CreateGrant"];

    /// <summary>Kinesis keeps the place of its readers itself.</summary>
    private const string OfOneMachine = "CHECKPOINT";

    private static readonly Template Deployed = new(Repository.Read("template.yaml"));

    [Fact]
    public void Stars_are_listed_with_a_reason() =>
        Findings.MustBeNone(
            StarsOf(Deployed).Where(x => !Stars.Any(y => (y.Resource, y.Text) == x)).Select(x => $"template.yaml: {x.Resource} allows '{x.Text}'"),
            "Name the action and the resource. Objects may be named by a prefix (${Bucket.Arn}/prefix/*); what else must have a star stands in PermissionTests.Stars with its reason.");

    [Fact]
    public void Listed_stars_are_needed() =>
        Assert.Empty(Stars.Select(x => (x.Resource, x.Text)).Except(StarsOf(Deployed)));

    [Fact]
    public void Nobody_scans_updates_in_place_or_deletes_what_is_kept() =>
        Findings.MustBeNone(
            from allowed in Allowed(Deployed)
            from action in Template.Texts(Template.Node(allowed.Statement, "Action"))
            where Never.Contains(action)
            select $"template.yaml: {allowed.Resource} allows {action}",
            "Query a partition, put under a condition, delete by key; kept objects expire by a rule of their bucket.");

    [Fact]
    public void Items_are_reached_only_by_the_partitions_that_are_named() =>
        Findings.MustBeNone(
            from allowed in Allowed(Deployed)
            from action in Template.Texts(Template.Node(allowed.Statement, "Action"))
            where action is "dynamodb:GetItem" or "dynamodb:BatchGetItem" or "dynamodb:Query" or "dynamodb:PutItem" or "dynamodb:DeleteItem" or "dynamodb:ConditionCheckItem"
            let keys = Keys(allowed.Statement)
            where keys.Count == 0 || keys.Any(x => x is "*" or "**")
            select $"template.yaml: {allowed.Resource} may {action} anywhere",
            "Condition: ForAllValues:StringLike: dynamodb:LeadingKeys.");

    /// <summary>Else a store works against every emulator and is refused in an account.</summary>
    [Fact]
    public void Partitions_of_the_stores_are_open_to_some_role()
    {
        var open = Allowed(Deployed).SelectMany(x => Keys(x.Statement)).Select(x => x.Split('#')[0]).ToHashSet();
        Findings.MustBeNone(
            from file in Repository.Product
            where file.Path.StartsWith("src/Risk.Application/Stores/", StringComparison.Ordinal)
            from found in Partition().Matches(file.Uncommented)
            where !open.Contains(found.Groups[1].Value) && found.Groups[1].Value != OfOneMachine
            select $"{file.At(found.Index)}: no role may touch {found.Groups[1].Value}#",
            "Give the partition to the roles of the functions that use it, by LeadingKeys.");
    }

    /// <summary>What comes with later work brings its permissions then.</summary>
    [Fact]
    public void Roles_touch_no_partition_that_no_store_has()
    {
        var kept = Repository.Product.Where(x => x.Path.EndsWith(".cs", StringComparison.Ordinal)).Select(x => x.Uncommented).ToList();
        Findings.MustBeNone(
            from name in Allowed(Deployed).SelectMany(x => Keys(x.Statement)).Select(x => x.Split('#')[0]).Distinct()
            where !kept.Any(text => text.Contains($"\"{name}#", StringComparison.Ordinal) || text.Contains($"\"{name}\"", StringComparison.Ordinal))
            select $"template.yaml: a role may touch {name}#, which nothing in src has",
            "Take it out of the LeadingKeys.");
    }

    [Fact]
    public void Audit_items_are_put_by_commands_at_most_and_deleted_by_nobody()
    {
        Assert.Empty(WhoMay("dynamodb:PutItem", "AUD#").Except(["CommandApiRole"]));
        Assert.Empty(WhoMay("dynamodb:DeleteItem", "AUD#"));
        var denied = Deployed.Statements().Where(x => Template.Text(x.Statement, "Effect") == "Deny" && Template.Texts(Template.Node(x.Statement, "Condition")).Contains("AUD#*")).ToList();
        Assert.Contains("dynamodb:DeleteItem", Template.Texts(Template.Node(Assert.Single(denied).Statement, "Action")));
        Assert.All(FunctionTable.Names, x => Assert.Contains(denied[0].Resource, Template.Texts(Template.Node(Deployed.Resources[$"{x}Role"], "Properties", "ManagedPolicyArns"))));
    }

    [Fact]
    public void Reading_never_writes()
    {
        var actions = Deployed.Statements().Where(x => x.Resource == "ReadApiRole" && Template.Text(x.Statement, "Effect") == "Allow").SelectMany(x => Template.Texts(Template.Node(x.Statement, "Action")));
        Assert.Equal(["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "kinesis:ListShards", "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject", "s3:ListBucket"], actions.Where(x => x != "sts:AssumeRole").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_star_is_found()
    {
        var loose = new Template("""
            Resources:
              LooseRole:
                Statement:
                  - {Effect: Allow, Action: 'dynamodb:*', Resource: !Sub '${Bucket.Arn}/raw/*'}
                  - {Effect: Deny, Action: 's3:*', Resource: '*'}
            """);
        Assert.Equal([("LooseRole", "dynamodb:*")], StarsOf(loose));
    }

    private static IEnumerable<(string Resource, YamlMappingNode Statement)> Allowed(Template template) => template.Statements().Where(x => Template.Text(x.Statement, "Effect") == "Allow");

    private static IReadOnlyList<(string Resource, string Text)> StarsOf(Template template) =>
        [.. (from allowed in Allowed(template)
             from text in Template.Texts(Template.Node(allowed.Statement, "Action")).Concat(Template.Texts(Template.Node(allowed.Statement, "Resource")))
             where text.Contains('*') && !IsPrefixOfObjects(text)
             select (allowed.Resource, text)).Distinct()];

    /// <summary><c>${Bucket.Arn}/some/prefix/*</c></summary>
    private static bool IsPrefixOfObjects(string text) => text.StartsWith("${", StringComparison.Ordinal) && text.Contains("Bucket.Arn}/", StringComparison.Ordinal) && text.IndexOf('*') == text.Length - 1 && text.Count(x => x == '/') >= 2;

    private static List<string> Keys(YamlMappingNode statement) => [.. Template.Texts(Template.Node(statement, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys"))];

    private static IEnumerable<string> WhoMay(string action, string partition) =>
        Allowed(Deployed).Where(x => Template.Texts(Template.Node(x.Statement, "Action")).Contains(action) && Keys(x.Statement).Any(y => y.StartsWith(partition, StringComparison.Ordinal))).Select(x => x.Resource);

    /// <summary>What follows a comma is the sort key of an item.</summary>
    [GeneratedRegex(@"(?<!, \$?)""([A-Z]+)#")]
    private static partial Regex Partition();
}
