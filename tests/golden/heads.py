"""Writes heads.json: what scikit-learn's heads make of made-up features. Run: python3 tests/golden/heads.py"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid

SAMPLES, FEATURES, CLASSES = 90, 7, 4

rng = np.random.default_rng(11)
means = rng.normal(0, 1, (CLASSES, FEATURES))
labels = rng.integers(0, CLASSES, SAMPLES)
features = (means[labels] + rng.normal(0, 1.2, (SAMPLES, FEATURES))).astype(np.float32)
queries = np.concatenate([(means[rng.integers(0, CLASSES, 30)] + rng.normal(0, 1.2, (30, FEATURES))).astype(np.float32), features[:10]])
sample_weights = rng.integers(0, 4, SAMPLES).astype(np.float32)


def logistic(penalty, weights=None, samples=None):
    model = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=10000, class_weight=dict(enumerate(weights)) if isinstance(weights, list) else weights)
    model.fit(features.astype(np.float64), labels, samples)
    return {"penalty": penalty, "class_weights": weights if isinstance(weights, list) else [], "balanced": weights == "balanced", "sample_weights": [] if samples is None else samples.tolist(), "kernel": model.coef_.ravel().tolist(), "bias": (model.intercept_ - model.intercept_.mean()).tolist(),
            "probabilities": model.predict_proba(features).ravel().tolist()}


def neighbours(count, metric, weights):
    model = KNeighborsClassifier(count, weights=weights, metric=metric, algorithm="brute").fit(features.astype(np.float64), labels)
    return {"count": count, "metric": metric, "weights": weights, "probabilities": model.predict_proba(queries.astype(np.float64)).ravel().tolist()}


golden = {
    "sklearn": sklearn.__version__,
    "classes": CLASSES,
    "features": features.tolist(),
    "labels": labels.tolist(),
    "nearest_centroid": NearestCentroid().fit(features, labels).predict(features).tolist(),
    "logistic": [logistic(1.0), logistic(0.05), logistic(10.0), logistic(1.0, [1.0, 3.0, 0.5, 2.0]), logistic(1.0, "balanced"), logistic(1.0, samples=sample_weights)],
    "queries": queries.tolist(),
    "neighbours": [neighbours(count, metric, weights) for count in (1, 5, 12) for metric in ("cosine", "euclidean") for weights in ("uniform", "distance")],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
