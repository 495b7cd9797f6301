using Xunit;

namespace Risk.House.Tests.Reading;

public sealed class MemberScannerTests
{
    [Theory]
    [InlineData("void F()\n{\n  if (a) { b(); }\n}", "F", 4)]
    [InlineData("[Fact]\n[InlineData(\"}\")]\npublic async Task<int> F(int a = 3)\n{\n}", "F", 3)]
    [InlineData("int F(int a) => a switch\n{\n  1 => 2,\n};", "F", 4)]
    [InlineData("(int A, int B) F<T>(T x)\n  where T : class\n{ }", "F", 3)]
    [InlineData("public A(int a)\n  : base(a) { }", "A", 2)]
    [InlineData("public static bool operator ==(A a, A b) => true;", "operator ==", 1)]
    [InlineData("public int P\n{\n  get => field;\n  set { }\n} = 3;", "P", 5)]
    [InlineData("public int P =>\n  3;", "P", 2)]
    [InlineData("public int this[int i]\n{ get { return i; } }", "i", 2)]
    [InlineData("private readonly Action f = () =>\n{\n};", "f", 3)]
    [InlineData("string F() => $\"{(a ? \"{\" : b)}\n\";", "F", 2)]
    public void A_member_is_measured_from_its_signature_to_its_end(string source, string name, int lines)
    {
        var member = Assert.Single(Members($"class A<T> : B where T : class\n{{\n{source}\n}}\nrecord C(int D);"));
        Assert.Equal((name, lines), (member.Name, member.Lines));
    }

    [Theory]
    [InlineData("enum E { A = 1, [X] B }")]
    [InlineData("class A { private static readonly int[] Table = [\n1,\n2]; const int B = 3; }")]
    [InlineData("class A { private static readonly Dictionary<string, Func<int, int>> Table = new() { [\"a\"] = x => F(x) }; }")]
    [InlineData("delegate void D(int a);")]
    [InlineData("namespace N;\nusing X;\nusing Y = (int, int);\nrecord struct P(int X)\n{\n}")]
    public void Tables_and_types_without_members_have_none(string source) => Assert.Empty(Members(source));

    [Fact]
    public void Members_of_nested_types_extensions_and_namespaces_are_found() =>
        Assert.Equal(
            ["F", "G", "H"],
            Members("namespace N { static class A { void F() { } extension(string s) { int G() => 1; } private sealed record B { void H() { } } } }").Select(x => x.Name));

    [Fact]
    public void Top_level_statements_count_together_and_their_functions_alone()
    {
        var members = Members("using X;\nvar a = 1;\nif (a > 0)\n{\n  F();\n}\nawait G(a);\nreturn 0;\n\nstatic int F(int x)\n{\n  return x;\n}\nclass C { void M() { } }\n");
        Assert.Equal([("F", 4), ("M", 1), (MemberScanner.TopLevel, 7)], members.Select(x => (x.Name, x.Lines)));
    }

    [Theory]
    [InlineData("class A { void F() { }")]
    [InlineData("class A { } }")]
    public void Braces_that_do_not_match_are_an_error(string source) => Assert.Throws<FormatException>(() => Members(source));

    private static IReadOnlyList<Member> Members(string source) => MemberScanner.Members(new SourceFile("A.cs", source));
}
