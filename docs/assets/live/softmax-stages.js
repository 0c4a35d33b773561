// Three stages of softmax: drag a logit, and see its power, its share of all powers, and those of the other two.
{
  const {html, svg, points, axes, ceiling, chart, along, hold, within, format, fill, listed, sum, set, pieces, Figure, define} = live;
  const [LOW, HIGH] = [-4, 4];
  const CLASSES = 3, ACROSS = [0, CLASSES, []];
  const BOX = {width: 300, height: 150, left: 32, right: 294, top: 6, bottom: 144};
  const LOGITS = [LOW, HIGH, [-4, -2, 0, 2, 4]];

  const tenth = (value) => within(LOW, HIGH, Math.round(10 * value) / 10);
  /** A bar for each class, from 0 to its value. */
  const bars = ({x, y}, values) => values.map((value, j) => points([[j + 0.2, 0], [j + 0.2, value], [j + 0.8, value], [j + 0.8, 0]].map(([across, up]) => [x(across), y(up)])));

  define("softmax-stages", class extends Figure {
    start = {z: [1, 0, 0]};
    asked = {z: [1, 0, 1]};

    outcome(before, after) {
      if (before.p0 === after.p0) return "stays";
      return Number(after.p0) > Number(before.p0) ? "rises" : "falls";
    }

    fits(values) {
      return super.fits(values) && values.z.length === CLASSES && values.z.every((value) => value === tenth(value));
    }

    build() {
      const {words} = this;
      this.stages = ["z", "power", "p"].map((name) => {
        const shapes = words.classes.map(() => svg("polygon", {class: "live-stage-bar"}));
        const drawing = chart(shapes, BOX);
        const numbers = words.classes.map((word, j) => html("span", {}, html("span", {class: "live-head"}, word), html("br"), this.number(`${name}${j}`)));
        const title = pieces(words.stages[name], {z: html("i", {}, "z"), e: html("span", {}, html("i", {}, "e"), html("sup", {}, html("i", {}, "z"))), p: html("i", {}, "p"), total: this.number("total")});
        return {name, shapes, drawing, figure: html("div", {}, html("span", {class: "live-head"}, title), drawing, html("div", {class: "live-stage-numbers"}, numbers))};
      });
      let held;
      const [{drawing}] = this.stages;
      hold(drawing, (right, down, first) => {
        if (first) held = Math.min(CLASSES - 1, Math.floor(along(right, ACROSS, BOX)));
        this.changeAt("z", held, tenth(along(down, [LOW, HIGH], {width: BOX.height, left: BOX.bottom, right: BOX.top})));
      });
      this.sliders = words.classes.map((name, j) => this.slider(fill(words.logit_of, {name}), {min: LOW, max: HIGH, step: 0.1, set: (value) => this.changeAt("z", j, tenth(value))}));
      const shift = (by) => () => this.change({z: this.state.z.map((value) => tenth(value + by))});
      this.more = this.button(words.more, shift(1));
      this.less = this.button(words.less, shift(-1));
      return [html("div", {class: "live-stages"}, this.stages.map(({figure}) => figure)),
        html("div", {class: "live-pair"}, html("div", {}, this.sliders), html("div", {}, html("p", {class: "live-head"}, words.hint), this.more, " ", this.less))];
    }

    compute({z}) {
      const powers = z.map(Math.exp), total = sum(powers), p = powers.map((power) => power / total);
      const top = ceiling(Math.max(...powers));
      const numbers = {
        ...listed("z", z.map((value) => format(value, 1))),
        ...listed("power", powers.map((value) => format(value))),
        ...listed("p", p.map((value) => format(value))),
        total: format(total),
      };
      const places = {
        z: axes(ACROSS, LOGITS, BOX),
        power: axes(ACROSS, [0, top, [0, top]], BOX),
        p: axes(ACROSS, [0, 1, [0, 0.5, 1]], BOX),
      };
      const values = {z, power: powers, p};
      return {
        numbers,
        seen: Object.entries(places).map(([name, place]) => ({place, bars: bars(place, values[name])})),
        most: Math.max(...z) + 1 > HIGH,
        least: Math.min(...z) - 1 < LOW,
        says: fill(this.words.says, numbers),
      };
    }

    draw({z, seen, most, least}) {
      seen.forEach(({place, bars}, stage) => {
        const {drawing, shapes} = this.stages[stage];
        drawing.put(place);
        bars.forEach((corners, j) => set(shapes[j], {points: corners}));
      });
      z.forEach((value, j) => this.sliders[j].put(value));
      this.more.disabled = most;
      this.less.disabled = least;
    }
  });
}
