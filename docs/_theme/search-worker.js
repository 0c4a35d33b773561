
// lunr tells nodes of its word graph apart by labels and ids written without a gap, so that words
// made of digits run together, and a search for a number fails: write them with a gap.
lunr.TokenSet.prototype.toString = function () {
  const edges = Object.entries(this.edges).map(([label, {id}]) => `${label}:${id}`);
  return this._str ?? [this.final, ...edges.sort()].join(" ");
};

// The theme searches for the beginnings of words, and lunr has operators. In a pasted message, a
// target of -1 is no wish to exclude the word 1, what stands in quotes need not be found, 2^loss is no
// operator, a 0 is not every number that begins with it, and "or" is not "order". After a colon, the
// theme's star must not stand alone: it would be every word there is. Whole words count more than
// beginnings.
lunr.QueryLexer = class extends lunr.QueryLexer {
  constructor(text) {
    const empty = /^(use|used|using|vs|versus|pytorch|torch)$/;
    const says = (word) => lunr.stopWordFilter(word) && !empty.test(word);
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
