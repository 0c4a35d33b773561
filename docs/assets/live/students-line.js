// The students' line: it moves while the exam-scores model trains, and a hand can move it too.
{
  const {html, svg, set, points, axes, chart, along, within, hold, fill, pieces, format, sum, linear, descend, Figure, define} = live;
  // Three exams of six students, and a 1 that the bias goes with.
  const STUDENTS = [[1, 2, 2, 1], [2, 3, 1, 1], [3, 1, 1, 1], [4, 3, 5, 1], [5, 3, 6, 1], [6, 2, 4, 1]];
  const PASSED = [0, 0, 0, 1, 1, 1];
  const [RATE, LAST] = [0.05, 300];
  const LIMITS = [3, 3, 3, 20];

  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  // Of one student: the loss of a logit, and its slope.
  const LOSSES = {
    bce: {loss: (z, y) => Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))), slope: (p, y) => p - y},
    mse: {loss: (z, y) => (sigmoid(z) - y) ** 2, slope: (p, y) => 2 * (p - y) * p * (1 - p)},
  };

  /** The weights and the loss at each epoch of a training. */
  const train = ({w, epoch, loss}) => {
    const seen = [];
    for (let weights = [w], n = 0; n <= epoch; n++) {
      const z = linear(STUDENTS, weights).flat();
      seen.push({w: weights[0], z, loss: sum(z.map((logit, i) => LOSSES[loss].loss(logit, PASSED[i]))) / z.length});
      weights = descend(STUDENTS, weights, z.map((logit, i) => [LOSSES[loss].slope(sigmoid(logit), PASSED[i])]), RATE);
    }
    return seen;
  };

  // The plane of the second and the third exam. The first one, between 1 and 6, is 3.5 on average.
  const BOX = {width: 300, height: 236, left: 32, right: 294, top: 6, bottom: 218};
  const [ACROSS, UP] = [[0, 5, [0, 1, 2, 3, 4, 5]], [0, 7, [0, 1, 2, 3, 4, 5, 6, 7]]];
  const PLANE = axes(ACROSS, UP, BOX);
  const [LEAST, MEAN, MOST] = [1, 3.5, 6];
  const CORNERS = [[0, 0], [5, 0], [5, 7], [0, 7]];
  const EPOCHS = [0, LAST, [0, 100, 200, 300]];

  /** The logit of a place, for a first exam. */
  const logit = ([first, second, third, bias], exam) => ([x, y]) => first * exam + second * x + third * y + bias;
  /** Where a plane's edge is cut, and the part of its corners where a height is not below 0. */
  const cut = (corners, height) => {
    const cuts = [];
    const kept = corners.flatMap((from, k) => {
      const to = corners[(k + 1) % corners.length], [a, b] = [height(from), height(to)];
      if (a < 0 === b < 0) return a < 0 ? [] : [from];
      const crossed = from.map((value, d) => value + (to[d] - value) * a / (a - b));
      cuts.push(crossed);
      return a < 0 ? [crossed] : [from, crossed];
    });
    return {cuts, kept};
  };
  const placed = (corners) => corners.map(([x, y]) => [PLANE.x(x), PLANE.y(y)]);
  /** The line of the average first exam, two places on it to take hold of, who passes, and where the first exam decides. */
  const lines = (w) => {
    const {cuts, kept} = cut(CORNERS, logit(w, MEAN));
    const [low, high] = w[0] < 0 ? [MOST, LEAST] : [LEAST, MOST];
    const band = cut(cut(CORNERS, logit(w, high)).kept, (place) => -logit(w, low)(place)).kept;
    const grips = cuts.length ? [0.2, 0.8].map((part) => [0, 1].map((d) => cuts[0][d] + part * (cuts[1][d] - cuts[0][d]))) : [];
    return {line: cuts, grips, passes: kept, band};
  };

  const tidy = (w) => w.map((value, d) => within(-LIMITS[d], LIMITS[d], Math.round(10_000 * value) / 10_000));
  /** The weights whose line goes through a place, as steep as it was. */
  const moved = ([first, second, third], [x, y]) => tidy([first, second, third, -(second * x + third * y + first * MEAN)]);
  /** The weights whose line goes through two places. */
  const turned = ([first, second, third], [x, y], pivot) => {
    const [right, up] = [x - pivot[0], y - pivot[1]];
    const size = Math.hypot(second, third) / Math.max(Math.hypot(right, up), 1e-9);
    const side = up * second - right * third < 0 ? -size : size;
    return moved([first, side * up, -side * right], pivot);
  };

  define("students-line", class extends Figure {
    start = {w: [-0.5276, -0.5293, -0.2994, 0.0481], epoch: 0, loss: "bce"};
    asked = {epoch: 6};

    outcome(before, after) {
      return Number(after.right) === STUDENTS.length ? "six" : "fewer";
    }

    build() {
      const {words} = this;
      this.losses = this.radios(["bce", "mse"], (loss) => this.change({loss}));
      const choice = html("div", {class: "live-slider", role: "radiogroup", "aria-label": words.loss}, html("span", {class: "live-label"}, words.loss),
        ["bce", "mse"].map((loss, k) => html("label", {}, this.losses[k], ` ${words.losses[loss]}`)));
      const epoch = (value) => {
        this.stop();
        this.change({epoch: Math.round(value)});
      };
      this.epoch = html("input", {type: "range", min: 0, max: LAST, step: 1, "aria-label": words.epoch, oninput: () => epoch(this.epoch.valueAsNumber)});
      const buttons = this.player((by) => this.step(by), () => 60);
      [this.passes, this.band] = ["live-passes", "live-band"].map((name) => svg("polygon", {class: name}));
      this.line = svg("polyline", {class: "live-line"});
      this.grips = [0, 1].map(() => svg("circle", {class: "live-grip", r: 5}));
      this.students = STUDENTS.map(([, second, third], i) => {
        const [[x, y]] = placed([[second, third]]);
        return svg("g", {class: "live-student"}, svg("circle", {cx: x, cy: y, r: 8}), svg("text", {x, y: y + 3.5}, `${i + 1}`));
      });
      let pivot;
      const plane = hold(chart([this.passes, this.band, this.line, this.students, this.grips], BOX), (right, down, first) => {
        const {w} = this.now();
        const to = [along(right, ACROSS, BOX), along(down, UP, {width: BOX.height, left: BOX.bottom, right: BOX.top})];
        if (first) {
          const {grips} = lines(w);
          const near = grips.findIndex(([x, y]) => Math.hypot(x - to[0], y - to[1]) < 0.5);
          pivot = near < 0 ? undefined : grips[1 - near];
        }
        this.begin(pivot ? turned(w, to, pivot) : moved(w, to));
      });
      plane.put(PLANE);
      this.curve = svg("polyline", {class: "live-line"});
      this.dot = svg("circle", {class: "live-dot", r: 4.5});
      this.chart = hold(chart([this.curve, this.dot]), (across) => epoch(along(across, EPOCHS)));
      this.weights = words.weights.map((label, d) => this.slider(label, {min: -LIMITS[d], max: LIMITS[d], step: 0.01, set: (value) => this.begin(this.now().w.with(d, value))}));
      return [
        choice,
        html("div", {class: "live-slider"}, html("span", {class: "live-label"}, pieces(words.epoch_now, {epoch: this.number("epoch")})), this.epoch, buttons),
        html("div", {class: "live-pair live-plane"},
          html("div", {}, html("span", {class: "live-head"}, words.plane), plane, html("p", {class: "live-head", "data-number": "outside"})),
          html("div", {}, html("p", {class: "live-result"}, pieces(words.right_now, {right: this.number("right")})),
            html("span", {class: "live-head"}, pieces(words.loss_now, {loss: this.number("loss")})), this.chart,
            html("p", {class: "live-head"}, words.legend))),
        html("div", {class: "live-pair live-hands"}, this.weights),
      ];
    }

    /** The weights that the training has come to. */
    now() {
      return train(this.state).at(-1);
    }

    /** Start anew from weights. */
    begin(w) {
      this.stop();
      this.change({w, epoch: 0});
    }

    step(by) {
      const {epoch} = this.state, next = within(0, LAST, epoch + by);
      this.change({epoch: next});
      return next !== epoch;
    }

    compute({w, epoch, loss}) {
      const {words} = this;
      const at = within(0, LAST, Math.round(epoch));
      const seen = train({w, epoch: at, loss});
      const now = seen.at(-1);
      const missed = now.z.map((z, i) => z >= 0 !== (PASSED[i] === 1));
      const wrong = missed.flatMap((is, i) => (is ? [i + 1] : [])).join(", ");
      const highest = Math.max(...seen.map((one) => one.loss));
      const top = [0.5, 1, 3, 10, 30, 100].find((bound) => bound >= highest);
      const place = axes(EPOCHS, [0, top, [0, top / 2, top]]);
      const {line, grips, passes, band} = lines(now.w);
      const numbers = {epoch: `${at}`, loss: format(now.loss), right: `${STUDENTS.length - sum(missed)}`, outside: line.length ? undefined : words.outside};
      return {
        numbers,
        shown: fill(words.epoch_now, numbers),
        at,
        now: now.w.map((value) => Math.round(10_000 * value) / 10_000),
        line: points(placed(line)),
        grips: placed(grips).map(([cx, cy]) => ({cx, cy})),
        passes: points(placed(passes)),
        band: points(placed(band)),
        missed,
        place,
        curve: points(seen.map((one, n) => [place.x(n), place.y(one.loss)])),
        cx: place.x(at),
        cy: place.y(now.loss),
        says: fill(wrong ? words.says_wrong : words.says, {...numbers, wrong}),
      };
    }

    draw({loss, at, shown, now, line, grips, passes, band, missed, place, curve, cx, cy}) {
      this.losses.put(loss);
      set(this.epoch, {"aria-valuetext": shown});
      this.epoch.value = at;
      this.weights.forEach((row, d) => row.put(now[d]));
      set(this.line, {points: line});
      set(this.passes, {points: passes});
      set(this.band, {points: band});
      this.grips.forEach((grip, k) => {
        grip.toggleAttribute("hidden", !(k in grips));
        set(grip, grips[k] ?? {});
      });
      this.students.forEach((student, i) => student.classList.toggle("live-missed", missed[i]));
      this.chart.put(place);
      set(this.curve, {points: curve});
      set(this.dot, {cx, cy});
    }
  });
}
