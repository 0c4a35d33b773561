# ---
# title: "Lab: a bigram language model"
# description: Train a tiny language model in PyTorch on ten sonnets of Shakespeare, by counting and by cross-entropy, read its perplexity, and sample from it at several temperatures.
# ---

# %% [markdown]
# # Lab: a bigram language model
#
# In this lab you build a language model of one small table, once by counting and once by training with cross-entropy, and watch the second come close to the first. You will read its perplexity, see when more training makes it worse, and let it write.
#
# The text is ten sonnets by William Shakespeare, printed in his lifetime and in the public domain, here in modern spelling. The program contains them, and nothing is downloaded. All losses are float64: in float32 the last digits of a loss depend on the processor.

# %% tags=["fold"] summary="The ten sonnets: 1 to 8, 12, and 18"
SONNETS = """
From fairest creatures we desire increase,
That thereby beauty's rose might never die,
But as the riper should by time decease,
His tender heir might bear his memory:
But thou contracted to thine own bright eyes,
Feed'st thy light's flame with self-substantial fuel,
Making a famine where abundance lies,
Thy self thy foe, to thy sweet self too cruel:
Thou that art now the world's fresh ornament,
And only herald to the gaudy spring,
Within thine own bud buriest thy content,
And tender churl mak'st waste in niggarding:
Pity the world, or else this glutton be,
To eat the world's due, by the grave and thee.

When forty winters shall besiege thy brow,
And dig deep trenches in thy beauty's field,
Thy youth's proud livery so gazed on now,
Will be a tattered weed of small worth held:
Then being asked, where all thy beauty lies,
Where all the treasure of thy lusty days;
To say within thine own deep sunken eyes,
Were an all-eating shame, and thriftless praise.
How much more praise deserved thy beauty's use,
If thou couldst answer 'This fair child of mine
Shall sum my count, and make my old excuse'
Proving his beauty by succession thine.
This were to be new made when thou art old,
And see thy blood warm when thou feel'st it cold.

Look in thy glass and tell the face thou viewest,
Now is the time that face should form another,
Whose fresh repair if now thou not renewest,
Thou dost beguile the world, unbless some mother.
For where is she so fair whose uneared womb
Disdains the tillage of thy husbandry?
Or who is he so fond will be the tomb,
Of his self-love to stop posterity?
Thou art thy mother's glass and she in thee
Calls back the lovely April of her prime,
So thou through windows of thine age shalt see,
Despite of wrinkles this thy golden time.
But if thou live remembered not to be,
Die single and thine image dies with thee.

Unthrifty loveliness why dost thou spend,
Upon thy self thy beauty's legacy?
Nature's bequest gives nothing but doth lend,
And being frank she lends to those are free:
Then beauteous niggard why dost thou abuse,
The bounteous largess given thee to give?
Profitless usurer why dost thou use
So great a sum of sums yet canst not live?
For having traffic with thy self alone,
Thou of thy self thy sweet self dost deceive,
Then how when nature calls thee to be gone,
What acceptable audit canst thou leave?
Thy unused beauty must be tombed with thee,
Which used lives th' executor to be.

Those hours that with gentle work did frame
The lovely gaze where every eye doth dwell
Will play the tyrants to the very same,
And that unfair which fairly doth excel:
For never-resting time leads summer on
To hideous winter and confounds him there,
Sap checked with frost and lusty leaves quite gone,
Beauty o'er-snowed and bareness every where:
Then were not summer's distillation left
A liquid prisoner pent in walls of glass,
Beauty's effect with beauty were bereft,
Nor it nor no remembrance what it was.
But flowers distilled though they with winter meet,
Leese but their show, their substance still lives sweet.

Then let not winter's ragged hand deface,
In thee thy summer ere thou be distilled:
Make sweet some vial; treasure thou some place,
With beauty's treasure ere it be self-killed:
That use is not forbidden usury,
Which happies those that pay the willing loan;
That's for thy self to breed another thee,
Or ten times happier be it ten for one,
Ten times thy self were happier than thou art,
If ten of thine ten times refigured thee:
Then what could death do if thou shouldst depart,
Leaving thee living in posterity?
Be not self-willed for thou art much too fair,
To be death's conquest and make worms thine heir.

Lo in the orient when the gracious light
Lifts up his burning head, each under eye
Doth homage to his new-appearing sight,
Serving with looks his sacred majesty,
And having climbed the steep-up heavenly hill,
Resembling strong youth in his middle age,
Yet mortal looks adore his beauty still,
Attending on his golden pilgrimage:
But when from highmost pitch with weary car,
Like feeble age he reeleth from the day,
The eyes (fore duteous) now converted are
From his low tract and look another way:
So thou, thy self out-going in thy noon:
Unlooked on diest unless thou get a son.

Music to hear, why hear'st thou music sadly?
Sweets with sweets war not, joy delights in joy:
Why lov'st thou that which thou receiv'st not gladly,
Or else receiv'st with pleasure thine annoy?
If the true concord of well-tuned sounds,
By unions married do offend thine ear,
They do but sweetly chide thee, who confounds
In singleness the parts that thou shouldst bear:
Mark how one string sweet husband to another,
Strikes each in each by mutual ordering;
Resembling sire, and child, and happy mother,
Who all in one, one pleasing note do sing:
Whose speechless song being many, seeming one,
Sings this to thee, 'Thou single wilt prove none'.

When I do count the clock that tells the time,
And see the brave day sunk in hideous night,
When I behold the violet past prime,
And sable curls all silvered o'er with white:
When lofty trees I see barren of leaves,
Which erst from heat did canopy the herd
And summer's green all girded up in sheaves
Borne on the bier with white and bristly beard:
Then of thy beauty do I question make
That thou among the wastes of time must go,
Since sweets and beauties do themselves forsake,
And die as fast as they see others grow,
And nothing 'gainst Time's scythe can make defence
Save breed to brave him, when he takes thee hence.

Shall I compare thee to a summer's day?
Thou art more lovely and more temperate:
Rough winds do shake the darling buds of May,
And summer's lease hath all too short a date:
Sometime too hot the eye of heaven shines,
And often is his gold complexion dimmed,
And every fair from fair sometime declines,
By chance, or nature's changing course untrimmed:
But thy eternal summer shall not fade,
Nor lose possession of that fair thou ow'st,
Nor shall death brag thou wand'rest in his shade,
When in eternal lines to time thou grow'st,
So long as men can breathe or eyes can see,
So long lives this, and this gives life to thee.
"""

# %%
import re

import torch
import torch.nn.functional as F
from torch import nn

# Tables this small leave threads nothing to share but waiting.
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
letters = re.sub(r"[^a-z\n]+", " ", SONNETS.lower().replace("'", ""))
lines = [line.strip() for line in letters.splitlines() if line.strip()]
train_text = "\n" + "\n".join(lines[:112]) + "\n"
test_text = "\n" + "\n".join(lines[112:]) + "\n"
print(lines[0])
print(lines[112])
print(len(lines), len(train_text), len(test_text))

# %% tags=["fold"]
import matplotlib.pyplot as plt
from matplotlib_inline.backend_inline import set_matplotlib_formats

set_matplotlib_formats("svg", metadata={"Date": None})
plt.rcParams.update(
    {
        "svg.hashsalt": "bigram",
        "svg.fonttype": "none",
        "figure.facecolor": "none",
        "font.size": 11,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.facecolor": "none",
        "lines.linewidth": 2,
        "legend.frameon": False,
        "figure.figsize": (4.8, 3.6),
    }
)

# %% tags=["unshown"]
import socket
from unittest import mock

# proves: "The text is ten sonnets by William Shakespeare"
assert len(lines) == 10 * 14
assert len(SONNETS.strip().split("\n\n")) == 10
# proves: "The program contains them, and nothing is downloaded"
with mock.patch.object(socket, "socket", side_effect=OSError):
    assert SONNETS.strip().startswith(
        "From fairest creatures we desire increase,"
    )
    assert SONNETS.strip().endswith(
        "So long lives this, and this gives life to thee."
    )

# %% [markdown]
# Lower case, no punctuation: 28 characters are left, the line break, the space, and the letters from a to z. The model reads the first eight sonnets, 112 lines. It never sees the last two, the first of which begins with "when i do count the clock".
#
# ## Pairs of neighbors
#
# The model sees one character and guesses the next. That makes a classifier with 28 inputs and 28 classes. A pair of neighbors is called a **bigram**, and counting them is all there is to read from the text:

# %%
alphabet = "\n abcdefghijklmnopqrstuvwxyz"
place = {character: j for j, character in enumerate(alphabet)}


def pairs(text):
    """Return a text's characters and their followers, as class indices."""
    classes = torch.tensor([place[character] for character in text])
    return classes[:-1], classes[1:]


def count(x, y):
    """Return how often each character is followed by each."""
    tally = torch.bincount(28 * x + y, minlength=28 * 28)
    return tally.reshape(28, 28).double()


x, y = pairs(train_text)
x_test, y_test = pairs(test_text)
counts, test_counts = count(x, y), count(x_test, y_test)
for first, second in ("th", "qu", "e ", "zt"):
    print(repr(first + second), int(counts[place[first], place[second]]))
never = int((counts == 0).sum())
print(len(y), "pairs,", never, "of", counts.numel(), "never occur")

# %% tags=["unshown"]
# proves: "Lower case, no punctuation: 28 characters are left, the line break, the space, and the letters from a to z"
assert len(alphabet) == len(set(alphabet)) == 28
assert set(train_text + test_text) <= set(alphabet)
# proves: "It never sees the last two, the first of which begins with "when i do count the clock""
assert test_text.startswith("\nwhen i do count the clock")
assert not set(test_text.splitlines()[1:]) & set(train_text.splitlines())
assert counts.sum() == len(train_text) - 1
# proves: "Of the 784 possible pairs, 444 never occur in what the model reads"
assert (
    sum(
        first + second in train_text
        for first in alphabet
        for second in alphabet
    )
    == 784 - 444
)
# proves: "A q is followed by a u without exception"
assert counts[place["q"]].sum() == counts[place["q"], place["u"]] > 0

# %% [markdown]
# A q is followed by a u without exception, and a t by an h 171 times. Of the 784 possible pairs, 444 never occur in what the model reads.
#
# ## The loss at the start: the log of V
#
# The model is a table of logits: one row per character that was read, one column per character that may come next. With all logits at 0, each of $V$ characters gets the same probability, and the loss is $\log V$. PyTorch's layer for such a table is `nn.Embedding`, and it starts with random numbers instead:

# %%
torch.manual_seed(0)
model = nn.Embedding(28, 28)
print(f"random logits  {F.cross_entropy(model(x), y):.4f}")
nn.init.zeros_(model.weight)
print(f"all zero       {F.cross_entropy(model(x), y):.4f}")
print(f"log(28)        {torch.log(torch.tensor(28.0)):.4f}")

# %% tags=["unshown"]
# proves: "Random logits cost more on average than none at all"
# Each table is as likely as its negative; of small ones, either may cost less.
generator = torch.Generator().manual_seed(1)
none_at_all, cheaper = torch.log(torch.tensor(28.0)), 0
for size in (0.01, 0.1, 1.0):
    for _ in range(50):
        table = size * torch.randn(28, 28, generator=generator)
        both = [F.cross_entropy(sign * table[x], y) for sign in (1, -1)]
        cheaper += (min(both) < none_at_all).item()
        assert sum(both) / 2 > none_at_all
assert cheaper > 0

# %% [markdown]
# Random logits cost more on average than none at all, these 3.8395 against 3.3322. An opinion about letters that rests on chance is worse than no opinion: a first loss well above $\log V$ is a start to mend.
#
# ## The answer by counting
#
# Divide each row of the counts by its sum, and you have the share of each follower: the best table there is for this text. It needs no training:

# %%
shares = counts / counts.sum(dim=1, keepdim=True)
print(f"read    {-torch.log(shares[x, y]).mean():.4f}")
print(f"unread  {-torch.log(shares[x_test, y_test]).mean():.4f}")

# %%
unseen = counts[x_test, y_test] == 0
new = zip(x_test[unseen], y_test[unseen], strict=True)
missing = {alphabet[first] + alphabet[second] for first, second in new}
print(int(unseen.sum()), "of", len(y_test), sorted(missing))
for add in (0.01, 0.1, 1.0):
    smooth = (counts + add) / (counts + add).sum(dim=1, keepdim=True)
    read = -torch.log(smooth[x, y]).mean()
    unread = -torch.log(smooth[x_test, y_test]).mean()
    print(f"add {add:4}: read {read:.4f}, unread {unread:.4f}")

# %% tags=["unshown"]
# proves: "the best table there is for this text"
lowest = -torch.log(shares[x, y]).mean()
for scale in (1e-3, 1e-2, 0.1, 1.0):
    noise = scale * torch.randn(
        100, 28, 28, generator=generator, dtype=torch.float64
    )
    other = F.log_softmax(torch.log(shares.clamp(min=1e-12)) + noise, dim=2)
    assert (
        -(counts * other).sum(dim=(1, 2)) / len(y) > lowest - 1e-9
    ).all()
# proves: "One new pair is enough"
for first, second in zip(x_test[unseen], y_test[unseen], strict=True):
    one = test_counts * (counts > 0)
    one[first, second] = 1
    assert torch.xlogy(one, shares).sum() == -torch.inf

# %% [markdown]
# The table costs 2.2637 on what it read, and infinitely much on what it did not: 16 of its 1,208 pairs are new, so their probability is 0. One new pair is enough. Add a little to every count, and all pairs become possible: with 0.1 the unread sonnets cost 2.3646. That is called smoothing.
#
# ## The answer by training
#
# Gradient descent does not count. It starts at 0 and follows the slopes of cross-entropy. The mean over 4,733 pairs is a sum over 784 kinds of pairs, each with its share, and `F.cross_entropy` takes these as targets. That is the same loss, at less work. The logs of the last table above serve to compare the two:


# %%
def mean_loss(logits, counts):
    return F.cross_entropy(logits, counts / counts.sum(), reduction="sum")


logits = torch.log(smooth)
by_pairs = mean_loss(logits, counts)
by_places = F.cross_entropy(logits[x], y)
print(f"{by_pairs:.4f} {by_places:.4f}")
optimizer = torch.optim.SGD(model.parameters(), lr=20.0)
history, kept = [], {}
for update in range(2001):
    loss = mean_loss(model.weight, counts)
    with torch.no_grad():
        unread = mean_loss(model.weight, test_counts)
    history.append((loss.item(), unread.item()))
    kept[update] = model.weight.detach().clone()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
for update in (0, 1, 10, 100, 1000, 2000):
    read, unread = history[update]
    print(f"update {update:4}  read {read:.4f}  unread {unread:.4f}")
best = min(range(2001), key=lambda update: history[update][1])
print(f"best on unread text: update {best}, {history[best][1]:.4f}")

# %% tags=["unshown"]
losses = torch.tensor(history, dtype=torch.float64)
# proves: "The mean over 4,733 pairs is a sum over 784 kinds of pairs, each with its share"
assert (len(y), counts.numel()) == (4733, 784)
floor = -torch.log(shares[x, y]).mean()
# proves: "That is the same loss"
for _ in range(20):
    table = 3 * torch.randn(
        28, 28, generator=generator, dtype=torch.float64
    )
    for tally, pair in ((counts, (x, y)), (test_counts, (x_test, y_test))):
        assert torch.isclose(
            mean_loss(table, tally),
            F.cross_entropy(table[pair[0]], pair[1]),
            rtol=1e-12,
        )
# proves: "On what it reads, the loss falls with every update and never gets below the 2.2637 of counting"
assert (losses[:, 0].diff() < 0).all()
assert (losses[:, 0] > floor).all()
assert f"{floor:.4f}" == "2.2637"
# proves: "On the unread sonnets it falls until update"
assert (losses[: best + 1, 1].diff() < 0).all()
assert (losses[best:, 1].diff() > 0).all()
# proves: "Stopping in time does what adding to the counts did, and a little better"
for add in torch.logspace(-3, 1, 200, dtype=torch.float64):
    smooth = (counts + add) / (counts + add).sum(dim=1, keepdim=True)
    assert (
        -(test_counts * torch.log(smooth)).sum() / len(y_test)
        > losses[best, 1]
    )

# %% [markdown]
# On what it reads, the loss falls with every update and never gets below the 2.2637 of counting. On the unread sonnets it falls until update 560, to 2.3607, and rises from then on. The more it trains, the nearer it comes to the table of counting, which gives a new pair no chance. Stopping in time does what adding to the counts did, and a little better. (We only look. Whoever picks an update by the unread text needs a third one to judge by.)

# %% alt="Two curves over 2,000 updates, on an axis that goes by powers of ten. After one update they are at 3.1999 and 3.2059, and both fall. That of the text that was read goes on down to the dashed line of counting; that of unread text lies above it and turns up again near the end."
figure, axes = plt.subplots()
read, unread = zip(*history[1:], strict=True)
axes.plot(range(1, 2001), read, color="#0b6163", label="read")
axes.plot(range(1, 2001), unread, color="#a92f41", label="unread")
counted = -torch.log(shares[x, y]).mean()
axes.axhline(
    counted, color="#6b6b6b", linewidth=1, linestyle="--", label="counting"
)
axes.set(
    xscale="log", xlim=(1, 2000), xlabel="updates", ylabel="loss (nats)"
)
axes.xaxis.set_major_formatter("{x:.0f}")
axes.legend()
figure.tight_layout()

# %% tags=["unshown"]
drawn = {
    line.get_label(): torch.tensor(line.get_ydata(), dtype=torch.float64)
    for line in axes.lines
}
# proves: "Two curves over 2,000 updates, on an axis that goes by powers of ten"
assert axes.get_xscale() == "log"
assert len(drawn["read"]) == len(drawn["unread"]) == 2000
# proves: "After one update they are at 3.1999 and 3.2059, and both fall"
assert f"{drawn['read'][0]:.4f} {drawn['unread'][0]:.4f}" == "3.1999 3.2059"
assert torch.equal(drawn["read"], losses[1:, 0])
assert torch.equal(drawn["unread"], losses[1:, 1])
# proves: "That of the text that was read goes on down to the dashed line of counting"
assert 0 < drawn["read"][-1] - drawn["counting"][0] < 0.01
# proves: "that of unread text lies above it and turns up again near the end"
assert (drawn["unread"] > drawn["read"]).all()
assert drawn["unread"][-1] > drawn["unread"].min() > drawn["counting"][0]

# %% [markdown]
# ## Perplexity: among how many characters is it torn?
#
# A loss in nats says little to the ear. $e$ to the loss does: it is the number of characters among which an even guess would cost as much.

# %%
start = torch.log(torch.tensor(28.0))
letters_only = -torch.log(counts.sum(dim=0) / len(y))[y_test].mean()
costs = {"all alike": start, "shares of letters": letters_only}
costs["bigrams"] = torch.tensor(history[best][1])
for name, nats in costs.items():
    bits = nats / torch.log(torch.tensor(2.0))
    print(f"{name:17}  loss {nats:.4f}  bits {bits:.4f}", end="  ")
    print(f"perplexity {nats.exp():.2f}")
words = len(test_text.split())
per_word = torch.tensor(history[best][1] * len(y_test) / words)
print(f"{len(y_test) / words:.2f} characters a word")
print(f"perplexity per word {per_word.exp():.0f}")

# %% [markdown]
# At first the model is torn among 28 characters. To know how often each letter occurs leaves 17.67, and to know the letter before leaves 10.60, or 3.4058 bits a character. Compare perplexities in the same unit: a word of this text with what separates it from the next takes 5.21 characters, and the same model on the same text has a perplexity of 217,973 per word.
#
# ## Let it write
#
# To draw the next character, spread the probabilities of a row over the range from 0 to 1, draw a number there, and see whose part it falls into. Dividing the logits by a [temperature](../foundations/softmax.md#temperature) first makes the model bolder or meeker:


# %%
def write(logits, temperature, generator, length):
    """Return a text, drawn character by character after a line break."""
    ends = torch.softmax(logits / temperature, dim=1).cumsum(dim=1)
    written = [place["\n"]]
    draws = torch.rand(length, generator=generator)
    for drawn in draws:
        j = torch.searchsorted(ends[written[-1]], drawn).clamp(max=27)
        written.append(int(j))
    return "".join(alphabet[j] for j in written[1:])


samples = {}
for temperature in (0.3, 1.0, 3.0):
    generator = torch.Generator().manual_seed(0)
    text = write(kept[best], temperature, generator, length=2000)
    samples[temperature] = text
    read_before = (counts[pairs(text)] > 0).double().mean()
    print(f"temperature {temperature}", end=", ")
    print(f"pairs it has read: {read_before:.1%}")
    print(text[:60].replace("\n", " / "))

# %% tags=["unshown"]
# proves: "it keeps to the commonest pairs, and every one of its 1,999 is one that it has read"
common = counts[pairs(samples[0.3])], counts[pairs(samples[1.0])]
assert len(common[0]) == 1999
assert (common[0] > 0).all()
assert common[0].mean() > 1.2 * common[1].mean()

# %% [markdown]
# A slash stands for a line break. At 0.3 it keeps to the commonest pairs, and every one of its 1,999 is one that it has read. At 1.0, 98.6% are: from afar it looks like English. At 3.0 it is 70.4%, and the words are gone. A model that sees one letter knows that an h follows a t, and not what a word is. [Larger ones](../work/language-models.md) see what came before, and are trained with the same loss.
#
# ## In one breath
#
# A bigram model is a table of logits. With all at 0 it costs the log of 28, 3.3322. Counting gives the lowest loss on the text that was read, 2.2637, and an infinite one where a new pair occurs. Training leads from the one to the other, and is best for new text on the way: 2.3607, a perplexity of 10.60.
#
# Next: [the course, where you write all this yourself](../course/index.md).
