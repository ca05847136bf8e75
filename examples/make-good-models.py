"""Makes the good example models with the libraries that people use: torch, scikit-learn, joblib, safetensors, numpy.

Run: python examples/make-good-models.py   (needs torch scikit-learn joblib safetensors numpy)
"""

import json
from pathlib import Path

import joblib
import numpy as np
import torch
from safetensors.torch import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

good = Path(__file__).parent / "models" / "good"
torch.manual_seed(0)
rng = np.random.default_rng(0)

network = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
torch.save(network.state_dict(), good / "state_dict.pt")

features, labels = rng.normal(size=(40, 3)), rng.integers(0, 2, size=40)
classifier = make_pipeline(StandardScaler(), LogisticRegression()).fit(features, labels)
joblib.dump(classifier, good / "classifier.joblib", compress=3)
np.savez_compressed(good / "embeddings.npz", words=rng.normal(size=(10, 4)).astype("float32"))

llm = good / "tiny-llm"
save_file(
    {"embed.weight": torch.randn(16, 8, dtype=torch.bfloat16), "head.weight": torch.randn(8, 16, dtype=torch.bfloat16)},
    llm / "model.safetensors",
    metadata={"format": "pt"},
)
(llm / "config.json").write_text(
    json.dumps({"architectures": ["TinyForCausalLM"], "model_type": "llama", "hidden_size": 8, "vocab_size": 16}, indent=2) + "\n"
)
(llm / "tokenizer_config.json").write_text(
    json.dumps(
        {
            "bos_token": "<s>",
            "eos_token": "</s>",
            "chat_template": "{{ bos_token }}{% for message in messages %}[{{ message['role'] }}] {{ message['content'] | trim }}\n"
            "{% endfor %}{% if add_generation_prompt %}[assistant] {% endif %}",
        },
        indent=2,
    )
    + "\n"
)
(llm / "README.md").write_text("---\nlicense: apache-2.0\npipeline_tag: text-generation\n---\n\n# A tiny language model\n\nWeights are random.\n")
