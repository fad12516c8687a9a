"""Writes image_statistics.json: statistics and whitening by NumPy, resampling by SciPy's ndimage, on made-up pixels. Run: python3 tests/golden/image_statistics.py"""
import fractions
import json
import math
import pathlib

import numpy as np
import scipy
from scipy import linalg, ndimage


def numbers(values):
    return [float(f"{value:.12g}") for value in np.asarray(values, dtype=np.float64).reshape(-1)]


def channels(random):
    """Images of several sizes; every pixel counts alike."""
    images = [random.randint(0, 256, (height, width, 3)) for height, width in ((5, 4), (3, 7), (6, 6), (1, 2))]
    pixels = np.concatenate([image.reshape(-1, 3) for image in images]).astype(np.float64)
    return {
        "images": [{"height": image.shape[0], "width": image.shape[1], "pixels": image.reshape(-1).tolist()} for image in images],
        "mean": numbers(pixels.mean(axis=0)), "deviation": numbers(pixels.std(axis=0)), "minimum": numbers(pixels.min(axis=0)), "maximum": numbers(pixels.max(axis=0)),
    }


def offset(random):
    """Small steps upon a large number, exactly: sums of squares in double lose them."""
    vectors = [(1e8 + 8 * random.randint(0, 5, 12)).tolist() for _ in range(50)]
    exact = [fractions.Fraction(value) for vector in vectors for value in vector]
    mean = sum(exact) / len(exact)
    return {"vectors": vectors, "mean": float(mean), "deviation": math.sqrt(sum((value - mean) ** 2 for value in exact) / len(exact))}


def whitening(random, count, size=12, planes=3):
    """Keras's fit, on [C, H, W] put in one row; the order of the pixels only moves rows and columns of the matrix."""
    images = random.randint(0, 256, (count, planes, size // planes))
    images[:, 0] = (images[:, 0] + images[:, 1]) // 2
    x = images / 255
    mean = x.mean(axis=(0, 2))
    flat = (x - mean[None, :, None]).reshape(count, -1)
    u, s, _ = linalg.svd(flat.T @ flat / count)
    classic = (u / np.sqrt(s + 1e-2)) @ u.T
    u, s, _ = np.linalg.svd(flat.T, full_matrices=False)
    current = (u * (math.sqrt(count) / (s + 1e-2))) @ u.T
    return {"images": images.reshape(count, -1).tolist(), "mean": numbers(mean), "classic": numbers(classic), "current": numbers(current)}


def eigenvalues(random):
    """A matrix with a pair of equal eigenvalues, some that are 0 and some far apart."""
    basis, _ = np.linalg.qr(random.standard_normal((14, 14)))
    matrix = (basis * [1000, 10, 3, 3, 1, .5, 1e-3, 1e-6, 0, 0, 0, -2, -7, -7.5]) @ basis.T
    matrix = (matrix + matrix.T) / 2
    return {"matrix": [float(value) for value in matrix.reshape(-1)], "values": [float(value) for value in np.linalg.eigvalsh(matrix)[::-1]]}


def turned(image, case):
    """Rotation · shift · shear · zoom about the middle of pixel centres, rows before columns."""
    theta, shear = math.radians(case["theta"]), math.radians(case["shear"])
    rotate = np.array([[math.cos(theta), -math.sin(theta), 0], [math.sin(theta), math.cos(theta), 0], [0, 0, 1]])
    shift = np.array([[1, 0, case["tx"]], [0, 1, case["ty"]], [0, 0, 1]])
    slant = np.array([[1, -math.sin(shear), 0], [0, math.cos(shear), 0], [0, 0, 1]])
    zoom = np.diag([case["zx"], case["zy"], 1])
    height, width = image.shape[1:]
    to, back = np.eye(3), np.eye(3)
    to[:2, 2] = (height - 1) / 2, (width - 1) / 2
    back[:2, 2] = -to[:2, 2]
    map = to @ rotate @ shift @ slant @ zoom @ back
    return np.stack([ndimage.affine_transform(plane, map[:2, :2], map[:2, 2], order=case["order"], mode=case["mode"], cval=case["cval"]) for plane in image])


def geometry(random):
    image = np.round(random.uniform(0, 255, (3, 5, 8)), 2)
    still = {"theta": 0, "tx": 0, "ty": 0, "shear": 0, "zx": 1, "zy": 1, "order": 1, "mode": "nearest", "cval": 0}
    cases = [
        {"theta": 30}, {"theta": -77, "mode": "reflect"}, {"tx": 1.25, "ty": -2.5, "mode": "wrap"}, {"shear": 20, "mode": "constant", "cval": 7.5},
        {"zx": .6, "zy": 1.7, "mode": "reflect"}, {"theta": 12.3, "tx": -.7, "ty": 1.9, "shear": -15, "zx": .8, "zy": 1.15},
        {"theta": 41, "tx": 3.1, "ty": 5.3, "shear": 33, "zx": 1.9, "zy": 1.6, "mode": "wrap"}, {"theta": 155, "ty": .4, "zx": 1.3, "mode": "constant", "cval": -3, "order": 0},
        {"theta": -20, "tx": 4.3, "zx": 2.2, "zy": .4, "order": 0, "mode": "reflect"},
    ]
    cases = [still | case for case in cases]
    return {"image": numbers(image), "cases": [case | {"expected": numbers(turned(image, case))} for case in cases]}


def main():
    random = np.random.RandomState(11)
    golden = {
        "made_by": f"NumPy {np.__version__}, SciPy {scipy.__version__}", "channels": channels(random), "offset": offset(random),
        "whitening": [whitening(random, 60), whitening(random, 7)], "eigenvalues": eigenvalues(random), "geometry": geometry(random),
    }
    text = "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in golden.items()) + "\n}\n"
    (pathlib.Path(__file__).parent / "image_statistics.json").write_text(text)
    print(f"image_statistics.json: {len(text) // 1024} KiB")


main()
