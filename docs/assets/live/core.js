// What every interactive figure shares: its element, its sliders, its numbers, its state in the address.
// A classic script, so that it runs from a folder too; a page may load it again under instant navigation.
window.live ??= (() => {
  const html = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat(Infinity));
    return element;
  };

  const svg = (tag, attributes = {}, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.flat());
    return element;
  };

  /** Write a number as PyTorch prints it: four decimals, `inf`, `nan`, and no negative zero. */
  const format = (x, digits = 4) => {
    if (Number.isNaN(x)) return "nan";
    if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
    const text = x.toFixed(digits);
    return Number(text) === 0 ? text.replace("-", "") : text;
  };

  const sum = (values) => values.reduce((total, value) => total + value, 0);

  /** The log of the sum of exponentials, with the largest taken out first. */
  const logSumExp = (values) => {
    const largest = Math.max(...values);
    if (!Number.isFinite(largest)) return largest;
    return largest + Math.log(sum(values.map((value) => Math.exp(value - largest))));
  };

  /**
   * A figure: subclasses give `start` (the state, an object of numbers, strings and lists), `build()`
   * (make the controls, once), and `draw(state)` (show a state, and return the sentence to announce).
   * What stands inside the element is shown where there is no script.
   */
  class Figure extends HTMLElement {
    #state;
    #frame = 0;
    #pause = 0;

    connectedCallback() {
      if (this.#state || !this.ready) return;
      this.#state = structuredClone(this.start);
      // What is seen changes at once; what is announced waits until the reader pauses.
      this.words = html("span", {class: "live-status", "aria-hidden": "true"});
      this.status = html("output", {class: "live-announced", "aria-live": "polite"});
      const reset = html("button", {type: "button", class: "live-reset", onclick: () => this.change(this.start)}, "Start again");
      this.replaceChildren(html("div", {class: "live"}, this.build(), html("div", {class: "live-foot"}, this.words, this.status, reset)));
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
        return Array.isArray(value) && value.every((one) => typeof one === typeof start[0]);
      });
    }

    disconnectedCallback() {
      cancelAnimationFrame(this.#frame);
      clearTimeout(this.#pause);
    }

    /** Whether all that the figure needs is there; what brings it later calls `connectedCallback` again. */
    get ready() {
      return true;
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

    show() {
      const sentence = this.draw(this.state);
      this.words.textContent = sentence;
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => {
        this.status.textContent = sentence;
        const changed = JSON.stringify(this.#state) !== JSON.stringify(this.start);
        if (changed) history.replaceState(history.state, "", `#${this.localName}=${encodeURIComponent(JSON.stringify(this.#state))}`);
      }, 400);
    }

    /** A labeled slider with a number field beside it; both write `value` through `set`. */
    slider(label, {min, max, step, set}) {
      const write = (event) => {
        const value = Number(event.target.value);
        if (event.target.value !== "" && Number.isFinite(value)) set(Math.min(max, Math.max(min, value)));
      };
      const range = html("input", {type: "range", min, max, step, "aria-label": label, oninput: write});
      const number = html("input", {type: "number", min, max, step: "any", "aria-label": `${label}, as a number`, onchange: write});
      const row = html("div", {class: "live-slider"}, html("span", {class: "live-label"}, label), range, number);
      row.put = (value) => {
        range.value = value;
        if (document.activeElement !== number) number.value = value;
      };
      return row;
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

  const define = (name, figure) => customElements.get(name) ?? customElements.define(name, figure);
  return {html, svg, format, sum, logSumExp, Figure, define};
})();
