"""Sizes and SHA-256 of the ONNX Model Zoo's classification networks as its hub manifest gives them, for PretrainedModelTests.

python3 tests/golden/models.py ONNX_HUB_MANIFEST.json > tests/golden/models.tsv

The catalogue itself was written from the Git LFS pointers of the same repository (github.com/onnx/models, commit b1eeaa1).
"""
import json
import sys

print("file\tbytes\tsha256")
rows = set()
for model in json.load(open(sys.argv[1])):
    path, known = model["model_path"], model["metadata"]
    if "/classification/" in path and "model_sha" in known:
        rows.add((path.rsplit("/", 1)[1], known["model_bytes"], known["model_sha"]))
for row in sorted(rows):
    print("\t".join(map(str, row)))
