// Pinyin above the words: on those of the glossary, or on all. The readings lie beside the page, in a
// script for each text and variant; this one lays them over the page's own text, one <ruby> a word, and
// takes them off again. The pinyin itself stands in an attribute, which the style sheet shows: so the
// page's text is what it was for finding, copying and citing, and a screen reader, which says the words
// as it is, does not hear each of them twice.
(() => {
  'use strict';

  const HAN = '[\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]';
  const CHARACTER = new RegExp(`${HAN}[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]?`, 'gu');
  const VOWEL = /^[aāáǎàoōóǒòeēéěèê]/i; // takes an apostrophe inside a word: Xī'ān
  const STEP = 8; // blocks at a time that do not show yet
  // Words do not break, and so no line would break between two of them, nor where one of these follows.
  const BREAKS = /^[\p{L}\p{N}“‘]/u;
  // The room that a browser leaves between Han and these does not reach across the place for a break.
  const APART = /^(?!\p{Script=Han})[\p{L}\p{N}]/u;
  const CLINGS = 'sup, .num, .noteref, .fnref';

  const root = document.documentElement;
  const read = new Map(); // variant → its readings, by block
  const put = new Map(); // a text node of the page → what stands in its place
  const breaks = []; // the places put between words where lines may break
  let laid = []; // the arguments of every annotate() that the page shows
  let shown = ''; // the mode that the page is in, or on its way to
  let turn = 0; // counts the changes: an older one stops

  const readingsOf = async (variant) => {
    if (!read.has(variant)) {
      await duben.load(new URL(location.pathname.replace(/(\.html)?$/, '.pinyin.js'), location).href);
    }
    return read.get(variant);
  };

  /** What a file of readings calls. */
  duben.read = (variant, readings) => read.set(variant, readings);

  // --- the page's text

  const blockOf = (key) => {
    if (key === 'summary') return document.querySelector('.title .summary');
    const block = document.getElementById(key);
    return key.startsWith('n-') ? block?.querySelector('.remark') : block;
  };

  /** The text nodes of a block; those of a block inside it that has its own readings are not its. */
  const textsOf = (block, readings) => {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
      if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
      return node.id in readings ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
    });
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  };

  const ruby = (text, syllables) => {
    const word = document.createElement('ruby');
    const above = document.createElement('rt');
    above.lang = 'zh-Latn-pinyin';
    above.ariaHidden = 'true';
    above.dataset.pinyin = syllables.reduce(
      (said, syllable) => said + (VOWEL.test(syllable) && !said.endsWith('-') ? "'" : '') + syllable);
    word.append(text, above);
    return word;
  };

  /** Lays syllables over a text node: what it becomes, piece by piece. next: gives [syllable, joined]. */
  const pieces = (text, next) => {
    const found = [];
    let word = null; // [start, end, syllables]
    let done = 0;
    const close = () => {
      if (!word) return;
      const [start, end, syllables] = word;
      if (start > done) found.push(text.slice(done, start));
      found.push(ruby(text.slice(start, end), syllables));
      done = end;
      word = null;
    };
    for (const {0: character, index} of text.matchAll(CHARACTER)) {
      const [syllable, joined] = next();
      const end = index + character.length;
      if (word && joined && syllable && word[1] === index) {
        word[1] = end;
        word[2].push(syllable);
      } else {
        close();
        if (syllable) word = [index, end, [syllable]];
      }
    }
    close();
    if (found.length && done < text.length) found.push(text.slice(done));
    return found;
  };

  /** Puts the readings over a block. Where they are not of this very text, it stays as it is. */
  const annotate = (block, reading, readings, mode) => {
    laid.push([block, reading, readings, mode]);
    const syllables = reading.split(' ').flatMap(
      (word) => word.split('.').map((syllable, i) => [syllable, i > 0]));
    const texts = textsOf(block, readings);
    const count = texts.reduce((sum, {data}) => sum + (data.match(CHARACTER)?.length ?? 0), 0);
    if (count !== syllables.length) return;
    let at = 0;
    let word = null; // the word that what comes follows at once
    const mayBreak = () => breaks[breaks.push(document.createElement('wbr')) - 1];
    for (const text of texts) {
      const found = pieces(text.data, () => syllables[at++]);
      const stays = !found.length || (mode === 'words' && !text.parentElement.closest('a.term'));
      const nodes = [];
      for (const piece of stays ? [text] : found) {
        const written = typeof piece === 'string' ? new Text(piece) : piece;
        if (word && BREAKS.test(written.textContent) && !text.parentElement.closest(CLINGS)) {
          if (stays) text.before(mayBreak());
          else nodes.push(mayBreak());
          word.classList.toggle('apart', APART.test(written.textContent));
        }
        nodes.push(written);
        if (written.localName === 'ruby') word = written;
        else if (written.length) word = null;
      }
      if (stays) continue;
      text.replaceWith(...nodes);
      put.set(text, nodes);
    }
  };

  const clear = () => {
    for (const [text, nodes] of put) {
      if (!nodes[0].isConnected) continue; // the page has been changed for another
      nodes[0].before(text);
      for (const node of nodes) node.remove();
    }
    for (const each of breaks.splice(0)) each.remove();
    put.clear();
    laid = [];
  };

  // --- what must not change

  /** What is highlighted in the text: taken down as places that hold whatever stands around the words. */
  const highlighted = () => {
    const found = [];
    for (const [, ranges] of globalThis.CSS?.highlights ?? []) {
      for (const range of ranges) {
        const block = range.startContainer.parentElement?.closest('main [id], main p');
        if (!block?.contains(range.endContainer)) continue;
        const before = new Range();
        before.setStart(block, 0);
        before.setEnd(range.startContainer, range.startOffset);
        const start = before.toString().length;
        found.push([ranges, range, block, start, start + range.toString().length]);
      }
    }
    return found;
  };

  const highlightAgain = (found) => {
    for (const [ranges, old, block, start, end] of found) {
      const range = new Range();
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      let at = 0;
      while (at < end && walker.nextNode()) {
        const text = walker.currentNode;
        if (at <= start) range.setStart(text, Math.min(start - at, text.length));
        range.setEnd(text, Math.min(end - at, text.length));
        at += text.length;
      }
      ranges.delete(old);
      ranges.add(range);
    }
  };

  /** Does something to the page; the place read, and what is highlighted, stay. */
  const inPlace = (change) => {
    const keepPlace = duben.hold?.();
    const lit = highlighted();
    change();
    highlightAgain(lit);
    keepPlace?.();
  };

  /** Does something to the text itself, under the pinyin: which is taken off, and laid over what there is then. */
  duben.bare = (change) => {
    const lit = highlighted();
    const again = laid;
    clear();
    change();
    for (const each of again) if (each[0].isConnected) annotate(...each);
    highlightAgain(lit);
  };

  // --- all together

  const isNear = (block) => {
    const {top, bottom, left, right} = block.getBoundingClientRect();
    return bottom > -innerHeight && top < 2 * innerHeight && right > -innerWidth && left < 2 * innerWidth;
  };

  const idle = () => new Promise((resolve) => {
    if (window.requestIdleCallback) requestIdleCallback(resolve, {timeout: 300});
    else setTimeout(resolve, 16);
  });

  /** Makes the page what the reader chose: at once what shows, the rest when there is time. */
  const show = async () => {
    const mine = ++turn;
    const mode = shown = duben.get('pinyin');
    let readings;
    try {
      if (mode) {
        const place = duben.load('place.js').catch(() => {}); // to do without
        [readings] = await Promise.all([readingsOf(root.lang), duben.load('pinyin.css'), place]);
      }
    } catch {
      // there is none for this page
    }
    if (mine !== turn) return;
    const annotateAll = (list) => list.forEach(([block, key]) => annotate(block, readings[key], readings, mode));
    const blocks = Object.keys(readings ?? {}).map((key) => [blockOf(key), key]).filter(([block]) => block);
    const near = new Set(blocks.filter(([block]) => isNear(block)));
    inPlace(() => {
      clear();
      root.classList.toggle('ruby', Boolean(readings));
      annotateAll([...near]);
    });
    const rest = blocks.filter((each) => !near.has(each));
    while (rest.length) {
      await idle();
      if (mine !== turn) return;
      inPlace(() => annotateAll(rest.splice(0, STEP)));
    }
  };

  const start = () => {
    document.addEventListener('duben:switched', show);
    document.addEventListener('duben:set', () => duben.get('pinyin') !== shown && show());
    show();
  };

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
