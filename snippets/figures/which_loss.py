"""The way to a loss as a tree of three questions; narrow and tall, so that a phone shows its words in full size."""

from style import GRAY, RED, TEAL, plt

# How deep a line stands, what kind it is, and what it says.
LINES = [
    (0, "question", "What does your last layer return?"),
    (1, "answer", "probabilities"),
    (2, "advice", "remove the softmax or sigmoid"),
    (1, "answer", "log-probabilities of classes"),
    (2, "call", "F.nll_loss(log_p, y)"),
    (1, "answer", "logits"),
    (2, "question", "What is the answer?"),
    (3, "answer", "yes or no, or several labels"),
    (4, "call", "F.binary_cross_entropy_"),
    (4, "more", "  with_logits(z, y)"),
    (3, "answer", "a class, or a probability for each"),
    (4, "question", "How many answers are there?"),
    (5, "answer", "one per sample or pixel"),
    (6, "call", "F.cross_entropy(z, y)"),
    (5, "answer", "one per step of a sequence"),
    (6, "call", "F.cross_entropy("),
    (6, "more", "  z.flatten(0, 1),"),
    (6, "more", "  y.flatten(0, 1))"),
]
STYLES = {
    "question": {"fontweight": "bold"},
    "answer": {},
    "advice": {"color": RED},
    "call": {"color": TEAL, "family": "monospace"},
    "more": {"color": TEAL, "family": "monospace"},
}
STEP = 0.14


def draw():
    figure, axes = plt.subplots(figsize=(3.5, 4.6))
    for line, (depth, kind, text) in enumerate(LINES):
        axes.text(STEP * depth, line, text, va="center", fontsize=10, **STYLES[kind])
        if kind != "answer":
            continue
        # A branch comes down from its question and turns right into the answer.
        question = max(n for n in range(line) if LINES[n][0] == depth - 1 and LINES[n][1] == "question")
        x = STEP * (depth - 1) + 0.03
        axes.plot((x, x, x + STEP - 0.06), (question + 0.4, line, line), color=GRAY, linewidth=1)
    axes.set(xlim=(0, 3.5), ylim=(len(LINES) - 0.5, -0.5))
    axes.axis("off")
    figure.subplots_adjust(0, 0, 1, 1)
    return figure
