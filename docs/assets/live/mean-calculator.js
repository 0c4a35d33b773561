// The mean calculator: what F.cross_entropy adds up, and what it divides by, sample by sample.
{
  const {html, svg, set, pieces, points, axes, ceiling, chart, format, fill, listed, logSumExp, sum, Figure, define} = live;
  // The page's logits: torch.manual_seed(1); torch.rand(5, 3).
  const Z = [
    [0.7576316, 0.279310882, 0.403069258],
    [0.734684467, 0.0292815566, 0.79985863],
    [0.397137344, 0.754371941, 0.569508493],
    [0.438777924, 0.638680458, 0.524665892],
    [0.682614088, 0.305149496, 0.46354562],
  ];
  const SURPRISE = Z.map((row) => row.map((value) => logSumExp(row) - value));
  const IGNORED = -100;
  // As wide as what is added below, and as high as the loss: the area is what is added above. The chart ends at TOP.
  const TOP = 3;

  define("mean-calculator", class extends Figure {
    start = {y: [0, 0, 0, 2, 1], w: [1, 2, 5], smoothing: 0, reduction: "mean"};
    asked = {w: [2, 4, 10]};

    outcome(before, after) {
      const [was, is] = [before, after].map(({above, below}) => Number(above) / Number(below));
      if (Math.abs(is - was) < 1e-3) return "stays";
      return is > was ? "doubles" : "halves";
    }

    build() {
      const {words} = this;
      const choices = [...[0, 1, 2].map((j) => [j, fill(words.class_j, {j})]), [IGNORED, words.ignored]];
      this.targets = Z.map((_, i) => this.select(fill(words.target_of, {i}), choices, (value) => this.changeAt("y", i, Number(value))));
      this.weights = this.start.w.map((_, j) => this.slider(fill(words.weight_of, {j}), {min: 0, max: 10, step: 0.1, set: (value) => this.changeAt("w", j, value)}));
      this.smoothing = this.slider(words.smoothing, {min: 0, max: 1, step: 0.01, set: (smoothing) => this.change({smoothing})});
      this.reduction = this.select(words.reduction, ["none", "sum", "mean"].map((name) => [name, name]), (reduction) => this.change({reduction}));
      const head = [words.sample, words.target, words.surprise, words.above, words.below].map((text) => html("th", {scope: "col"}, text));
      const row = (label, ...cells) => html("tr", {}, html("th", {scope: "row"}, label), cells.map((cell) => html("td", {}, cell)));
      const table = html("table", {class: "live-table"}, html("thead", {}, html("tr", {}, head)),
        html("tbody", {}, this.targets.map((target, i) => row(`${i}`, target, ...["loss", "above", "below"].map((name) => this.number(`${name}${i}`))))),
        html("tfoot", {}, row(words.sum, "", "", this.number("above"), this.number("below"))));
      this.boxes = Z.map((_, i) => ({box: svg("polygon", {class: "live-mean-box"}), label: svg("text", {class: "live-mean-name"}, `${i}`)}));
      this.levels = ["live-mean-line", "live-mean-line live-mean-other"].map((style) => svg("line", {class: style}));
      this.chart = chart([this.boxes.map(({box, label}) => [box, label]), this.levels]);
      const picture = html("div", {}, html("span", {class: "live-head"}, words.picture), this.chart);
      const legend = html("div", {}, html("p", {class: "live-result"}, this.number("result")),
        html("p", {class: "live-head"}, pieces(words.levels, {other: this.number("other")}), " ", html("strong", {"data-number": "cut"})));
      return [
        html("div", {class: "live-pair live-mean-pair"}, picture, legend), table, this.weights, this.smoothing,
        html("div", {class: "live-slider"}, html("span", {class: "live-label"}, words.reduction), this.reduction),
        html("pre", {class: "live-call", tabindex: 0}, html("code", {"data-number": "call"})),
      ];
    }

    compute({y, w, smoothing, reduction}) {
      const {words} = this;
      const terms = y.map((target, i) => {
        if (target === IGNORED) return {surprise: words.ignored, above: 0, below: 0};
        const [surprise, below] = [SURPRISE[i][target], w[target]];
        const spread = sum(SURPRISE[i].map((value, j) => w[j] * value)) / w.length;
        return {surprise: format(surprise), above: (1 - smoothing) * below * surprise + smoothing * spread, below};
      });
      const above = terms.map((term) => term.above);
      const below = terms.map((term) => term.below);
      const [dividend, divisor] = [sum(above), sum(below)];
      const mean = divisor === 0 ? NaN : dividend / divisor;
      const other = dividend / terms.filter(({surprise}) => surprise !== words.ignored).length;
      const width = ceiling(Math.max(1, divisor));
      const place = axes([0, width, [0, width]], [0, TOP, [0, 1, 2, 3]]);
      const boxes = terms.map(({above: area, below: across}, i) => {
        const left = sum(below.slice(0, i)), height = across ? area / across : 0;
        const corners = [[left, 0], [left, height], [left + across, height], [left + across, 0]];
        return {
          points: points(corners.map(([right, up]) => [place.x(right), place.y(Math.min(TOP, up))])),
          x: place.x(left + across / 2),
          y: place.y(0) - 6,
          hidden: across < width / 20,
          cut: height > TOP || (area > 0 && across === 0),
        };
      });
      const levels = [[mean, divisor], [other, width]].map(([value, right]) => value <= TOP && {y: place.y(value), right: place.x(right)});
      const results = {
        mean: `${format(dividend)} / ${format(divisor, 2)} = ${format(mean)}`,
        sum: format(dividend),
        none: `[${above.map((value) => format(value)).join(", ")}]`,
      };
      const settings = [
        `weight=torch.tensor([${w.map((value) => format(value, 2)).join(", ")}])`,
        ...(y.includes(IGNORED) ? ["ignore_index=-100"] : []),
        ...(smoothing ? [`label_smoothing=${smoothing}`] : []),
        ...(reduction === "mean" ? [] : [`reduction="${reduction}"`]),
      ];
      const numbers = {
        ...listed("loss", terms.map(({surprise}) => surprise)),
        ...listed("above", above.map((value) => format(value))),
        ...listed("below", below.map((value) => format(value, 2))),
        above: format(dividend),
        below: format(divisor, 2),
        other: format(other),
        result: results[reduction],
        call: `y = torch.tensor([${y.join(", ")}])\nF.cross_entropy(z, y, ${settings.join(", ")})`,
      };
      if (boxes.some(({cut}) => cut) || other > TOP) numbers.cut = words.cut;
      return {numbers, place, boxes, levels, left: place.x(0), says: fill(words.says, numbers)};
    }

    draw({y, w, smoothing, reduction, place, boxes, levels, left}) {
      this.chart.put(place);
      boxes.forEach(({points, x, y, hidden}, i) => {
        const {box, label} = this.boxes[i];
        set(box, {points});
        set(label, {x, y});
        label.toggleAttribute("hidden", hidden);
      });
      levels.forEach((level, k) => {
        this.levels[k].toggleAttribute("hidden", !level);
        if (level) set(this.levels[k], {x1: left, x2: level.right, y1: level.y, y2: level.y});
      });
      y.forEach((target, i) => { this.targets[i].value = target; });
      w.forEach((value, j) => this.weights[j].put(value));
      this.smoothing.put(smoothing);
      this.reduction.value = reduction;
    }
  });
}
