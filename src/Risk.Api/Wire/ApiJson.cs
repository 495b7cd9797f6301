using System.Text.Json.Serialization;
using Risk.Api.Endpoints;

namespace Risk.Api.Wire;

/// <summary>How every wire record is written. Bodies are read by <see cref="BodyReader"/>, which names all faults at once.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict,
    MaxDepth = MaxDepth)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(DetailedHealthAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(PerformanceAnswer))]
[JsonSerializable(typeof(SymbolsAnswer))]
[JsonSerializable(typeof(WindowsAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(TicksRequest))]
[JsonSerializable(typeof(TicksAnswer))]
[JsonSerializable(typeof(HistoryImportAnswer))]
[JsonSerializable(typeof(InstrumentsRequest))]
[JsonSerializable(typeof(InstrumentImportAnswer))]
[JsonSerializable(typeof(PositionsRequest))]
[JsonSerializable(typeof(PositionsAnswer))]
[JsonSerializable(typeof(SymbolVarAnswer))]
[JsonSerializable(typeof(PortfolioVarAnswer))]
[JsonSerializable(typeof(ExplainAnswer))]
[JsonSerializable(typeof(VarHistoryAnswer))]
[JsonSerializable(typeof(RiskMetricsAnswer))]
[JsonSerializable(typeof(ScenarioRequest))]
[JsonSerializable(typeof(ScenariosAnswer))]
[JsonSerializable(typeof(DeletedScenarioAnswer))]
[JsonSerializable(typeof(BacktestAnswer))]
[JsonSerializable(typeof(OptimiseBody))]
[JsonSerializable(typeof(OptimiseAnswer))]
[JsonSerializable(typeof(CalculateRequest))]
[JsonSerializable(typeof(VolatilityRequest))]
[JsonSerializable(typeof(VolatilityCalculation))]
[JsonSerializable(typeof(PerformanceRequest))]
[JsonSerializable(typeof(PerformanceCalculation))]
[JsonSerializable(typeof(BacktestRequest))]
[JsonSerializable(typeof(BacktestCalculation))]
[JsonSerializable(typeof(OptionsRequest))]
[JsonSerializable(typeof(OptionsCalculation))]
[JsonSerializable(typeof(ImpliedVolatilityRequest))]
[JsonSerializable(typeof(ImpliedVolatilityCalculation))]
[JsonSerializable(typeof(AllocationRequest))]
[JsonSerializable(typeof(AllocationCalculation))]
[JsonSerializable(typeof(LookThroughRequest))]
[JsonSerializable(typeof(LookThroughCalculation))]
[JsonSerializable(typeof(WindowsRequest))]
[JsonSerializable(typeof(WindowsCalculation))]
[JsonSerializable(typeof(FxRequest))]
[JsonSerializable(typeof(FxCalculation))]
[JsonSerializable(typeof(VarCalculatorRequest))]
[JsonSerializable(typeof(CalculatedVarAnswer))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeysAnswer))]
[JsonSerializable(typeof(IssuedKeyAnswer))]
[JsonSerializable(typeof(KeyRow))]
[JsonSerializable(typeof(TicketAnswer))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
[JsonSerializable(typeof(string))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    public const int MaxDepth = 16;
}
