// What the interactive figures say. After the equals sign it is JSON, which the tests read too.
live.words.en = {
  "core": {
    "again": "Start again",
    "predict": "First guess:",
    "right": "Right.",
    "wrong": "No.",
    "play": "Play",
    "pause": "Pause",
    "back": "one step back",
    "on": "one step on",
    "typed": "{label}, as a number"
  },
  "bce-saturation": {
    "ask": {
      "question": "The answer is no, and the model is wrong: its logit is 17. It gets worse, and the logit is 40. What does BCELoss after a sigmoid still teach it?",
      "choices": {"more": "more than at 17", "same": "as much as BCEWithLogitsLoss", "none": "nothing"},
      "because": "At 40 its gradient is {gradient0}, and at 17 it was {gradient0_before} already; that of BCEWithLogitsLoss is {gradient1}. In float32 the probability is {p}, and it has no slope left."
    },
    "logit": "logit",
    "answer": "the answer",
    "answer_is": "the answer is",
    "no": "no",
    "yes": "yes",
    "float32": "in float32",
    "from_p": "BCELoss after sigmoid",
    "from_z": "BCEWithLogitsLoss",
    "p": "probability",
    "no_p": "not formed",
    "loss": "loss",
    "gradient": "gradient",
    "loss_plot": "loss, in nats, against the logit",
    "gradient_plot": "gradient against the logit",
    "colors": "Red: from the probability. Teal: from the logit.",
    "says": "From the probability the loss is {loss0} with gradient {gradient0}; from the logit {loss1} with gradient {gradient1}."
  },
  "logits-to-loss": {
    "ask": {
      "question": "Add 50 to every logit. What does the loss do?",
      "choices": {"rises": "it rises", "falls": "it falls", "stays": "it stays"},
      "because": "It was {loss_before}, and it is {loss}: softmax looks at differences between logits, and none has changed."
    },
    "target": "target",
    "logit": "logit",
    "p": "probability",
    "push": "push",
    "gradient": "gradient",
    "class_j": "class {j}",
    "is_target": "class {j} is the target",
    "logit_j": "logit {j}",
    "temperature": "temperature",
    "added": "added to every logit",
    "loss": "loss {loss}",
    "loss_plot": "loss against the probability of the target",
    "against": "A step pushes each logit against its gradient: an arrow to the right raises the logit, one to the left lowers it.",
    "more": "One class more",
    "less": "One class less",
    "says": "Class {target} has probability {p}, and the loss is {loss}."
  },
  "mean-calculator": {
    "ask": {
      "question": "The weights are 1, 2 and 5. Double all three. What does the mean do?",
      "choices": {"doubles": "it doubles", "halves": "it halves", "stays": "it stays"},
      "because": "It was {result_before}, and it is {result}: what stands above and what stands below both double."
    },
    "sample": "sample",
    "target": "target",
    "surprise": "-log p",
    "above": "added above",
    "below": "added below",
    "sum": "sum",
    "class_j": "class {j}",
    "ignored": "ignored",
    "target_of": "target of sample {i}",
    "weight_of": "weight of class {j}",
    "smoothing": "label_smoothing",
    "picture": "weights to the right, loss upward: each area is what is added above",
    "levels": "Solid: the mean, all areas divided by the width of all. Dashed: the same areas divided by the number of samples that are not ignored, {other}.",
    "cut": "Not all is seen whole: something goes on beyond the top, or has no width.",
    "reduction": "reduction",
    "says": "The loss is {result}."
  },
  "overflow-playground": {
    "ask": {
      "question": "Three equal logits of 12, in float16. Which way to the log-probabilities fails?",
      "choices": {"naive": "the naive one", "both": "naive and shifted", "none": "none: 12 is small"},
      "because": "Naive: {naive-verdict}, as the exponential of 12 is {naive-power0} in float16. Shifted: {shifted-verdict}. Fused: {fused-verdict}."
    },
    "logit_j": "logit {j}",
    "class_j": "class {j}",
    "type": "number type",
    "logits": "logits",
    "examples": {"high": "high", "low": "low", "equal": "equal"},
    "zero": "exp gives 0",
    "number": "a number",
    "inf": "inf",
    "ways": {"naive": "naive", "shifted": "shifted", "fused": "fused"},
    "z": "into the exponential",
    "powers": "exponentials",
    "sum": "sum",
    "p": "probabilities",
    "no_p": "not formed",
    "lse": "log sum",
    "axis": "Not to scale: from 0 to 200 takes as much room as from 200 to 2000.",
    "logs": "log-probabilities",
    "result": "result",
    "verdicts": {"finite": "finite", "overflow": "overflow", "underflow": "underflow"},
    "ends": {"finite": "{way} stays finite", "overflow": "{way} overflows", "underflow": "{way} underflows"},
    "says": "In {dtype}, {naive}, {shifted}, {fused}."
  },
  "softmax-stages": {
    "ask": {
      "question": "The parrot's logit rises from 0 to 1, and the cat's stays at 1. What does the cat's probability do?",
      "choices": {"rises": "it rises", "falls": "it falls", "stays": "it stays"},
      "because": "It was {p0_before}, and it is {p0}. The cat's power is {power0} as before, but the sum that it is divided by has gone from {total_before} to {total}."
    },
    "classes": ["cat", "dog", "parrot"],
    "stages": {"z": "logits {z}", "power": "powers {e}, sum {total}", "p": "shares {p} of the sum"},
    "logit_of": "logit of the {name}",
    "hint": "Drag a bar of the first chart up or down. Or move all three logits at once, and see which charts change:",
    "more": "Add 1 to all",
    "less": "Subtract 1 from all",
    "says": "Of the sum {total}, the cat has {power0}: a probability of {p0}."
  },
  "predict": {
    "check": "Check",
    "within": "to within {within}",
    "show": "Show the answers",
    "empty": "Write a number first. A rough guess is enough to learn from.",
    "unread": "This is not a number. Write digits alone, such as 0.5 or -3."
  },
  "students-line": {
    "ask": {
      "question": "The model starts with 3 of 6 right. After 5 steps of training with BCE all six are right. And after one step more?",
      "choices": {"six": "still all six", "fewer": "fewer than six"},
      "because": "After 6 steps {right} of 6 are right, though the loss fell from {loss_before} to {loss}. Training lowers the loss; who is right follows later. Play on to see all six come back."
    },
    "loss": "trained with",
    "losses": {"bce": "BCE", "mse": "squared error"},
    "epoch": "epoch",
    "epoch_now": "epoch {epoch}",
    "plane": "exam 2 to the right, exam 3 upward; shaded: pass",
    "loss_now": "loss {loss}, by epoch",
    "right_now": "{right} of 6 right",
    "legend": "Filled: passed. Hollow: failed. Red ring: the model is wrong. In the gray band the first exam decides. Drag anywhere to move the line, or one of its rings to turn it.",
    "outside": "The line lies outside of the picture.",
    "weights": ["weight of exam 1", "weight of exam 2", "weight of exam 3", "bias"],
    "says_wrong": "Epoch {epoch}: loss {loss}, {right} of 6 right. The model is wrong about {wrong}.",
    "says": "Epoch {epoch}: loss {loss}. All six are right."
  },
  "training-player": {
    "ask": {
      "question": "The first ten updates take the loss of the students from 2.79 to 0.50. Where do ninety more take it?",
      "choices": {"zero": "to 0, or nearly", "half": "to about half of that", "same": "no further"},
      "because": "It is {loss}. The slope by a logit is the probability minus the target: the nearer to right, the shorter the steps."
    },
    "training": "training",
    "runs": {"logistic": "pass or fail, 101 epochs", "softmax": "three classes, 1,001 epochs"},
    "epoch": "epoch",
    "epoch_now": "epoch {epoch}",
    "loss_now": "loss {loss}, by epoch",
    "accuracy_now": "accuracy {accuracy}%, by epoch",
    "gap": "The gap between each probability and its target. What is wrong is red.",
    "miss": "wrong",
    "passed": "student {i}, passed",
    "failed": "student {i}, failed",
    "sample": "sample {i}",
    "weight": "weight {j}",
    "bias": "bias",
    "says": "Epoch {epoch}: loss {loss}, accuracy {accuracy} percent."
  },
  "two-distributions": {
    "ask": {
      "question": "A model says what happens, q = p. What is its loss?",
      "choices": {"zero": "0: nothing is wrong", "entropy": "the entropy of p", "more": "more than before"},
      "because": "It is {cross}, the entropy of p. Of the {cross_before} before, {kl_before} could be avoided, and now {kl}."
    },
    "classes": ["sunny", "rainy", "snowy"],
    "meaning": {"p": "what happens", "q": "what the model says"},
    "parts": "parts",
    "parts_of": "parts {name} in {letter}, {meaning}",
    "probability": "probability",
    "swap": "Swap {p} and {q}",
    "unit": "unit",
    "units": {"nats": "nats", "bits": "bits"},
    "entropy": "no model avoids it",
    "kl": "avoidable",
    "cross": "the loss",
    "reverse": "the other way round",
    "apart": "No part of the sum:",
    "cut": "An area goes on beyond the top.",
    "areas": "probability {p} to the right, surprise upward: the area is the loss",
    "colors": "Teal: charged in any case. Red: charged more, as the model gives less than what happens. Dashed: charged less, as it gives more. The avoidable part is red less dashed.",
    "and": " and ",
    "ruled_out": "The model rules out {names}, and it happens: the loss is infinite.",
    "same": "The model says what happens: the loss is the entropy, {entropy} {unit}.",
    "says": "Of {cross} {unit}, a better model could avoid {kl}."
  },
  "which-loss": {
    "questions": {
      "task": "1. What is the answer?",
      "layout": "2. How many answers are there?",
      "output": "3. What does your last layer return?"
    },
    "answers": {
      "class": "one of several classes",
      "yes-no": "yes or no",
      "labels": "several labels at once",
      "soft": "a probability for each class",
      "sample": "one per sample",
      "pixel": "one per pixel",
      "step": "one per step of a sequence",
      "logits": "logits: nothing after the linear layer",
      "probabilities": "probabilities: after softmax or sigmoid",
      "log-probabilities": "log-probabilities: after a log-softmax"
    },
    "loss": "loss",
    "keep": "or, if the {activation} must stay",
    "last": "last layer",
    "targets": "targets",
    "verdicts": {
      "senseless": "This makes no sense",
      "remove": "Remove the {activation}",
      "written": "Written out"
    },
    "reasons": {
      "senseless": ": the loss of a yes or a no needs the logs of p and of 1 − p, and a log-probability is only the first. Return logits.",
      "remove": ": {loss} contains one, and with two the loss stays high even where every answer is right.",
      "written": ": F.nll_loss takes only classes as targets, no probabilities."
    },
    "axes": {"N": "samples", "T": "steps", "H": "height", "W": "width", "D": "features", "C": "classes"},
    "which_class": "which class",
    "less_exact": "If the {activation} must stay, less exact:",
    "code": "Code",
    "copy": "Copy",
    "copied": "Copied",
    "code_copied": "The code is copied.",
    "code_selected": "The code is selected: copy it with the keyboard or the menu.",
    "says": "Use {call} after {last}, with targets {shape} {dtype}.",
    "advises": "{verdict}{why} Use {call} after {last}, with targets {shape} {dtype}."
  }
};
live.wake();
