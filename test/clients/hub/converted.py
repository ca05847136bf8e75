"""Puts torch checkpoints on a remote hub and loads them through a mirror that serves them as safetensors."""

import json
import os
import sys
import tempfile

import torch
from huggingface_hub import HfApi
from transformers import AutoModel, BertConfig, BertModel

far, near, far_key, near_key = sys.argv[1:5]
config = BertConfig(
    vocab_size=50, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=16
)
model = BertModel(config).eval()
api = HfApi(endpoint=far, token=far_key)


def push(name, save):
    with tempfile.TemporaryDirectory() as folder:
        config.save_pretrained(folder)
        save(folder)
        api.create_repo(name, exist_ok=True)
        api.upload_folder(repo_id=name, folder_path=folder)


def single(folder):
    torch.save(model.state_dict(), os.path.join(folder, "pytorch_model.bin"))


def sharded(folder):
    state = list(model.state_dict().items())
    middle = len(state) // 2
    weight_map = {}
    for number, part in enumerate((state[:middle], state[middle:]), start=1):
        name = f"pytorch_model-{number:05d}-of-00002.bin"
        torch.save(dict(part), os.path.join(folder, name))
        weight_map.update({key: name for key, _ in part})
    index = {"metadata": {"total_size": sum(t.nbytes for _, t in state)}, "weight_map": weight_map}
    with open(os.path.join(folder, "pytorch_model.bin.index.json"), "w", encoding="utf8") as file:
        json.dump(index, file)


for name, save in (("acme/single", single), ("acme/sharded", sharded)):
    push(name, save)
    loaded = AutoModel.from_pretrained(name, token=near_key).eval()
    ids = torch.arange(8).unsqueeze(0)
    with torch.no_grad():
        same = torch.equal(model(ids).last_hidden_state, loaded(ids).last_hidden_state)
    files = sorted(HfApi(endpoint=near, token=near_key).list_repo_files(name))
    print(json.dumps({"name": name, "same": same, "files": files}))
