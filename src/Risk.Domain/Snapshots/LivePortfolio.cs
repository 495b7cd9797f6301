using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>
/// A portfolio at live prices: a price goes in at the cost of one column, the figures come out at the cost of the tail, and neither
/// allocates. Options are revalued over all scenarios, once for all the prices since the figures were last read. The state is a function of
/// the model, the prices and the day alone, bit for bit, whatever the way there. One per account; not safe for several threads at once.
/// </summary>
public sealed class LivePortfolio
{
    private readonly double[] prices, rates;
    private readonly LiveValues values;
    private readonly bool[] isLive;
    private readonly FigureReason?[] unvalued, unmeasured;
    private readonly LiveOption?[] options;
    private readonly bool[] isDue;
    private readonly ScenarioPnl pnl;
    private readonly ScenarioTail tail;
    private readonly int[] touchedColumns;
    private readonly double[] touchedExposures;
    private int touched, atLastClose;
    private IReadOnlyList<LeftOutPosition>? leftOut;
    private bool isAnyMeasured, isAnyDue;

    /// <summary>Starts at the last closes of the history.</summary>
    public LivePortfolio(PortfolioModel model)
    {
        Model = model;
        prices = [.. model.LastCloses];
        isLive = new bool[prices.Length];
        rates = new double[model.Routes.Length];
        values = new LiveValues(model.Positions.Length);
        (unvalued, unmeasured) = (new FigureReason?[values.Count], new FigureReason?[values.Count]);
        options = [.. model.Positions.Select(position => position.Option is { } terms ? new LiveOption(terms) : null)];
        isDue = new bool[values.Count];
        Day = model.History.Dates.Count == 0 ? DateOnly.MinValue : model.History.Dates[^1];
        pnl = new ScenarioPnl(model.Scenarios, revaluedColumns: model.OptionPositions.Length);
        tail = new ScenarioTail(model.Observations, model.TailDepth);
        (touchedColumns, touchedExposures) = (new int[model.Scenarios.Columns], new double[model.Scenarios.Columns]);
        for (var i = 0; i < prices.Length; i++)
            if (IsUsed(i) && !double.IsNaN(prices[i])) atLastClose++;
        for (var route = 0; route < rates.Length; route++) rates[route] = model.Routes[route].RateAt(prices);
        for (var position = 0; position < values.Count; position++) Revalue(position);
        CommitExposures();
    }

    public PortfolioModel Model { get; }

    /// <summary>The day that options are valued on: of the newest price, never before the last of the history.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>The P&amp;L over the scenarios.</summary>
    public ScenarioPnl Pnl
    {
        get
        {
            RevalueOptions();
            return pnl;
        }
    }

    /// <summary>Takes the time of the newest price: options are nearer to their expiry. <see cref="Measure"/> does it, too.</summary>
    public void MoveTo(EventTime asOf)
    {
        var day = DateOnly.FromDateTime(asOf.ToDateTimeOffset().UtcDateTime);
        if (Model.History.Dates.Count > 0 && day < Model.History.Dates[^1]) day = Model.History.Dates[^1];
        if (day == Day) return;
        Day = day;
        foreach (var position in Model.OptionPositions) MakeDue(position);
    }

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
        foreach (var route in Model.RoutesOf[pricedIndex]) rates[route] = Model.Routes[route].RateAt(prices);
        foreach (var position in Model.PositionsOf[pricedIndex]) Revalue(position);
        CommitExposures();
    }

    /// <summary>The figures at the prices given so far.</summary>
    public RiskSnapshot Measure(EventTime asOf, SnapshotVersion version)
    {
        MoveTo(asOf);
        var (at95, at99) = MeasureTails();
        var left = LeftOut;
        var worth = values.MarketValue;
        var flags = (at95.HasThinTail ? RiskFlags.ThinTail95 : 0) | (at99.HasThinTail ? RiskFlags.ThinTail99 : 0)
            | (left.Count > 0 ? RiskFlags.PartialCoverage : 0) | (atLastClose > 0 ? RiskFlags.AtLastClose : 0)
            | (HasFallback() ? RiskFlags.FallbackVolatility : 0);
        return new RiskSnapshot
        {
            Account = Model.Portfolio.Account,
            AsOf = asOf,
            Version = version,
            BaseCurrency = Model.Portfolio.BaseCurrency,
            Conventions = Model.Conventions,
            MarketValue = worth,
            Nav = worth + (double)Model.Portfolio.Cash,
            GrossExposure = values.Gross,
            At95 = at95,
            At99 = at99,
            Observations = Model.Observations,
            CoverageRatio = at95.Var.Value is null ? Figure.Of(0) : Coverage.Of(values.CoveredGross, values.Gross, left.Count > 0, left.Count == 0 ? null : Array.Find(unvalued, x => x is not null)),
            LeftOut = left,
            Flags = flags,
        };
    }

    /// <summary>The positions that the figures do not contain.</summary>
    internal IReadOnlyList<LeftOutPosition> LeftOut
    {
        get
        {
            RevalueOptions();
            return leftOut ??= NameLeftOut();
        }
    }

    /// <summary>The tail of the last measurement.</summary>
    internal ScenarioTail Tail => tail;

    /// <summary>Why the figures do not contain a position; null if they do.</summary>
    internal FigureReason? ReasonOf(int position) => unvalued[position] ?? Model.Positions[position].Reason ?? unmeasured[position];

    /// <summary>The market value of a position in base currency; null without a price or rate.</summary>
    internal double? ValueOf(int position) => unvalued[position] is null ? values.Value(position) : null;

    /// <summary>
    /// What a return of the position's column is multiplied with to give its P&amp;L, in base currency: the market value; of an option units ×
    /// delta × spot. Null without a price or rate.
    /// </summary>
    internal double? ExposureOf(int position) => unvalued[position] is null ? values.Exposure(position) : null;

    /// <summary>The option of a position at the prices of now; null if it is none, or has no scenarios.</summary>
    internal LiveOption? OptionOf(int position) => options[position];

    /// <summary>Base currency per unit of the position's own; NaN without a rate.</summary>
    internal double RateOf(int position) => Model.Positions[position].Route is var route && route == ModelPosition.None ? 1 : rates[route];

    /// <summary>Puts the P&amp;L of one measured position into another P&amp;L, of these scenarios or of those without the rates. False if it can't carry it.</summary>
    internal bool LayInto(ScenarioPnl target, int position)
    {
        var withRates = ReferenceEquals(target.Set, Model.Scenarios);
        return Lay(target, position, Model.Positions[position].Units, RateOf(position), withRates);
    }

    /// <summary>The same of one long unit (a share, a contract) in its own currency.</summary>
    internal bool LayUnit(ScenarioPnl target, int position) =>
        Lay(target, position, (double)(Model.Positions[position].Instrument?.Multiplier ?? 1), 1, withRates: false);

    /// <summary>The price of a position in its own currency; null without one.</summary>
    internal double? PriceOf(int position)
    {
        var price = options[position] is { Reason: null } option ? option.Price : Price(Model.Positions[position]);
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
        if (pnl.Columns == 0 && LeftOut.Count == 0) return (LossFigures.Zero, LossFigures.Zero);
        if (Model.Tail95 is not { } plan95 || Model.Tail99 is not { } plan99) return Missing(FigureReason.ShortHistory);
        if (LeftOut.Count > 0 && !isAnyMeasured) return Missing(LeftOut[0].Reason);
        tail.Select(Pnl);
        return (LossFigures.Of(plan95, tail, pnl.Grid), LossFigures.Of(plan99, tail, pnl.Grid));
    }

    private static (LossFigures At95, LossFigures At99) Missing(FigureReason reason) => (LossFigures.Missing(reason), LossFigures.Missing(reason));

    private void Revalue(int index)
    {
        if (options[index] is not null)
        {
            MakeDue(index);
            return;
        }
        var position = Model.Positions[index];
        var (price, rate) = (Price(position), RateOf(index));
        var value = position.Units * price * rate;
        Put(index, value, value, ReasonNotToValue(position, price, rate, value), null);
        if (position.Column == ModelPosition.None) return;
        touchedColumns[touched] = position.Column;
        touchedExposures[touched++] = values.Value(index);
    }

    private void Put(int index, double value, double exposure, FigureReason? notValued, FigureReason? notMeasured)
    {
        if (notValued is not null) (value, exposure) = (0, 0);
        if (notValued != unvalued[index] || notMeasured != unmeasured[index]) leftOut = null;
        (unvalued[index], unmeasured[index]) = (notValued, notMeasured);
        values.Put(index, value, exposure, isMeasured: Model.Positions[index].Reason is null && notMeasured is null);
    }

    private void MakeDue(int index) => isDue[index] = isAnyDue = true;

    private void RevalueOptions()
    {
        if (!isAnyDue) return;
        isAnyDue = false;
        foreach (var index in Model.OptionPositions)
            if (isDue[index]) RevalueOption(index, options[index]!);
    }

    private void RevalueOption(int index, LiveOption option)
    {
        isDue[index] = false;
        var (position, rate) = (Model.Positions[index], RateOf(index));
        option.Revalue(Price(position), prices[option.Terms.Underlying], Day);
        var value = position.Units * option.Price * rate;
        var exposure = option.Reason is null ? position.Units * option.Figures.Delta * option.Spot * rate : value;
        var notValued = double.IsNaN(option.Price) ? FigureReason.MissingPrice : double.IsNaN(rate) ? FigureReason.MissingFx
            : ScenarioPnl.CanCarry(value, 1) && ScenarioPnl.CanCarry(exposure, 1) ? default(FigureReason?) : FigureReason.NotApplicable;
        var notMeasured = notValued ?? option.Reason ?? (Lay(pnl, index, position.Units, rate, withRates: true) ? null : FigureReason.NotApplicable);
        if (notMeasured is not null) pnl.Clear(position.Column);
        Put(index, value, exposure, notValued, notMeasured);
    }

    private bool Lay(ScenarioPnl target, int index, double units, double rate, bool withRates)
    {
        var column = Model.Positions[index].Column;
        if (options[index] is { } option) return target.SetPnl(column, option.Pnl(units * rate, withRates));
        var exposure = units * Price(Model.Positions[index]) * rate;
        if (!ScenarioPnl.CanCarry(exposure, target.Set.MaxAbs(column))) return false;
        target.SetExposure(column, exposure);
        return true;
    }

    internal bool HasFallback()
    {
        foreach (var index in Model.OptionPositions)
            if (ReasonOf(index) is null && options[index]!.IsFallback) return true;
        return false;
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

    /// <summary>A proxy moves nothing.</summary>
    private bool IsUsed(int priced) => Model.PositionsOf[priced].Length > 0;

    private List<LeftOutPosition> NameLeftOut()
    {
        var named = new List<LeftOutPosition>();
        isAnyMeasured = false;
        for (var i = 0; i < values.Count; i++)
        {
            if (ReasonOf(i) is { } reason) named.Add(new LeftOutPosition(Model.Positions[i].Held.Symbol, reason));
            else isAnyMeasured |= Model.Positions[i].Column != ModelPosition.None;
        }
        return named;
    }
}
