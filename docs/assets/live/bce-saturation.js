// BCE saturation: one logit, and the loss and gradient that float32 leaves of it, by two routes.
{
  const {html, svg, set, points, axes, chart, along, hold, format, fill, listed, Figure, define} = live;
  const f = Math.fround;
  const [LEAST, MOST, STEP] = [-60, 60, 0.5];
  const STOPS = Array.from({length: (MOST - LEAST) / STEP + 1}, (_, n) => LEAST + n * STEP);
  const LOGITS = [LEAST, MOST, [-60, -30, 0, 30, 60]];
  const PLOTS = {loss: axes(LOGITS, [0, 100, [0, 50, 100]]), gradient: axes(LOGITS, [-1, 1, [-1, 0, 1]])};

  // Rounded to float32 where the rounding is seen at a stop of the slider; PyTorch rounds each step.
  const sigmoid = (z) => f(1 / f(1 + Math.exp(-z)));
  const routes = [
    (z, y) => {
      const p = sigmoid(z);
      // PyTorch lets no log fall below -100; above a logit of -60, that of p does not come near.
      const loss = y ? -Math.log(p) : -Math.max(Math.log1p(-p), -100);
      const slope = p * (1 - p);
      return {p, loss, gradient: (p - y) / Math.max(slope, 1e-12) * slope};
    },
    (z, y) => ({loss: Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))), gradient: sigmoid(z) - y}),
  ];

  const stop = (z) => Math.round(z / STEP) * STEP;

  /** Write a tiny number in the scientific notation of PyTorch. */
  const tiny = (x) => {
    if (x === 0 || Math.abs(x) >= 1e-4) return format(x);
    return x.toExponential(4).replace(/e-(\d)$/, "e-0$1");
  };

  define("bce-saturation", class extends Figure {
    start = {z: 17, y: 0};
    asked = {z: 40};

    outcome(before, after) {
      if (Number(after.gradient0) === 0) return "none";
      return after.gradient0 === after.gradient1 ? "same" : "more";
    }

    build() {
      const {words} = this;
      this.z = this.slider(words.logit, {min: LEAST, max: MOST, step: STEP, set: (z) => this.change({z: stop(z)})});
      this.answers = this.radios([0, 1], (y) => this.change({y}));
      const choice = html("div", {class: "live-slider", role: "radiogroup", "aria-label": words.answer}, html("span", {class: "live-label"}, words.answer_is),
        [words.no, words.yes].map((text, y) => html("label", {}, this.answers[y], ` ${text}`)));
      const head = [words.float32, words.from_p, words.from_z].map((text) => html("th", {scope: "col"}, text));
      const row = (label, ...cells) => html("tr", {}, html("th", {scope: "row"}, label), cells.map((cell) => html("td", {}, cell)));
      const table = html("table", {class: "live-table bce-saturation-table"}, html("thead", {}, html("tr", {}, head)), html("tbody", {},
        row(words.p, this.number("p"), words.no_p),
        row(words.loss, this.number("loss0"), this.number("loss1")),
        row(words.gradient, this.number("gradient0"), this.number("gradient1"))));
      this.plots = [[PLOTS.loss, words.loss_plot], [PLOTS.gradient, words.gradient_plot]].map(([places, title]) => {
        const lines = ["live-line live-line-wrong", "live-line"].map((style) => svg("polyline", {class: style}));
        const dots = ["live-dot live-dot-wrong", "live-dot"].map((style) => svg("circle", {class: style, r: 4.5}));
        const drawing = hold(chart([lines, dots]), (across) => this.change({z: stop(along(across, LOGITS))}));
        drawing.put(places);
        return {lines, dots, figure: html("div", {}, html("span", {class: "live-head"}, title), drawing)};
      });
      return [choice, html("div", {class: "live-pair"}, this.plots.map(({figure}) => figure)),
        html("p", {class: "live-head live-two-colors"}, words.colors), this.z, table];
    }

    compute({z, y}) {
      const now = routes.map((route) => route(z, y));
      const numbers = {
        p: tiny(now[0].p),
        ...listed("loss", now.map(({loss}) => format(loss))),
        ...listed("gradient", now.map(({gradient}) => tiny(gradient))),
      };
      const curves = Object.entries(PLOTS).map(([name, places]) => routes.map((route, k) => ({
        line: points(STOPS.map((stop) => [places.x(stop), places.y(route(stop, y)[name])])),
        cx: places.x(z),
        cy: places.y(now[k][name]),
      })));
      return {numbers, curves, says: fill(this.words.says, numbers)};
    }

    draw({z, y, curves}) {
      this.z.put(z);
      this.answers.put(y);
      this.plots.forEach(({lines, dots}, plot) => curves[plot].forEach(({line, cx, cy}, k) => {
        set(lines[k], {points: line});
        set(dots[k], {cx, cy});
      }));
    }
  });
}
