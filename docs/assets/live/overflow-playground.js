// Where softmax overflows: three logits, four number types, three ways to the log-probabilities, step by step.
{
  const {html, fill, hold, within, minus, listed, sum: add, Figure, define} = live;
  const {fround} = Math;
  const LIMIT = 2000;

  // Of each type: how many binary digits a number has, and the exponent of the least one that has them all.
  const SIZES = {float16: [11, -14], bfloat16: [8, -126], float32: [24, -126], float64: [53, -1022]};
  const largest = ([digits, least]) => (2 - 2 ** (1 - digits)) * 2 ** (1 - least);

  /** Round a float32 number to a shorter type, ties to even, with its subnormal numbers and its overflow. */
  const shorten = (size) => (x) => {
    const [[digits, least], number] = [size, fround(x)];
    if (!Number.isFinite(number)) return number;
    const exponent = Math.max(Math.floor(Math.log2(Math.abs(number))), least);
    // Adding this much leaves a double no room for anything below the last digit: the hardware rounds.
    const room = 3 * 2 ** (52 + exponent - digits);
    const rounded = number + room - room;
    // Nothing here is so far below 0.
    return rounded > largest(size) ? Infinity : rounded;
  };

  // PyTorch computes with the half types in float32 (`inner`) and rounds what it stores (`store`).
  const itself = (x) => x;
  const types = {
    float16: {store: shorten(SIZES.float16), inner: fround},
    bfloat16: {store: shorten(SIZES.bfloat16), inner: fround},
    float32: {store: fround, inner: fround},
    float64: {store: itself, inner: itself},
  };

  /** The three ways, each with what it computes, rounding where PyTorch rounds and it is seen. */
  const ways = {
    naive: ({store}, z) => {
      const powers = z.map((x) => store(Math.exp(x)));
      const sum = store(add(powers));
      const p = powers.map((power) => store(power / sum));
      return {z, powers, sum, p, logs: p.map((x) => store(Math.log(x)))};
    },
    shifted: (type, z) => ways.naive(type, z.map((x) => type.store(x - Math.max(...z)))),
    fused: ({store, inner}, z) => {
      const shifted = z.map((x) => inner(x - Math.max(...z)));
      const powers = shifted.map((x) => inner(Math.exp(x)));
      const sum = store(add(powers));
      const lse = store(Math.log(sum));
      return {z: shifted, powers, sum, p: [], lse, logs: shifted.map((x) => store(x - lse))};
    },
  };
  const code = {naive: ["softmax(z)", ".log()"], shifted: ["softmax(z - m)", ".log()"], fused: ["F.", "log_softmax(z)"]};

  /** Five digits, with an exponent where PyTorch needs one; a zero that is exact is a bare 0. */
  const show = (x) => {
    if (x === 0) return "0";
    if (!Number.isFinite(x)) return live.format(x);
    const small = Math.abs(x) < 1e-3 ? x.toExponential(4) : x.toFixed(4);
    const text = Math.trunc(x) === 0 ? small : x.toPrecision(5);
    return text.replace(/e([+-])(\d)$/, "e$10$2");
  };
  const bare = (x) => (Number.isInteger(x) ? String(x) : show(x));

  const verdict = ({powers, sum, logs}) => {
    if (logs.every(Number.isFinite)) return "finite";
    return [...powers, sum].includes(Infinity) ? "overflow" : "underflow";
  };

  const examples = {high: [600, 700, 800], low: [-1000, -900, -800], equal: [709.5, 709.5, 709.5]};

  // The ruler squeezes what is far from 0, so that the edges of all four types find room on it.
  const place = (x) => 50 + 50 * Math.asinh(x / 40) / Math.asinh(2 * LIMIT / 40);
  const logitAt = (percent) => within(-LIMIT, LIMIT, Math.round(40 * Math.sinh((percent - 50) / 50 * Math.asinh(2 * LIMIT / 40))));
  // The exponential is a number between that of half the least number there is and that of the largest.
  const reach = ([digits, least]) => [least - digits, Math.log2(largest([digits, least]))].map((exponent) => place(exponent * Math.LN2));
  const TICKS = [-2000, -200, 0, 200, 2000].map((x) => [place(x), minus(x)]);

  define("overflow-playground", class extends Figure {
    start = {z: examples.high, dtype: "float64"};
    asked = {z: [12, 12, 12], dtype: "float16"};

    outcome(before, after) {
      const {finite} = this.words.verdicts;
      if (after["naive-verdict"] === finite) return "none";
      return after["shifted-verdict"] === finite ? "naive" : "both";
    }

    build() {
      const {words} = this;
      this.sliders = [0, 1, 2].map((j) => this.slider(fill(words.logit_j, {j}), {min: -LIMIT, max: LIMIT, step: 1, set: (value) => this.changeAt("z", j, value)}));
      this.type = this.select(words.type, Object.keys(types).map((name) => [name, name]), (dtype) => this.change({dtype}));
      const buttons = Object.entries(examples).map(([name, z]) => this.button(words.examples[name], () => this.change({z})));
      const controls = html("div", {class: "live-choices"}, html("label", {}, `${words.type} `, this.type), html("span", {}, `${words.logits} `, buttons.map((button) => [button, " "])));
      return [controls, this.ruler(), this.sliders, this.table_of_steps()];
    }

    /** Where the numbers that go into the exponential lie, and where it is neither 0 nor inf. */
    ruler() {
      const {words} = this;
      this.tracks = ["naive", "shifted"].map((way) => ({way, band: html("div"), dots: [0, 1, 2].map((j) => html("i", {}, `${j}`))}));
      // Each logit has a lane of its own, and a hand keeps to the one that it came to.
      let lane;
      const naive = (across, down, first) => {
        if (first) lane = within(0, 2, Math.floor(3 * down));
        this.changeAt("z", lane, logitAt(100 * across));
      };
      const ticks = TICKS.map(([left, text]) => html("span", {style: `left: ${left}%`}, text));
      return html("div", {class: "live-ruler", "aria-hidden": "true"},
        html("span"), html("div", {class: "live-edges"}, html("span", {}, words.zero), html("span", {}, words.number), html("span", {}, words.inf)),
        this.tracks.map(({way, band, dots}) => [html("span", {class: "live-head"}, words.ways[way]), way === "naive" ? hold(html("div", {class: "live-reach"}, band, dots), naive) : html("div", {class: "live-reach"}, band, dots)]),
        html("span"), html("div", {class: "live-marks"}, ticks),
        html("span"), html("div", {class: "live-head"}, words.axis));
    }

    table_of_steps() {
      const {words} = this;
      const three = (name) => [0, 1, 2].map((j) => [fill(words.class_j, {j}), `${name}${j}`]);
      const groups = [
        [words.z, three("z")], [words.powers, [...three("power"), [words.sum, "sum"]]],
        [words.p, [...three("p"), [words.lse, "lse"]]], [words.logs, three("log")],
      ];
      const cell = (way, name) => {
        if (way !== "fused" || !/^p\d/.test(name)) return html("td", {}, this.number(`${way}-${name}`));
        if (name !== "p0") return "";
        return html("td", {rowspan: 3}, html("small", {}, words.no_p));
      };
      const head = Object.entries(code).map(([way, [first, last]]) => html("th", {scope: "col"}, words.ways[way], html("code", {}, html("span", {}, first), html("wbr"), html("span", {}, last))));
      const bodies = groups.map(([title, rows]) => html("tbody", {},
        html("tr", {class: "live-step"}, html("th", {colspan: 4, scope: "rowgroup"}, title)),
        rows.map(([label, name]) => html("tr", {}, html("th", {scope: "row"}, label), Object.keys(ways).map((way) => cell(way, name))))));
      const end = html("tfoot", {}, html("tr", {}, html("th", {scope: "row"}, words.result), Object.keys(ways).map((way) => html("td", {}, this.number(`${way}-verdict`)))));
      return html("table", {class: "live-steps"}, html("thead", {}, html("tr", {}, html("td"), head)), bodies, end);
    }

    compute({z, dtype}) {
      const {words} = this;
      const type = types[dtype];
      const done = Object.entries(ways).map(([way, steps]) => ({way, ...steps(type, z.map(type.store))}));
      const numbers = Object.assign({}, ...done.map(({way, z, powers, sum, p, lse, logs}) => ({
        ...listed(`${way}-z`, z.map(bare)),
        ...listed(`${way}-power`, powers.map(show)),
        ...listed(`${way}-p`, p.map(show)),
        ...listed(`${way}-log`, logs.map(show)),
        [`${way}-sum`]: show(sum),
        ...(lse === undefined ? {} : {[`${way}-lse`]: show(lse)}),
        [`${way}-verdict`]: words.verdicts[verdict({powers, sum, logs})],
      })));
      const bad = ["inf", "-inf", "nan", words.verdicts.overflow, words.verdicts.underflow];
      const [left, right] = reach(SIZES[dtype]);
      return {
        numbers,
        bad: Object.keys(numbers).filter((name) => bad.includes(numbers[name])),
        band: {left, width: right - left},
        dots: Object.fromEntries(done.map(({way, z, powers}) => [way, z.map((x, j) => ({left: place(x), bad: [0, Infinity].includes(powers[j])}))])),
        says: fill(words.says, {dtype, ...Object.fromEntries(done.map((one) => [one.way, fill(words.ends[verdict(one)], {way: words.ways[one.way]})]))}),
      };
    }

    draw({z, dtype, bad, band, dots}) {
      z.forEach((value, j) => this.sliders[j].put(value));
      this.type.value = dtype;
      for (const element of this.querySelectorAll("[data-number]")) element.classList.toggle("live-bad", bad.includes(element.dataset.number));
      for (const track of this.tracks) {
        Object.assign(track.band.style, {left: `${band.left}%`, width: `${band.width}%`});
        dots[track.way].forEach(({left, bad}, j) => {
          track.dots[j].style.left = `${left}%`;
          track.dots[j].classList.toggle("live-bad", bad);
        });
      }
    }
  });
}
