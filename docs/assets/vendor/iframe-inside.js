/*! iframe-worker 1.0.4, MIT license, Copyright (c) 2020-2022 Martin Donath: what runs inside its frame. */
// The worker takes the frame's first script for itself.
document.currentScript.remove();
window.postMessage = (message, target) => parent.postMessage(message, target || "*");
window.importScripts = (...files) =>
  files.reduce(
    (before, file) =>
      before.then(
        () =>
          new Promise((loaded) => {
            const script = document.createElement("script");
            script.src = file;
            script.onload = loaded;
            document.body.appendChild(script);
          }),
      ),
    Promise.resolve(),
  );
addEventListener("error", ({error}) => {
  const filename = document.scripts[0].src.split("?")[0];
  parent.dispatchEvent(new ErrorEvent("error", {filename, error}));
});
