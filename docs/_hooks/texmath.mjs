// Turns TeX into SVG and MathML: one JSON request a line on stdin, one JSON answer a line on stdout.
// Usage: node texmath.mjs FOLDER, where FOLDER holds node_modules/mathjax.
import {createRequire} from "node:module";
import {createInterface} from "node:readline";

const MathJax = createRequire(process.argv[2] + "/")("mathjax");
await MathJax.init({
  loader: {load: ["input/tex-base", "[tex]/ams", "output/svg"]},
  tex: {packages: ["base", "ams"], formatError: (_, error) => { throw error; }},
  svg: {fontCache: "local"},
  output: {linebreaks: {inline: false}},
  startup: {typeset: false},
});
const adaptor = MathJax.startup.adaptor;
const withoutData = (markup) => markup.replace(/ (?:data-[\w-]+|xmlns:xlink|role|focusable)="[^"]*"/g, "");

async function render({tex, display}) {
  const drawn = adaptor.innerHTML(await MathJax.tex2svgPromise(tex, {display}));
  // Glyphs move out of the formula, so that a page carries each of them once.
  const glyphs = {};
  const svg = withoutData(drawn)
    .replace(/<defs>.*?<\/defs>/, "")
    // Material rewrites every plain href as a link of the page, so the old spelling stays.
    .replace(/<use xlink:href="#MJX-\d+-([^"]+)"([^>]*)><\/use>/g, '<use xlink:href="#$1"$2/>')
    .replace("<svg ", '<svg aria-hidden="true" ');
  for (const [, id, path] of drawn.matchAll(/<path id="MJX-\d+-([^"]+)" d="([^"]*)">/g)) glyphs[id] = path;
  const mathml = withoutData(await MathJax.tex2mmlPromise(tex, {display})).replace(/>\s+</g, "><");
  return {svg, glyphs, mathml};
}

for await (const line of createInterface({input: process.stdin})) {
  const answer = await render(JSON.parse(line)).catch((error) => ({error: error.message}));
  process.stdout.write(JSON.stringify(answer) + "\n");
}
