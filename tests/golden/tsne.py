"""What scikit-learn's t-SNE makes of three clouds, for EmbeddingTests. Run: /usr/bin/python3 tests/golden/tsne.py

Writes tsne.json: the vectors, where the points begin, the symmetric neighbourhoods of the first 60 vectors at perplexity 5, and of all at
perplexity 30 the exact divergence of the points after 1,000 steps by Barnes and Hut, of neighbourhoods that are scikit-learn's own.
"""
import json

import numpy
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import TSNE
from sklearn.manifold._t_sne import _joint_probabilities_nn
from sklearn.neighbors import NearestNeighbors

import pathlib

COUNT, LENGTH, PERPLEXITY = 270, 8, 30
random = numpy.random.RandomState(3)
centres = random.normal(size=(3, LENGTH)) * 4
vectors = numpy.round(numpy.concatenate([c + random.normal(size=(COUNT // 3, LENGTH)) for c in centres]), 3).astype(numpy.float32)
start = numpy.round(random.normal(size=(COUNT, 2)), 3) * 1e-4


def affinities(x, perplexity):
    near = min(len(x) - 1, int(3 * perplexity + 1))
    graph = NearestNeighbors(n_neighbors=near).fit(x).kneighbors_graph(mode="distance")
    graph.data **= 2
    return _joint_probabilities_nn(graph, perplexity, 0)


def divergence(p, points):
    q = 1 / (1 + squareform(pdist(points, "sqeuclidean")))
    numpy.fill_diagonal(q, 0)
    q /= q.sum()
    p = p.tocoo()
    keep = p.data > 0
    return float((p.data[keep] * numpy.log(p.data[keep] / q[p.row[keep], p.col[keep]])).sum())


small = affinities(vectors[:60], 5).toarray()
fitted = TSNE(perplexity=PERPLEXITY, init=start, learning_rate="auto", n_iter=1000, method="barnes_hut", random_state=0).fit_transform(vectors)
text = json.dumps({
    "vectors": [[float(f"{v:.3f}") for v in row] for row in vectors.tolist()],
    "start": [float(f"{v:.7g}") for v in start.flatten().tolist()],
    "affinities": [[float(f"{v:.6g}") for v in row] for row in small.tolist()],
    "divergence": divergence(affinities(vectors, PERPLEXITY), fitted),
})
(pathlib.Path(__file__).parent / "tsne.json").write_text(text.replace("], [", "],\n[") + "\n")
print(len(text) // 1024, "KiB", divergence(affinities(vectors, PERPLEXITY), fitted))
