// What every interactive figure shares: its element, its controls, its numbers, its state in the address.
// A classic script, so that it runs from a folder too; a page may load it again under instant navigation.
window.live ??= (() => {
  /** Write attributes; those called `on...` listen. */
  const set = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element[name] = value;
      else element.setAttribute(name, value);
    }
  };

  const made = (element, attributes = {}, children = []) => {
    set(element, attributes);
    element.append(...children.flat(Infinity));
    return element;
  };

  const html = (tag, attributes, ...children) => made(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) => made(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

  /** Of rows, each an element or several, show as many as a list has. */
  const reveal = (rows, list) => rows.forEach((row, j) => [row].flat().forEach((element) => { element.hidden = !(j in list); }));

  /** A drawing beside which the same numbers are written. */
  const plot = (viewBox, ...shapes) => svg("svg", {viewBox, class: "live-plot", "aria-hidden": "true"}, shapes);

  const points = (places) => places.map(([x, y]) => `${x},${y}`).join(" ");

  /** The pieces of a text, each {field} filled in by a text or an element. */
  const pieces = (text, fields) => text.split(/(\{\w+\})/).map((piece) => (piece.startsWith("{") ? fields[piece.replace(/[{}]/g, "")] : piece));
  const fill = (text, fields) => pieces(text, fields).join("");

  /** Write a number as PyTorch prints it: four decimals, `inf`, `nan`, and no negative zero. */
  const format = (x, digits = 4) => {
    if (!Number.isFinite(x)) return String(x).replace("Infinity", "inf").toLowerCase();
    const text = x.toFixed(digits);
    return Number(text) === 0 ? text.replace("-", "") : text;
  };

  /** The texts of a list, named by their places in it. */
  const listed = (name, texts) => Object.fromEntries(texts.map((text, j) => [`${name}${j}`, text]));

  const sum = (values) => values.reduce((total, value) => total + value, 0);

  /** The log of the sum of exponentials, with the largest taken out first. */
  const logSumExp = (values) => {
    const largest = Math.max(...values);
    return largest + Math.log(sum(values.map((value) => Math.exp(value - largest))));
  };

  /**
   * A figure: subclasses give `start` (the state, an object of numbers, strings and lists), `build()`
   * (make the controls, once), `compute(state)` (all that a state shows: `numbers`, each name with its text;
   * `says`, the sentence to announce; and every size and place that is not in the state itself), and `draw(seen)`
   * (write it down: no arithmetic there, so that all of it can be tested).
   * What stands inside the element is shown where there is no script.
   */
  class Figure extends HTMLElement {
    #state;
    #frame;
    #pause;

    connectedCallback() {
      if (this.#state || !this.ready) return;
      this.#state = structuredClone(this.start);
      this.words = {...this.table.core, ...this.table[this.localName]};
      // What is seen changes at once; what is announced waits until the reader pauses.
      this.sentence = html("span", {class: "live-status", "aria-hidden": "true"});
      this.status = html("output", {class: "live-announced", "aria-live": "polite"});
      const reset = html("button", {type: "button", class: "live-reset", onclick: () => this.change(this.start)}, this.words.again);
      this.replaceChildren(html("div", {class: "live"}, this.build(), html("div", {class: "live-foot"}, this.sentence, this.status, reset)));
      const [, text] = location.hash.match(new RegExp(`^#${this.localName}=(.*)$`)) ?? [];
      try {
        const linked = text ? JSON.parse(decodeURIComponent(text)) : this.start;
        if (!this.fits(linked)) throw TypeError("this link holds no state of the figure");
        this.state = linked;
      } catch {
        this.state = this.start;
      }
    }

    /** Whether the values of a link are of the kind that the figure starts with. */
    fits(values) {
      return Object.entries(values).every(([key, value]) => {
        const start = this.start[key];
        if (!Array.isArray(start)) return typeof value === typeof start;
        const [first] = start;
        return Array.isArray(value) && value.every((one) => typeof one === typeof first);
      });
    }

    disconnectedCallback() {
      cancelAnimationFrame(this.#frame);
      clearTimeout(this.#pause);
    }

    /** What the figures say in the language around this one. */
    get table() {
      return words[this.closest("[lang]")?.lang] ?? words.en;
    }

    /** Whether all that the figure needs is there; what brings it later calls `connectedCallback` again. */
    get ready() {
      return Boolean(this.table);
    }

    get state() {
      return structuredClone(this.#state);
    }

    /** Take over a state at once and show it, as a test or a link does. */
    set state(values) {
      Object.assign(this.#state, structuredClone(values));
      this.show();
    }

    /** Take over what the reader changed, show it in the next frame, and keep it in the address. */
    change(values) {
      Object.assign(this.#state, structuredClone(values));
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.show());
    }

    /** Change element `j` of a list of the state. */
    changeAt(key, j, value) {
      this.change({[key]: this.state[key].with(j, value)});
    }

    show() {
      const {numbers, says, ...seen} = this.compute(this.state);
      for (const element of this.querySelectorAll("[data-number]")) {
        const text = numbers[element.dataset.number];
        element.hidden = text === undefined;
        element.textContent = text;
      }
      this.draw({...this.state, ...seen});
      this.say(says);
    }

    /** Show a sentence, and announce it once the reader pauses; what is changed by then stands in the address. */
    say(sentence) {
      this.sentence.textContent = sentence;
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => {
        this.status.textContent = sentence;
        const [now, start] = [this.#state, this.start].map((state) => JSON.stringify(state));
        if (now !== start) history.replaceState(history.state, "", `#${this.localName}=${encodeURIComponent(now)}`);
      }, 400);
    }

    /** A labeled slider with a number field beside it; both write `value` through `set`. */
    slider(label, {min, max, step, set}) {
      const write = (event) => {
        const value = Number(event.target.value);
        if (event.target.value !== "" && Number.isFinite(value)) set(Math.min(max, Math.max(min, value)));
      };
      const range = html("input", {type: "range", min, max, step, "aria-label": label, oninput: write});
      const number = html("input", {type: "number", min, max, step: "any", "aria-label": fill(this.words.typed, {label}), onchange: write});
      const row = html("div", {class: "live-slider"}, html("span", {class: "live-label"}, label), range, number);
      row.put = (value) => {
        range.value = value;
        if (document.activeElement !== number) number.value = value;
      };
      return row;
    }

    /** Radio buttons, of which one is chosen; `set` takes over its value. */
    radios(values, set) {
      const name = crypto.randomUUID();
      const buttons = values.map((value) => html("input", {type: "radio", name, value, onchange: () => set(value)}));
      buttons.put = (chosen) => values.forEach((value, k) => { buttons[k].checked = value === chosen; });
      return buttons;
    }

    /** A list to choose from: each value with its text. */
    select(label, texts, set) {
      const options = texts.map(([value, text]) => html("option", {value}, text));
      return html("select", {"aria-label": label, onchange: (event) => set(event.target.value)}, options);
    }

    button(text, onclick) {
      return html("button", {type: "button", onclick}, text);
    }

    /** A shown number with a name, which the tests read. */
    number(name) {
      return html("span", {class: "live-number", "data-number": name});
    }

    /** What the figure shows: each number's name with its text, hidden ones left out. */
    get numbers() {
      return Object.fromEntries([...this.querySelectorAll("[data-number]:not([hidden], [hidden] *)")].map((e) => [e.dataset.number, e.textContent]));
    }
  }

  const words = {};
  const define = (name, figure) => customElements.get(name) ?? customElements.define(name, figure);

  /** Let the figures live that had to wait for a script. */
  const wake = () => document.querySelectorAll("[lang]").forEach((figure) => figure.connectedCallback?.());

  return {html, plot, svg, set, reveal, points, pieces, fill, format, listed, sum, logSumExp, words, wake, Figure, define};
})();
