// Asks the index of a large edition: duben/publish/search_index.py says how it is written. Loads the
// parts that hold the query's pairs of characters, or of syllables, and finds where they follow each
// other. A query of one character or syllable has keys of its own.
(() => {
  'use strict';

  const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));
  const {part, place} = duben.search;
  // A reading and a place in it as one number: a paragraph has a million characters at most.
  const READING = 2 ** 24;

  const numbers = function* (block) {
    let [number, scale] = [0, 1];
    for (const digit of block) {
      const value = VALUES.get(digit);
      number += (value & 31) * scale;
      scale *= 32;
      if (value < 32) {
        yield number;
        [number, scale] = [0, 1];
      }
    }
  };

  /** What the index says of a key: the blocks of its places. letter: `w` or `s`, as the parts are named. */
  const blocks = async (firsts, letter, key) => {
    const last = place(firsts, key);
    let first = last;
    while (first > 0 && firsts[first] === key) first -= 1; // it may have begun in the one before
    const parts = [];
    for (let i = first; i <= last; i += 1) parts.push(part(`search/${letter}${i}`, `${letter}${i}`));
    return (await Promise.all(parts)).flatMap((entries) => entries[key]?.split(' ') ?? []);
  };

  /** The places of a key. tones: by how much a place is multiplied to make room for them. */
  const places = (found, tones, accept) => {
    const out = [];
    for (const block of found) {
      let reading = 0;
      const given = numbers(block);
      for (const further of given) {
        reading += further;
        const number = given.next().value;
        if (accept(number % tones)) out.push(reading * READING + Math.floor(number / tones));
      }
    }
    return out;
  };

  /** The places of `one` that those of `other` follow at this distance. */
  const followed = (one, other, distance) => {
    const at = new Set(other);
    return one.filter((start) => at.has(start + distance));
  };

  const rowOf = (index, reading) => {
    const before = index.twins.length && index.twins[0] <= reading ? place(index.twins, reading) + 1 : 0;
    // Readings of one row follow each other.
    let order = 0;
    while (before - order > 0 && index.twins[before - order - 1] === reading - order) order += 1;
    return [reading - before, order];
  };

  /** The rows that hold a folded query, ascending. */
  const words = async (index, needle) => {
    const chars = [...needle];
    let readings;
    if (chars.length === 1) {
      readings = (await blocks(index.words, 'w', needle)).flatMap((block) => {
        let reading = 0;
        return [...numbers(block)].map((further) => (reading += further));
      });
    } else {
      const starts = [];
      for (let i = 0; i < chars.length - 1; i += 2) starts.push(i);
      if (chars.length % 2) starts.push(chars.length - 2);
      const lists = await Promise.all(starts.map((i) => blocks(index.words, 'w', chars[i] + chars[i + 1])));
      const found = lists.map((list, i) => [starts[i], places(list, 1, () => true)]);
      const [[, first], ...others] = found;
      const all = others.reduce((left, [distance, list]) => followed(left, list, distance), first);
      readings = all.map((start) => Math.floor(start / READING));
    }
    return [...new Set(readings.map((reading) => rowOf(index, reading)[0]))];
  };

  /** The ways in which a query's letters are syllables of the edition: from each place, those that start there. */
  const cut = (index, letters) => {
    index.known ??= new Set(index.syllables.split(' '));
    const ways = [];
    for (let start = letters.length - 1; start >= 0; start -= 1) {
      ways[start] = [];
      let [letter, tone] = ['', 0];
      for (let end = start; end < letters.length; end += 1) {
        const given = letters[end].tone || letters[end].mark || 0;
        letter += letters[end].letter;
        if (tone && given && tone !== given) break;
        tone ||= given;
        // What does not lead to the query's end is no way.
        if (index.known.has(letter) && (end + 1 === letters.length || ways[end + 1].length)) {
          ways[start].push({letter, tone, end: end + 1});
        }
        if (letters[end].last) break;
      }
    }
    return ways;
  };

  const fits = ({tone}, number) => !tone || tone === number + 1;

  /** Row → [reading, place, number of syllables] of each place that sounds so. */
  const sounds = async (index, letters) => {
    const ways = cut(index, letters);
    const keys = new Map();
    const need = (key) => {
      if (!keys.has(key)) keys.set(key, blocks(index.sounds, 's', key));
      return keys.get(key);
    };
    // Asked for first, and all at once.
    for (const one of ways[0]) if (one.end === letters.length) need(one.letter);
    for (const one of ways.flat()) for (const other of ways[one.end] ?? []) need(`${one.letter} ${other.letter}`);
    // Step → where it begins a way to the query's end, and of how many syllables. Later steps come first.
    const onward = new Map();
    for (const one of [...ways].reverse().flat()) {
      const found = new Map();
      for (const other of ways[one.end] ?? []) {
        const both = await need(`${one.letter} ${other.letter}`);
        const tones = (number) => fits(one, Math.floor(number / 5)) && fits(other, number % 5);
        for (const start of places(both, 32, tones)) {
          const counts = other.end === letters.length ? [1] : onward.get(other).get(start + 1) ?? [];
          found.set(start, new Set([...found.get(start) ?? [], ...[...counts].map((count) => count + 1)]));
        }
      }
      onward.set(one, found);
    }
    const hits = new Map();
    const add = (start, count) => {
      const [row, order] = rowOf(index, Math.floor(start / READING));
      hits.set(row, [...hits.get(row) ?? [], [order, start % READING, count]]);
    };
    for (const one of ways[0]) {
      if (one.end === letters.length) {
        for (const start of places(await need(one.letter), 8, (tone) => fits(one, tone))) add(start, 1);
      }
      for (const [start, counts] of onward.get(one)) for (const count of counts) add(start, count);
    }
    return hits;
  };

  duben.shards = {words, sounds};
})();
