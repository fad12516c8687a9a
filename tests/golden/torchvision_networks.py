"""torchvision's networks as ONNX files with PyTorch's gradients. Run: /usr/bin/python3 tests/golden/torchvision_networks.py FOLDER [NAME ...]

For each network writes FOLDER/NAME.onnx, as PyTorch's exporter makes it, and FOLDER/NAME.json in the manner of imported.json: the norm and
five elements of the gradient of every weight in the file, in float64. Weights are random, and so are the scales, biases and statistics of
normalisations, so that no two tensors are equal. With MLPIPELINES_NETWORKS=FOLDER the tests compare what this library computes.
"""
import hashlib
import json
import pathlib
import sys

import torch
import torchvision.models as models

from imported import network

NETWORKS = {
    "alexnet": (224, 13), "vgg11": (224, 13), "resnet18": (96, 9), "resnet18_unfused": (96, 13), "resnext50_32x4d": (96, 13), "densenet121": (96, 13), "googlenet": (96, 13),
    "inception_v3": (139, 13), "mnasnet0_5": (96, 13), "shufflenet_v2_x0_5": (96, 13), "squeezenet1_1": (96, 13), "mobilenet_v2": (96, 13), "mobilenet_v3_small": (96, 14),
    "efficientnet_b0": (96, 13), "efficientnet_v2_s": (96, 13), "regnet_y_400mf": (96, 13), "convnext_tiny": (96, 17),
}


def randomised(name):
    torch.manual_seed(1)
    options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    module = getattr(models, name.removesuffix("_unfused"))(weights=None, **options).float().eval()
    for key, value in [*module.named_parameters(), *module.named_buffers()]:
        if key.endswith("running_var") or value.dim() == 1 and key.endswith("weight"):
            torch.nn.init.uniform_(value, 0.5, 1.5)
        elif key.endswith("layer_scale"):
            torch.nn.init.uniform_(value, 0.1, 1.0)
        elif value.dim() == 1:
            torch.nn.init.normal_(value, std=0.1)
    return module


def export(name, path, size, opset):
    torch.set_default_dtype(torch.float32)
    mode = torch.onnx.TrainingMode.PRESERVE if name.endswith("_unfused") else torch.onnx.TrainingMode.EVAL
    torch.onnx.export(randomised(name), torch.zeros(1, 3, size, size), str(path), opset_version=opset, training=mode, do_constant_folding=mode == torch.onnx.TrainingMode.EVAL,
                      input_names=["image"], output_names=["logits"], dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}})
    torch.set_default_dtype(torch.float64)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:] or NETWORKS:
        size, opset = NETWORKS[name]
        made = 224 if size == 224 else 299 if name == "inception_v3" else 224
        export(name, folder / f"{name}.onnx", made, opset)
        (folder / f"{name}.json").write_text(json.dumps(network(folder, name, size)) + "\n")
        print(name, flush=True)
