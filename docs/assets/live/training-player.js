// The training player: scrub or play the epochs of two recorded trainings.
{
  const {html, plot, svg, set, reveal, points, pieces, fill, format, listed, Figure, define} = live;
  // The recorded numbers are ten-thousandths: the loss, the accuracy, a probability for each row, and the weights.
  const UNIT = 10_000;
  // Of students it is known who passed; of samples the player shows the probability of the right class.
  const TRUTH = {logistic: [false, false, false, true, true, true], softmax: Array(8).fill(true)};
  const [WIDTH, HEIGHT, TOP] = [300, 90, 4];

  define("training-player", class extends Figure {
    start = {run: "logistic", epoch: 0};

    get ready() {
      return super.ready && "runs" in live;
    }

    build() {
      const {words} = this;
      this.run = this.select(words.training, Object.keys(TRUTH).map((run) => [run, words.runs[run]]), (run) => {
        this.stop();
        this.change({run, epoch: 0});
      });
      this.range = html("input", {type: "range", min: 0, step: 1, "aria-label": words.epoch, oninput: () => {
        this.stop();
        this.change({epoch: this.recorded().epochs[this.range.value]});
      }});
      this.play = this.button(words.play, () => (this.timer ? this.stop() : this.go()));
      const [back, on] = [this.button("−", () => this.step(-1)), this.button("+", () => this.step(1))];
      set(back, {"aria-label": words.back});
      set(on, {"aria-label": words.on});
      this.bars = Array.from({length: 8}, () => html("div", {class: "live-bar"}, html("div")));
      const rows = this.bars.map((bar, i) => [html("span", {"data-number": `row${i}`}), bar, this.number(`p${i}`)]);
      this.weights = Array.from({length: 4}, (_, i) => html("span", {}, html("span", {class: "live-head", "data-number": `name${i}`}), " ", this.number(`weight${i}`)));
      this.curves = [["loss", words.loss_now], ["accuracy", words.accuracy_now]].map(([name, text]) => {
        const line = svg("polyline", {class: "live-line"});
        const mark = svg("line", {class: "live-mark", y1: 0, y2: HEIGHT});
        const title = html("span", {class: "live-label"}, pieces(text, {[name]: this.number(name)}));
        return {line, mark, figure: html("div", {}, title, plot(`0 0 ${WIDTH} ${HEIGHT}`, line, mark))};
      });
      return [
        html("div", {class: "live-slider"}, html("span", {class: "live-label"}, words.training), this.run),
        html("div", {class: "live-slider"}, html("span", {class: "live-label"}, pieces(words.epoch_now, {epoch: this.number("epoch")})), this.range, back, this.play, on),
        html("div", {class: "live-pair"}, this.curves.map(({figure}) => figure)),
        html("div", {class: "live-grid live-grid-3"}, rows),
        html("div", {class: "live-words"}, this.weights),
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
      this.play.textContent = this.words.pause;
      this.timer = setInterval(() => this.step(1), 12_000 / this.recorded().epochs.length);
    }

    stop() {
      clearInterval(this.timer);
      this.timer = undefined;
      this.play.textContent = this.words.play;
    }

    compute({run, epoch}) {
      const {words} = this;
      const {epochs, seen} = live.runs[run];
      const truth = TRUTH[run];
      // A link may name an epoch that was not recorded.
      const at = Math.max(0, epochs.indexOf(epoch));
      const [loss, accuracy, ...others] = seen[at].map((value) => value / UNIT);
      const [p, weights] = [others.slice(0, truth.length), others.slice(truth.length)];
      const judged = run === "logistic";
      const rows = truth.map((passed, i) => fill(judged ? (passed ? words.passed : words.failed) : words.sample, {i: i + 1}));
      const names = [...[1, 2, 3].map((j) => fill(words.weight, {j})), words.bias];
      const numbers = {
        epoch: `${epochs[at]}`, loss: format(loss), accuracy: format(100 * accuracy, 2),
        ...listed("row", rows), ...listed("p", p.map((value) => format(value))),
        ...listed("name", names.slice(0, weights.length)), ...listed("weight", weights.map((value) => format(value))),
      };
      // The highest loss ends a little below the upper edge, and so does an accuracy of 1.
      const tops = [Math.max(...seen.map(([value]) => value)), UNIT];
      const x = (epoch) => (WIDTH * epoch) / epochs.at(-1);
      return {
        numbers,
        last: epochs.length - 1,
        at,
        shown: fill(words.epoch_now, numbers),
        x: x(epochs[at]),
        curves: tops.map((top, k) => points(seen.map((values, n) => [x(epochs[n]), HEIGHT - (HEIGHT - TOP) * (values[k] / top)]))),
        bars: p.map((value, i) => ({width: 100 * value, wrong: judged && Math.round(value) !== Number(truth[i])})),
        judged,
        weights,
        says: fill(words.says, numbers),
      };
    }

    draw({run, last, at, shown, x, curves, bars, judged, weights}) {
      this.run.value = run;
      set(this.range, {max: last, "aria-valuetext": shown});
      this.range.value = at;
      this.curves.forEach(({line, mark}, k) => {
        set(line, {points: curves[k]});
        set(mark, {x1: x, x2: x});
      });
      reveal(this.bars, bars);
      reveal(this.weights, weights);
      bars.forEach(({width, wrong}, i) => {
        const bar = this.bars[i];
        bar.firstChild.style.width = `${width}%`;
        bar.classList.toggle("live-wrong", wrong);
        bar.classList.toggle("live-half", judged);
      });
    }
  });
}
