// Ticks beside the exercises of the course, kept in this browser alone.
// A classic script, so that it runs from a folder too; a page may load it again under instant navigation.
customElements.get("course-progress") ?? customElements.define("course-progress", class extends HTMLElement {
  connectedCallback() {
    const links = [...document.querySelectorAll(".course-list li > a:first-child")];
    const count = Object.assign(document.createElement("output"), {className: "course-count"});
    const boxes = links.map((link, place) => {
      const name = new URL(link.href).pathname.split("/").pop().replace(".html", "");
      link.id ||= `exercise-${place + 1}`;
      const box = Object.assign(document.createElement("input"), {type: "checkbox", value: name});
      box.setAttribute("aria-labelledby", link.id);
      link.before(box);
      return box;
    });
    const show = (done) => {
      for (const box of boxes) box.checked = done.includes(box.value);
      count.textContent = `${boxes.filter((box) => box.checked).length} / ${boxes.length}`;
    };
    const keep = (done) => {
      try { localStorage.setItem("course", JSON.stringify(done)); } catch { /* Nothing can be kept here. */ }
      show(done);
    };
    const kept = () => {
      try { return JSON.parse(localStorage.getItem("course")) ?? []; } catch { return []; }
    };
    for (const box of boxes) box.onchange = () => keep(boxes.filter(({checked}) => checked).map(({value}) => value));
    this.querySelector("button").onclick = () => keep([]);
    this.prepend(count);
    this.hidden = false;
    show([kept()].flat());
  }
});
