// The training player: scrub or play the epochs of two recorded trainings.
{
  const {html, svg, format, Figure, define} = live;
  const RUNS = {
    logistic: {name: "pass or fail, 101 epochs", truth: [0, 0, 0, 1, 1, 1], row: (i) => `student ${i + 1}`, extra: ["weight 1", "weight 2", "weight 3", "bias"]},
    softmax: {name: "three classes, 1,001 epochs", truth: Array(8).fill(1), row: (i) => `sample ${i + 1}`, extra: []},
  };
  const [WIDTH, HEIGHT] = [300, 90];

  define("training-player", class extends Figure {
    start = {run: "logistic", epoch: 0};

    get ready() {
      return "runs" in live;
    }

    build() {
      const options = Object.entries(RUNS).map(([value, {name}]) => html("option", {value}, name));
      this.run = html("select", {"aria-label": "training", onchange: (event) => {
        this.stop();
        this.change({run: event.target.value, epoch: 0});
      }}, options);
      this.range = html("input", {type: "range", min: 0, step: 1, "aria-label": "epoch", oninput: () => {
        this.stop();
        this.change({epoch: this.recorded().epochs[this.range.value]});
      }});
      this.play = html("button", {type: "button", onclick: () => (this.timer ? this.stop() : this.go())}, "Play");
      const back = html("button", {type: "button", "aria-label": "one epoch back", onclick: () => this.step(-1)}, "−");
      const on = html("button", {type: "button", "aria-label": "one epoch on", onclick: () => this.step(1)}, "+");
      this.rows = Array.from({length: 8}, (_, i) => ({label: html("span"), bar: html("div", {class: "live-bar"}, html("div")), p: this.number(`p${i}`)}));
      this.extra = Array.from({length: 4}, (_, i) => ({label: html("span", {class: "live-head"}), value: this.number(`weight${i}`)}));
      this.curves = ["loss", "accuracy"].map((name) => {
        const line = svg("polyline", {class: "live-line"});
        const mark = svg("line", {class: "live-mark", y1: 0, y2: HEIGHT});
        const value = this.number(name);
        const plot = svg("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "live-plot", "aria-hidden": "true"}, line, mark);
        return {line, mark, value, figure: html("div", {}, html("span", {class: "live-label"}, `${name} `, value, name === "accuracy" ? "%" : ""), plot)};
      });
      this.shown = html("span", {class: "live-number", "data-number": "epoch"});
      return [
        html("div", {class: "live-slider"}, html("span", {class: "live-label"}, "training"), this.run),
        html("div", {class: "live-slider"}, html("span", {class: "live-label"}, "epoch ", this.shown), this.range, back, this.play, on),
        html("div", {class: "live-pair"}, this.curves.map(({figure}) => figure)),
        html("div", {class: "live-grid live-grid-3"}, this.rows.flatMap(({label, bar, p}) => [label, bar, p])),
        html("div", {class: "live-words"}, this.extra.map(({label, value}) => html("span", {}, label, " ", value))),
      ];
    }

    disconnectedCallback() {
      super.disconnectedCallback();
      if (this.timer) this.stop();
    }

    recorded() {
      return live.runs[this.state.run];
    }

    step(by) {
      const {epochs} = this.recorded();
      const next = epochs[epochs.indexOf(this.state.epoch) + by];
      if (next === undefined) this.stop();
      else this.change({epoch: next});
    }

    /** Play in a dozen seconds; who asked for less motion gets a step for each press. */
    go() {
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.step(1);
      this.play.textContent = "Pause";
      this.timer = setInterval(() => this.step(1), 12_000 / this.recorded().epochs.length);
    }

    stop() {
      clearInterval(this.timer);
      this.timer = undefined;
      this.play.textContent = "Play";
    }

    draw({run, epoch}) {
      const {truth, row, extra} = RUNS[run];
      const {epochs, seen} = live.runs[run];
      const at = Math.max(0, epochs.indexOf(epoch));
      const values = seen[at].map((value) => value / 10_000);
      this.run.value = run;
      this.range.max = epochs.length - 1;
      this.range.value = at;
      this.range.setAttribute("aria-valuetext", `epoch ${epochs[at]}`);
      this.shown.textContent = `${epochs[at]}`;
      const last = epochs.at(-1);
      this.curves.forEach(({line, mark, value}, k) => {
        const top = k === 0 ? Math.max(...seen.map((numbers) => numbers[0])) : 10_000;
        const points = seen.map((numbers, n) => `${(WIDTH * epochs[n]) / last},${HEIGHT - (HEIGHT - 4) * (numbers[k] / top)}`);
        line.setAttribute("points", points.join(" "));
        const x = (WIDTH * epochs[at]) / last;
        mark.setAttribute("x1", x);
        mark.setAttribute("x2", x);
        value.textContent = k === 0 ? format(values[0]) : format(100 * values[1], 2);
      });
      this.rows.forEach(({label, bar, p}, i) => {
        for (const cell of [label, bar, p]) cell.hidden = i >= truth.length;
        if (i >= truth.length) return;
        const value = values[2 + i];
        const right = run === "logistic" ? (value >= 0.5) === Boolean(truth[i]) : undefined;
        label.textContent = run === "logistic" ? `${row(i)}, ${truth[i] ? "passed" : "failed"}` : row(i);
        bar.firstChild.style.width = `${100 * value}%`;
        bar.classList.toggle("live-wrong", right === false);
        bar.classList.toggle("live-half", run === "logistic");
        p.textContent = format(value);
      });
      this.extra.forEach(({label, value}, i) => {
        label.parentElement.hidden = i >= extra.length;
        if (i < extra.length) [label.textContent, value.textContent] = [extra[i], format(values[8 + i])];
      });
      return `Epoch ${epochs[at]}: loss ${format(values[0])}, accuracy ${format(100 * values[1], 2)} percent.`;
    }
  });
}
