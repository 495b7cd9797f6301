using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>Every word that an answer may have among its flags and reasons has a row in docs/GLOSSARY.md.</summary>
public sealed partial class GlossaryTests
{
    private const string Glossary = "docs/GLOSSARY.md";

    [Fact]
    public void Every_flag_and_reason_stands_in_the_glossary() =>
        Findings.MustBeNone(
            Unexplained(Repository.Product.Where(x => x.Path.StartsWith("src/Risk.Api/Wire/", StringComparison.Ordinal) || x.Path == "src/Risk.Application/Reporting/FigureWords.cs"), Repository.Read(Glossary)),
            $"Give the word a row in {Glossary}, under Flags, reasons and outcomes.");

    [Fact]
    public void A_word_without_a_row_is_named_wherever_it_comes_from()
    {
        SourceFile[] files =
        [
            new("src/A.cs", """
                (RiskFlags.A, "of_a_table"), (LossWarnings.B, "known_word"), (isTrue, "of_a_condition"),
                FigureReason.A => "of_a_reason", NoAllocation.B => "of_an_allocation", NoVolatility.B => "of_a_volatility", _ => "of_the_rest",
                x ? ["of_a_choice", "beside_it", "and_again"] : ["of_another"], [.. words, "of_an_addition"], yield return "of_an_iterator";
                ["no_flag"] = 1, Find("no_flag");
                """),
        ];
        Assert.Equal(
            ["of_a_table", "of_a_condition", "of_a_reason", "of_an_allocation", "of_a_volatility", "of_the_rest", "of_a_choice", "beside_it", "and_again", "of_another", "of_an_addition", "of_an_iterator"],
            Unexplained(files, "| known_word, other | it means of_a_table |\n").Select(x => x.Split(' ')[1]));
    }

    private static IEnumerable<string> Unexplained(IEnumerable<SourceFile> files, string markdown)
    {
        var known = (from line in markdown.Split('\n')
                     where line.StartsWith("| ", StringComparison.Ordinal)
                     from word in line.Split('|')[1].Split(',')
                     select word.Trim()).ToHashSet();
        return from file in files
               from found in Word().Matches(file.Uncommented)
               where !known.Contains(found.Groups[1].Value)
               select $"{file.At(found.Index)}: {found.Groups[1].Value} has no row";
    }

    /// <summary>Tables of flags and conditions, arms of reasons, and lists of a flag or with one more.</summary>
    [GeneratedRegex("""(?:(?<=\((?:RiskFlags|LossWarnings)\.\w+, )|(?<=\((?:test\.|has|is)[^"\n]*, )|(?<=\b(?:FigureReason|NoAllocation|NoVolatility)\.\w+ => (?:"\w+",\s+_ => )?)|(?<=[?:] \[(?:"\w+", )*)|(?<=\[\.\. [^"\]\n]*, )|(?<=yield return ))"(\w+)\x22""")]
    private static partial Regex Word();
}
