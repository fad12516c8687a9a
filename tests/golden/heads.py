"""Writes heads.json: what scikit-learn's heads make of made-up features. Run: python3 tests/golden/heads.py"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestCentroid

SAMPLES, FEATURES, CLASSES = 90, 7, 4

rng = np.random.default_rng(11)
means = rng.normal(0, 1, (CLASSES, FEATURES))
labels = rng.integers(0, CLASSES, SAMPLES)
features = (means[labels] + rng.normal(0, 1.2, (SAMPLES, FEATURES))).astype(np.float32)


def logistic(penalty, weights=None):
    model = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=10000, class_weight=weights and dict(enumerate(weights)))
    model.fit(features.astype(np.float64), labels)
    return {"penalty": penalty, "class_weights": weights or [], "kernel": model.coef_.ravel().tolist(), "bias": (model.intercept_ - model.intercept_.mean()).tolist(),
            "probabilities": model.predict_proba(features).ravel().tolist()}


golden = {
    "sklearn": sklearn.__version__,
    "classes": CLASSES,
    "features": features.tolist(),
    "labels": labels.tolist(),
    "nearest_centroid": NearestCentroid().fit(features, labels).predict(features).tolist(),
    "logistic": [logistic(1.0), logistic(0.05), logistic(10.0), logistic(1.0, [1.0, 3.0, 0.5, 2.0])],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
