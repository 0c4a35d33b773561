// What Material leaves unnamed or out of the keyboard's reach, mended as it appears.
const mend = () => {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  document.querySelectorAll(".md-code__nav").forEach((nav, index) => {
    if (!nav.hasAttribute("aria-label")) nav.setAttribute("aria-label", `Code ${index + 1}`);
  });
  for (const table of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) table.tabIndex = 0;
};
new MutationObserver(mend).observe(document.body, {childList: true, subtree: true});
mend();
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
