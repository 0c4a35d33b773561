// Material gives its search dialog no name, which a screen reader would announce.
document$.subscribe(() => document.querySelector(".md-search")?.setAttribute("aria-label", "Search"));
