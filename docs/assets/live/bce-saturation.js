// BCE saturation: one logit, and the loss and gradient that float32 leaves of it, by two routes.
{
  const {html, svg, format, Figure, define} = live;
  const f = Math.fround;
  const [LEAST, MOST, STEP] = [-60, 60, 0.5];
  const [WIDTH, HEIGHT] = [300, 110];

  // Each step rounded to float32, in the order in which PyTorch takes them on a CPU.
  const sigmoid = (z) => f(1 / f(1 + f(Math.exp(-z))));
  const routes = {
    probability: (z, y) => {
      const p = sigmoid(z);
      const loss = y ? -Math.max(f(Math.log(p)), -100) : -Math.max(f(Math.log1p(-p)), -100);
      const slope = f(f(p * f(1 - p)));
      return {p, loss, gradient: f(f(f(p - y) / Math.max(slope, f(1e-12))) * slope)};
    },
    logit: (z, y) => ({loss: Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))), gradient: f(sigmoid(z) - y)}),
  };

  /** Write a tiny number in the scientific notation of PyTorch. */
  const tiny = (x) => {
    if (x === 0 || Math.abs(x) >= 1e-4) return format(x);
    return x.toExponential(4).replace(/e-(\d)$/, "e-0$1");
  };

  define("bce-saturation", class extends Figure {
    start = {z: 17, y: 0};

    build() {
      this.z = this.slider("logit", {min: LEAST, max: MOST, step: STEP, set: (z) => this.change({z: Math.round(z / STEP) * STEP})});
      const name = crypto.randomUUID();
      this.answers = [0, 1].map((y) => html("input", {type: "radio", name, onchange: () => this.change({y})}));
      const choice = html("div", {class: "live-slider", role: "radiogroup", "aria-label": "the answer"}, html("span", {class: "live-label"}, "the answer is"),
        this.answers.map((input, y) => html("label", {}, input, y ? " yes" : " no")));
      const head = ["in float32", "BCELoss after sigmoid", "BCEWithLogitsLoss"].map((text) => html("th", {scope: "col"}, text));
      const row = (label, ...cells) => html("tr", {}, html("th", {scope: "row"}, label), cells.map((cell) => html("td", {}, cell)));
      const table = html("table", {class: "live-table"}, html("thead", {}, html("tr", {}, head)), html("tbody", {},
        row("probability", this.number("p"), "not formed"),
        row("loss", this.number("loss0"), this.number("loss1")),
        row("gradient", this.number("gradient0"), this.number("gradient1"))));
      this.plots = ["loss", "gradient"].map((name) => {
        const lines = ["live-line live-line-wrong", "live-line"].map((style) => svg("polyline", {class: style}));
        const dots = ["live-dot live-dot-wrong", "live-dot"].map((style) => svg("circle", {class: style, r: 3.5}));
        const plot = svg("svg", {viewBox: `0 -4 ${WIDTH} ${HEIGHT + 8}`, class: "live-plot", "aria-hidden": "true"}, lines, dots);
        return {name, lines, dots, figure: html("div", {}, html("span", {class: "live-head"}, `${name} against the logit`), plot)};
      });
      return [choice, this.z, table, html("div", {class: "live-pair"}, this.plots.map(({figure}) => figure)),
        html("p", {class: "live-head"}, "Red: from the probability. Teal: from the logit.")];
    }

    draw({z, y}) {
      this.z.put(z);
      this.answers.forEach((input, answer) => { input.checked = answer === y; });
      const now = [routes.probability(z, y), routes.logit(z, y)];
      const put = (name, text) => this.querySelector(`[data-number=${name}]`)?.replaceChildren(text);
      put("p", tiny(now[0].p));
      now.forEach(({loss, gradient}, k) => {
        put(`loss${k}`, format(loss));
        put(`gradient${k}`, tiny(gradient));
      });
      const x = (at) => (WIDTH * (at - LEAST)) / (MOST - LEAST);
      const scale = {loss: (value) => HEIGHT * (1 - value / 100), gradient: (value) => HEIGHT * (0.5 - value / 2.1)};
      for (const {name, lines, dots} of this.plots) {
        Object.values(routes).forEach((route, k) => {
          const points = [];
          for (let at = LEAST; at <= MOST; at += STEP) points.push(`${x(at)},${scale[name](route(at, y)[name])}`);
          lines[k].setAttribute("points", points.join(" "));
          dots[k].setAttribute("cx", x(z));
          dots[k].setAttribute("cy", scale[name](now[k][name]));
        });
      }
      return `From the probability the loss is ${format(now[0].loss)} with gradient ${tiny(now[0].gradient)}; from the logit ${format(now[1].loss)} with gradient ${tiny(now[1].gradient)}.`;
    }
  });
}
