"""Writes augmentations.json: what Pillow and torchvision 0.14 make of made-up pixels. Run: python3 tests/golden/augmentations.py"""
import json
import math
import pathlib

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image
from torchvision import transforms
from torchvision.transforms import autoaugment
from torchvision.transforms import functional as F

WIDTH, HEIGHT = 16, 12


def pixels():
    """Noise, with a few rows of pure colours, greys and extremes."""
    values = np.random.default_rng(7).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    corners = [(r, g, b) for r in (0, 255) for g in (0, 255) for b in (0, 255)]
    values[0, :8] = corners
    values[0, 8:] = [(v, v, v) for v in (1, 31, 64, 127, 128, 200, 254, 77)]
    return values


def tensor(values):
    return torch.from_numpy(values.copy()).permute(2, 0, 1)


def flat(result):
    if isinstance(result, torch.Tensor):
        result = result.permute(1, 2, 0).numpy()
    return np.asarray(result).reshape(-1).tolist()


def drawn(draw, width, height, count=20000):
    """Averages over draws of (top, left, height, width); a draw of the whole image counts as none."""
    rows = np.array([draw()[:4] for _ in range(count)], dtype=np.float64)
    rows = rows[(rows[:, 2] < height) | (rows[:, 3] < width)]
    top, left, high, wide = rows.T
    return {
        "width": width, "height": height, "share": len(rows) / count,
        "area": float((high * wide).mean() / (width * height)), "logAspect": float(np.log(high / wide).mean()), "spread": float(np.log(high / wide).std()),
        "left": float((left + wide / 2).mean() / width), "top": float((top + high / 2).mean() / height),
    }


# What torchvision hands to its operations for one strength of each, by the tables of its policies.
WARPS = (("ShearX", 0.3), ("ShearX", -0.12), ("ShearY", 0.21), ("ShearY", -0.3), ("TranslateX", 3.6), ("TranslateX", -2.0), ("TranslateY", 4.2), ("TranslateY", -1.9), ("Rotate", 17.0), ("Rotate", -31.0))


def tones(picture, planes):
    cases = []
    for factor in (0.0, 0.1, 0.7, 1.0, 1.9, 2.5):
        cases.append({"change": "sharpness", "amount": factor, "source": "Pillow", "pixels": flat(F.adjust_sharpness(picture, factor))})
        if factor < 2:
            cases.append({"change": "sharpness", "amount": factor, "source": "torchvision", "pixels": flat(F.adjust_sharpness(planes, factor))})
    for bits in range(9):
        cases.append({"change": "posterize", "amount": bits, "source": "Pillow", "pixels": flat(F.posterize(picture, bits))})
    for threshold in (0.0, 1.0, 128.0, 178.5, 255.0, 256.0):
        cases.append({"change": "solarize", "amount": threshold, "source": "Pillow", "pixels": flat(F.solarize(picture, threshold))})
    for name, change in (("autocontrast", F.autocontrast), ("equalize", F.equalize), ("invert", F.invert)):
        cases.append({"change": name, "amount": 0.0, "source": "Pillow", "pixels": flat(change(picture))})
        cases.append({"change": name, "amount": 0.0, "source": "torchvision", "pixels": flat(change(planes))})
    return cases


def large(values):
    """A picture with enough pixels to equalize: dark, and each channel of a range of its own."""
    tall = np.concatenate([values // (2 + i % 3) + (0, 20, 60) for i in range(9)]).astype(np.uint8)
    picture = Image.fromarray(tall)
    changed = [{"change": name, "pixels": flat(change(picture))} for name, change in (("autocontrast", F.autocontrast), ("equalize", F.equalize))]
    return {"height": tall.shape[0], "pixels": flat(tall), "cases": changed}


def table(space):
    return {name: {"signed": signed, "magnitudes": [] if magnitudes.ndim == 0 else magnitudes.double().tolist()} for name, (magnitudes, signed) in space.items()}


def policies():
    height, width = 40, 90
    return {
        "width": width, "height": height,
        "RandAugment": table(transforms.RandAugment()._augmentation_space(31, (height, width))),
        "TrivialAugmentWide": table(transforms.TrivialAugmentWide()._augmentation_space(31)),
        "AugMix": table(transforms.AugMix(all_ops=False)._augmentation_space(10, (height, width))),
        "AugMixOfAll": table(transforms.AugMix()._augmentation_space(10, (height, width))),
    }


def warps(picture):
    modes = ((transforms.InterpolationMode.NEAREST, "Nearest"), (transforms.InterpolationMode.BILINEAR, "Bilinear"))
    return [
        {"operation": name, "amount": amount, "interpolation": words, "pixels": flat(autoaugment._apply_op(picture, name, amount, interpolation=mode, fill=None))}
        for name, amount in WARPS for mode, words in modes
    ]


def main():
    values = pixels()
    picture, planes = Image.fromarray(values), tensor(values)
    cases = []
    for name, adjust in (("brightness", F.adjust_brightness), ("contrast", F.adjust_contrast), ("saturation", F.adjust_saturation)):
        for factor in (0.0, 0.3, 0.75, 1.0, 1.4, 2.5):
            cases.append({"change": name, "amount": factor, "source": "Pillow", "pixels": flat(adjust(picture, factor))})
            # The two round grey differently, which a large factor magnifies beyond one step.
            if factor < 2:
                cases.append({"change": name, "amount": factor, "source": "torchvision", "pixels": flat(adjust(planes, factor))})
    for turns in (-0.5, -0.21, -0.05, 0.0, 0.1, 1 / 3, 0.5):
        cases.append({"change": "hue", "amount": turns, "source": "torchvision", "pixels": flat(F.adjust_hue(planes, turns))})
    cases.append({"change": "grey", "amount": 0.0, "source": "Pillow", "pixels": flat(F.to_grayscale(picture, 3))})
    cases.append({"change": "grey", "amount": 0.0, "source": "torchvision", "pixels": flat(F.rgb_to_grayscale(planes, 3))})
    for sigma in (0.1, 0.5, 1.0, 1.6):
        kernel = 2 * math.ceil(3 * sigma) + 1
        cases.append({"change": "blur", "amount": sigma, "source": "torchvision", "pixels": flat(F.gaussian_blur(planes, [kernel, kernel], [sigma, sigma]))})
    cases += tones(picture, planes)
    torch.manual_seed(3)
    sizes = ((32, 32), (90, 20), (64, 224))
    erasing = [drawn(lambda: transforms.RandomErasing.get_params(torch.empty(3, h, w), (0.02, 0.33), (0.3, 3.3), [0.0]), w, h) for w, h in sizes]
    crops = [drawn(lambda: transforms.RandomResizedCrop.get_params(torch.empty(3, h, w), (0.08, 0.8), (3 / 4, 4 / 3)), w, h) for w, h in sizes]
    content = {
        "pillow": PIL.__version__, "torchvision": torchvision.__version__,
        "width": WIDTH, "height": HEIGHT, "pixels": flat(values), "cases": cases,
        "erasing": erasing, "crops": crops, "large": large(values), "policies": policies(), "warps": warps(picture),
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


main()
