// What a search found: `duben.find()` marks the words of `?q=` on the page to which the search led, and
// brings the first of them into view. The words are those of that page, so no table of scripts is
// needed. After a switch of script they may read otherwise: then the same places are marked.
(() => {
  'use strict';

  const NAME = 'duben-found';
  const BLOCKS = 'h1, h2, h3, h4, h5, h6, p, li, dt, dd, th, td, caption, summary';
  const NO_WORDS = 'rt, rp, .num, .noteref, .fnref, .fnback, .back, .where, .script';

  let marked = null; // [block's number, first letter, number of letters] of each place
  let pill = null;

  const words = () => new URLSearchParams(location.search).get('q') ?? '';
  const fold = (text) => text.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

  /** The text of the page by its blocks: [block, folded text, [node, start, end] of each of its letters]. */
  const read = () => {
    const blocks = [];
    const walker = document.createTreeWalker(document.getElementById('main'), NodeFilter.SHOW_TEXT);
    const byBlock = new Map();
    for (let node; (node = walker.nextNode());) {
      const block = node.parentElement.closest(BLOCKS);
      if (!block || node.parentElement.closest(NO_WORDS)) continue;
      if (!byBlock.has(block)) {
        byBlock.set(block, blocks.length);
        blocks.push([block, '', []]);
      }
      const entry = blocks[byBlock.get(block)];
      let at = 0;
      for (const char of node.data) {
        const folded = fold(char);
        entry[1] += folded;
        for (let i = 0; i < folded.length; i += 1) entry[2].push([node, at, at + char.length]);
        at += char.length;
      }
    }
    return blocks;
  };

  const target = () => {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null; // no fragment of ours
    }
  };

  const take = () => {
    CSS.highlights?.delete(NAME);
    pill?.remove();
    marked = pill = null;
    const asked = new URLSearchParams(location.search);
    asked.delete('q');
    try {
      history.replaceState(history.state, '', (asked.size ? `?${asked}` : location.pathname) + location.hash);
    } catch {
      // a browser may forbid it on file://
    }
  };

  /** Brings a stretch of text into view, unless it is. */
  const bring = (range) => {
    const box = range.getBoundingClientRect();
    const edge = document.querySelector('.top')?.getBoundingClientRect().bottom ?? 0;
    const {clientWidth, clientHeight} = document.documentElement;
    const [x, y] = [box.left < 0 || box.right > clientWidth, box.top < edge || box.bottom > clientHeight];
    scrollBy({
      left: x ? box.left - clientWidth / 2 : 0,
      top: y ? box.top - clientHeight / 3 : 0,
      behavior: 'instant',
    });
  };

  const mark = async (places, scroll) => {
    marked = places;
    await duben.load('found.css').catch(() => {});
    if (marked !== places) return;
    // Only now: pinyin may have been laid over the text meanwhile, and then its nodes are other ones.
    const blocks = read();
    const ranges = places.map(([number, first, length]) => {
      const letters = blocks[number][2];
      const range = document.createRange();
      range.setStart(letters[first][0], letters[first][1]);
      range.setEnd(letters[first + length - 1][0], letters[first + length - 1][2]);
      return range;
    });
    CSS.highlights?.set(NAME, new Highlight(...ranges));
    if (scroll) {
      const aim = target();
      const inside = places.findIndex(([number]) => aim?.contains(blocks[number][0]));
      bring(ranges[Math.max(inside, 0)]);
    }
    const {strings, language} = await duben.strings();
    if (marked !== places || !CSS.highlights) return;
    pill?.remove();
    pill = document.createElement('button');
    pill.type = 'button';
    pill.className = 'found';
    pill.lang = language;
    pill.textContent = (strings['found-n'] ?? '').replace('{n}', places.length);
    pill.title = strings['found-leave'] ?? '';
    pill.addEventListener('click', take);
    document.body.append(pill);
  };

  const find = (scroll = true) => {
    const wanted = fold(words());
    if (!wanted || document.documentElement.classList.contains('search')) return;
    const blocks = read();
    const places = [];
    blocks.forEach(([, text], number) => {
      for (let at = -wanted.length; (at = text.indexOf(wanted, at + wanted.length)) >= 0;) {
        places.push([number, at, wanted.length]);
      }
    });
    if (places.length) mark(places, scroll);
    else if (marked) {
      const same = marked.filter(([number, first, length]) => blocks[number]?.[2].length >= first + length);
      if (same.length) mark(same, false);
    }
  };

  document.addEventListener('keydown', (event) => {
    // An open card is closed by the first Esc.
    if (event.key === 'Escape' && marked && !document.querySelector(':popover-open, dialog[open]')) take();
  }, true);
  document.addEventListener('duben:switched', () => find(false));

  duben.find = find;
})();
