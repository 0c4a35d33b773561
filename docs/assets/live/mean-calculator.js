// The mean calculator: what F.cross_entropy adds up, and what it divides by, sample by sample.
{
  const {html, format, logSumExp, sum, Figure, define} = live;
  // The page's logits: torch.manual_seed(1); torch.rand(5, 3).
  const Z = [
    [0.7576316, 0.279310882, 0.403069258],
    [0.734684467, 0.0292815566, 0.79985863],
    [0.397137344, 0.754371941, 0.569508493],
    [0.438777924, 0.638680458, 0.524665892],
    [0.682614088, 0.305149496, 0.46354562],
  ].map((row) => row.map(Math.fround));
  const LOG_P = Z.map((row) => row.map((value) => value - logSumExp(row)));
  const IGNORED = -100;

  define("mean-calculator", class extends Figure {
    start = {y: [0, 0, 0, 2, 1], w: [1, 2, 5], smoothing: 0, reduction: "mean"};

    build() {
      this.rows = Z.map((_, i) => {
        const choices = [0, 1, 2, IGNORED].map((value) => html("option", {value}, value === IGNORED ? "ignored" : `class ${value}`));
        const target = html("select", {"aria-label": `target of sample ${i}`, onchange: (event) => {
          const {y} = this.state;
          y[i] = Number(event.target.value);
          this.change({y});
        }}, choices);
        return {target, surprise: this.number(`loss${i}`), above: this.number(`above${i}`), below: this.number(`below${i}`)};
      });
      this.weights = this.start.w.map((_, j) => this.slider(`weight of class ${j}`, {min: 0, max: 10, step: 0.1, set: (value) => {
        const {w} = this.state;
        w[j] = value;
        this.change({w});
      }}));
      this.smoothing = this.slider("label_smoothing", {min: 0, max: 1, step: 0.01, set: (smoothing) => this.change({smoothing})});
      const reductions = ["none", "sum", "mean"].map((name) => html("option", {value: name}, name));
      this.reduction = html("select", {"aria-label": "reduction", onchange: (event) => this.change({reduction: event.target.value})}, reductions);
      const head = ["target", "-log p", "added above", "added below"].map((text) => html("th", {scope: "col"}, text));
      const table = html("table", {class: "live-table"}, html("thead", {}, html("tr", {}, html("th", {scope: "col"}, "sample"), head)),
        html("tbody", {}, this.rows.map(({target, surprise, above, below}, i) => html("tr", {}, html("th", {scope: "row"}, `${i}`),
          [target, surprise, above, below].map((cell) => html("td", {}, cell))))),
        html("tfoot", {}, html("tr", {}, html("th", {scope: "row"}, "sum"), html("td"), html("td"), html("td", {}, this.number("above")), html("td", {}, this.number("below")))));
      this.call = html("code", {"data-number": "call"});
      return [
        table, this.weights, this.smoothing,
        html("div", {class: "live-slider"}, html("span", {class: "live-label"}, "reduction"), this.reduction),
        html("p", {class: "live-result"}, this.number("result")),
        html("pre", {class: "live-call", tabindex: 0}, this.call),
      ];
    }

    draw({y, w, smoothing, reduction}) {
      const terms = y.map((target, i) => {
        if (target === IGNORED) return {surprise: null, above: 0, below: 0};
        const spread = -sum(LOG_P[i].map((value, j) => w[j] * value)) / 3;
        const above = (1 - smoothing) * w[target] * -LOG_P[i][target] + smoothing * spread;
        return {surprise: -LOG_P[i][target], above, below: w[target]};
      });
      const [above, below] = [sum(terms.map((term) => term.above)), sum(terms.map((term) => term.below))];
      terms.forEach((term, i) => {
        const row = this.rows[i];
        row.target.value = y[i];
        row.surprise.textContent = term.surprise === null ? "ignored" : format(term.surprise);
        row.above.textContent = format(term.above);
        row.below.textContent = format(term.below, 2);
      });
      this.weights.forEach((slider, j) => slider.put(w[j]));
      this.smoothing.put(smoothing);
      this.reduction.value = reduction;
      const mean = below === 0 ? NaN : above / below;
      const result = {
        mean: `${format(above)} / ${format(below, 2)} = ${format(mean)}`,
        sum: format(above),
        none: `[${terms.map((term) => format(term.above)).join(", ")}]`,
      }[reduction];
      const put = (name, text) => this.querySelector(`[data-number=${name}]`)?.replaceChildren(text);
      put("above", format(above));
      put("below", format(below, 2));
      put("result", result);
      const settings = [`weight=torch.tensor([${w.map((value) => value.toFixed(2)).join(", ")}])`];
      if (y.includes(IGNORED)) settings.push("ignore_index=-100");
      if (smoothing) settings.push(`label_smoothing=${smoothing}`);
      if (reduction !== "mean") settings.push(`reduction="${reduction}"`);
      this.call.textContent = `y = torch.tensor([${y.join(", ")}])\nF.cross_entropy(z, y, ${settings.join(", ")})`;
      return `The loss is ${result}.`;
    }
  });
}
