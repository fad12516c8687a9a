"""Writes class_weights.json: weights of classes by scikit-learn, and by inverse square roots. Run: python3 tests/golden/class_weights.py"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.utils.class_weight import compute_class_weight


def case(counts):
    labels = np.repeat(np.arange(len(counts)), counts)
    weights = 1 / np.sqrt(np.bincount(labels))
    return {
        "counts": counts,
        "balanced": compute_class_weight("balanced", classes=np.arange(len(counts)), y=labels).tolist(),
        "squareRoot": (weights / weights[labels].mean()).tolist(),
    }


def main():
    cases = [case(counts) for counts in ([5, 5, 5], [1, 99], [795, 112, 123, 455, 184], [3], [1, 2, 4, 8, 16, 32, 64, 128])]
    target = pathlib.Path(__file__).with_suffix(".json")
    lines = ",\n".join(json.dumps(one) for one in cases)
    target.write_text(f'{{"scikit-learn": "{sklearn.__version__}", "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
