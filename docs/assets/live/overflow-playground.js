// Where softmax overflows: three logits, four number types, three ways to the log-probabilities, step by step.
{
  const {html, Figure, define} = live;
  const {fround} = Math;
  const LIMIT = 2000;

  /** Round a float32 number to a shorter type, ties to even, with its subnormal numbers and its overflow. */
  const shorten = (digits, least, largest) => (x) => {
    const number = fround(x);
    if (!Number.isFinite(number) || number === 0) return number;
    const exponent = Math.max(Math.floor(Math.log2(Math.abs(number))), least);
    // Adding this much leaves a double no room for anything below the last digit: the hardware rounds.
    const room = 1.5 * 2 ** (52 + exponent - digits + 1);
    const rounded = number + room - room;
    return Math.abs(rounded) > largest ? Math.sign(rounded) * Infinity : rounded;
  };

  // PyTorch computes with the half types in float32 (`inner`) and rounds what it stores (`store`).
  // The exponential is a positive finite number between `from` and `to`.
  const types = {
    float16: {store: shorten(11, -14, 65504), inner: fround, from: -17.33, to: 11.09},
    bfloat16: {store: shorten(8, -126, (2 - 2 ** -7) * 2 ** 127), inner: fround, from: -92.88, to: 88.72},
    float32: {store: fround, inner: fround, from: -103.97, to: 88.72},
    float64: {store: (x) => x, inner: (x) => x, from: -745.13, to: 709.78},
  };

  /** The three ways, each with what it computes, in PyTorch's order, rounding where PyTorch rounds. */
  const ways = {
    naive: {
      title: "naive", code: ["softmax(z)", ".log()"],
      steps: ({store, inner}, z) => {
        const powers = z.map((x) => store(Math.exp(x)));
        const sum = store(add(powers, inner));
        const p = powers.map((power) => store(power / sum));
        return {z, powers, sum, p, logs: p.map((x) => store(Math.log(x)))};
      },
    },
    shifted: {
      title: "shifted", code: ["softmax(z - m)", ".log()"],
      steps: (type, z) => ways.naive.steps(type, z.map((x) => type.store(x - Math.max(...z)))),
    },
    fused: {
      title: "fused", code: ["F.", "log_softmax(z)"],
      steps: ({store, inner}, z) => {
        const shifted = z.map((x) => inner(x - Math.max(...z)));
        const powers = shifted.map((x) => inner(Math.exp(x)));
        const sum = store(add(powers, inner));
        const log = store(Math.log(sum));
        return {z: shifted, powers, sum, log, logs: shifted.map((x) => store(x - log))};
      },
    },
  };

  const add = (values, inner) => values.reduce((total, value) => inner(total + value));

  /** Five digits, with an exponent where PyTorch needs one; a zero that is exact is a bare 0. */
  const show = (x) => {
    if (x === 0) return "0";
    if (!Number.isFinite(x)) return live.format(x);
    const size = Math.abs(x);
    if (size >= 1e-3 && size < 1) return x.toFixed(4);
    const text = size >= 1 && size < 1e5 ? x.toPrecision(5) : x.toExponential(4);
    return text.replace(/e([+-])(\d)$/, "e$10$2");
  };
  const bare = (x) => (Number.isInteger(x) ? String(x) : show(x));

  const verdict = ({powers, sum, logs}) => {
    if (logs.every(Number.isFinite)) return "finite";
    return [...powers, sum].includes(Infinity) ? "overflow" : "underflow";
  };
  const verbs = {finite: "stays finite", overflow: "overflows", underflow: "underflows"};

  const examples = {high: [600, 700, 800], low: [-1000, -900, -800], equal: [709.5, 709.5, 709.5]};

  // The ruler squeezes what is far from 0, so that the edges of all four types find room on it.
  const place = (x) => `${50 + 50 * Math.asinh(x / 40) / Math.asinh(2 * LIMIT / 40)}%`;

  define("overflow-playground", class extends Figure {
    start = {z: examples.high, dtype: "float64"};

    build() {
      this.sliders = [0, 1, 2].map((j) => this.slider(`logit ${j}`, {min: -LIMIT, max: LIMIT, step: 1, set: (value) => {
        const {z} = this.state;
        z[j] = value;
        this.change({z});
      }}));
      this.type = html("select", {"aria-label": "number type", onchange: (event) => this.change({dtype: event.target.value})},
        Object.keys(types).map((name) => html("option", {}, name)));
      const buttons = Object.entries(examples).map(([name, z]) => html("button", {type: "button", onclick: () => this.change({z})}, name));
      const controls = html("div", {class: "live-choices"}, html("label", {}, "number type ", this.type), html("span", {}, "logits ", ...buttons.flatMap((button) => [button, " "])));
      return [...this.sliders, controls, this.ruler(), this.table()];
    }

    /** Where the numbers that go into the exponential lie, and where it is neither 0 nor inf. */
    ruler() {
      this.tracks = ["naive", "shifted"].map((name) => {
        const track = html("div", {class: "live-reach"}, html("div"), [0, 1, 2].map(() => html("i")));
        return {name, track};
      });
      const ticks = [-2000, -200, 0, 200, 2000].map((x) => html("span", {style: `left: ${place(x)}`}, String(x).replace("-", "\u2212")));
      return html("div", {class: "live-ruler", "aria-hidden": "true"},
        html("span"), html("div", {class: "live-edges"}, html("span", {}, "exp gives 0"), html("span", {}, "a number"), html("span", {}, "inf")),
        this.tracks.flatMap(({name, track}) => [html("span", {class: "live-head"}, name), track]),
        html("span"), html("div", {class: "live-ticks"}, ticks));
    }

    table() {
      const three = (name) => [0, 1, 2].map((j) => [`class ${j}`, `${name}${j}`]);
      const groups = [
        ["into the exponential", three("z")], ["exponentials", [...three("power"), ["sum", "sum"]]],
        ["probabilities", three("p")], ["log-probabilities", three("log")],
      ];
      const cell = (way, name) => {
        if (way !== "fused" || !/^p\d/.test(name)) return html("td", {}, this.number(`${way}-${name}`));
        if (name !== "p0") return "";
        return html("td", {rowspan: 3}, html("small", {}, "none; log", html("br"), "of the sum", html("br")), this.number("fused-lse"));
      };
      const head = Object.values(ways).map(({title, code}) => html("th", {scope: "col"}, title, html("code", {}, html("span", {}, code[0]), html("wbr"), html("span", {}, code[1]))));
      const bodies = groups.map(([title, rows]) => html("tbody", {},
        html("tr", {class: "live-step"}, html("th", {colspan: 4, scope: "rowgroup"}, title)),
        rows.map(([label, name]) => html("tr", {}, html("th", {scope: "row"}, label), ...Object.keys(ways).map((way) => cell(way, name))))));
      const end = html("tfoot", {}, html("tr", {}, html("th", {scope: "row"}, "result"), Object.keys(ways).map((way) => html("td", {}, this.number(`${way}-verdict`)))));
      return html("table", {class: "live-steps"}, html("thead", {}, html("tr", {}, html("td"), head)), bodies, end);
    }

    put(name, text) {
      const element = this.querySelector(`[data-number="${name}"]`);
      if (!element) return;
      element.textContent = text;
      element.classList.toggle("live-bad", ["inf", "-inf", "nan", "overflow", "underflow"].includes(text));
    }

    draw({z, dtype}) {
      const type = types[dtype];
      const stored = z.map(type.store);
      z.forEach((value, j) => this.sliders[j].put(value));
      this.type.value = dtype;
      const results = Object.entries(ways).map(([way, {title, steps}]) => {
        const done = steps(type, stored);
        done.z.forEach((x, j) => this.put(`${way}-z${j}`, bare(x)));
        done.powers.forEach((x, j) => this.put(`${way}-power${j}`, show(x)));
        done.p?.forEach((x, j) => this.put(`${way}-p${j}`, show(x)));
        done.logs.forEach((x, j) => this.put(`${way}-log${j}`, show(x)));
        this.put(`${way}-sum`, show(done.sum));
        this.put(`${way}-verdict`, verdict(done));
        if (way === "fused") this.put("fused-lse", show(done.log));
        this.move(way, type, done);
        return `${title} ${verbs[verdict(done)]}`;
      });
      return `In ${dtype}, ${results.join(", ")}.`;
    }

    move(way, {from, to}, {z, powers}) {
      const {track} = this.tracks.find(({name}) => name === way) ?? {};
      if (!track) return;
      const [band, ...dots] = track.children;
      Object.assign(band.style, {left: place(from), width: `calc(${place(to)} - ${place(from)})`});
      dots.forEach((dot, j) => {
        dot.style.left = place(z[j]);
        dot.classList.toggle("live-bad", powers[j] === 0 || powers[j] === Infinity);
      });
    }
  });
}
