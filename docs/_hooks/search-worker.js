
// lunr tells nodes of its word graph apart by labels and ids written without a gap, so that words
// made of digits run together, and a search for a number fails: write them with a gap.
lunr.TokenSet.prototype.toString = function () {
  const edges = Object.entries(this.edges).map(([label, {id}]) => `${label}:${id}`);
  return this._str ?? [this.final, ...edges.sort()].join(" ");
};

// On this site these words tell no page from another, no more than "the" does.
const empty = /^(use|used|using|vs|versus|function|pytorch|torch)$/;
const says = (word) => lunr.stopWordFilter(word) && !empty.test(word);

// The theme searches for the beginnings of words, and lunr has operators. In a pasted message, a
// target of -1 is no wish to exclude the word 1, what stands in quotes need not be found, 2^loss is no
// operator, a 0 is not every number that begins with it, and "or" is not "order". After a colon, the
// theme's star must not stand alone: it would be every word there is. Whole words count more than
// beginnings.
lunr.QueryLexer = class extends lunr.QueryLexer {
  constructor(text) {
    super(
      text
        .replace(/[~^:]+(?=\*)/g, "")
        .replace(/(?<=^|\s)[-+](?=\S)|[~^:]/g, " ")
        .replace(/(?<=^|\s)\*/g, " ")
        .replace(/(?<=^|\s)([\d.]{1,3})\*(?=\s|$)/g, "$1 ")
        .replace(/(?<=^|\s)(\S+)\*(?=\s|$)/g, (all, word) =>
          says(word.toLowerCase()) ? `${word}^5 ${all}` : " ".repeat(all.length),
        ),
    );
  }
};

// The theme favors a page over its sections. A page as a whole matches most words: the section that
// answers a question should come first. Up to three words, though, may name what a page is about.
lunr.Index = class extends lunr.Index {
  search(query) {
    const words = query.toLowerCase().split(/[\s*]+/).filter(says);
    const page = words.length > 3 ? 0.1 : 0.5;
    return super
      .search(query)
      .map((found) => (found.ref.includes("#") ? found : {...found, score: page * found.score}));
  }
};
