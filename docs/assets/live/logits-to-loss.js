// Logits to loss: move the logits, and see probabilities, the loss of the chosen class, and its gradient.
{
  const {html, format, logSumExp, Figure, define} = live;
  const [LEAST, MOST] = [3, 5];

  define("logits-to-loss", class extends Figure {
    start = {z: [2, 1, 0.1], target: 0, T: 1, c: 0};

    build() {
      const name = crypto.randomUUID();
      this.rows = Array.from({length: MOST}, (_, j) => {
        const slider = this.slider(`logit ${j}`, {min: -10, max: 10, step: 0.1, set: (value) => {
          const {z} = this.state;
          z[j] = value;
          this.change({z});
        }});
        const choose = html("input", {type: "radio", name, "aria-label": `class ${j} is the target`, onchange: () => this.change({target: j})});
        const bar = html("div", {class: "live-bar"}, html("div"));
        const arrow = html("div", {class: "live-arrow"}, html("div"));
        const [p, slope] = [this.number(`p${j}`), this.number(`gradient${j}`)];
        return {slider, choose, bar, arrow, p, slope};
      });
      const head = ["target", "logit", "probability", "", "gradient", ""].map((text) => html("span", {class: "live-head"}, text));
      const cells = this.rows.flatMap(({slider, choose, bar, arrow, p, slope}, j) => [
        html("label", {}, choose, ` class ${j}`), slider, bar, p, arrow, slope,
      ]);
      this.T = this.slider("temperature", {min: 0.1, max: 10, step: 0.1, set: (T) => this.change({T})});
      this.c = this.slider("added to every logit", {min: -100, max: 100, step: 1, set: (c) => this.change({c})});
      const loss = html("p", {class: "live-result"}, "loss ", this.number("loss"), " nats");
      this.more = html("button", {type: "button", onclick: () => this.change({z: [...this.state.z, 0]})}, "One class more");
      this.less = html("button", {type: "button", onclick: () => this.drop()}, "One class less");
      return [html("div", {class: "live-grid live-grid-6"}, head, cells), this.more, " ", this.less, this.T, this.c, loss];
    }

    drop() {
      const {z, target} = this.state;
      this.change({z: z.slice(0, -1), target: Math.min(target, z.length - 2)});
    }

    draw({z, target, T, c}) {
      const scaled = z.map((value) => (value + c) / T);
      const total = logSumExp(scaled);
      const p = scaled.map((value) => Math.exp(value - total));
      const loss = total - scaled[target];
      this.more.disabled = z.length === MOST;
      this.less.disabled = z.length === LEAST;
      this.rows.forEach((row, j) => {
        for (const cell of [row.choose.parentElement, row.slider, row.bar, row.p, row.arrow, row.slope]) cell.hidden = j >= z.length;
        if (j >= z.length) return;
        const slope = (p[j] - (j === target)) / T;
        row.slider.put(z[j]);
        row.choose.checked = j === target;
        row.bar.firstChild.style.width = `${100 * p[j]}%`;
        row.p.textContent = format(p[j]);
        const length = Math.min(1, Math.abs(slope)) * 50;
        Object.assign(row.arrow.firstChild.style, {width: `${length}%`, left: `${slope < 0 ? 50 - length : 50}%`});
        row.arrow.classList.toggle("live-up", slope < 0);
        row.slope.textContent = format(slope);
      });
      this.T.put(T);
      this.c.put(c);
      this.querySelector("[data-number=loss]")?.replaceChildren(format(loss));
      return `Class ${target} has probability ${format(p[target])}, and the loss is ${format(loss)}.`;
    }
  });
}
