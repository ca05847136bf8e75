"""Writes the encoder as an ONNX graph and quantises it to int8.

Inputs `input_ids` and `attention_mask` (int64, batch x length). Token vectors are averaged over pieces of CHUNK tokens, half overlapping.
Without heads the output is `features` (batch x pieces x width of all layers read); with heads it is `logits` (batch x 2): for the user
head and the document head the highest score of a piece. Why pieces: a planted sentence drowns in the mean of a whole window.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from settings import CHUNK

OPSET = 20


class _Graph:
    def __init__(self):
        self.nodes, self.constants, self._count = [], {}, 0

    def constant(self, name, array):
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def add(self, operator, inputs, **attributes):
        self._count += 1
        output = attributes.pop("output", f"{operator}_{self._count}")
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output


def build(encoder, read, head=None):
    """The graph of an encoder. `read`: layers, counted from 1, whose output is used. `head`: weights (2, len(read) * width) and bias (2)."""
    g, heads, width = _Graph(), encoder.heads, encoder.width
    size = width // heads
    w = {name: tensor.detach().float().numpy() for name, tensor in encoder.weights.items()}

    def linear(x, names, out):
        weight = np.concatenate([w[n + ".weight"] for n in names]).T
        bias = np.concatenate([w[n + ".bias"] for n in names])
        return g.add("Add", [g.add("MatMul", [x, g.constant(out + ".weight", weight)]), g.constant(out + ".bias", bias)])

    def norm(x, name):
        return g.add("LayerNormalization", [x, g.constant(name + ".weight", w[name + ".weight"]), g.constant(name + ".bias", w[name + ".bias"])], axis=-1, epsilon=encoder.epsilon)

    def split_heads(x, order):
        return g.add("Transpose", [g.add("Reshape", [x, g.constant("split", np.array([0, 0, heads, size], np.int64))])], perm=order)

    words = g.add("Gather", [g.constant("words", w["embeddings.word_embeddings.weight"]), "input_ids"])
    # What every token gets whatever it is stands with the positions.
    positions = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
    length = g.add("Slice", [g.add("Shape", ["input_ids"]), g.constant("one", np.array([1], np.int64)), g.constant("two", np.array([2], np.int64))])
    places = g.add("Slice", [g.constant("positions", positions), g.constant("zero", np.array([0], np.int64)), length, "zero"])
    x = norm(g.add("Add", [words, places]), "embeddings.LayerNorm")
    there = g.add("Cast", ["attention_mask"], to=TensorProto.FLOAT)
    absent = g.add("Mul", [g.add("Sub", [g.constant("float_one", np.float32(1)), there]), g.constant("very_low", np.float32(-1e9))])
    absent = g.add("Unsqueeze", [absent, g.constant("middle", np.array([1, 2], np.int64))])
    outputs = []
    for n in range(encoder.layers):
        p = f"encoder.layer.{n}."
        both = linear(x, [p + "attention.self." + part for part in ("query", "key", "value")], p + "qkv")
        g.constants["thirds"] = numpy_helper.from_array(np.array([width] * 3, np.int64), "thirds")
        g.nodes.append(helper.make_node("Split", [both, "thirds"], [p + "q", p + "k", p + "v"], name=p + "split", axis=-1))
        scores = g.add("MatMul", [split_heads(p + "q", [0, 2, 1, 3]), split_heads(p + "k", [0, 2, 3, 1])])
        scores = g.add("Add", [g.add("Mul", [scores, g.constant("scale", np.float32(size**-0.5))]), absent])
        seen = g.add("MatMul", [g.add("Softmax", [scores], axis=-1), split_heads(p + "v", [0, 2, 1, 3])])
        seen = g.add("Reshape", [g.add("Transpose", [seen], perm=[0, 2, 1, 3]), g.constant("join", np.array([0, 0, width], np.int64))])
        x = norm(g.add("Add", [x, linear(seen, [p + "attention.output.dense"], p + "out")]), p + "attention.output.LayerNorm")
        inner = g.add("Gelu", [linear(x, [p + "intermediate.dense"], p + "inner")])
        x = norm(g.add("Add", [x, linear(inner, [p + "output.dense"], p + "outer")]), p + "output.LayerNorm")
        if n + 1 in read:
            outputs.append(x)
    there = g.add("Unsqueeze", [there, g.constant("second", np.array([1], np.int64))])
    pool = {"kernel_shape": [CHUNK], "strides": [CHUNK // 2], "pads": [CHUNK // 2, CHUNK // 2], "count_include_pad": 1}
    seen = g.add("Transpose", [g.add("Concat", outputs, axis=-1) if len(outputs) > 1 else outputs[0]], perm=[0, 2, 1])
    # Both are sums divided by CHUNK, so their quotient is the mean over the tokens that are there.
    share = g.add("AveragePool", [there], **pool)
    mean = g.add("Div", [g.add("AveragePool", [g.add("Mul", [seen, there])], **pool), g.add("Max", [share, g.constant("little", np.float32(1e-6))])])
    features = g.add("Transpose", [mean], perm=[0, 2, 1], output="features")
    if head is None:
        result = helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", "pieces", width * len(read)])
    else:
        # One weight of shape (width, 2), so that it is not quantised with the rest: Gemm is left alone, MatMul is not.
        flat = g.add("Reshape", [features, g.constant("rows", np.array([-1, width * len(read)], np.int64))])
        scores = g.add("Gemm", [flat, g.constant("head.weight", head[0].astype(np.float32)), g.constant("head.bias", head[1].astype(np.float32))], transB=1)
        shape = g.add("Slice", [g.add("Shape", [features]), "zero", g.constant("two", np.array([2], np.int64))])
        scores = g.add("Reshape", [scores, g.add("Concat", [shape, "two"], axis=0)])
        missing = g.add("Cast", [g.add("Less", [share, g.constant("half_token", np.float32(0.5 / CHUNK))])], to=TensorProto.FLOAT)
        missing = g.add("Transpose", [g.add("Mul", [missing, "very_low"])], perm=[0, 2, 1])
        g.add("ReduceMax", [g.add("Add", [scores, missing]), "one"], keepdims=0, output="logits")
        result = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 2])
    shape = ["batch", "length"]
    graph = helper.make_graph(
        g.nodes,
        "injection",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask")],
        [result],
        list(g.constants.values()),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="cordon training/transformer")
    model.ir_version = 10
    onnx.checker.check_model(model)
    return model


def quantise(source, target):
    """int8 weights for matrix products and embeddings; activations are quantised as they come.

    Seven bits a weight (`reduce_range`). Why: processors without VNNI saturate on eight, and the score would depend on the machine.
    """
    quantize_dynamic(source, target, op_types_to_quantize=["MatMul", "Gather"], per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, extra_options={"MatMulConstBOnly": True})
