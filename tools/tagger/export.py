#!/usr/bin/env python3
"""Writes a trained tagger as ONNX, its matrices in eight bits with a scale a column.

    export.py STATE.pt --syllables FILE --out tagger.onnx [--full]

Beside it comes tagger.json, which tells the characters and the syllables by their numbers; FILE is what it was trained with.

Input: `letters`, [tokens, WIDTH] int32, 0 where no character is, else 1 + place * letters + number. Outputs: `first` and `second`, [tokens, labels], natural
logarithms of probabilities of the syllables that begin in the token; `more`, [tokens, 1], the probability that a second one does; `case`, [tokens, 4]. Needs `torch`, `numpy` and `onnx`.
"""
import argparse, json
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from network import BLOCKS, HEADS, SIZE
from text import ALPHABET, WIDTH, syllables


class Graph:
    def __init__(self, full):
        self.nodes, self.constants, self.full = [], [], full

    def constant(self, name, array):
        self.constants.append(numpy_helper.from_array(np.asarray(array, order="C"), name))
        return name

    def add(self, op, *inputs, **attributes):
        out = "%s_%d" % (op.lower(), len(self.nodes))
        self.nodes.append(helper.make_node(op, list(inputs), [out], **attributes))
        return out

    def matrix(self, name, weight):
        """A matrix [in, out] with a scale a column."""
        if self.full:
            return self.constant(name + ".weight", weight.astype(np.float32))
        scale = np.maximum(np.abs(weight).max(0), 1e-8) / 127
        whole = self.constant(name + ".weight", np.clip(np.rint(weight / scale), -127, 127).astype(np.int8))
        zero = self.constant(name + ".zero", np.zeros(len(scale), np.int8))
        return self.add("DequantizeLinear", whole, self.constant(name + ".scale", scale.astype(np.float32)), zero, axis=1)

    def linear(self, x, state, name):
        x = self.add("MatMul", x, self.matrix(name, state[name + ".weight"].T))
        return self.add("Add", x, self.constant(name + ".bias", state[name + ".bias"]))

    def norm(self, x, state, name):
        weight, bias = (self.constant("%s.%s" % (name, part), state["%s.%s" % (name, part)]) for part in ("weight", "bias"))
        return self.add("LayerNormalization", x, weight, bias, axis=-1, epsilon=1e-5)

    def shape(self, *sizes):
        return self.constant("shape_%d" % len(self.constants), np.array(sizes, np.int64))

    def beside(self, x, axis):
        """Each row of an axis with those before and behind it."""
        pads = lambda before, behind: self.shape(*([0] * axis + [before, 0] + [0] * axis + [behind, 0]))
        left = self.add("Slice", self.add("Pad", x, pads(1, 0)), self.shape(0), self.shape(-1), self.shape(axis))
        right = self.add("Slice", self.add("Pad", x, pads(0, 1)), self.shape(1), self.shape(1 << 30), self.shape(axis))
        return self.add("Concat", left, x, right, axis=-1)


def near(g, x, state, block):
    name = "near.%d." % block
    up = g.add("Relu", g.linear(g.beside(g.norm(x, state, name + "norm"), 0), state, name + "up"))
    return g.add("Add", x, g.linear(up, state, name + "down"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("state")
    parser.add_argument("--syllables", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--full", action="store_true")
    args = parser.parse_args()
    state = {k: v.float().numpy() for k, v in torch.load(args.state, map_location="cpu").items()}
    g = Graph(args.full)
    # Row 0 is no character; row 1 + place * letters + number is one with its place.
    table = state["letters.weight"][None] + state["places"][:, None]
    table[:, 0] = 0
    table = np.concatenate([np.zeros((1, table.shape[-1]), np.float32), table.reshape(-1, table.shape[-1])])
    x = g.add("Gather", g.matrix("letters", table), "letters", axis=0)
    there = g.add("Unsqueeze", g.add("Cast", g.add("Greater", "letters", g.constant("nothing", np.array(0, np.int32))), to=TensorProto.FLOAT), g.shape(-1))
    x = g.add("Mul", g.add("Relu", g.linear(g.beside(x, 1), state, "three")), there)
    x = g.linear(g.beside(x, 1), state, "five")
    absent = g.add("Mul", g.add("Sub", there, g.constant("one", np.float32(1))), g.constant("far", np.float32(1e4)))
    x = g.add("ReduceMax", g.add("Add", x, absent), g.shape(1), keepdims=0)
    x = near(g, x, state, 0)
    asked = g.linear(g.norm(x, state, "far.norm"), state, "far.ask")
    asked = g.add("Reshape", asked, g.shape(-1, 3, HEADS, SIZE // HEADS))
    pick = lambda n, order: g.add("Transpose", g.add("Gather", asked, g.constant("pick_%d" % n, np.array(n, np.int64)), axis=1), perm=order)
    weights = g.add("Mul", g.add("MatMul", pick(0, [1, 0, 2]), pick(1, [1, 2, 0])), g.constant("scale", np.float32((SIZE // HEADS) ** -0.5)))
    seen = g.add("Transpose", g.add("MatMul", g.add("Softmax", weights, axis=-1), pick(2, [1, 0, 2])), perm=[1, 0, 2])
    x = g.add("Add", x, g.linear(g.add("Reshape", seen, g.shape(-1, SIZE)), state, "far.give"))
    for block in range(1, BLOCKS):
        x = near(g, x, state, block)
    x = g.norm(x, state, "norm")
    classes = g.matrix("classes", state["classes.weight"].T)
    bias = g.constant("classes.bias", state["classes.bias"])
    for name in ("first", "second"):
        scores = g.add("Add", g.add("MatMul", g.linear(x, state, name), classes), bias)
        g.nodes.append(helper.make_node("LogSoftmax", [scores], [name], axis=-1))
    g.nodes.append(helper.make_node("Sigmoid", [g.linear(x, state, "more")], ["more"]))
    g.nodes.append(helper.make_node("LogSoftmax", [g.linear(x, state, "case")], ["case"], axis=-1))
    labels = len(state["classes.bias"])
    value = helper.make_tensor_value_info
    inputs = [value("letters", TensorProto.INT32, ["tokens", WIDTH])]
    outputs = [value("first", TensorProto.FLOAT, ["tokens", labels]), value("second", TensorProto.FLOAT, ["tokens", labels]), value("more", TensorProto.FLOAT, ["tokens", 1]), value("case", TensorProto.FLOAT, ["tokens", 4])]
    model = helper.make_model(helper.make_graph(g.nodes, "tagger", inputs, outputs, g.constants), opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, args.out)
    with open(args.out.removesuffix(".onnx") + ".json", "w", encoding="utf-8") as file:
        json.dump({"width": WIDTH, "letters": ALPHABET, "syllables": syllables(args.syllables)}, file, ensure_ascii=False)


if __name__ == "__main__":
    main()
