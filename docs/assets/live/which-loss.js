// Which loss: three answers about a task and its model, and the loss call, the last layer, the targets, and code to run.
{
  const {html, fill, Figure, define} = live;

  const ANSWERS = {
    task: ["class", "yes-no", "labels", "soft"],
    layout: ["sample", "pixel", "step"],
    output: ["logits", "probabilities", "log-probabilities"],
  };

  // Each layout: its axes without the features or classes, which of them are one more line of the sizes, and
  // where the features or classes stand among them. Sizes of the axes follow.
  const LAYOUTS = {
    sample: {axes: ["N"], at: 1},
    pixel: {axes: ["N", "H", "W"], at: 1},
    step: {axes: ["N", "T"], at: 2},
  };
  const SIZES = {N: 4, T: 6, H: 16, W: 24, D: 8, C: 3};

  /** Work out everything the figure says about one combination of answers. */
  const choose = ({task, layout, output}, words) => {
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
      "class": `torch.randint(0, C, ${shape})  # ${words.which_class}`,
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
      `# ${letters.map((letter) => words.axes[letter]).join(", ")}`,
      `${letters.join(", ")} = ${letters.map((letter) => SIZES[letter]).join(", ")}`,
      `x = torch.randn${tuple(among("D"))}`,
      `layer = ${linear}`,
      ...(logs ? [`last = ${last}`, "log_p = last(layer(x))"] : [`z = layer(x)${yesOrNo ? `.squeeze(${at})` : ""}`]),
      `y = ${made}`,
      `loss = ${call}`,
      ...(kept ? ["", `# ${fill(words.less_exact, {activation})}`, `p = torch.${activation}(z${binary ? "" : `, dim=${at}`})`, `same = ${kept}`] : []),
    ].join("\n");

    const advised = senseless ? "senseless" : kept ? "remove" : logs && !one ? "written" : undefined;
    const [verdict, why] = [words.verdicts, words.reasons].map((texts) => advised && fill(texts[advised], {activation, loss: call.split("(")[0]}));
    const keep = kept ? fill(words.keep, {activation}) : undefined;
    return {code, advised, numbers: {call, keep, kept: kept || undefined, last, shape, dtype: one ? "int64" : "float", verdict, why}};
  };

  // The words of Python that the code above uses, to be colored.
  const COLORED = {comment: /^#/, keyword: /^(?:import|from|as)$/, digit: /^\d+$/};
  const kind = (piece) => Object.keys(COLORED).find((name) => COLORED[name].test(piece));

  define("which-loss", class extends Figure {
    start = {task: "class", layout: "sample", output: "logits"};

    build() {
      const {words} = this;
      this.choices = Object.entries(ANSWERS).map(([key, values]) => ({key, buttons: this.radios(values, (value) => this.change({[key]: value}))}));
      const questions = this.choices.map(({key, buttons}) => html("fieldset", {}, html("legend", {}, words.questions[key]),
        ANSWERS[key].map((value, k) => html("label", {}, buttons[k], html("span", {}, words.answers[value])))));
      this.advice = html("p", {class: "live-advice"}, this.number("verdict"), html("span", {"data-number": "why"}));
      this.kept = html("dd", {}, this.number("kept"));
      this.code = html("pre", {class: "live-code", tabindex: 0, role: "group", "aria-label": words.code});
      this.copier = this.button(words.copy, () => this.copy());
      const answer = html("dl", {class: "live-answer"},
        html("dt", {}, words.loss), html("dd", {}, this.number("call")),
        html("dt", {"data-number": "keep"}), this.kept,
        html("dt", {}, words.last), html("dd", {}, this.number("last")),
        html("dt", {}, words.targets), html("dd", {}, this.number("shape"), " ", this.number("dtype")),
      );
      return [html("div", {class: "live-questions"}, questions), this.advice, answer, html("div", {class: "live-copy"}, this.copier, this.code)];
    }

    async copy() {
      const {words} = this;
      try {
        await navigator.clipboard.writeText(this.code.textContent);
        this.copier.textContent = words.copied;
        this.sentence.textContent = this.status.textContent = words.code_copied;
      } catch {
        getSelection().selectAllChildren(this.code);
        this.sentence.textContent = this.status.textContent = words.code_selected;
      }
    }

    compute(state) {
      // A link may carry an answer that does not exist.
      for (const [key, values] of Object.entries(ANSWERS)) if (!values.includes(state[key])) throw TypeError(`no answer: ${state[key]}`);
      const {words} = this;
      const {code, advised, numbers} = choose(state, words);
      return {
        numbers,
        code: code.split(/(#.*|\b(?:import|from|as)\b|\b\d+\b)/).map((piece) => ({piece, kind: kind(piece)})),
        advised: Boolean(advised),
        unwise: Boolean(advised) && advised !== "written",
        kept: Boolean(numbers.kept),
        says: fill(advised ? words.advises : words.says, numbers),
      };
    }

    draw({code, advised, unwise, kept, ...state}) {
      for (const {key, buttons} of this.choices) buttons.put(state[key]);
      this.advice.hidden = !advised;
      this.advice.classList.toggle("live-unwise", unwise);
      this.kept.hidden = !kept;
      this.code.replaceChildren(...code.map(({piece, kind}) => (kind ? html("span", {class: `live-${kind}`}, piece) : piece)));
      this.copier.textContent = this.words.copy;
    }
  });
}
