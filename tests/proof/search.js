// Runs the search worker of a built site without a browser: a folder and queries in, the addresses found out.
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const [site, queries] = JSON.parse(fs.readFileSync(0, "utf8"));
const workers = path.join(site, "assets/javascripts/workers");
const worker = fs.readdirSync(workers).find((file) => /^search\..*\.js$/.test(file));
let receive;
let answered;
const scope = {
  console,
  URL,
  addEventListener: (_, listener) => (receive = listener),
  postMessage: (message) => answered(message.data),
  importScripts: (...files) => files.forEach((file) => run(path.join(workers, file))),
};
scope.self = scope;
vm.createContext(scope);
const run = (file) => vm.runInContext(fs.readFileSync(file, "utf8"), scope, file);
const ask = (type, data) =>
  new Promise((resolve) => {
    answered = resolve;
    receive({data: {type, data}});
  });

(async () => {
  run(path.join(workers, worker));
  const index = JSON.parse(fs.readFileSync(path.join(site, "search/search_index.json"), "utf8"));
  await ask(0, {...index, options: {suggest: true}});
  const found = {};
  for (const query of queries) found[query] = (await ask(2, query)).items.map((item) => item[0].location);
  process.stdout.write(JSON.stringify(found));
})();
