"""Writes hygiene.json: fingerprints and blur of made-up pictures, by NumPy and SciPy. Run: python3 tests/golden/hygiene.py"""
import json
import pathlib

import numpy as np
import scipy
from scipy.fft import dctn
from scipy.ndimage import gaussian_filter, uniform_filter1d

SIDE = 32
NOISE = 60


def perceptual_hash(grey):
    """Zauner 2010, section 3.2.1, with the lowest row and column kept, and what noise can make left out."""
    lowest = dctn(grey.astype(np.float64), type=2)[:8, :8].ravel() / 4
    bits = lowest > np.median(lowest) + NOISE
    margin = np.abs(lowest - np.median(lowest) - NOISE).min()
    assert margin > 1e-6, f"a coefficient lies {margin} from the threshold"
    return "".join("1" if bit else "0" for bit in bits)


def blur(grey):
    """Crete et al. 2007, equations 1 to 10."""
    def along(axis):
        change = np.abs(np.diff(grey, axis=axis))
        blurred = np.abs(np.diff(uniform_filter1d(grey, 9, axis=axis, mode="nearest"), axis=axis))
        kept = np.maximum(0, change - blurred)
        return (change.sum() - kept.sum()) / change.sum()
    grey = grey.astype(np.float64)
    return max(along(0), along(1))


def pictures(side, seed):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side]
    noise = random.integers(0, 256, (side, side))
    yield "noise", noise
    yield "smooth noise", np.clip(gaussian_filter(noise.astype(float), 2, mode="nearest") * 3 - 255, 0, 255)
    yield "slope", x * 5 % 256 + y * 2 % 7
    yield "disc", np.where((x - side * 0.4) ** 2 + (y - side * 0.6) ** 2 < (side * 0.3) ** 2, 220, 30) + noise % 5
    yield "stripes", (x // 3 + y // 5) % 2 * 200 + noise % 11
    yield "symmetric", np.where((np.abs(x - (side - 1) / 2) < side / 4) & (np.abs(y - (side - 1) / 2) < side / 8), 255, 0)


def main():
    rows = [{"name": name, "grey": np.asarray(grey, dtype=np.uint8).ravel().tolist(), "hash": perceptual_hash(np.asarray(grey, dtype=np.uint8))} for name, grey in pictures(SIDE, 1)]
    blurred = [{"name": name, "width": 72, "grey": np.asarray(grey, dtype=np.uint8)[:64].ravel().tolist(), "blur": blur(np.asarray(grey, dtype=np.uint8)[:64])} for name, grey in pictures(72, 2)]
    content = {"numpy": np.__version__, "scipy": scipy.__version__, "hashes": rows, "blurs": blurred}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


main()
