// Two distributions: move what happens (p) and what the model says (q), and see entropy, cross-entropy, and KL both ways.
{
  const {html, format, sum, Figure, define} = live;
  const CLASSES = ["sunny", "rainy", "snowy"];
  const MEANING = {p: "what happens", q: "what the model says"};
  const NATS_IN = {nats: 1, bits: Math.log(2)};
  const [MOST, STEP, WIDTH] = [10, 0.1, 2]; // parts, parts, and nats across the ruler

  const normalize = (parts) => parts.map((part) => part / sum(parts));
  // A class that never occurs adds nothing; one that occurs against a log of minus infinity adds infinity.
  const mean = (p, f) => sum(p.map((probability, j) => (probability === 0 ? 0 : probability * f(j))));
  const cross = (p, q) => mean(p, (j) => -Math.log(q[j]));
  const divergence = (p, q) => mean(p, (j) => Math.log(p[j]) - Math.log(q[j]));
  const of = (name, ...letters) => html("span", {}, `${name}(`, letters.flatMap((letter, i) => [i ? (name === "KL" ? " ‖ " : ", ") : "", html("i", {}, letter)]), ")");

  define("two-distributions", class extends Figure {
    start = {p: [7, 2, 1], q: [5, 3, 2], unit: "nats"};

    build() {
      const legend = html("p", {class: "live-two-legend"}, ["p", "q"].map((letter) =>
        html("span", {class: `live-two-${letter}`}, html("i", {}, letter), ` ${MEANING[letter]}`)));
      this.rows = CLASSES.flatMap((name, j) => ["p", "q"].map((letter) => this.row(letter, name, j)));
      const head = ["", "", "parts", "probability", ""].map((text) => html("span", {class: "live-head"}, text));
      const cells = this.rows.flatMap(({letter, name, slider, bar, number}) => [
        ...(letter === "p" ? [html("span", {class: "live-two-class"}, name)] : []), html("i", {}, letter), slider, bar, number,
      ]);
      const swap = html("button", {type: "button", onclick: () => this.change({p: this.state.q, q: this.state.p})},
        "Swap ", html("i", {}, "p"), " and ", html("i", {}, "q"));
      return [legend, html("div", {class: "live-grid live-two-grid"}, head, cells),
        html("div", {class: "live-two-tools"}, swap, this.units()), this.ledger()];
    }

    /** One class of one distribution. */
    row(letter, name, j) {
      const slider = this.slider(`parts ${name} in ${letter}, ${MEANING[letter]}`, {min: 0, max: MOST, step: STEP, set: (value) => {
        const parts = this.state[letter];
        parts[j] = value;
        if (sum(parts) === 0) parts[j] = STEP; // something must happen: the last class stays
        slider.querySelector("[type=number]").value = parts[j];
        this.change({[letter]: parts});
      }});
      slider.classList.add(`live-two-${letter}`);
      const bar = html("div", {class: `live-bar live-two-${letter}`}, html("div"));
      return {letter, name, j, slider, bar, number: this.number(`${letter}${j}`)};
    }

    units() {
      const name = crypto.randomUUID();
      this.radios = Object.keys(NATS_IN).map((value) =>
        html("input", {type: "radio", name, value, onchange: () => this.change({unit: value})}));
      return html("div", {role: "radiogroup", "aria-label": "unit"}, this.radios.map((radio) => html("label", {}, radio, ` ${radio.value} `)));
    }

    /** The decomposition as a sum: each part where it ends up in the stacked bar, and the other KL to compare. */
    ledger() {
      const line = (name, term, words, ...parts) => {
        const bar = html("div", {class: "live-two-bar"}, parts.map((part) => html("div", {class: `live-two-${part}`})));
        return [html("span", {class: "live-two-term"}, term, html("span", {class: "live-head"}, ` ${words}`)), bar, this.number(name)];
      };
      this.ruler = html("div", {class: "live-two-ruler live-head"}, [0, 1, 2].map((tick) => html("span", {}, `${tick}`)));
      return html("div", {class: "live-grid live-two-ledger"},
        line("entropy", of("H", "p"), "no model avoids it", "entropy"),
        line("kl", html("span", {}, "+ ", of("KL", "p", "q")), "avoidable", "kl"),
        line("cross", html("span", {}, "= ", of("H", "p", "q")), "the loss", "entropy", "kl"),
        html("span"), this.ruler, html("span"),
        line("reverse", of("KL", "q", "p"), "the other way round", "reverse"));
    }

    draw({p: P, q: Q, unit}) {
      const [p, q] = [normalize(P), normalize(Q)];
      const nats = {entropy: cross(p, p), cross: cross(p, q), kl: divergence(p, q), reverse: divergence(q, p)};
      for (const {letter, j, slider, bar, number} of this.rows) {
        const probability = {p, q}[letter][j];
        slider.put({p: P, q: Q}[letter][j]);
        bar.firstChild.style.width = `${100 * probability}%`;
        number.textContent = format(probability);
        number.classList.toggle("live-two-ruled-out", letter === "q" && q[j] === 0 && p[j] > 0);
      }
      const shown = Object.fromEntries(Object.entries(nats).map(([name, value]) => [name, format(value / NATS_IN[unit])]));
      for (const [name, text] of Object.entries(shown)) this.querySelector(`[data-number=${name}]`)?.replaceChildren(text);
      for (const radio of this.radios) radio.checked = radio.value === unit;
      for (const tick of this.ruler.children) tick.style.left = `${100 * Number(tick.textContent) * NATS_IN[unit] / WIDTH}%`;
      for (const name of ["entropy", "kl", "reverse"]) {
        const left = name === "entropy" ? 0 : nats.entropy;
        for (const part of this.querySelectorAll(`.live-two-bar > .live-two-${name}`)) {
          part.style.left = `${100 * left / WIDTH}%`;
          part.style.width = `${100 * Math.max(0, Math.min(nats[name], WIDTH - left)) / WIDTH}%`;
          part.classList.toggle("live-two-beyond", left + nats[name] > WIDTH);
        }
      }
      const ruledOut = CLASSES.filter((_, j) => q[j] === 0 && p[j] > 0);
      if (ruledOut.length) return `The model rules out ${ruledOut.join(" and ")}, and it happens: the loss is infinite.`;
      if (nats.kl < 1e-12) return `The model says what happens: the loss is the entropy, ${shown.entropy} ${unit}.`;
      return `Of ${shown.cross} ${unit}, a better model could avoid ${shown.kl}.`;
    }
  });
}
