"""Trees: all that 200 of them say of 50 and 200 candidates, beside lightgbm's own ways to ask."""

import ctypes
import time
from collections.abc import Callable

import lightgbm
import numpy as np
from lightgbm.basic import _LIB, _safe_call

from benchmarks.table import Row, row
from tailorbird.shell.learning.boosted import forest_of

FEATURES, TREES, LEAVES, REPEATS = 30, 200, 31, 200
FLOAT32, RAW = 0, 1  # lightgbm's C_API_DTYPE_FLOAT32, C_API_PREDICT_RAW_SCORE


def run() -> list[Row]:
    booster = grown()
    forest = forest_of(booster)
    rows = []
    for candidates in (50, 200):
        matrix = np.asfortranarray(drawn(candidates, 1))
        plain = np.ascontiguousarray(matrix)
        ours = least_us(lambda m=matrix: forest.scores(m))
        fast, single = row_by_row(booster, plain)
        theirs = least_us(lambda m=plain: booster.predict(m, raw_score=True, num_threads=1)), least_us(fast, 20)
        wrong = max(np.abs(forest.scores(matrix) - other).max() for other in (booster.predict(plain), single))
        baseline = min(theirs)
        rows.append(
            row(f"{candidates} candidates through {TREES} trees (lightgbm: predict {theirs[0]:,.0f}, "
                f"single-row-fast {theirs[1]:,.0f} us; largest difference {wrong:.0e})",
                ours, "us", "<= 0.5 of lightgbm's quickest, equal to 1e-9", ours <= baseline / 2 and wrong <= 1e-9,
                baseline)
        )  # fmt: skip
    return rows


def grown(features: int = FEATURES) -> lightgbm.Booster:
    """What LambdaMART makes of a task with interactions."""
    matrix = drawn(20_000, 0, features)
    taste = matrix[:, 0] * matrix[:, 1] + matrix[:, 2] + np.random.default_rng(2).normal(size=len(matrix))
    data = lightgbm.Dataset(matrix, taste > 1, group=[100] * (len(matrix) // 100))
    settings = {"objective": "lambdarank", "num_leaves": LEAVES, "learning_rate": 0.06, "verbosity": -1, "seed": 0}
    return lightgbm.train(settings | {"num_threads": 1}, data, TREES)


def drawn(rows: int, seed: int, features: int = FEATURES) -> np.ndarray:
    """Ordinary features, and one that most candidates lack."""
    chance = np.random.default_rng(seed)
    matrix = chance.normal(size=(rows, features)).astype(np.float32)
    matrix[chance.random(rows) < 0.8, -1] = np.nan
    return matrix


def least_us(ask: Callable[[], object], repeats: int = REPEATS) -> float:
    """The least of many: what it costs when nobody disturbs."""
    took = []
    for _ in range(repeats):
        started = time.perf_counter()
        ask()
        took.append(time.perf_counter() - started)
    return min(took) * 1e6


def row_by_row(booster: lightgbm.Booster, matrix: np.ndarray) -> tuple[Callable[[], None], np.ndarray]:
    """lightgbm's single-row-fast path in C for each row, and where its answers stand."""
    config, answers, length = ctypes.c_void_p(), np.zeros(len(matrix)), ctypes.c_int64(0)
    _safe_call(
        _LIB.LGBM_BoosterPredictForMatSingleRowFastInit(
            booster._handle, ctypes.c_int(RAW), ctypes.c_int(0), ctypes.c_int(-1), ctypes.c_int(FLOAT32),
            ctypes.c_int32(matrix.shape[1]), ctypes.c_char_p(b"num_threads=1"), ctypes.byref(config),
        )
    )  # fmt: skip
    pointers = [
        (ctypes.c_void_p(line.ctypes.data), ctypes.byref(length), ctypes.c_void_p(answers[k:].ctypes.data))
        for k, line in enumerate(matrix)
    ]
    ask = _LIB.LGBM_BoosterPredictForMatSingleRowFast

    def fast() -> None:
        for place in pointers:
            ask(config, *place)

    fast()
    return fast, answers
