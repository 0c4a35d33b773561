// Logits to loss: move the logits, and see probabilities, the loss of the chosen class, and its gradient.
{
  const {html, svg, set, reveal, points, axes, chart, along, within, hold, format, fill, pieces, listed, logSumExp, Figure, define} = live;
  const [LEAST, MOST] = [3, 5];
  const [LOW, HIGH] = [-10, 10];

  // The loss over the probability of the target, up to where the curve leaves the chart.
  const PROBABILITIES = [0, 1, [0, 0.5, 1]], TOP = 6;
  const SURPRISE = axes(PROBABILITIES, [0, TOP, [0, 2, 4, 6]]);
  const CURVE = points(Array.from({length: 101}, (_, n) => Math.exp(-TOP * (1 - n / 100))).map((p) => [SURPRISE.x(p), SURPRISE.y(-Math.log(p))]));

  /** The logit, to one decimal, that gives a class a probability while the others keep theirs. */
  const logitFor = (p, j, {z, T, c}) => {
    const others = z.filter((_, k) => k !== j).map((value) => (value + c) / T);
    const odds = within(1e-9, 1 - 1e-9, p);
    const logit = T * (Math.log(odds / (1 - odds)) + logSumExp(others)) - c;
    return within(LOW, HIGH, Math.round(10 * logit) / 10);
  };

  define("logits-to-loss", class extends Figure {
    start = {z: [2, 1, 0.1], target: 0, T: 1, c: 0};
    asked = {c: 50};

    outcome(before, after) {
      if (before.loss === after.loss) return "stays";
      return Number(after.loss) > Number(before.loss) ? "rises" : "falls";
    }

    build() {
      const {words} = this;
      const classes = Array.from({length: MOST}, (_, j) => j);
      this.targets = this.radios(classes, (target) => this.change({target}));
      this.rows = classes.map((j) => {
        this.targets[j].setAttribute("aria-label", fill(words.is_target, {j}));
        const slider = this.slider(fill(words.logit_j, {j}), {min: LOW, max: HIGH, step: 0.1, set: (value) => this.changeAt("z", j, value)});
        const bar = hold(html("div", {class: "live-bar"}, html("div")), (across) => this.changeAt("z", j, logitFor(across, j, this.state)));
        const arrow = html("div", {class: "live-arrow"}, html("div"));
        const cells = [html("label", {}, this.targets[j], ` ${fill(words.class_j, {j})}`), slider,
          html("span", {class: "live-head live-narrow"}, words.p), bar, this.number(`p${j}`),
          html("span", {class: "live-head live-narrow"}, words.push, ", ", words.gradient), arrow, this.number(`gradient${j}`)];
        return {slider, bar: bar.firstChild, arrow, cells};
      });
      const head = [words.target, words.logit, words.p, "", words.push, words.gradient].map((text) => html("span", {class: "live-head"}, text));
      this.T = this.slider(words.temperature, {min: 0.1, max: 10, step: 0.1, set: (T) => this.change({T})});
      this.c = this.slider(words.added, {min: -100, max: 100, step: 1, set: (c) => this.change({c})});
      const loss = html("p", {class: "live-result"}, pieces(words.loss, {loss: this.number("loss")}));
      this.more = this.button(words.more, () => this.change({z: [...this.state.z, 0]}));
      this.less = this.button(words.less, () => this.drop());
      this.dot = svg("circle", {class: "live-dot", r: 4.5});
      const curve = hold(chart([svg("polyline", {class: "live-line", points: CURVE}), this.dot]), (across) => {
        const {target} = this.state;
        this.changeAt("z", target, logitFor(along(across, PROBABILITIES), target, this.state));
      });
      curve.put(SURPRISE);
      return [
        html("div", {class: "live-grid live-grid-6"}, head, this.rows.map(({cells}) => cells)),
        html("p", {class: "live-head live-caption"}, words.against),
        html("div", {class: "live-pair"}, html("div", {}, this.more, " ", this.less, this.T, this.c),
          html("div", {}, loss, html("span", {class: "live-head"}, words.loss_plot), curve)),
      ];
    }

    drop() {
      const {z, target} = this.state;
      this.change({z: z.slice(0, -1), target: Math.min(target, z.length - 2)});
    }

    compute({z, target, T, c}) {
      const scaled = z.map((value) => (value + c) / T);
      const total = logSumExp(scaled);
      const p = scaled.map((value) => Math.exp(value - total));
      const gradient = p.map((value, j) => (value - (j === target)) / T);
      const numbers = {
        loss: format(total - scaled[target]),
        ...listed("p", p.map((value) => format(value))),
        ...listed("gradient", gradient.map((value) => format(value))),
      };
      return {
        numbers,
        bars: p.map((value) => 100 * value),
        // A step goes against the gradient. From the middle of its field, a push of 1 reaches the end.
        arrows: gradient.map((value) => {
          const push = Math.max(-50, Math.min(50, -50 * value));
          return {width: Math.abs(push), left: 50 + Math.min(0, push), raises: push > 0};
        }),
        cx: SURPRISE.x(p[target]),
        cy: SURPRISE.y(Math.min(TOP, total - scaled[target])),
        beyond: total - scaled[target] > TOP,
        most: z.length === MOST,
        least: z.length === LEAST,
        says: fill(this.words.says, {target, p: numbers[`p${target}`], loss: numbers.loss}),
      };
    }

    draw({z, target, T, c, bars, arrows, cx, cy, beyond, most, least}) {
      this.more.disabled = most;
      this.less.disabled = least;
      this.targets.put(target);
      this.T.put(T);
      this.c.put(c);
      set(this.dot, {cx, cy});
      this.dot.classList.toggle("live-beyond", beyond);
      reveal(this.rows.map(({cells}) => cells), z);
      z.forEach((value, j) => {
        const {slider, bar, arrow} = this.rows[j];
        slider.put(value);
        bar.style.width = `${bars[j]}%`;
        const {width, left, raises} = arrows[j];
        Object.assign(arrow.firstChild.style, {width: `${width}%`, left: `${left}%`});
        arrow.classList.toggle("live-raises", raises);
      });
    }
  });
}
