"""The tasks of `Risk.Benchmarks -- compare` in numpy, as fast as they could be written, under the same keys:
median seconds of one repetition, on one thread, as JSON on standard output.

    python3 tests/Risk.Benchmarks/numpy/compare.py [--seconds S] [KEY ...]
"""

import argparse
import json
import os
import statistics
import sys
import time

for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
try:
    import numpy as np
except ImportError:
    sys.exit("Prerequisite: Python 3 with numpy (on Debian: apt-get install python3-numpy libopenblas0).")

SEED = 20_261_121
ALPHAS = (0.05, 0.01)


def market(days, assets):
    """Returns [day, asset] with one common factor, and exposures of which every fourth is short."""
    rng = np.random.default_rng(SEED)
    returns = 0.008 * rng.standard_normal((days, 1)) + 0.012 * rng.standard_normal((days, assets))
    return returns, np.where(rng.random(assets) < 0.25, -1, 1) * rng.uniform(1_000, 100_000, assets)


class Tail:
    """VaR by Hyndman–Fan type 7 and expected shortfall by Acerbi–Tasche of `count` scenarios, at 95 % and at 99 %; its ranks are worked out once."""

    def __init__(self, count):
        self.depth = int(ALPHAS[0] * (count - 1)) + 2
        self.plans = []
        for alpha in ALPHAS:
            (rank, share), (whole, rest) = divmod(alpha * (count - 1), 1), divmod(alpha * count, 1)
            self.plans.append((int(rank), share, int(whole), rest, alpha * count))

    def worst(self, pnl):
        worst = np.partition(pnl, self.depth - 1)[: self.depth]
        worst.sort()
        return worst

    def measure(self, worst):
        worst, figures = worst.tolist(), []
        for rank, share, whole, rest, total in self.plans:
            low = worst[rank]
            figures += [-low - share * (worst[rank + 1] - low), -(sum(worst[:whole]) + rest * worst[whole]) / total]
        return figures


def historical(days, assets):
    returns, exposures = market(days, assets)
    returns, pnl, tail = np.asfortranarray(returns), np.empty(days), Tail(days)
    return lambda: tail.measure(tail.worst(np.dot(returns, exposures, out=pnl)))


def component(days, assets):
    returns, exposures = market(days, assets)
    tail = Tail(days)
    rank, share, *_ = tail.plans[0]

    def run():
        pnl = returns @ exposures
        worst = np.argpartition(pnl, tail.depth - 1)[: tail.depth]
        worst = worst[np.argsort(pnl[worst])]
        components = -exposures * ((1 - share) * returns[worst[rank]] + share * returns[worst[rank + 1]])
        return tail.measure(pnl[worst]), components

    return run


def incremental(days):
    returns, exposures = market(days, 100)
    columns, pnl, tail = np.asfortranarray(returns), returns @ exposures, Tail(days)
    state = [0]

    def run():
        at = state[0] = (state[0] + 37) % 100
        np.add(pnl, columns[:, at] * 0.1, out=pnl)
        return tail.measure(tail.worst(pnl))

    return run


def monte_carlo(assets):
    returns, exposures = market(500, assets)
    loadings = np.linalg.cholesky(np.cov(returns, rowvar=False)).T @ exposures
    rng, shocks = np.random.Generator(np.random.SFC64(SEED)), np.empty((100_000, assets))
    tail = Tail(len(shocks))

    def run():
        rng.standard_normal(out=shocks)
        return tail.measure(tail.worst(shocks @ loadings))

    return run


def parametric():
    returns, exposures = market(500, 100)

    def run():
        deviations = returns - returns.mean(axis=0)
        covariance = deviations.T @ deviations
        covariance /= len(returns) - 1
        sigma = np.sqrt(exposures @ covariance @ exposures)
        return [z * sigma for z in (1.6448536269514722, 2.0627128027825736, 2.3263478740408408, 2.6652142203457962)]

    return run


def normal_cdf(x, density):
    """Abramowitz and Stegun 26.2.17: only to 7.5·10⁻⁸, for numpy has no error function. In its favour, then."""
    k = 1 / (1 + 0.2316419 * np.abs(x))
    tail = density * k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
    return np.where(x > 0, 1 - tail, tail)


def options():
    rng, count = np.random.default_rng(SEED), 100_000
    sign = np.where(np.arange(count) % 2 == 0, 1.0, -1.0)
    strike, years, volatility = rng.uniform(50, 150, count), rng.uniform(0.02, 2.02, count), rng.uniform(0.05, 0.65, count)
    spot, rate, dividend = rng.uniform(50, 150, count), rng.uniform(0, 0.06, count), rng.uniform(0, 0.03, count)

    def run():
        root = np.sqrt(years)
        deviation = volatility * root
        carried, discount = np.exp(-dividend * years), np.exp(-rate * years)
        d1 = (np.log(spot / strike) + (rate - dividend) * years) / deviation + 0.5 * deviation
        d2 = d1 - deviation
        density = np.exp(-0.5 * d1 * d1) * 0.3989422804014327
        density2 = np.exp(-0.5 * d2 * d2) * 0.3989422804014327
        n1, n2 = normal_cdf(sign * d1, density), normal_cdf(sign * d2, density2)
        forward, paid = spot * carried, strike * discount
        delta = sign * carried * n1
        vega = forward * density * root
        gamma = carried * density / (spot * deviation)
        theta = -vega * volatility / (2 * years) + sign * (dividend * forward * n1 - rate * paid * n2)
        return sign * (forward * n1 - paid * n2), delta, gamma, vega, theta, sign * paid * years * n2

    return run


def windows():
    rng, count, length = np.random.default_rng(SEED), 1_000_000, 5_000_000
    symbol = rng.integers(0, 100, count)
    micros = 1_735_828_200_000_000 + 100 * np.arange(count)
    price, volume = 100 + 0.01 * rng.integers(-200, 200, count), rng.integers(1, 500, count).astype(float)

    def run():
        window = micros // length - micros[0] // length
        # 16 bits are sorted by digits, in one pass over each byte.
        key = (symbol * (window[-1] + 1) + window).astype(np.uint16)
        order = np.argsort(key, kind="stable")
        key, prices, volumes = key[order], price[order], volume[order]
        starts = np.flatnonzero(np.diff(key, prepend=np.uint16(65_535)))
        counts = np.diff(starts, append=count)
        vwap = np.add.reduceat(prices * volumes, starts) / np.add.reduceat(volumes, starts)
        return vwap, np.minimum.reduceat(prices, starts), np.maximum.reduceat(prices, starts), np.add.reduceat(prices, starts) / counts

    return run


def decode():
    lines = [
        '{"symbol":"S%03d","time":"2025-01-02T14:30:%02d.%06dZ","price":%.2f,"bid":%.2f,"ask":%.2f,"volume":%d,"source":"bench","epoch":1,"sequence":%d}'
        % (i % 100, i // 10_000, i * 100 % 1_000_000, 100 + i % 7, 99.99 + i % 7, 100.01 + i % 7, 1 + i % 499, i)
        for i in range(100_000)
    ]
    return lambda: [json.loads(line) for line in lines]


TASKS = {f"hs_full_T{t}_N{n}": (lambda t=t, n=n: historical(t, n)) for t in (252, 500, 1000, 2500) for n in (10, 100, 1000)}
TASKS["hs_component_T500_N100"] = lambda: component(500, 100)
TASKS.update({f"hs_incremental_T{t}": (lambda t=t: incremental(t)) for t in (252, 500, 1000, 2500)})
TASKS.update({f"mc_1e5x{n}": (lambda n=n: monte_carlo(n)) for n in (10, 50)})
TASKS.update({"parametric_T500_N100": parametric, "bs_greeks_1e5": options, "vwap_1e6": windows, "json_decode_1e5": decode})


def median_seconds(work, budget):
    def sample(repetitions):
        start = time.perf_counter()
        for _ in range(repetitions):
            work()
        return (time.perf_counter() - start) / repetitions

    repetitions = max(1, int(200e-6 / sample(3)))
    samples, end = [], time.perf_counter() + budget
    while len(samples) < 5 or time.perf_counter() < end:
        samples.append(sample(repetitions))
    return statistics.median(samples)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2, help="for the samples of one task")
    parser.add_argument("keys", nargs="*", metavar="KEY", help="the beginnings of the keys to time; all if none")
    options_given = parser.parse_args()
    wanted = [key for key in TASKS if not options_given.keys or key.startswith(tuple(options_given.keys))]
    print(json.dumps({key: median_seconds(TASKS[key](), options_given.seconds) for key in wanted}, indent=2))


if __name__ == "__main__":
    main()
