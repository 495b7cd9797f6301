using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Calculators;

/// <summary>Numbers as figures.</summary>
internal static class LossFigure
{
    /// <summary>Not applicable where there is none or it lies beyond what a double holds.</summary>
    public static Figure Of(double? value) =>
        value is { } x && double.IsFinite(x) ? Figure.Of(x) : Figure.Missing(FigureReason.NotApplicable);

    /// <summary>Null when not finite throughout, for a part that is not a number cannot be written.</summary>
    public static LossParts? Finite(LossParts? parts) =>
        parts is not null && Array.TrueForAll(parts.Marginal, double.IsFinite) && Array.TrueForAll(parts.Components, double.IsFinite)
        && Array.TrueForAll(parts.Incremental, x => x is not { } value || double.IsFinite(value))
            ? parts
            : null;
}
