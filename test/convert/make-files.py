"""Makes torch files and what the reference library makes of the same tensors.

Run: python test/convert/make-files.py   (needs torch safetensors numpy)
"""

from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save_file

files = Path(__file__).parent / "files"
files.mkdir(exist_ok=True)
torch.manual_seed(0)


def save(name, value, tensors, **options):
    """The torch file, and beside it the tensors as the reference library writes them."""
    torch.save(value, files / f"{name}.pt", **options)
    copies = {key: tensor.detach().clone().contiguous() for key, tensor in tensors.items()}
    save_file(copies, files / f"{name}.safetensors", metadata={"format": "pt"})


DTYPES = [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32, torch.uint64]
DTYPES += [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64]
DTYPES += [torch.float8_e4m3fn, torch.float8_e4m3fnuz, torch.float8_e5m2, torch.float8_e5m2fnuz]
every = {}
for dtype in DTYPES:
    name = str(dtype).removeprefix("torch.")
    bits = torch.randint(0, 2 if dtype == torch.bool else 256, (6 * dtype.itemsize,), dtype=torch.uint8)
    every[f"{name}.matrix"] = bits.view(dtype).reshape(2, 3)
    every[f"{name}.scalar"] = bits[: dtype.itemsize].clone().view(dtype).reshape(())
    every[f"{name}.empty"] = torch.empty(0, 3, dtype=dtype)
save("dtypes", every, every)

block = torch.randn(4, 5, 6)
views = {
    "whole": block,
    "permuted": block.permute(2, 0, 1),
    "stepped": block[::2, 1:5:3, 3],
    "expanded": block[1, 2].expand(4, 6),
    "offset": block[2:],
    "element": block[3, 4, 5],
    "unfolded": block.unfold(2, 3, 1),
    "empty": block[4:],
    "channels-last": torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last),
    "naïve 模型 😀": torch.ones(1),
}
save("views", views, views)

encoder = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3))
module = encoder.state_dict()
save("module", module, module)
for protocol in (3, 4, 5):
    save(f"protocol-{protocol}", module, module, pickle_protocol=protocol)
parameters = dict(encoder.named_parameters())
save("parameters", parameters, parameters)

weight = torch.randn(5, 2)
tied = OrderedDict([("embedding.weight", weight), ("head.weight", weight), ("bias", torch.zeros(5))])
save("tied", tied, tied)

optimizer = torch.optim.Adam(encoder.parameters())
encoder(torch.randn(2, 4)).sum().backward()
optimizer.step()
checkpoint = {"epoch": 3, "state_dict": module, "optimizer": optimizer.state_dict(), "note": "best"}
save("checkpoint", checkpoint, module)

torch.save(encoder, files / "refused-module-object.pt")
torch.save({"w": torch.ones(2, 2).to_sparse()}, files / "refused-sparse.pt")
torch.save({"w": torch.ones(2, dtype=torch.complex64).conj()}, files / "refused-lazy-mark.pt")
torch.save({"w": torch.ones(2, dtype=torch.complex128)}, files / "refused-dtype.pt")
torch.save({"w": torch.ones(2), "step": 5}, files / "refused-number.pt")
torch.save({0: torch.ones(2)}, files / "refused-key.pt")
torch.save([torch.ones(2)], files / "refused-list.pt")
torch.save({"w": torch.ones(2)}, files / "refused-legacy.pt", _use_new_zipfile_serialization=False)
