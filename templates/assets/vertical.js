// The vertical setting of a reading page: puts on vertical.css and takes it off again, both times at the
// place being read; lets wheel and keys move along the text; gives a page in Simplified characters the
// quotation marks of vertical print, and lays those of Latin words on their side, as the words lie; sets
// single digits upright.
(() => {
  'use strict';

  const root = document.documentElement;
  const STEP = 40; // px that an arrow key moves
  const STAYS = 72; // px of the last screen that stay in sight on the next
  const NOTCH = 60; // px from which a turn of the wheel is a mouse's, and not a finger's on a trackpad

  // --- Quotation marks: “ ” are 『 』 and ‘ ’ are 「 」 in vertical print of the mainland; elsewhere the
  // marks are the same both ways. The rank of a mark decides, not its depth. Apostrophes, primes and
  // quotations in Latin script stay.

  const MARK = /[“”‘’「」『』]/g;
  const CLOSES = {'“': '”', '‘': '’', '「': '」', '『': '』'};
  const LIKE = {'“': '「', '‘': '『', '「': '“', '『': '‘'}; // of the other style
  const VERTICAL = {'“': '『', '”': '』', '‘': '「', '’': '」'};
  const FLOW = 'p, h1, h2, h3, h4, h5, h6, li, dt, dd, td, th, caption';
  const ASIDE = '.num, .noteref, .fnref, rt, rp, code, [lang|=en], [lang$=pinyin]';
  const chinese = (char) => char >= '⺀';
  // A digit by itself stands upright. What belongs to a longer number or to Latin letters lies as they do:
  // a browser's own search does not find what is combined into the room of one character.
  const DIGIT = /(?<![\p{Script=Latin}\d.,:/%+~–-])\d(?![\p{Script=Latin}\d%‰°]|[.,:/+~–-]\d)/gu;
  const letter = (char) => char !== undefined && !chinese(char) && /[\p{L}\p{N}]/u.test(char);

  /** Whether a mark that closes may be an apostrophe or a prime, if another like it closes as well. */
  const givesWay = (text, {char, at}) => (char === '’' ? letter(text[at - 1])
    : char === '”' && (/^(?:.*[^0-9])?[0-9]{1,2}$/s.test(text.slice(0, at)) && /[\p{L}\p{N}_”]/u.test(text[at + 1] ?? '') ||
      /[0-9]’[0-9]{1,2}$/.test(text.slice(0, at))));

  /** The marks of a text in their order: what stands in vertical print, and whether it belongs to Latin script. */
  const verticalMarks = (text) => {
    const marks = [...text.matchAll(MARK)].map(({0: char, index: at}) => ({char, at, stays: false}));
    const waiting = [];
    const outside = {};
    const join = (opening, closing) => {
      opening.closing = closing;
      (waiting.at(-1) ?? outside).last = opening;
    };
    for (const mark of marks) {
      const {char, at} = mark;
      if (CLOSES[char]) {
        waiting.push(mark);
        continue;
      }
      const [before, after] = [letter(text[at - 1]), letter(text[at + 1])];
      mark.stays = char === '’' && before && after;
      if (mark.stays) continue;
      const prime = char === '’' ? before || after || /[0-9]’$/.test(text.slice(0, at))
        : char === '”' && /[0-9]$/.test(text.slice(0, at)) && !/[0-9]{3}$/.test(text.slice(0, at));
      const open = waiting.findLastIndex((other) => CLOSES[other.char] === char);
      const last = waiting.length - 1;
      const {last: earlier} = waiting.at(-1) ?? outside;
      if (open >= 0 && (open === last || char !== '’' || !prime)) {
        const opening = waiting[open];
        waiting.length = open;
        join(opening, mark);
      } else if (!prime && last >= 0 && CLOSES[LIKE[waiting[last].char]] === char) {
        join(waiting.pop(), mark);
      } else if (prime) {
        mark.stays = true;
      } else if (earlier?.closing.char === char && givesWay(text, earlier.closing)) {
        earlier.closing.stays = true;
        join(earlier, mark);
      }
    }
    for (const opening of marks) {
      const {char, at, closing} = opening;
      if (!closing || !'“‘'.includes(char)) continue;
      const inside = text.slice(at + 1, closing.at);
      const around = [text.slice(0, at).replace(/[ “‘「『]+$/, '').slice(-1),
        text.slice(closing.at + 1).replace(/^[ ”’」』]+/, '')[0] ?? ''];
      const latin = /\p{Script=Latin}/u.test(inside) && ![...inside, ...around].some(chinese);
      if (latin) opening.stays = closing.stays = true;
    }
    const others = root.lang === 'zh-Hans' ? VERTICAL : {};
    return marks.map(({char, stays}) => ({mark: stays ? char : others[char] ?? char, stays}));
  };

  /** The text nodes of what reads as one: an element → its text and line breaks. */
  const flows = () => {
    const found = new Map();
    const walk = document.createTreeWalker(document.getElementById('main'), NodeFilter.SHOW_ALL, (node) =>
      (node.nodeType === Node.ELEMENT_NODE && node.matches(ASIDE) ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT));
    while (walk.nextNode()) {
      const node = walk.currentNode;
      const flow = node.parentElement.closest(FLOW);
      if (!flow || (node.nodeType !== Node.TEXT_NODE && node.tagName !== 'BR')) continue;
      if (!found.has(flow)) found.set(flow, []);
      found.get(flow).push(node);
    }
    return found;
  };

  const places = (nodes) => nodes.flatMap((node) =>
    [...(node.data ?? '').matchAll(MARK)].map((mark) => [node, mark.index]));

  // What was put: flow → [what it was, what it is] of each of its marks. By number and not by node: other
  // scripts may part the nodes of a flow.
  let put = new Map();
  let marked = false;

  const restoreMarks = () => {
    marked = false;
    for (const laid of document.querySelectorAll('.sideways, .upright')) {
      const around = laid.parentNode;
      laid.replaceWith(...laid.childNodes);
      around.normalize();
    }
    const now = put.size ? flows() : new Map();
    for (const [flow, changes] of put) {
      places(now.get(flow) ?? []).forEach(([node, at], number) => {
        const [was, is] = changes[number] ?? [];
        if (node.data[at] === is) node.replaceData(at, 1, was);
      });
    }
    put = new Map();
  };

  /** A stretch of a text node, in a <span> of its own. */
  const wrap = (node, at, length, properties) => {
    const laid = Object.assign(document.createElement('span'), properties);
    const piece = node.splitText(at);
    piece.splitText(length);
    piece.replaceWith(laid);
    laid.append(piece);
  };

  /** Sets digits that stand by themselves upright. */
  const setDigits = (nodes) => {
    const text = nodes.map((node) => node.data ?? '\n').join('');
    let start = 0;
    for (const node of nodes) {
      const {length} = node.data ?? '\n';
      const own = [...text.matchAll(DIGIT)].filter(({index}) => index >= start && index < start + length);
      for (const {index} of own.reverse()) { // a node is parted from its end
        if (!node.parentElement.closest('table')) wrap(node, index - start, 1, {className: 'upright'});
      }
      start += length;
    }
  };

  const setMarks = () => {
    marked = true;
    for (const [flow, nodes] of flows()) {
      const text = nodes.map((node) => node.data ?? '\n').join('');
      if (!/[“”‘’]/.test(text)) continue;
      const marks = verticalMarks(text);
      const changes = places(nodes).map(([node, at], number) => ({node, at, was: node.data[at], ...marks[number]}));
      put.set(flow, changes.map(({was, mark}) => [was, mark]));
      for (const {node, at, was, mark, stays} of changes.reverse()) { // a node is parted from its end
        if (was !== mark) node.replaceData(at, 1, mark);
        if (!stays) continue;
        wrap(node, at, 1, {className: 'sideways', lang: 'en'}); // the font: a Chinese one would draw a corner
      }
    }
    for (const nodes of flows().values()) setDigits(nodes); // of nodes as they are now
  };

  /** Sets the marks of vertical print, or those of the page again. Pinyin lies over them, if there is any. */
  const showMarks = (wanted) => {
    if (wanted === marked) return;
    const change = wanted ? setMarks : restoreMarks;
    if (duben.bare) duben.bare(change);
    else change();
    duben.find?.(false); // what a search found is marked in nodes, and these are other ones now
  };

  // --- On and off

  let on = false;
  let sheet = document.querySelector('link[href$="/vertical.css"]');

  const sheetReady = () => new Promise((resolve, reject) => {
    const fail = () => {
      sheet?.remove();
      sheet = null; // the next wish asks for it anew
      root.classList.remove('down');
      reject(new Error('vertical.css'));
    };
    if (!sheet) {
      sheet = document.createElement('link');
      sheet.rel = 'stylesheet';
      sheet.media = 'not all'; // nothing may change before the place is known
      sheet.href = new URL('assets/vertical.css', duben.root);
      document.head.append(sheet);
    } else if (sheet.media ? sheet.sheet : duben.vertical()) {
      resolve();
    } else if (document.readyState === 'complete') {
      fail();
      return;
    } else {
      addEventListener('load', () => sheet && !duben.vertical() && fail()); // it may have failed unheard
    }
    sheet.addEventListener('load', resolve);
    sheet.addEventListener('error', fail);
  });

  const turn = () => {
    on = duben.get('setting') === 'vertical';
    const media = on ? 'all' : 'not all';
    history.scrollRestoration = on ? 'manual' : 'auto';
    // A page that was vertical before it was painted stands where the browser put it.
    if (sheet.media === media) {
      showMarks(on);
      return;
    }
    const keepPlace = duben.hold();
    sheet.media = media;
    root.classList.toggle('down', on); // not the setting itself: it changes before the place is known
    showMarks(on);
    keepPlace();
    dispatchEvent(new Event('resize')); // what was measured must be so again
    keepPlace();
  };

  // --- Moving

  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let goal = null; // of a movement under way

  const glide = (left) => {
    goal = Math.min(0, Math.max(left, root.clientWidth - root.scrollWidth));
    scrollTo({left: goal, behavior: still.matches ? 'instant' : 'smooth'});
  };

  /** What scrolls around a node: a box that does so by itself, else the page. */
  const scroller = (node) => {
    for (let box = node; box && box !== document.body && box !== root; box = box.parentElement) {
      const {overflowX, overflowY} = getComputedStyle(box);
      if (/auto|scroll/.test(overflowX) && box.scrollWidth > box.clientWidth) return box;
      if (/auto|scroll/.test(overflowY) && box.scrollHeight > box.clientHeight) return box;
    }
    return root;
  };

  const elsewhere = (event) => !on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey ||
    event.target.closest?.('dialog, [popover]:not(#card), input, textarea, select, [contenteditable]');

  addEventListener('wheel', (event) => {
    // Sideways is the browser's own.
    if (elsewhere(event) || event.shiftKey || Math.abs(event.deltaX) >= Math.abs(event.deltaY)) return;
    const way = event.deltaY * [1, STEP, innerWidth][event.deltaMode];
    const box = scroller(event.target);
    if (box === root) {
      if (Math.abs(way) < NOTCH) scrollBy({left: -way, behavior: 'instant'});
      else glide((goal ?? scrollX) - way);
    } else if (box.scrollHeight <= box.clientHeight) {
      box.scrollBy({left: getComputedStyle(box).writingMode > 'v' ? -way : way, behavior: 'instant'});
    }
  }, {passive: true});
  addEventListener('scrollend', () => { goal = null; });

  document.addEventListener('keydown', (event) => {
    const screen = root.clientWidth - STAYS;
    const way = {
      ' ': event.shiftKey ? -screen : screen, PageDown: screen, PageUp: -screen,
      ArrowDown: STEP, ArrowUp: -STEP, Home: -Infinity, End: Infinity,
    }[event.key];
    if (!way || elsewhere(event) || (event.shiftKey && event.key !== ' ')) return;
    if (event.key === ' ' && event.target.closest?.('button, summary')) return;
    const box = scroller(event.target);
    if (box === root) {
      event.preventDefault();
      glide((goal ?? scrollX) - way);
    } else if (box.scrollHeight <= box.clientHeight) {
      event.preventDefault();
      box.scrollBy({left: Math.max(-1e6, Math.min(-way, 1e6)), behavior: 'instant'});
    }
  });

  // --- When

  const ready = document.readyState === 'loading'
    ? new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve)) : null;
  const begin = () => {
    turn();
    // Browsers come back to another place of a page that scrolls from the right.
    const [{type} = {}] = performance.getEntriesByType('navigation');
    if (on && type !== 'navigate') {
      const spot = history.state?.spot;
      duben.back(spot);
      // Pictures may still push what follows them.
      if (document.readyState !== 'complete') addEventListener('load', () => duben.back(spot));
    }
    addEventListener('scrollend', () => {
      if (on) history.replaceState({...history.state, spot: duben.spot()}, '');
    });
    document.addEventListener('duben:set', turn);
    document.addEventListener('duben:switched', () => {
      put = new Map();
      marked = false;
      showMarks(on);
    });
    addEventListener('beforeprint', () => showMarks(false)); // paper is set the other way
    addEventListener('afterprint', () => showMarks(on));
  };

  let beginning = null;
  const start = () => {
    if (duben.get('setting') !== 'vertical') return;
    beginning ??= Promise.all([sheetReady(), duben.load('place.js'), ready]).then(begin)
      .catch(() => { beginning = null; }); // a failure is no verdict: it is tried again when it is chosen again
  };
  document.addEventListener('duben:set', start);
  start();
})();
