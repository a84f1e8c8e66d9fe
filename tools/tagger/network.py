"""The tagger: a token's characters become a vector, those of its neighbours and of the whole stretch are looked at, and out comes which syllables
were printed there."""
import torch
from torch import nn
from torch.nn import functional as F
from text import ALPHABET, WIDTH

LETTER, HIDDEN, SIZE, WIDE, HEADS, OUT, BLOCKS, SPAN = 32, 96, 192, 384, 4, 128, 3, 128


def beside(x):
    """Each row of the last axis but one with those before and behind it."""
    return torch.cat([F.pad(x, (0, 0, 1, 0))[..., :-1, :], x, F.pad(x, (0, 0, 0, 1))[..., 1:, :]], -1)


class Near(nn.Module):
    """What stands beside a token."""

    def __init__(self):
        super().__init__()
        self.norm, self.up, self.down = nn.LayerNorm(SIZE), nn.Linear(3 * SIZE, WIDE), nn.Linear(WIDE, SIZE)

    def forward(self, x):
        return x + self.down(F.relu(self.up(beside(self.norm(x)))))


class Far(nn.Module):
    """What stands anywhere in the stretch: how its recogniser sees."""

    def __init__(self):
        super().__init__()
        self.norm, self.ask, self.give = nn.LayerNorm(SIZE), nn.Linear(SIZE, 3 * SIZE), nn.Linear(SIZE, SIZE)

    def forward(self, x):
        rows, tokens, _ = x.shape
        q, k, v = self.ask(self.norm(x)).view(rows, tokens, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(rows, tokens, SIZE)
        return x + self.give(seen)


class Tagger(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.letters = nn.Embedding(len(ALPHABET), LETTER, padding_idx=0)
        self.places = nn.Parameter(torch.zeros(WIDTH, LETTER))
        self.three, self.five = nn.Linear(3 * LETTER, HIDDEN), nn.Linear(3 * HIDDEN, SIZE)
        self.near = nn.ModuleList(Near() for _ in range(BLOCKS))
        self.far = Far()
        self.norm = nn.LayerNorm(SIZE)
        self.first, self.second = nn.Linear(SIZE, OUT), nn.Linear(SIZE, OUT)
        self.classes = nn.Linear(OUT, classes)
        self.more, self.case = nn.Linear(SIZE, 1), nn.Linear(SIZE, 4)
        for name, p in self.named_parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.5 if "letters" in name else 0.05 if "places" in name else p.shape[-1] ** -0.5)
        self.letters.weight.data[0] = 0
        for layer in [block.down for block in self.near] + [self.far.give]:
            layer.weight.data *= 0.5

    def spelled(self, chars):
        """Each token by itself. Most have a few characters, so they are laid end to end with one empty place between them."""
        tokens, width = chars.shape[0], WIDTH + 1
        chars = F.pad(chars, (0, 1))
        place = torch.arange(width, device=chars.device)
        there = ((place <= (chars > 0).sum(-1, keepdim=True)).flatten()).nonzero().squeeze(1)
        flat, printed = chars.flatten()[there], chars.flatten()[there] > 0
        x = self.letters(flat) + self.places[(there % width).clamp(max=WIDTH - 1)] * printed.unsqueeze(-1)
        x = F.relu(self.three(beside(x))) * printed.unsqueeze(-1)
        x = self.five(beside(x))
        x = x.masked_fill(~printed.unsqueeze(-1), -1e4)
        return x.new_full((tokens * width, SIZE), -1e4).index_copy(0, there, x).view(tokens, width, SIZE).amax(1)

    def encoded(self, chars):
        rows, tokens, _ = chars.shape
        x = self.spelled(chars.flatten(0, 1)).view(rows, tokens, SIZE)
        x = self.far(self.near[0](x))
        for block in self.near[1:]:
            x = block(x)
        return self.norm(x)

    def forward(self, chars):
        """Numbers of characters, [rows, tokens, WIDTH]; gives what `named` and the heads are asked of, [rows, tokens, SIZE]."""
        return self.encoded(chars)

    def named(self, x, second=False):
        """Scores of the first syllable that begins in each token, or of the second."""
        return self.classes((self.second if second else self.first)(x))
