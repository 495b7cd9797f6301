using Xunit;

namespace Risk.House.Tests.Reading;

public sealed class CSharpLexerTests
{
    [Theory]
    [InlineData("a // b \"c\n d", "a d")]
    [InlineData("a /* { \n } */ b", "a b")]
    [InlineData("a \"}\\\"{\" b", "a b")]
    [InlineData("a @\"}\"\"\\\" b", "a b")]
    [InlineData("a '\"' '\\'' '{' b", "a b")]
    [InlineData("a \"\" b", "a b")]
    [InlineData("@class { }", "@class { }")]
    [InlineData("#if X {\n}", "}")]
    [InlineData("x % '#' {", "x % {")]
    public void Comments_and_texts_are_blank_in_code(string source, string code) => Assert.Equal(Squeeze(code), Squeeze(Code(source)));

    [Theory]
    [InlineData("$\"{{ {a} }}\" b", "a b")]
    [InlineData("$\"{a:yyyy'T'HH\\\"}\" b", "a b")]
    [InlineData("$\"{(a ? \"}\" : b)}\" c", "(a?:b) c")]
    [InlineData("$\"{F(x => { return $\"{y}\"; })}\" z", "F(x=>{returny;}) z")]
    [InlineData("$@\"\"\"{a}\\\" b", "a b")]
    [InlineData("$\"{global::A}\" b", "global::A b")]
    public void Holes_are_code(string source, string code) => Assert.Equal(Squeeze(code), Squeeze(Code(source)));

    [Theory]
    [InlineData("\"\"\"a \" } \"\" \"\"\" b", "b")]
    [InlineData("\"\"\"\"a \"\"\" } \"\"\"\" b", "b")]
    [InlineData("$\"\"\"{a} }} \"\"\" b", "a b")]
    [InlineData("$$\"\"\"{ {{a}} } \"\"\" b", "a b")]
    [InlineData("$$\"\"\"{{{a}}} \"\"\" b", "a b")]
    [InlineData("\"\"\"\n{\n\"\"\"u8 }", "u8}")]
    public void Raw_texts_are_blank_in_code(string source, string code) => Assert.Equal(Squeeze(code), Squeeze(Code(source)));

    [Fact]
    public void Blanking_moves_nothing() => Assert.Equal("a \n    b      c", Code("a \n/**/b \"{}\" c"));

    [Fact]
    public void Texts_stay_when_only_comments_go() =>
        Assert.Equal("Read(\"RISK_A\");           ", new SourceFile("A.cs", "Read(\"RISK_A\"); // RISK_B ").Uncommented);

    [Fact]
    public void Every_source_of_this_tree_is_read_to_its_end_with_braces_that_match() =>
        Assert.All(Repository.Sources, file => Assert.Equal(file.Code.Count(c => c == '{'), file.Code.Count(c => c == '}')));

    private static string Code(string source) => new SourceFile("A.cs", source).Code;

    private static string Squeeze(string text) => text.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
