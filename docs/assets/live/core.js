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

  const points = (places) => places.map(([x, y]) => `${x},${y}`).join(" ");

  // A chart, beside which its numbers are written: what it measures, and within it what its axes enclose.
  const CHART = {width: 300, height: 124, left: 32, right: 294, top: 6, bottom: 106};

  /** Where values lie on a chart, its ticks, and its lines: each axis has two ends and what it marks. */
  const axes = ([from, to, across], [low, high, up], {left, right, top, bottom} = CHART) => {
    const x = (value) => left + ((right - left) * (value - from)) / (to - from);
    const y = (value) => bottom - ((bottom - top) * (value - low)) / (high - low);
    const ticks = [
      ...across.map((value) => ({text: minus(value), x: x(value), y: bottom + 13})),
      ...up.map((value) => ({text: minus(value), x: left - 5, y: y(value) + 3.5, "text-anchor": "end"})),
    ];
    const lines = [...across.map((value) => `M${x(value)},${top}V${bottom}`), ...up.map((value) => `M${left},${y(value)}H${right}`)];
    const zero = `M${left},${y(Math.max(low, 0))}H${right}`;
    return {x, y, ticks, grid: lines.join(""), zero};
  };

  /** The least of 1, 2 and 5, times a power of ten, that is not below a value: where an axis ends. */
  const ceiling = (value) => {
    const unit = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 5, 10].map((times) => times * unit).find((end) => end >= value);
  };

  /** A chart with axes, which `put` writes, below its shapes. */
  const chart = (shapes, {width, height} = CHART) => {
    const [grid, zero] = ["live-grid-lines", "live-zero"].map((name) => svg("path", {class: name}));
    const texts = svg("g", {class: "live-ticks"});
    const drawing = svg("svg", {viewBox: `0 0 ${width} ${height}`, class: "live-plot", "aria-hidden": "true"}, grid, zero, texts, shapes);
    drawing.put = (axes) => {
      set(grid, {d: axes.grid});
      set(zero, {d: axes.zero});
      texts.replaceChildren(...axes.ticks.map(({text, ...place}) => svg("text", place, text)));
    };
    return drawing;
  };

  /** Where a value lies between the ends of a chart's axis, given how far along the drawing it is. */
  const along = (fraction, [from, to], {width, left, right} = CHART) => within(from, to, from + ((to - from) * (fraction * width - left)) / (right - left));
  const within = (least, most, value) => Math.min(most, Math.max(least, value));

  /** Let a reader take hold of a drawing: `move` gets where, in parts of its width and height, and whether the hand has just come. */
  const hold = (element, move) => {
    const at = (event, first) => {
      const {left, top, width, height} = element.getBoundingClientRect();
      move((event.clientX - left) / width, (event.clientY - top) / height, first);
    };
    element.classList.add("live-held");
    set(element, {
      onpointerdown: (event) => {
        element.setPointerCapture(event.pointerId);
        at(event, true);
      },
      onpointermove: (event) => element.hasPointerCapture(event.pointerId) && at(event, false),
    });
    return element;
  };

  /** Write a number with a minus that is as wide as a plus. */
  const minus = (number) => String(number).replace("-", "\u2212");

  /** The pieces of a text, each {field} filled in by a text or an element. */
  const pieces = (text, fields) => text.split(/(\{[\w-]+\})/).map((piece) => (piece.startsWith("{") ? fields[piece.replace(/[{}]/g, "")] : piece));
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

  /** The logits of a linear model: of each sample, its features times each row of weights. */
  const linear = (x, w) => x.map((row) => w.map((weights) => sum(row.map((value, d) => value * weights[d]))));

  /** The rows of weights after a step against the mean slope, of which each sample has its own by each logit. */
  const descend = (x, w, slopes, rate) => w.map((weights, j) => weights.map((weight, d) =>
    weight - (rate * sum(x.map((row, i) => slopes[i][j] * row[d]))) / x.length));

  /**
   * A figure: subclasses give `start` (the state, an object of numbers, strings and lists), `build()`
   * (make the controls, once), `compute(state)` (all that a state shows: `numbers`, each name with its text;
   * `says`, the sentence to announce; and every size and place that is not in the state itself), and `draw(seen)`
   * (write it down: no arithmetic there, so that all of it can be tested).
   * What a figure asks before it is played with stands in its words (`ask`): then it also gives `asked`, what changes of
   * the start, and `outcome(before, after)`, the name of the choice that is right, given what `compute` says of both.
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
      const ask = this.words.ask ? this.question(this.words.ask) : [];
      const begin = () => {
        if (this.words.ask) this.answer();
        this.change(this.start);
      };
      const reset = html("button", {type: "button", class: "live-reset", onclick: begin}, this.words.again);
      this.replaceChildren(html("div", {class: "live"}, ask, this.build(), html("div", {class: "live-foot"}, this.sentence, this.status, reset)));
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
      this.stop?.();
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

    /** A question to answer before playing, and what the figure computes, once it is answered. */
    question({question, choices}) {
      this.told = html("output", {class: "live-told"});
      this.choices = Object.entries(choices).map(([name, text]) => html("button", {type: "button", "aria-pressed": "false", value: name, onclick: () => this.answer(name)}, text));
      return html("fieldset", {class: "live-ask"}, html("legend", {}, html("strong", {}, this.words.predict), " ", question), this.choices, this.told);
    }

    /** Show what is asked about, and tell whether the reader's choice is right; without a choice, ask anew. */
    answer(chosen) {
      const {words} = this;
      this.choices.forEach((choice) => set(choice, {"aria-pressed": choice.value === chosen}));
      this.told.textContent = "";
      if (!chosen) return;
      const state = {...this.start, ...this.asked};
      const [before, after] = [this.start, state].map((one) => this.compute(one));
      const was = Object.fromEntries(Object.entries(before.numbers).map(([name, text]) => [`${name}_before`, text]));
      this.told.textContent = `${chosen === this.outcome(before.numbers, after.numbers) ? words.right : words.wrong} ${fill(words.ask.because, {...after.numbers, ...was})}`;
      this.change(state);
    }

    /** A labeled slider with a number field beside it; both write `value` through `set`. */
    slider(label, {min, max, step, set}) {
      // While a reader types, the field is theirs; then it shows what is so.
      let shown, typing = false;
      const write = ({target}) => {
        typing = false;
        if (Number.isFinite(target.valueAsNumber)) set(within(min, max, target.valueAsNumber));
        else row.put(shown);
      };
      const leave = () => {
        typing = false;
        row.put(shown);
      };
      const range = html("input", {type: "range", min, max, step, "aria-label": label, oninput: write});
      const number = html("input", {type: "number", min, max, step: "any", "aria-label": fill(this.words.typed, {label}), oninput: () => { typing = true; }, onchange: write, onblur: leave});
      const row = html("div", {class: "live-slider"}, html("span", {class: "live-label"}, label), range, number);
      row.put = (value) => {
        shown = range.value = value;
        if (!typing) number.value = value;
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

    /** Buttons that go back, play, and go on: `step` takes 1 or -1 and tells whether it moved, every so many milliseconds. */
    player(step, every) {
      const {words} = this;
      let timer;
      this.stop = () => {
        timer = clearInterval(timer);
        play.textContent = words.play;
      };
      const go = () => {
        // Who asked for less motion gets a step for each press.
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) return step(1);
        play.textContent = words.pause;
        timer = setInterval(() => step(1) || this.stop(), every());
      };
      const play = this.button(words.play, () => (timer ? this.stop() : go()));
      const [back, on] = [["\u2212", words.back, -1], ["+", words.on, 1]].map(([sign, label, by]) => {
        const button = this.button(sign, () => {
          this.stop();
          step(by);
        });
        set(button, {"aria-label": label});
        return button;
      });
      return [back, play, on];
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

  return {html, svg, set, reveal, points, axes, ceiling, chart, along, within, hold, minus, pieces, fill, format, listed, sum, logSumExp, linear, descend, words, wake, Figure, define};
})();
