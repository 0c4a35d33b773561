// Which loss: three answers about a task and its model, and the loss call, the last layer, the targets, and code to run.
{
  const {html, Figure, define} = live;

  const QUESTIONS = {
    task: ["1. What is the answer?", {
      "class": "one of several classes",
      "yes-no": "yes or no",
      "labels": "several labels at once",
      "soft": "a probability for each class",
    }],
    layout: ["2. How many answers are there?", {
      "sample": "one per sample",
      "pixel": "one per pixel",
      "step": "one per step of a sequence",
    }],
    output: ["3. What does your last layer return?", {
      "logits": "logits: nothing after the linear layer",
      "probabilities": "probabilities: after softmax or sigmoid",
      "log-probabilities": "log-probabilities: after a log-softmax",
    }],
  };

  // Each layout: its axes without the features or classes, which of them are one more line of the sizes, and
  // where the features or classes stand among them. Words and sizes of the axes follow.
  const LAYOUTS = {
    sample: {axes: ["N"], at: 1},
    pixel: {axes: ["N", "H", "W"], at: 1},
    step: {axes: ["N", "T"], at: 2},
  };
  const SIZES = {N: 4, T: 6, H: 16, W: 24, D: 8, C: 3};
  const WORDS = {N: "samples", T: "steps", H: "height", W: "width", D: "features", C: "classes"};

  /** Work out everything the figure says about one combination of answers. */
  const choose = ({task, layout, output}) => {
    const {axes, at} = LAYOUTS[layout];
    const among = (letter) => axes.toSpliced(at, 0, letter);
    const tuple = (letters) => (letters.length === 1 ? `(${letters},)` : `(${letters.join(", ")})`);
    const yesOrNo = task === "yes-no";
    const binary = yesOrNo || task === "labels";
    const one = task === "class";
    const activation = binary ? "sigmoid" : "softmax";
    const senseless = binary && output === "log-probabilities";
    const logs = !binary && output === "log-probabilities";

    // The loss of samples and steps wants one axis of both, and the classes after it.
    const flat = layout === "step" ? ".flatten(0, 1)" : "";
    const y = layout !== "step" ? "y" : one ? "y.flatten()" : "y.flatten(0, 1)";
    let call = binary ? "F.binary_cross_entropy_with_logits(z, y)" : `F.cross_entropy(z${flat}, ${y})`;
    if (logs) call = one ? `F.nll_loss(log_p${flat}, ${y})` : `-(y * log_p).sum(dim=${at}).mean()`;

    let kept = "";
    if (output === "probabilities") {
      kept = one ? `F.nll_loss(torch.log(p)${flat}, ${y})` : `-torch.xlogy(y, p).sum(dim=${at}).mean()`;
      if (binary) kept = "F.binary_cross_entropy(p, y)";
    }

    const linear = `nn.${layout === "pixel" ? "Conv2d" : "Linear"}(D, ${yesOrNo ? 1 : "C"}${layout === "pixel" ? ", 1" : ""})`;
    const last = logs ? `nn.LogSoftmax(dim=${at})` : linear;
    const targets = one || yesOrNo ? axes : among("C");
    const shape = tuple(targets);
    const made = {
      "class": `torch.randint(0, C, ${shape})  # which class`,
      "yes-no": `torch.randint(0, 2, ${shape}).float()`,
      "labels": `torch.randint(0, 2, ${shape}).float()`,
      "soft": `torch.randn${shape}.softmax(dim=${at})`,
    }[task];

    const letters = [...axes, "D", ...(yesOrNo ? [] : ["C"])];
    const code = [
      "import torch",
      "import torch.nn.functional as F",
      "from torch import nn",
      "",
      `# ${letters.map((letter) => WORDS[letter]).join(", ")}`,
      `${letters.join(", ")} = ${letters.map((letter) => SIZES[letter]).join(", ")}`,
      `x = torch.randn${tuple(among("D")).replace(",)", ")")}`,
      `layer = ${linear}`,
      ...(logs ? [`last = ${last}`, "log_p = last(layer(x))"] : [`z = layer(x)${yesOrNo ? `.squeeze(${at})` : ""}`]),
      `y = ${made}`,
      `loss = ${call}`,
      ...(kept ? ["", `# If the ${activation} must stay, less exact:`, `p = torch.${activation}(z${binary ? "" : `, dim=${at}`})`, `same = ${kept}`] : []),
    ].join("\n");

    let [verdict, why] = ["", ""];
    if (senseless) {
      verdict = "This makes no sense";
      why = ": the loss of a yes or a no needs the logs of p and of 1 − p, and a log-probability is only the first. Return logits.";
    } else if (kept) {
      verdict = `Remove the ${activation}`;
      why = `: ${call.split("(")[0]} contains one, and with two the loss stays high even where every answer is right.`;
    } else if (logs && !one) {
      verdict = "Written out";
      why = ": F.nll_loss takes only classes as targets, no probabilities.";
    }
    return {call, kept, last, shape, dtype: one ? "int64" : "float", code, verdict, why, activation};
  };

  /** Color the words of Python that the code above uses. */
  const colored = (code) => code.split(/(#.*|\b(?:import|from|as)\b|\b\d+\b)/).map((part, index) => {
    if (index % 2 === 0) return part;
    const kind = part.startsWith("#") ? "comment" : /\d/.test(part) ? "digit" : "keyword";
    return html("span", {class: `live-${kind}`}, part);
  });

  define("which-loss", class extends Figure {
    start = {task: "class", layout: "sample", output: "logits"};

    build() {
      this.radios = [];
      const questions = Object.entries(QUESTIONS).map(([key, [question, answers]]) => {
        const name = crypto.randomUUID();
        const choices = Object.entries(answers).map(([value, text]) => {
          const radio = html("input", {type: "radio", name, value, onchange: () => this.change({[key]: value})});
          this.radios.push([key, radio]);
          return html("label", {}, radio, html("span", {}, text));
        });
        return html("fieldset", {}, html("legend", {}, question), choices);
      });
      this.advice = html("p", {class: "live-advice"}, this.number("verdict"), html("span"));
      this.keep = html("dt");
      this.code = html("pre", {class: "live-code", tabindex: 0, role: "group", "aria-label": "Code"});
      this.button = html("button", {type: "button", onclick: () => this.copy()}, "Copy");
      const answer = html("dl", {class: "live-answer"},
        html("dt", {}, "loss"), html("dd", {}, this.number("call")),
        this.keep, html("dd", {}, this.number("kept")),
        html("dt", {}, "last layer"), html("dd", {}, this.number("last")),
        html("dt", {}, "targets"), html("dd", {}, this.number("shape"), " ", this.number("dtype")),
      );
      return [html("div", {class: "live-questions"}, questions), this.advice, answer, html("div", {class: "live-copy"}, this.button, this.code)];
    }

    async copy() {
      try {
        await navigator.clipboard.writeText(this.code.textContent);
        this.button.textContent = "Copied";
        this.words.textContent = this.status.textContent = "The code is copied.";
      } catch {
        getSelection().selectAllChildren(this.code);
        this.words.textContent = this.status.textContent = "The code is selected: copy it with the keyboard or the menu.";
      }
    }

    draw(state) {
      // A link may carry an answer that does not exist.
      for (const [key, [, answers]] of Object.entries(QUESTIONS)) if (!(state[key] in answers)) throw TypeError(`no answer: ${state[key]}`);
      for (const [key, radio] of this.radios) radio.checked = state[key] === radio.value;
      const {code, why, activation, ...shown} = choose(state);
      for (const [name, text] of Object.entries(shown)) this.querySelector(`[data-number=${name}]`)?.replaceChildren(text);
      this.advice.lastChild.textContent = why;
      this.advice.hidden = !shown.verdict;
      this.advice.classList.toggle("live-unwise", shown.verdict !== "Written out");
      this.keep.textContent = `or, if the ${activation} must stay`;
      this.keep.hidden = this.keep.nextElementSibling.hidden = !shown.kept;
      this.code.replaceChildren(...colored(code));
      this.button.textContent = "Copy";
      return `${shown.verdict && `${shown.verdict}${why} `}Use ${shown.call} after ${shown.last}, with targets ${shown.shape} ${shown.dtype}.`;
    }
  });
}
