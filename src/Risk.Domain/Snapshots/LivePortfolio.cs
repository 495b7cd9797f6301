using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>
/// A portfolio at live prices: a price goes in at the cost of one column, the figures come out at the cost of the tail, and neither
/// allocates. The state is a function of the model and the prices alone, bit for bit, whatever the way there. One per account; not safe
/// for several threads at once.
/// </summary>
public sealed class LivePortfolio
{
    /// <summary>Values are summed exactly in 2⁻³² of base currency.</summary>
    private const double ValueUnits = 1L << 32;

    private readonly double[] prices, rates, values;
    private readonly bool[] isLive;
    private readonly FigureReason?[] unvalued;
    private readonly Int128[] exactValues;
    private readonly ScenarioPnl pnl;
    private readonly ScenarioTail tail;
    private readonly int[] touchedColumns;
    private readonly double[] touchedExposures;
    private int touched, atLastClose;
    private Int128 marketValue, gross, coveredGross;
    private IReadOnlyList<LeftOutPosition>? leftOut;
    private bool isAnyMeasured;

    /// <summary>Starts at the last closes of the history.</summary>
    public LivePortfolio(PortfolioModel model)
    {
        Model = model;
        prices = [.. model.LastCloses];
        isLive = new bool[prices.Length];
        rates = new double[model.Routes.Length];
        values = new double[model.Positions.Length];
        exactValues = new Int128[values.Length];
        unvalued = new FigureReason?[values.Length];
        pnl = new ScenarioPnl(model.Scenarios);
        tail = new ScenarioTail(model.Observations, model.TailDepth);
        (touchedColumns, touchedExposures) = (new int[model.Scenarios.Columns], new double[model.Scenarios.Columns]);
        for (var i = 0; i < prices.Length; i++)
            if (IsUsed(i) && !double.IsNaN(prices[i])) atLastClose++;
        for (var route = 0; route < rates.Length; route++) rates[route] = RateOf(model.Routes[route]);
        for (var position = 0; position < values.Length; position++) Revalue(position);
        CommitExposures();
    }

    public PortfolioModel Model { get; }

    /// <summary>The P&amp;L over the scenarios.</summary>
    public ScenarioPnl Pnl => pnl;

    /// <summary>Takes the newest price of a priced symbol, in the instrument's currency. The price of an FX pair moves all that is held in that currency.</summary>
    /// <param name="pricedIndex">Into <see cref="PortfolioModel.PricedSymbols"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such index, or a price that is not positive and finite.</exception>
    public void SetPrice(int pricedIndex, double price)
    {
        if (!(price > 0 && double.IsFinite(price))) throw new ArgumentOutOfRangeException(nameof(price), price, "A price is positive and finite.");
        var before = prices[pricedIndex];
        if (!isLive[pricedIndex])
        {
            isLive[pricedIndex] = true;
            if (IsUsed(pricedIndex) && !double.IsNaN(before)) atLastClose--;
        }
        if (before == price) return;
        prices[pricedIndex] = price;
        foreach (var route in Model.RoutesOf[pricedIndex]) rates[route] = RateOf(Model.Routes[route]);
        foreach (var position in Model.PositionsOf[pricedIndex]) Revalue(position);
        CommitExposures();
    }

    /// <summary>The figures at the prices given so far.</summary>
    public RiskSnapshot Measure(EventTime asOf, SnapshotVersion version)
    {
        var left = LeftOut;
        var (at95, at99) = MeasureTails();
        var worth = ToDouble(marketValue);
        var flags = (at95.HasThinTail ? RiskFlags.ThinTail95 : 0) | (at99.HasThinTail ? RiskFlags.ThinTail99 : 0)
            | (left.Count > 0 ? RiskFlags.PartialCoverage : 0) | (atLastClose > 0 ? RiskFlags.AtLastClose : 0);
        return new RiskSnapshot
        {
            Account = Model.Portfolio.Account,
            AsOf = asOf,
            Version = version,
            BaseCurrency = Model.Portfolio.BaseCurrency,
            Conventions = Model.Conventions,
            MarketValue = worth,
            Nav = worth + (double)Model.Portfolio.Cash,
            GrossExposure = ToDouble(gross),
            At95 = at95,
            At99 = at99,
            Observations = Model.Observations,
            CoverageRatio = gross == 0 ? (left.Count == 0 ? 1 : 0) : ToDouble(coveredGross) / ToDouble(gross),
            LeftOut = left,
            Flags = flags,
        };
    }

    /// <summary>The positions that the figures do not contain.</summary>
    internal IReadOnlyList<LeftOutPosition> LeftOut => leftOut ??= NameLeftOut();

    /// <summary>The tail of the last measurement.</summary>
    internal ScenarioTail Tail => tail;

    /// <summary>Why the figures do not contain a position; null if they do.</summary>
    internal FigureReason? ReasonOf(int position) => unvalued[position] ?? Model.Positions[position].Reason;

    /// <summary>The market value of a position in base currency; null without a price or rate.</summary>
    internal double? ValueOf(int position) => unvalued[position] is null ? values[position] : null;

    /// <summary>The price of a position in its own currency; null without one.</summary>
    internal double? PriceOf(int position)
    {
        var price = Price(Model.Positions[position]);
        return double.IsNaN(price) ? null : price;
    }

    /// <summary>The price in use of anything that is priced, held or not, in its own currency; null without one.</summary>
    public double? PriceOf(Symbol symbol)
    {
        for (var i = 0; i < prices.Length; i++)
            if (Model.PricedSymbols[i] == symbol) return double.IsNaN(prices[i]) ? null : prices[i];
        return null;
    }

    /// <summary>Another portfolio, or the same over another window, at the prices in use here; what is priced only there is at its last close.</summary>
    public LivePortfolio At(PortfolioModel other)
    {
        var live = new LivePortfolio(other);
        var indexes = other.PricedSymbols.Index().ToDictionary(x => x.Item, x => x.Index);
        for (var i = 0; i < prices.Length; i++)
            if (isLive[i] && indexes.TryGetValue(Model.PricedSymbols[i], out var index)) live.SetPrice(index, prices[i]);
        return live;
    }

    /// <summary>Selects the tail and reads it. No risk, no loss: zero whatever the history; nothing measurable: the first reason.</summary>
    internal (LossFigures At95, LossFigures At99) MeasureTails()
    {
        if (Model.Scenarios.Columns == 0 && LeftOut.Count == 0) return (LossFigures.Zero, LossFigures.Zero);
        if (Model.Tail95 is not { } plan95 || Model.Tail99 is not { } plan99) return Missing(FigureReason.ShortHistory);
        if (LeftOut.Count > 0 && !isAnyMeasured) return Missing(LeftOut[0].Reason);
        tail.Select(pnl);
        return (LossFigures.Of(plan95, tail, pnl.Grid), LossFigures.Of(plan99, tail, pnl.Grid));
    }

    private static (LossFigures At95, LossFigures At99) Missing(FigureReason reason) => (LossFigures.Missing(reason), LossFigures.Missing(reason));

    private void Revalue(int index)
    {
        var position = Model.Positions[index];
        var price = Price(position);
        var rate = position.Route == ModelPosition.None ? 1 : rates[position.Route];
        var value = position.Units * price * rate;
        var reason = ReasonNotToValue(position, price, rate, value);
        if (reason is not null) value = 0;
        if (reason != unvalued[index]) leftOut = null;
        unvalued[index] = reason;
        values[index] = value;
        var exact = (Int128)Math.Round(value * ValueUnits);
        var (change, growth) = (exact - exactValues[index], Int128.Abs(exact) - Int128.Abs(exactValues[index]));
        exactValues[index] = exact;
        marketValue += change;
        gross += growth;
        if (position.Reason is null) coveredGross += growth;
        if (position.Column == ModelPosition.None) return;
        touchedColumns[touched] = position.Column;
        touchedExposures[touched++] = value;
    }

    private FigureReason? ReasonNotToValue(ModelPosition position, double price, double rate, double value)
    {
        if (position.Instrument is null) return FigureReason.NotApplicable;
        if (double.IsNaN(price)) return FigureReason.MissingPrice;
        if (double.IsNaN(rate)) return FigureReason.MissingFx;
        var maxAbs = position.Column == ModelPosition.None ? 1 : Math.Max(1, Model.Scenarios.MaxAbs(position.Column));
        return ScenarioPnl.CanCarry(value, maxAbs) ? null : FigureReason.NotApplicable;
    }

    private void CommitExposures()
    {
        if (touched == 1) pnl.SetExposure(touchedColumns[0], touchedExposures[0]);
        else pnl.SetExposures(touchedColumns.AsSpan(0, touched), touchedExposures.AsSpan(0, touched));
        touched = 0;
    }

    private double Price(ModelPosition position) => position.Priced == ModelPosition.None ? 1 : prices[position.Priced];

    private double RateOf(ModelRoute route)
    {
        if (route.Legs.Length == 0) return double.NaN;
        var rate = 1d;
        foreach (var leg in route.Legs) rate *= leg.IsInverse ? 1 / prices[leg.Priced] : prices[leg.Priced];
        return rate;
    }

    /// <summary>A proxy moves nothing.</summary>
    private bool IsUsed(int priced) => Model.PositionsOf[priced].Length > 0;

    private List<LeftOutPosition> NameLeftOut()
    {
        var named = new List<LeftOutPosition>();
        isAnyMeasured = false;
        for (var i = 0; i < values.Length; i++)
        {
            if (ReasonOf(i) is { } reason) named.Add(new LeftOutPosition(Model.Positions[i].Held.Symbol, reason));
            else isAnyMeasured |= Model.Positions[i].Column != ModelPosition.None;
        }
        return named;
    }

    private static double ToDouble(Int128 exact) => (double)exact / ValueUnits;
}
