"""t-SNE beside scikit-learn's: seconds, exact divergence and trustworthiness, from the same start. Run: /usr/bin/python3 bench/tsne.py SEEDS [COUNT]

Vectors of ten clouds with 50 numbers each; 1,000 steps, perplexity 30, angle 0.5, all cores for both. Needs python3-sklearn.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn
from sklearn.neighbors import NearestNeighbors

seeds, count, length = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000, 50
program = pathlib.Path(__file__).parent / "tsne.cs"


def affinities(x):
    graph = NearestNeighbors(n_neighbors=91).fit(x).kneighbors_graph(mode="distance")
    graph.data **= 2
    return _joint_probabilities_nn(graph, 30, 0).tocoo()


def divergence(p, points):
    total = 0.0
    for row in range(0, len(points), 500):
        squares = ((points[row:row + 500, None, :] - points[None, :, :]) ** 2).sum(2)
        total += (1 / (1 + squares)).sum()
    total -= len(points)
    q = 1 / (1 + ((points[p.row] - points[p.col]) ** 2).sum(1)) / total
    keep = p.data > 0
    return float((p.data[keep] * numpy.log(p.data[keep] / q[keep])).sum())


subprocess.run(["dotnet", "build", "-c", "Release", program], check=True, stdout=subprocess.DEVNULL)
with tempfile.TemporaryDirectory() as folder:
    file = lambda name: str(pathlib.Path(folder) / name)
    for seed in range(seeds):
        random = numpy.random.RandomState(seed)
        clouds = random.normal(size=(10, length)) * 2
        x = (clouds[random.randint(10, size=count)] + random.normal(size=(count, length))).astype(numpy.float32)
        start = random.normal(size=(count, 2)) * 1e-4
        x.tofile(file("vectors"))
        start.astype(numpy.float64).tofile(file("start"))
        out = subprocess.run(["dotnet", "run", "--no-build", "-c", "Release", program, file("vectors"), str(length), file("start"), file("points")],
                             check=True, capture_output=True, text=True).stdout
        ours = float(out.strip().splitlines()[-1])
        clock = time.perf_counter()
        theirs_points = TSNE(perplexity=30, init=start, learning_rate="auto", n_iter=1000, n_jobs=-1, random_state=0).fit_transform(x)
        theirs = time.perf_counter() - clock
        points = numpy.fromfile(file("points")).reshape(-1, 2)
        p = affinities(x)
        part = random.choice(count, min(count, 3000), replace=False)
        print(f"seed {seed}: ours {ours:.1f} s, scikit-learn {theirs:.1f} s, ratio {theirs / ours:.2f}; "
              f"divergence {divergence(p, points):.4f} and {divergence(p, theirs_points.astype(float)):.4f}; trustworthiness of "
              f"{len(part)} {trustworthiness(x[part], points[part]):.4f} and {trustworthiness(x[part], theirs_points[part]):.4f}", flush=True)
