// Finds a query as pinyin: `duben.sounds(book, query)` gives row → [reading, place, number of syllables].
// Tones may be marks, digits, or left out; spaces and apostrophes part syllables, and may be left out;
// ü may be v or u:.
(() => {
  'use strict';

  const MOST = 600; // letters: what is longer is no word in pinyin, and a pattern too large to try
  const MARKS = '\u0304\u0301\u030c\u0300';

  /** The letters of a query, each as {letter, tone, mark, last}; null where it cannot be pinyin. */
  const parse = (query) => {
    const letters = [];
    for (const char of query.normalize('NFKD').toLowerCase().replaceAll('u:', 'u\u0308')) {
      const before = letters.at(-1);
      const mark = MARKS.indexOf(char) + 1;
      if (/[a-z]/.test(char)) {
        letters.push({letter: char});
      } else if (!before) {
        if (!/[\s'’·-]/.test(char)) return null;
      } else if (mark) {
        before.mark = mark;
      } else if (char === '\u0308') {
        before.letter = 'v';
      } else if (/[0-5]/.test(char) && !before.last) {
        before.tone = +char || 5;
        before.last = true; // of its syllable
      } else if (/[\s'’·-]/.test(char)) {
        before.last = true;
      } else if (char !== '\u0302') {
        return null;
      }
    }
    return letters.length && letters.length <= MOST ? letters : null;
  };

  /** What finds the query in a text of syllables, each with its tone after it. */
  const pattern = (letters) => new RegExp('(?<![a-z])' + letters.map(({letter, tone, mark, last}, i) =>
    letter + (mark ? `(?=[a-z]*${mark})` : '') +
    (tone || (last || i === letters.length - 1 ? '[1-5]' : '[1-5]?'))).join(''), 'g');

  /** The syllables of every reading of a book that is scanned: [row, reading, text, where each begins]. */
  const spell = async (book) => {
    const {usual, others} = await duben.search.part('search/pinyin', 'pinyin');
    const syllables = new Map();
    for (const [syllable, chars] of Object.entries(usual)) {
      for (const char of chars) syllables.set(char, syllable);
    }
    const exceptions = new Map();
    for (const [row, reading, ...pairs] of others) {
      const places = new Map();
      for (let i = 0; i < pairs.length; i += 2) places.set(pairs[i], pairs[i + 1]);
      exceptions.set(`${row} ${reading}`, places);
    }
    const spelt = [];
    book.rows.forEach((row, number) => {
      if (!row) return;
      duben.search.readings(row).forEach((text, reading) => {
        const places = exceptions.get(`${number} ${reading}`);
        const starts = new Map();
        let words = '';
        [...duben.search.fold(text)].forEach((char, i) => {
          starts.set(words.length, i);
          words += places?.get(i) ?? syllables.get(char) ?? '.';
        });
        starts.set(words.length, starts.size);
        spelt.push([number, reading, words, starts]);
      });
    });
    return spelt;
  };

  duben.sounds = async (book, query) => {
    const letters = parse(query);
    if (!letters) return new Map();
    if (!book.rows) {
      await duben.load('shards.js');
      return duben.shards.sounds(book.index, letters);
    }
    book.spelt ??= await spell(book);
    const found = new Map();
    const wanted = pattern(letters);
    for (const [row, reading, words, starts] of book.spelt) {
      wanted.lastIndex = 0;
      for (let match; (match = wanted.exec(words));) {
        const first = starts.get(match.index);
        const length = starts.get(wanted.lastIndex) - first;
        found.set(row, [...found.get(row) ?? [], [reading, first, length]]);
        wanted.lastIndex = match.index + 1;
      }
    }
    return found;
  };
})();
