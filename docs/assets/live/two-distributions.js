// Two distributions: move what happens (p) and what the model says (q), and see entropy, cross-entropy, and KL both ways.
{
  const {html, svg, set, pieces, points, axes, chart, fill, format, listed, sum, hold, within, Figure, define} = live;
  const NATS_IN = {nats: 1, bits: Math.log(2)};
  const [MOST, STEP, WIDTH] = [10, 0.1, 2]; // parts, parts, and nats across the ruler

  const normalize = (parts) => parts.map((part) => part / sum(parts));
  /** The parts, ten in all, where one class has a probability and the others share the rest as they did. */
  const shared = (parts, j, probability) => {
    const rest = sum(parts) - parts[j];
    const share = (part) => (rest === 0 ? 1 / (parts.length - 1) : part / rest);
    return parts.map((part, k) => Math.round(1000 * (k === j ? probability : share(part) * (1 - probability))) / 100);
  };
  // A class that never occurs adds nothing; one that occurs against a log of minus infinity adds infinity.
  const mean = (p, f) => sum(p.map((probability, j) => (probability === 0 ? 0 : probability * f(j))));
  const cross = (p, q) => mean(p, (j) => -Math.log(q[j]));
  const divergence = (p, q) => mean(p, (j) => Math.log(p[j]) - Math.log(q[j]));
  /** A part of the stacked bar, which ends where the ruler does. */
  const part = (left, nats) => {
    const seen = Math.min(nats, WIDTH - left);
    return {left: 100 * left / WIDTH, width: 100 * Math.max(0, seen) / WIDTH, beyond: seen < nats};
  };
  // How high the areas of surprise may be, in nats, and what is marked there, in each unit.
  const HIGHEST = 4;
  const MARKS = {nats: [0, 1, 2, 3, 4], bits: [0, 1, 2, 3, 4, 5]};
  /** Of each class, as wide as it is likely: what both surprises charge, what only q does, and what only p does. */
  const areas = (p, q, {x, y}, unit) => {
    const high = (probability) => Math.min(HIGHEST, -Math.log(probability)) / NATS_IN[unit];
    return p.map((width, j) => {
      const left = sum(p.slice(0, j)), [own, charged] = [high(p[j]), high(q[j])];
      const box = (from, to) => points([[left, from], [left, to], [left + width, to], [left + width, from]].map(([across, up]) => [x(across), y(width && up)]));
      const shared = Math.min(own, charged);
      return {shared: box(0, shared), over: box(shared, charged), under: box(shared, own), x: x(left + width / 2), hidden: width < 0.12};
    });
  };
  const of = (name, ...letters) => html("span", {}, `${name}(`, letters.map((letter) => (/[pq]/.test(letter) ? html("i", {}, letter) : letter)), ")");

  define("two-distributions", class extends Figure {
    start = {p: [7, 2, 1], q: [5, 3, 2], unit: "nats"};
    asked = {q: [7, 2, 1]};

    outcome(before, after) {
      if (Number(after.cross) === 0) return "zero";
      return after.cross === after.entropy ? "entropy" : "more";
    }

    build() {
      const {words} = this;
      const legend = html("p", {class: "live-two-legend"}, ["p", "q"].map((letter) =>
        html("span", {class: `live-two-${letter}`}, html("i", {}, letter), ` ${words.meaning[letter]}`)));
      this.rows = words.classes.flatMap((name, j) => ["p", "q"].map((letter) => this.row(letter, name, j)));
      const head = ["", "", words.parts, words.probability, ""].map((text) => html("span", {class: "live-head"}, text));
      const cells = this.rows.flatMap(({letter, name, slider, bar, number}) => [
        ...(letter === "p" ? [html("span", {class: "live-two-class"}, name)] : []), html("i", {}, letter), slider, bar, number,
      ]);
      const swap = this.button(pieces(words.swap, {p: html("i", {}, "p"), q: html("i", {}, "q")}), () => this.change({p: this.state.q, q: this.state.p}));
      const units = Object.keys(NATS_IN);
      this.units = this.radios(units, (unit) => this.change({unit}));
      const unit = html("div", {role: "radiogroup", "aria-label": words.unit}, units.map((name, k) => html("label", {}, this.units[k], ` ${words.units[name]} `)));
      this.areas = words.classes.map((name) => {
        const [shared, over, under] = ["shared", "over", "under"].map((part) => svg("polygon", {class: `live-two-area-${part}`}));
        return {shared, over, under, label: svg("text", {class: "live-two-name", y: 16}, name)};
      });
      this.chart = chart(this.areas.map(({shared, over, under, label}) => [shared, over, under, label]));
      const picture = html("div", {}, html("span", {class: "live-head"}, pieces(words.areas, {p: html("i", {}, "p"), q: html("i", {}, "q")})), this.chart,
        html("p", {class: "live-head"}, words.colors, " ", html("strong", {"data-number": "cut"})));
      return [legend, html("div", {class: "live-grid live-two-grid"}, head, cells),
        html("div", {class: "live-two-tools"}, swap, unit), html("div", {class: "live-pair live-two-pair"}, picture, this.ledger())];
    }

    /** One class of one distribution. */
    row(letter, name, j) {
      const {words} = this;
      const slider = this.slider(fill(words.parts_of, {name, letter, meaning: words.meaning[letter]}), {min: 0, max: MOST, step: STEP, set: (value) => {
        const parts = this.state[letter];
        parts[j] = value;
        if (sum(parts) === 0) parts[j] = STEP; // something must happen: the last class stays
        this.change({[letter]: parts});
      }});
      slider.classList.add(`live-two-${letter}`);
      const bar = hold(html("div", {class: `live-bar live-two-${letter}`}, html("div")), (across) => this.change({[letter]: shared(this.state[letter], j, within(0, 1, across))}));
      return {letter, name, j, slider, bar, number: this.number(`${letter}${j}`)};
    }

    /** The decomposition as a sum: each part where it ends up in the stacked bar, and the other KL, which is no part of it. */
    ledger() {
      const {words} = this;
      this.parts = [];
      const line = (name, term, text, ...parts) => {
        const bars = parts.map((part) => ({name: part, bar: html("div", {class: `live-two-${part}`})}));
        this.parts.push(...bars);
        return [html("span", {}, term, html("span", {class: "live-head"}, ` ${text}`)), html("div", {class: "live-two-bar"}, bars.map(({bar}) => bar)), this.number(name)];
      };
      this.ruler = html("div", {class: "live-two-ruler live-head"}, [0, 1, 2].map((tick) => html("span", {}, `${tick}`)));
      return html("div", {class: "live-grid live-two-ledger"},
        line("entropy", of("H", "p"), words.entropy, "entropy"),
        line("kl", html("span", {}, "+ ", of("KL", "p", " ‖ ", "q")), words.kl, "kl"),
        line("cross", html("span", {}, "= ", of("H", "p", ", ", "q")), words.cross, "entropy", "kl"),
        html("span"), this.ruler, html("span"),
        html("span", {class: "live-head live-two-apart"}, words.apart),
        line("reverse", of("KL", "q", " ‖ ", "p"), words.reverse, "reverse"));
    }

    compute({p: P, q: Q, unit}) {
      const {words} = this;
      const [p, q] = [normalize(P), normalize(Q)];
      const nats = {entropy: cross(p, p), cross: cross(p, q), kl: divergence(p, q), reverse: divergence(q, p)};
      const numbers = {
        ...listed("p", p.map((value) => format(value))),
        ...listed("q", q.map((value) => format(value))),
        ...Object.fromEntries(Object.entries(nats).map(([name, value]) => [name, format(value / NATS_IN[unit])])),
      };
      // What is higher than the chart ends at its upper edge, and the figure says so.
      if (p.some((value, j) => value > 0 && Math.min(value, q[j]) < Math.exp(-HIGHEST))) numbers.cut = words.cut;
      const ruledOut = {p: p.map(() => false), q: q.map((value, j) => value === 0 && p[j] > 0)};
      const names = words.classes.filter((_, j) => ruledOut.q[j]).join(words.and);
      const same = nats.kl < 1e-12;
      const place = axes([0, 1, [0, 0.5, 1]], [0, HIGHEST / NATS_IN[unit], MARKS[unit]]);
      return {
        numbers,
        place,
        surfaces: areas(p, q, place, unit),
        bars: {p: p.map((value) => 100 * value), q: q.map((value) => 100 * value)},
        ruledOut,
        ticks: [0, 1, 2].map((tick) => 100 * tick * NATS_IN[unit] / WIDTH),
        parts: {entropy: part(0, nats.entropy), kl: part(nats.entropy, nats.kl), reverse: part(0, nats.reverse)},
        says: fill(names ? words.ruled_out : same ? words.same : words.says, {...numbers, names, unit: words.units[unit]}),
      };
    }

    draw({p, q, unit, place, surfaces, bars, ruledOut, ticks, parts}) {
      this.chart.put(place);
      surfaces.forEach(({x, hidden, ...boxes}, j) => {
        const {label, ...shapes} = this.areas[j];
        for (const [name, points] of Object.entries(boxes)) set(shapes[name], {points});
        set(label, {x});
        label.toggleAttribute("hidden", hidden);
      });
      for (const {letter, j, slider, bar, number} of this.rows) {
        slider.put({p, q}[letter][j]);
        bar.firstChild.style.width = `${bars[letter][j]}%`;
        number.classList.toggle("live-two-ruled-out", ruledOut[letter][j]);
      }
      this.units.put(unit);
      ticks.forEach((left, tick) => { this.ruler.children[tick].style.left = `${left}%`; });
      for (const {name, bar} of this.parts) {
        const {left, width, beyond} = parts[name];
        Object.assign(bar.style, {left: `${left}%`, width: `${width}%`});
        bar.classList.toggle("live-two-beyond", beyond);
      }
    }
  });
}
