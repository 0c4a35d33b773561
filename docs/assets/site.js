// What Material leaves unnamed or out of the keyboard's reach, mended as it appears.
// Labels that open the search, the menu, and the groups of the menu where it is a drawer.
const OPENERS = ".md-header__button:is([for=__drawer], [for=__search]), .md-nav--primary label[for^=__nav]";
const drawer = matchMedia("(max-width: 76.234375em)");
const mend = () => {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  document.querySelectorAll(".md-code__nav").forEach((nav, index) => {
    if (!nav.hasAttribute("aria-label")) nav.setAttribute("aria-label", `Code ${index + 1}`);
  });
  for (const label of document.querySelectorAll(OPENERS)) {
    label.tabIndex = drawer.matches ? 0 : -1;
    label.title = {__search: "Search", __drawer: "Menu"}[label.htmlFor] ?? "";
  }
  for (const table of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) table.tabIndex = 0;
};
// A figure writes its numbers anew at each move of a hand, and has nothing to mend.
new MutationObserver((changes) => {
  if (changes.some(({target}) => !target.closest(".live"))) mend();
}).observe(document.body, {childList: true, subtree: true});
drawer.addEventListener("change", mend);
mend();
document.addEventListener("change", ({target}) => {
  // The part of the menu that opens takes the focus along.
  if (!target.matches(".md-nav__toggle")) return;
  document.querySelector(target.checked ? `.md-nav__title[for=${target.id}]` : `#${target.id}_label`)?.focus();
});
document.addEventListener("keydown", (event) => {
  // The theme itself answers Enter.
  if (!event.target.matches(OPENERS) || event.key !== " ") return;
  event.preventDefault();
  event.target.click();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
