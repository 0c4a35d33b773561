// The training player: two trainings, epoch by epoch, made anew where they are watched.
{
  const {html, svg, set, reveal, pieces, points, axes, chart, along, within, hold, fill, format, listed, sum, logSumExp, linear, descend, Figure, define} = live;

  const sigmoid = (logits) => logits.map((z) => 1 / (1 + Math.exp(-z)));
  const softmax = (logits) => logits.map((z) => Math.exp(z - logSumExp(logits)));
  // Features end in a 1, which the bias goes with.
  const TRAININGS = {
    logistic: {
      x: [[1, 2, 2, 1], [2, 3, 1, 1], [3, 1, 1, 1], [4, 3, 5, 1], [5, 3, 6, 1], [6, 2, 4, 1]],
      y: [[0], [0], [0], [1], [1], [1]],
      w: [[-0.5276, -0.5293, -0.2994, 0.0481]],
      rate: 0.05, last: 100, marks: [0, 50, 100], most: 3, losses: [0, 1, 2, 3],
      probabilities: sigmoid,
      loss: ([z], [y]) => Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))),
      right: ([z], [y]) => z >= 0 === (y === 1),
      shown: ([p]) => p,
      target: ([y]) => y,
    },
    softmax: {
      x: [[1, 2, 1, 1, 1], [2, 1, 3, 2, 1], [3, 1, 3, 4, 1], [4, 1, 5, 5, 1], [1, 7, 5, 5, 1], [1, 2, 5, 6, 1], [1, 6, 6, 6, 1], [1, 7, 7, 7, 1]],
      y: [[0, 0, 1], [0, 0, 1], [0, 0, 1], [0, 1, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0], [1, 0, 0]],
      // torch.manual_seed(1); nn.Linear(4, 3).
      w: [
        [0.2576316, -0.220689118, -0.0969307423, 0.234684467, 0.182614088],
        [-0.470718443, 0.29985863, -0.102862656, 0.254371941, -0.194850504],
        [0.0695084929, -0.0612220764, 0.138680458, 0.0246658921, -0.0364543796],
      ],
      rate: 0.1, last: 1000, marks: [0, 500, 1000], most: 2, losses: [0, 1, 2],
      probabilities: softmax,
      loss: (z, y) => logSumExp(z) - z[y.indexOf(1)],
      right: (z, y) => z.indexOf(Math.max(...z)) === y.indexOf(1),
      // Of samples, the probability of the right class, which should be 1.
      shown: (p, y) => p[y.indexOf(1)],
      target: () => 1,
    },
  };

  /** What a training saw at each of its epochs. */
  const trained = ({x, y, w, rate, last, probabilities, loss, right, shown}) => {
    const seen = [];
    for (let epoch = 0; epoch <= last; epoch++) {
      const z = linear(x, w);
      const p = z.map(probabilities);
      const rights = z.map((logits, i) => right(logits, y[i]));
      seen.push({
        loss: sum(z.map((logits, i) => loss(logits, y[i]))) / y.length,
        accuracy: 100 * sum(rights) / y.length,
        p: p.map((row, i) => shown(row, y[i])),
        rights,
        weights: w.length === 1 ? w[0] : [],
      });
      w = descend(x, w, p.map((row, i) => row.map((value, j) => value - y[i][j])), rate);
    }
    return seen;
  };

  /** A training, what it saw, and its two curves. */
  const record = (run) => {
    const training = TRAININGS[run], {last, marks, most, losses} = training;
    const seen = trained(training), across = [0, last, marks];
    const places = {loss: axes(across, [0, most, losses]), accuracy: axes(across, [0, 100, [0, 50, 100]])};
    const lines = Object.entries(places).map(([name, {x, y}]) => points(seen.map((values, epoch) => [x(epoch), y(values[name])])));
    return {...training, seen, across, places, lines};
  };
  const records = {};

  define("training-player", class extends Figure {
    start = {run: "logistic", epoch: 0};
    asked = {epoch: 100};

    outcome(before, after) {
      return after.loss < 0.05 ? "zero" : after.loss < 0.4 ? "half" : "same";
    }

    build() {
      const {words} = this;
      this.run = this.select(words.training, Object.keys(TRAININGS).map((run) => [run, words.runs[run]]), (run) => {
        this.stop();
        this.change({run, epoch: 0});
      });
      const epoch = (value) => {
        this.stop();
        this.change({epoch: Math.round(value)});
      };
      this.range = html("input", {type: "range", min: 0, step: 1, "aria-label": words.epoch, oninput: () => epoch(this.range.valueAsNumber)});
      const buttons = this.player((by) => this.step(by), () => 12_000 / this.recorded().last);
      this.curves = [["loss", words.loss_now], ["accuracy", words.accuracy_now]].map(([name, text]) => {
        const line = svg("polyline", {class: "live-line"}), dot = svg("circle", {class: "live-dot", r: 4.5});
        const drawing = hold(chart([line, dot]), (across) => epoch(along(across, this.recorded().across)));
        return {line, dot, drawing, figure: html("div", {}, html("span", {class: "live-label"}, pieces(text, {[name]: this.number(name)})), drawing)};
      });
      this.bars = Array.from({length: 8}, () => html("div", {class: "live-bar live-gap"}, html("div")));
      const rows = this.bars.map((bar, i) => [html("span", {"data-number": `row${i}`}), bar, html("span", {}, this.number(`p${i}`), " ", html("strong", {class: "live-miss", "data-number": `miss${i}`}))]);
      const ruler = [html("span"), html("div", {class: "live-ends live-head"}, ["0", "0.5", "1"].map((end) => html("span", {}, end))), html("span")];
      this.weights = Array.from({length: 4}, (_, i) => html("span", {}, html("span", {class: "live-head", "data-number": `name${i}`}), " ", this.number(`weight${i}`)));
      return [
        html("div", {class: "live-slider"}, html("span", {class: "live-label"}, words.training), this.run),
        html("div", {class: "live-slider"}, html("span", {class: "live-label"}, pieces(words.epoch_now, {epoch: this.number("epoch")})), this.range, buttons),
        html("div", {class: "live-pair"}, this.curves.map(({figure}) => figure)),
        html("p", {class: "live-head live-caption"}, words.gap),
        html("div", {class: "live-grid live-grid-3"}, rows, ruler),
        html("div", {class: "live-words"}, this.weights),
      ];
    }

    recorded() {
      return records[this.state.run] ??= record(this.state.run);
    }

    step(by) {
      const {epoch} = this.state, next = within(0, this.recorded().last, epoch + by);
      this.change({epoch: next});
      return next !== epoch;
    }

    compute({run, epoch}) {
      const {words} = this;
      const {last, y, target, seen, places, lines} = records[run] ??= record(run);
      // A link may name an epoch that there is not.
      const at = within(0, last, Math.round(epoch));
      const {loss, accuracy, p, rights, weights} = seen[at];
      const judged = run === "logistic";
      const targets = y.map(target);
      const rows = targets.map((passed, i) => fill(judged ? (passed ? words.passed : words.failed) : words.sample, {i: i + 1}));
      const names = [...[1, 2, 3].map((j) => fill(words.weight, {j})), words.bias];
      const numbers = {
        epoch: `${at}`, loss: format(loss), accuracy: format(accuracy, 2),
        ...listed("row", rows), ...listed("p", p.map((value) => format(value))),
        ...Object.fromEntries(rights.flatMap((right, i) => (right ? [] : [[`miss${i}`, words.miss]]))),
        ...listed("name", names.slice(0, weights.length)), ...listed("weight", weights.map((value) => format(value))),
      };
      return {
        numbers,
        last,
        at,
        shown: fill(words.epoch_now, numbers),
        curves: Object.entries(places).map(([name, place], k) => ({place, line: lines[k], cx: place.x(at), cy: place.y(seen[at][name])})),
        // From a probability to its target: the longer, the worse.
        bars: p.map((value, i) => ({left: 100 * Math.min(value, targets[i]), width: 100 * Math.abs(value - targets[i]), right: rights[i]})),
        judged,
        weights,
        says: fill(words.says, numbers),
      };
    }

    draw({run, last, at, shown, curves, bars, judged, weights}) {
      this.run.value = run;
      set(this.range, {max: last, "aria-valuetext": shown});
      this.range.value = at;
      this.curves.forEach(({line, dot, drawing}, k) => {
        const {place, line: points, cx, cy} = curves[k];
        drawing.put(place);
        set(line, {points});
        set(dot, {cx, cy});
      });
      reveal(this.bars.map((bar) => [bar, bar.nextSibling]), bars);
      reveal(this.weights, weights);
      bars.forEach(({left, width, right}, i) => {
        const bar = this.bars[i];
        Object.assign(bar.firstChild.style, {left: `${left}%`, width: `${width}%`});
        bar.classList.toggle("live-wrong", !right);
        bar.classList.toggle("live-half", judged);
      });
    }
  });
}
