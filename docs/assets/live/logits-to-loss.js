// Logits to loss: move the logits, and see probabilities, the loss of the chosen class, and its gradient.
{
  const {html, reveal, format, fill, pieces, listed, logSumExp, Figure, define} = live;
  const [LEAST, MOST] = [3, 5];

  define("logits-to-loss", class extends Figure {
    start = {z: [2, 1, 0.1], target: 0, T: 1, c: 0};

    build() {
      const {words} = this;
      const classes = Array.from({length: MOST}, (_, j) => j);
      this.targets = this.radios(classes, (target) => this.change({target}));
      this.rows = classes.map((j) => {
        this.targets[j].setAttribute("aria-label", fill(words.is_target, {j}));
        const slider = this.slider(fill(words.logit_j, {j}), {min: -10, max: 10, step: 0.1, set: (value) => this.changeAt("z", j, value)});
        const bar = html("div", {class: "live-bar"}, html("div"));
        const arrow = html("div", {class: "live-arrow"}, html("div"));
        const cells = [html("label", {}, this.targets[j], ` ${fill(words.class_j, {j})}`), slider, bar, this.number(`p${j}`), arrow, this.number(`gradient${j}`)];
        return {slider, bar: bar.firstChild, arrow: arrow.firstChild, cells};
      });
      const head = [words.target, words.logit, words.p, "", words.gradient, ""].map((text) => html("span", {class: "live-head"}, text));
      this.T = this.slider(words.temperature, {min: 0.1, max: 10, step: 0.1, set: (T) => this.change({T})});
      this.c = this.slider(words.added, {min: -100, max: 100, step: 1, set: (c) => this.change({c})});
      const loss = html("p", {class: "live-result"}, pieces(words.loss, {loss: this.number("loss")}));
      this.more = this.button(words.more, () => this.change({z: [...this.state.z, 0]}));
      this.less = this.button(words.less, () => this.drop());
      return [html("div", {class: "live-grid live-grid-6"}, head, this.rows.map(({cells}) => cells)), this.more, " ", this.less, this.T, this.c, loss];
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
        // From the middle of its field, a gradient of 1 reaches the end.
        arrows: gradient.map((value) => {
          const length = Math.max(-50, Math.min(50, 50 * value));
          return {width: Math.abs(length), left: 50 + Math.min(0, length)};
        }),
        most: z.length === MOST,
        least: z.length === LEAST,
        says: fill(this.words.says, {target, p: numbers[`p${target}`], loss: numbers.loss}),
      };
    }

    draw({z, target, T, c, bars, arrows, most, least}) {
      this.more.disabled = most;
      this.less.disabled = least;
      this.targets.put(target);
      this.T.put(T);
      this.c.put(c);
      reveal(this.rows.map(({cells}) => cells), z);
      z.forEach((value, j) => {
        const {slider, bar, arrow} = this.rows[j];
        slider.put(value);
        bar.style.width = `${bars[j]}%`;
        Object.assign(arrow.style, {width: `${arrows[j].width}%`, left: `${arrows[j].left}%`});
      });
    }
  });
}
