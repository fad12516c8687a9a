"""Writes metrics.json: what scikit-learn says of made-up predictions. Run: python3 tests/golden/metrics.py"""
import json
import math
import pathlib

import numpy as np
import sklearn
from sklearn import metrics as sk


def calibration_error(scores, correct, bins=15):
    """Guo et al. 2017, eq. 3."""
    best = scores.max(axis=1)
    edges = np.linspace(0, 1, bins + 1)
    total = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (best > low) & (best <= high)
        if inside.any():
            total += inside.mean() * abs(correct[inside].mean() - best[inside].mean())
    return total


def wilson(successes, trials, z=1.959963984540054):
    """The roots in p of |p - successes/trials| = z sqrt(p (1 - p) / trials)."""
    share = successes / trials
    roots = np.roots([1 + z * z / trials, -(2 * share + z * z / trials), share * share]).real
    return [float(min(roots)), float(max(roots))]


def case(name, labels, scores, predicted=None):
    labels, scores = np.asarray(labels), np.asarray(scores, dtype=np.float32)
    classes = list(range(scores.shape[1]))
    predicted = scores.argmax(axis=1) if predicted is None else np.asarray(predicted)
    precision, recall, f1, support = sk.precision_recall_fscore_support(labels, predicted, labels=classes, zero_division=0)
    wide = scores.astype(np.float64)
    prior = np.bincount(labels, minlength=len(classes)) / len(labels)
    entropy = -sum(p * math.log(p) for p in prior if p > 0)
    loss = float(-np.log(wide[np.arange(len(labels)), labels]).mean())
    kappa = float(sk.cohen_kappa_score(labels, predicted))
    return {
        "name": name,
        "labels": labels.tolist(),
        "predicted": predicted.tolist(),
        "scores": [[float(s) for s in row] for row in scores],
        "accuracy": sk.accuracy_score(labels, predicted),
        "interval": wilson(int((labels == predicted).sum()), len(labels)),
        "balancedAccuracy": float(recall[support > 0].mean()),
        "confusion": sk.confusion_matrix(labels, predicted, labels=classes).tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "macroF1": sk.f1_score(labels, predicted, average="macro", zero_division=0),
        "weightedF1": sk.f1_score(labels, predicted, average="weighted", zero_division=0),
        "kappa": None if math.isnan(kappa) else kappa,
        "logLoss": loss,
        "logLossReduction": None if entropy == 0 else 1 - loss / entropy,
        "topK": [float(sk.top_k_accuracy_score(labels, wide, k=k, labels=classes)) for k in range(1, len(classes))] if len(classes) > 2 else [],
        "calibration": calibration_error(wide, labels == predicted),
    }


def drawn(seed, rows, classes, skill, kinds=None):
    rng = np.random.default_rng(seed)
    labels = rng.choice(kinds if kinds is not None else classes, size=rows)
    logits = rng.normal(size=(rows, classes))
    logits[np.arange(rows), labels] += skill
    scores = np.exp(logits)
    return labels, (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)


def main():
    cases = [
        case("five classes", *drawn(1, 60, 5, 1.5)),
        case("ten classes, unbalanced", *drawn(2, 120, 10, 0.8, kinds=[0, 0, 0, 0, 1, 1, 2, 3, 4, 5])),
        case("a class without rows", *drawn(3, 30, 4, 1.0, kinds=[0, 1, 3])),
        case("one true class", *drawn(4, 20, 3, 0.5, kinds=[1])),
        case("two classes", *drawn(5, 40, 2, 1.0)),
        case("predictions apart from the best score", *drawn(6, 25, 3, 1.0), predicted=np.random.default_rng(7).integers(0, 3, 25)),
    ]
    target = pathlib.Path(__file__).with_suffix(".json")
    lines = ",\n".join(json.dumps(one) for one in cases)
    target.write_text(f'{{"scikit-learn": "{sklearn.__version__}", "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
