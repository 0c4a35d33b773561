// lunr tells nodes of its word graph apart by labels and ids written without a gap, so that words
// made of digits run together, and a search for a number fails: write them with a gap.
lunr.TokenSet.prototype.toString = function () {
  const edges = Object.entries(this.edges).map(([label, {id}]) => `${label}:${id}`);
  return this._str ?? [this.final, ...edges.sort()].join(" ");
};

// On this site these words tell no page from another, no more than "the" does. A Korean word may carry a particle.
const particles = "은|는|이|가|을|를|과|와|의|에|에서|로|으로|도|만|보다|부터|까지|처럼|랑|이란|란";
const empty = new RegExp(`^(?:use|used|using|vs|versus|function|pytorch|torch|\\w+n['’]t|${particles})$`);
const says = (word) => word && lunr.stopWordFilter(word) && !empty.test(word);
const particle = new RegExp(`(\\p{sc=Hangul}{2})(?:${particles})(?=[\\s*]|$)`, "gu");
const marks = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

// The theme searches for the beginnings of words, and lunr has operators. In a pasted message, a
// target of -1 is no wish to exclude the word 1, what stands in quotes need not be found, 2^loss is no
// operator, a 0 is not every number that begins with it, and "or" is not "order". After a colon, the
// theme's star must not stand alone: it would be every word there is.
lunr.QueryLexer = class extends lunr.QueryLexer {
  constructor(text) {
    super(
      text
        .replace(/[~^:]+(?=\*)/g, "")
        .replace(/(?<=^|\s)[-+](?=\S)|[~^:]/g, " ")
        .replace(/(?<=^|\s)\*/g, " ")
        .replace(/(?<=^|\s)([\d.]{1,3})\*(?=\s|$)/g, "$1 ")
        .replace(/(?<=^|\s)(\S+)\*(?=\s|$)/g, (all, word) =>
          says(word.toLowerCase()) ? `${word} ${all}` : " ".repeat(all.length),
        ),
    );
  }
};

// lunr counts a word of a title for so much that common ones there beat the rare one that a text has. Here a word
// counts the more, the fewer sections have it, thrice in a title, twice among the words that people use for a section,
// once in its page's title, less where it only begins a word, and more beside its neighbor of the query, as the parts of
// an identifier stand. The numbers are those that ranked questions best that the words had not been written for.
lunr.Index = class extends lunr.Index {
  search(query) {
    inKorean = /\p{sc=Hangul}/u.test(query);
    query = query.replace(particle, "$1");
    const parts = query.toLowerCase().split(lunr.tokenizer.separator).map((part) => part.replace(marks, ""));
    const words = [...new Set(parts)].filter(says);
    const stems = words.map((word) => this.pipeline.runString(word)[0] ?? word);
    const sections = Object.keys(this.fieldVectors).filter((field) => field.startsWith("title/")).length;
    const known = new Map();
    const found = super.search(query).map((result) => ({
      ...result,
      at: places(result.matchData.metadata, words, stems, known),
    }));
    const rarity = words.map((_, i) => {
      const count = (held) => found.filter(({at}) => Object.values(at[i]).some(held)).length;
      const n = count(({whole}) => whole) || count(() => true);
      // A number that stands nowhere is the reader's own, and a word that names no section tells less than one that does.
      if (!n && /^\d/.test(words[i])) return 0;
      const names = found.some(({at}) => at[i].title?.whole);
      return (names ? 1 : 0.5) * Math.log(1 + (sections - n + 0.5) / (n + 0.5));
    });
    const all = rarity.reduce((sum, one) => sum + one, 0);
    const pages = new Map(found.map(({ref, at}) => [ref, at]));
    const ranked = found.map(({ref, matchData, at}) => {
      const page = ref.includes("#") ? pages.get(ref.split("#")[0]) : null;
      let score = 0;
      let covered = 0;
      let beside = 0;
      words.forEach((_, i) => {
        const {title, text, asked} = at[i];
        const heading = 3 * weight(title) + 2 * weight(asked) + weight(page?.[i].title);
        const count = text?.positions.length ?? 0;
        const value = heading + (weight(text) * 2.5 * count) / (count + 1.5);
        const after = at[i + 1];
        const joined = 4 * meets(title, after?.title) + 3 * meets(asked, after?.asked) + meets(text, after?.text);
        if (joined) beside += rarity[i] + rarity[i + 1];
        score += rarity[i] * value + 0.5 * joined * (rarity[i] + rarity[i + 1] || 0);
        covered += rarity[i] * Math.max(weight(title), weight(asked), weight(text), weight(page?.[i].title));
      });
      // A page as a whole matches most words: the section that answers should come first, unless few words name a page.
      const share = at.filter((fields) => Object.keys(fields).length).length / words.length;
      const named = ref.endsWith(`/${words.join("-")}.html`);
      const whole = ref.includes("#") ? 1 : named ? 4 : words.length > 3 ? 0.5 : 1.2;
      // The theme multiplies by this, in which a page has the advantage.
      const theirs = 1 + (share + !ref.includes("#")) ** 2;
      // What is asked in a reader's own words is no message: few of its words stand side by side in one.
      const said = /^clinics\/errors\.html/.test(ref) ? Math.min(1, 0.5 + beside / all) : 1;
      const fits = covered / all;
      const value = said * whole * score * fits;
      return {ref, matchData, fits, value, score: value / theirs};
    });
    // Where most of what was asked stands nowhere, the few common words that do stand somewhere answer nothing. A long
    // question or message has more that is the reader's own.
    const enough = words.length > 4 ? 0.2 : 0.3;
    if (!ranked.some(({fits}) => fits > enough)) return [];
    // Nobody reads on, and the theme marks each word of each result.
    return ranked.sort((a, b) => b.value - a.value).slice(0, 50);
  }
};

/** Return for each word and field where it stands there, and whether as a whole; what is known of a term is kept. */
function places(metadata, words, stems, known) {
  const fields = words.map(() => ({}));
  for (const [term, where] of Object.entries(metadata)) {
    if (!known.has(term)) known.set(term, meant(term, words, stems));
    for (const i of known.get(term)) {
      for (const [field, {position}] of Object.entries(where)) {
        const place = (fields[i][field] ??= {whole: false, positions: []});
        place.whole ||= term === stems[i];
        place.positions.push(...position);
      }
    }
  }
  return fields;
}

/** Return which words a term of the index stands for: those that it is, and those that it begins with. */
function meant(term, words, stems) {
  return words.flatMap((word, i) => {
    const begins = /^\d+\.\d{2,}$/.test(word) || !/^[\d.]+$/.test(word);
    return term === stems[i] || (begins && (term.startsWith(word) || term.startsWith(stems[i]))) ? [i] : [];
  });
}

const weight = (place) => (place ? (place.whole ? 1 : 0.4) : 0);

/** Tell whether the second word follows the first somewhere in a field, or the one word between them. */
function meets(first, second) {
  const after = new Set(second?.positions);
  return first?.positions.some((position) => after.has(position + 1) || after.has(position + 2)) ? 1 : 0;
}

// The theme lists pages, each with its best section. Here each section is a result, below the title of its page, and
// counts as much as the page asks for (`search: {boost: ...}`), in full if it is in Korean as the query is.
let inKorean = false;
const send = postMessage;
postMessage = (message) => {
  if (message.data?.items) message.data.items = message.data.items.flatMap(apart).sort((a, b) => b[0].score - a[0].score);
  return send(message);
};

function apart(group) {
  const page = group.find(({location}) => !location.includes("#"));
  return group
    .filter(({score}) => score)
    .map((one) => {
      const boost = inKorean && one.location.startsWith("ko") ? 1 : (one.boost ?? 1);
      return {...one, score: one.score * boost};
    })
    // The last one is the headline of a result, wherever it leads.
    .map((one) => (one.location === page.location ? [one] : [one, {...page, location: one.location, terms: {}}]));
}
