// Asks before it shows: makes a form of each folded prediction, and hides the output right below until it is answered.
// Without this script the prediction is a question with its answers folded under it. The first answer is the right one.
document.querySelectorAll("details.predict:not(.predict-ready)").forEach((answers, at) => {
  const words = JSON.parse(answers.dataset.words);
  const summary = answers.querySelector("summary");
  const made = (tag, attributes, ...children) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  };

  /** The number that a reader means, or NaN; a comma may be the decimal point, and a percent sign divides. */
  const read = (text) => {
    const match = text.trim().replace(/[\u2212\u2013]/, "-").replace(",", ".").match(/^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(%?)$/i);
    return match ? Number(match[1]) / (match[2] ? 100 : 1) : NaN;
  };

  // Each answer is bold at the beginning of its item. An item without one is what any other number is told, so where
  // there is one, the form asks for a number, and else for a choice.
  const items = [...answers.querySelectorAll("li")].map((item) => {
    const because = item.cloneNode(true);
    const said = item.firstElementChild?.matches("strong:first-child") && item.firstChild === item.firstElementChild;
    const name = said ? because.firstElementChild.textContent : "";
    if (said) because.firstElementChild.remove();
    const [begin] = because.childNodes;
    if (said) begin.data = begin.data.replace(/^:\s*/, "");
    // Half a unit of the last digit is as good as the answer, and so is what rounding leaves of the bound itself.
    const decimals = name.split(".")[1]?.length ?? 0;
    const half = 0.5 * 10 ** -decimals;
    return {name, because, value: read(name), within: half * (1 + 1e-9), reach: half.toFixed(decimals + 1)};
  });
  const named = items.filter(({name}) => name);
  const rest = items.find(({name}) => !name)?.because;

  const told = made("output", {className: "predict-told"});
  told.setAttribute("aria-live", "polite");
  const tell = (verdict, because) => told.replaceChildren(...verdict ? [made("strong", {}, verdict), " "] : [], ...because);
  const reason = (item) => [...item.cloneNode(true).childNodes];
  const answer = (item) => {
    tell(item === named[0] ? words.right : words.wrong, reason(item?.because ?? rest));
    if (item === named[0]) reveal();
  };

  // What the code prints is the answer, so it waits.
  const output = answers.nextElementSibling;
  const reveal = () => output.classList.remove("predict-veiled");
  if (output?.matches(".highlight")) output.classList.add("predict-veiled");

  const question = [made("strong", {}, words.predict), " ", ...summary.childNodes];
  const form = made("form", {className: "predict-form", noValidate: true});
  if (rest) {
    const field = made("input", {type: "text", autocomplete: "off", spellcheck: false});
    const check = made("button", {type: "submit"}, words.check);
    const reach = made("span", {className: "predict-reach", id: `predict-reach-${at}`});
    reach.textContent = words.within.replace("{within}", named[0].reach);
    field.setAttribute("aria-describedby", reach.id);
    form.append(made("label", {}, made("span", {className: "predict-question"}, ...question), field), reach, check, told);
    form.onsubmit = (event) => {
      event.preventDefault();
      const value = read(field.value);
      if (!field.value.trim()) tell("", [words.empty]);
      else if (Number.isNaN(value)) tell("", [words.unread]);
      else answer(named.find((item) => Math.abs(value - item.value) <= item.within));
    };
  } else {
    const choices = named.map((item) => made("button", {
      type: "button",
      onclick: ({currentTarget}) => {
        choices.forEach((choice) => choice.setAttribute("aria-pressed", choice === currentTarget));
        answer(item);
      },
    }, item.name));
    choices.forEach((choice) => choice.setAttribute("aria-pressed", "false"));
    // In the order of their words, so that the right one is not the first each time.
    choices.sort((one, other) => (one.textContent < other.textContent ? -1 : 1));
    form.append(made("fieldset", {}, made("legend", {className: "predict-question"}, ...question), ...choices), told);
  }
  summary.append(words.show);
  answers.addEventListener("toggle", () => answers.open && reveal());
  answers.classList.add("predict-ready");
  // What is taken out and put in anew has not moved, to a browser that watches for that.
  const box = made("div", {className: "predict-box"});
  answers.replaceWith(box);
  box.append(form, answers);
});
