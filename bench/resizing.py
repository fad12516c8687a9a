"""What a linear head makes of cropped, padded and stretched images. Run: /usr/bin/python3 bench/resizing.py FOLDER NETWORK.onnx|resnet18

Logistic regression (scikit-learn, C 0.01) on the features that bench/resizing.cs gives of a labelled folder: accuracy over five folds and the
paired difference with its 95 % interval; then with 10 and 25 images a class, five seeds, tested with all others. Needs python3-sklearn.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

program = pathlib.Path(__file__).parent / "resizing.cs"


def right(x, y, learnt, tested):
    return LogisticRegression(C=0.01, max_iter=1000, tol=1e-3).fit(x[learnt], y[learnt]).predict(x[tested]) == y[tested]


subprocess.run(["dotnet", "build", "-c", "Release", program], check=True, stdout=subprocess.DEVNULL)
first = None
for kind in ("IsoCrop", "IsoPad", "Fill"):
    with tempfile.TemporaryDirectory() as folder:
        output = str(pathlib.Path(folder) / "features")
        subprocess.run(["dotnet", "run", "--no-build", "-c", "Release", program, sys.argv[1], sys.argv[2], kind, output], check=True)
        y = numpy.array(pathlib.Path(output + ".txt").read_text().splitlines())
        x = numpy.fromfile(output + ".f32", numpy.float32).reshape(len(y), -1)
    found = numpy.zeros(len(y))
    for learnt, tested in StratifiedKFold(5, shuffle=True, random_state=1).split(x, y):
        found[tested] = right(x, y, learnt, tested)
    first = found if first is None else first
    difference = 100 * (found - first)
    half = 1.96 * difference.std() / len(y) ** 0.5
    print(f"{kind}: {len(y)} images, five folds {100 * found.mean():.1f} %, difference {difference.mean():+.2f} "
          f"({difference.mean() - half:+.2f} to {difference.mean() + half:+.2f})", flush=True)
    for each in (10, 25):
        shares = []
        for seed in range(5):
            random = numpy.random.default_rng(seed)
            learnt = numpy.concatenate([random.permutation(numpy.where(y == name)[0])[:each] for name in numpy.unique(y)])
            shares.append(100 * right(x, y, learnt, numpy.setdiff1d(numpy.arange(len(y)), learnt)).mean())
        print(f"  {each} a class: {numpy.mean(shares):.1f} % ({', '.join(f'{share:.1f}' for share in shares)})", flush=True)
