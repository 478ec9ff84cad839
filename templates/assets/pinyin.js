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
  const BLOCKS = 'main :is(h1, h2, h3, h4, p, li, dt, dd, tr)'; // as in switch.js
  const STEP = 12; // ms of work between two frames

  const root = document.documentElement;
  const here = new Map(); // variant → readings by block
  const put = new Map(); // a text node of the page → what stands in its place
  let turn = 0; // counts the changes: an older one stops
  let style = null;

  // --- what is loaded

  const withStyle = () => {
    style ??= new Promise((resolve, reject) => {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = new URL('assets/pinyin.css', duben.root);
      link.onload = resolve;
      link.onerror = () => {
        style = null;
        link.remove();
        reject(new Error('pinyin.css'));
      };
      document.head.append(link);
    });
    return style;
  };

  const readingsOf = async (variant) => {
    if (!here.has(variant)) {
      await duben.load(new URL(location.pathname.replace(/(\.html)?$/, '.pinyin.js'), location).href);
    }
    return here.get(variant);
  };

  /** What a file of readings calls. */
  duben.read = (variant, readings) => here.set(variant, readings);

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
      return Object.hasOwn(readings, node.id) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
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
    above.dataset.pinyin = syllables
      .map((syllable, i) => (i && VOWEL.test(syllable) && !syllables[i - 1].endsWith('-') ? `'${syllable}` : syllable))
      .join('');
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
  const annotate = (block, reading, readings, everything) => {
    const syllables = reading.split(' ').flatMap(
      (word) => word.split('.').map((syllable, i) => [syllable, i > 0]));
    const texts = textsOf(block, readings);
    const count = texts.reduce((sum, {data}) => sum + (data.match(CHARACTER)?.length ?? 0), 0);
    if (count !== syllables.length) return;
    let at = 0;
    for (const text of texts) {
      const found = pieces(text.data, () => syllables[at++]);
      if (!found.length || !(everything || text.parentElement.closest('a.term'))) continue;
      const nodes = found.map((piece) => (typeof piece === 'string' ? new Text(piece) : piece));
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
    put.clear();
  };

  // --- the reader's place

  /** Does something to the page; the first block that shows stays where it is. */
  const inPlace = (change) => {
    const vertical = getComputedStyle(document.body).writingMode.startsWith('vertical');
    const edge = document.querySelector('.top')?.getBoundingClientRect();
    const place = (box) => (vertical ? box.right : box.top);
    const block = [...document.querySelectorAll(BLOCKS)].find((each) => {
      const box = each.getBoundingClientRect();
      return vertical ? box.width > 0 && box.left < innerWidth - 1
        : box.height > 0 && box.bottom > (edge?.bottom ?? 0) + 1;
    });
    const before = block && place(block.getBoundingClientRect());
    change();
    if (!block) return;
    const moved = place(block.getBoundingClientRect()) - before;
    if (Math.abs(moved) > .5) scrollBy({[vertical ? 'left' : 'top']: moved, behavior: 'instant'});
  };

  const pause = () => new Promise((resolve) => {
    (window.requestIdleCallback ?? setTimeout)(resolve, {timeout: 200});
  });

  /** Makes the page as the reader wants it: what shows first, the rest when there is time. */
  const show = async () => {
    const mine = ++turn;
    const mode = duben.get('pinyin');
    const variant = root.lang;
    try {
      const readings = mode && await Promise.all([readingsOf(variant), withStyle()]).then(([first]) => first);
      if (mine !== turn) return;
      let left = [];
      inPlace(() => {
        clear();
        root.classList.toggle('ruby', Boolean(readings));
        left = Object.keys(readings || {}).map((key) => [blockOf(key), readings[key]]).filter(([block]) => block);
        const near = left.filter(([block]) => {
          const box = block.getBoundingClientRect();
          return box.bottom > -innerHeight && box.top < 2 * innerHeight && box.right > -innerWidth && box.left < 2 * innerWidth;
        });
        left = left.filter((each) => !near.includes(each));
        for (const [block, reading] of near) annotate(block, reading, readings, mode === 'all');
      });
      while (left.length) {
        await pause();
        if (mine !== turn) return;
        inPlace(() => {
          const end = performance.now() + STEP;
          while (left.length && performance.now() < end) annotate(...left.shift(), readings, mode === 'all');
        });
      }
    } catch {
      // there is no pinyin for this page
    }
    root.dataset.rubied = '';
  };

  document.addEventListener('duben:set', () => {
    if (duben.get('pinyin') !== shown) show();
  });
  document.addEventListener('duben:switched', show);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', show);
  else show();
})();
