"""Writes metrics.json: what scikit-learn says of made-up predictions. Run: python3 tests/golden/metrics.py"""
import json
import math
import pathlib

import numpy as np
import sklearn
from scipy import optimize, stats
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


def reject_risk(confidence, correct):
    """Mean over the rows of the share of mistakes among the rows at least as confident."""
    return float(np.mean([1 - correct[confidence >= one].mean() for one in confidence]))


def temperature(scores, labels):
    """The least mean log-loss of softmax(log p / T), by a bounded search of scipy."""
    logs = np.log(np.maximum(scores, 1e-30))

    def loss(log_temperature):
        z = logs / np.exp(log_temperature)
        z = z - z.max(axis=1, keepdims=True)
        return float(-(z[np.arange(len(labels)), labels] - np.log(np.exp(z).sum(axis=1))).mean())

    found = optimize.minimize_scalar(loss, bounds=(math.log(0.01), math.log(100)), method="bounded", options={"xatol": 1e-12})
    return float(np.exp(found.x)), float(found.fun)


def top_k(labels, scores, k, classes):
    """Of equal scores scikit-learn takes the last class first; mirrored, it takes the first, as argmax does."""
    return float(sk.top_k_accuracy_score(len(classes) - 1 - labels, scores[:, ::-1], k=k, labels=classes))


def per_class(score, labels, scores, classes):
    """None where no row, or each, is of the class."""
    return [float(score(labels == of, scores[:, of])) if 0 < (labels == of).sum() < len(labels) else None for of in classes]


def comparison(name, first, second):
    """First and second say for each row whether it is right."""
    first, second = np.asarray(first), np.asarray(second)
    gained, lost = int((~first & second).sum()), int((first & ~second).sum())
    return {"name": name, "first": first.tolist(), "second": second.tolist(), "gained": gained, "lost": lost,
            "p": float(stats.binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0}


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
        "topK": [top_k(labels, wide, k, classes) for k in range(1, len(classes))] if len(classes) > 2 else [],
        "calibration": calibration_error(wide, labels == predicted),
        "brier": float(((wide - np.eye(len(classes))[labels]) ** 2).sum(axis=1).mean()),
        "rocArea": per_class(sk.roc_auc_score, labels, wide, classes),
        "averagePrecision": per_class(sk.average_precision_score, labels, wide, classes),
        "rejectRisk": reject_risk(wide.max(axis=1), labels == predicted),
        "temperature": temperature(wide, labels),
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
        case("ties", np.random.default_rng(9).integers(0, 3, 40),
             (lambda s: s / s.sum(axis=1, keepdims=True))(np.random.default_rng(10).integers(1, 4, (40, 3)).astype(float))),
        case("perfect", [0, 1, 2, 0], np.eye(3)[[0, 1, 2, 0]] * 0.94 + 0.02),
        case("worst", [1, 2, 0, 1], np.eye(3)[[0, 1, 2, 0]] * 0.94 + 0.02),
        case("predictions apart from the best score", *drawn(6, 25, 3, 1.0), predicted=np.random.default_rng(7).integers(0, 3, 25)),
    ]
    target = pathlib.Path(__file__).with_suffix(".json")
    lines = ",\n".join(json.dumps(one) for one in cases)
    rng = np.random.default_rng(8)
    pairs = ",\n".join(json.dumps(one) for one in [
        comparison("better", rng.random(200) < 0.7, rng.random(200) < 0.8),
        comparison("alike", rng.random(50) < 0.5, rng.random(50) < 0.5),
        comparison("the same", [True, False, True], [True, False, True]),
        comparison("one gained", [False, True], [True, True]),
    ])
    target.write_text(f'{{"scikit-learn": "{sklearn.__version__}", "cases": [\n{lines}\n], "comparisons": [\n{pairs}\n]}}\n')


if __name__ == "__main__":
    main()
