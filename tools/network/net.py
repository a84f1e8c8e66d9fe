"""The line network of `rec.onnx` for torch: its weights by the names that they have in the file, what it makes of strips, and the way back.

    net.py to REC.onnx WEIGHTS.npz          takes the weights out (needs onnx)
    net.py back REC.onnx WEIGHTS.npz OUT.onnx [SHARE]
        puts them into a copy of the file, or the SHARE of them with the rest of the old ones
    net.py check REC.onnx WEIGHTS.npz       compares with onnxruntime (needs onnx, onnxruntime and torch)
"""
import sys

import numpy

HEIGHT, STEP = 96, 4
BLOCKS = 10


def take(path):
    import onnx
    return {i.name: onnx.numpy_helper.to_array(i).copy() for i in onnx.load(path).graph.initializer}


def put(path, weights, out, share=1.0):
    import onnx
    model = onnx.load(path)
    for i in model.graph.initializer:
        old = onnx.numpy_helper.to_array(i)
        new = (share * weights[i.name] + (1 - share) * old).astype(old.dtype)
        i.CopyFrom(onnx.numpy_helper.from_array(new, i.name))
    onnx.save(model, out)


class Net:
    """The network over a dictionary of tensors."""

    def __init__(self, weights):
        import torch
        self.w = {name: torch.tensor(value, dtype=torch.float32) for name, value in weights.items()}

    def parameters(self):
        return [v for name, v in self.w.items() if "running" not in name]

    def train(self):
        for value in self.parameters():
            value.requires_grad_(True)

    def __call__(self, ink, widths):
        """Log probabilities (lines, steps, classes) of `ink` (lines, 96, columns), and the steps that show each line."""
        import torch
        from torch.nn import functional as F
        w, x = self.w, ink[:, None]
        conv = lambda x, name: F.conv1d(x, w[name + ".weight"], w[name + ".bias"])
        stem = F.conv2d(x[:, :, 32:64], w["rec.stem.weight"], w["rec.stem.bias"], stride=(32, 4)).squeeze(2)
        c = F.hardswish(F.conv2d(x, w["onnx::Conv_504"], w["onnx::Conv_505"], stride=4))
        c = F.conv2d(c, w["rec.context.dw.weight"], padding=1, groups=32)
        c = F.hardswish(F.conv2d(c, w["onnx::Conv_507"], w["onnx::Conv_508"]))
        score = F.conv2d(c, w["rec.context.score.weight"], w["rec.context.score.bias"]) + w["rec.context.row_prior"]
        n, channels, rows, steps = c.shape
        c = (c.reshape(n, 4, channels // 4, rows, steps) * score.softmax(2).unsqueeze(2)).sum(3).reshape(n, channels, steps)
        x = stem + conv(c, "rec.context.proj")
        lengths = (widths + STEP - 1) // STEP
        mask = (torch.arange(steps)[None] < lengths[:, None]).float()[:, None]
        x = F.batch_norm(x, w["rec.stem_bn.running_mean"], w["rec.stem_bn.running_var"], w["rec.stem_bn.weight"], w["rec.stem_bn.bias"])
        x = F.hardswish(x) * mask
        count = mask.sum(2, keepdim=True).clamp(min=1)
        for b in range(BLOCKS):
            name = "rec.blocks.%d." % b
            y = F.conv1d(x, w["onnx::Conv_%d" % (510 + 3 * b)], w["onnx::Conv_%d" % (511 + 3 * b)], padding=4, groups=x.shape[1])
            y = F.hardswish(conv(y, name + "expand"))
            mean = (y * mask).sum(2, keepdim=True) / count
            y = y * torch.sigmoid(conv(F.relu(conv(mean, name + "se.fc1")), name + "se.fc2"))
            x = (x + conv(y, name + "project")) * mask
        return conv(x, "rec.head").transpose(1, 2).log_softmax(-1), lengths


def greedy(logs, length, letters):
    """The text of the best path."""
    best = logs[:length].argmax(-1).tolist()
    return "".join(letters[k - 1] for k, before in zip(best, [0] + best) if k and k != before)


def main():
    what, path, *rest = sys.argv[1:]
    if what == "to":
        numpy.savez(rest[0], **take(path))
    elif what == "back":
        put(path, dict(numpy.load(rest[0])), rest[1], float(rest[2]) if rest[2:] else 1.0)
    elif what == "check":
        import onnx, onnxruntime, torch
        model = onnx.load(path)
        model.graph.output.append(onnx.helper.make_empty_tensor_value_info("/LogSoftmax_output_0"))
        session = onnxruntime.InferenceSession(model.SerializeToString())
        chance = numpy.random.default_rng(1)
        ink = (chance.random((2, HEIGHT, 208)) < 0.3).astype(numpy.float32)
        widths = numpy.array([200, 163], numpy.int32)
        ink[1, :, 163:] = 0
        kind = {i.name: i.type for i in session.get_inputs()}
        shown = {"x": ink[:, None], "widths": widths.astype(numpy.int64 if "int64" in kind["widths"] else numpy.int32)}
        theirs = session.run(["/LogSoftmax_output_0"], shown)[0]
        with torch.no_grad():
            ours, lengths = Net(numpy.load(rest[0]))(torch.tensor(ink), torch.tensor(widths.astype(numpy.int64)))
        print("largest difference", max(abs(ours[i, :l].numpy() - theirs[i, :l]).max() for i, l in enumerate(lengths.tolist())))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
