using Microsoft.AspNetCore.Routing;

namespace Risk.Api.Endpoints;

/// <summary>The calculators, each of which is asked with the data of the caller and keeps nothing of it.</summary>
internal static class CalculatorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        VolatilityCalculatorEndpoints.Map(routes);
        PerformanceCalculatorEndpoints.Map(routes);
        BacktestCalculatorEndpoints.Map(routes);
        OptionCalculatorEndpoints.Map(routes);
        AllocationCalculatorEndpoints.Map(routes);
        LookThroughCalculatorEndpoints.Map(routes);
        WindowsCalculatorEndpoints.Map(routes);
        FxCalculatorEndpoints.Map(routes);
    }
}
