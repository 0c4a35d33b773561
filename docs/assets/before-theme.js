// What must be in place before the theme's own script runs.

// The theme fetches the search index with every first page. It is larger than a page, so it waits for a search.
{
  const {open, send} = XMLHttpRequest.prototype;
  const wanted = new Promise((resolve) => {
    addEventListener("focusin", ({target}) => target.closest?.(".md-search") && resolve());
  });
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    this.waits = String(url).endsWith("search/search_index.json");
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (...body) {
    if (this.waits) wanted.then(() => send.apply(this, body));
    else send.apply(this, body);
  };
}

// A step within a page, by a link or by the history, is the browser's own affair. The theme would fetch the page
// anew at the first one: the focus would be lost, and what a reader has set in a figure.
{
  let shown = location.pathname;
  addEventListener("DOMContentLoaded", () => location$.subscribe(({pathname}) => (shown = pathname)));
  addEventListener(
    "click",
    ({target}) => {
      const link = target.closest("a[href]");
      // The theme leaves a link with a target to the browser.
      if (link?.hash && link.pathname === location.pathname && link.search === location.search) link.target = "_self";
    },
    true,
  );
  addEventListener("popstate", (event) => {
    if (location.pathname !== shown) return;
    event.stopImmediatePropagation();
    // The theme writes down where a step was scrolled to, and so switches off the browser's own memory.
    if (event.state || !location.hash) scrollTo(event.state?.x ?? 0, event.state?.y ?? 0);
  });
}
