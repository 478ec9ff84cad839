// Switching script: fetches the same page in the other variant and puts its content in place,
// so that the paragraph being read stays where it is. Where that fails, and on file://, the
// link is followed, with the fragment of the first visible paragraph.
(() => {
  'use strict';

  const PATIENCE = 6000; // ms until a slow answer becomes a plain navigation
  const BLOCKS = 'main :is(h1, h2, h3, h4, p, li, dt, dd, tr)';
  const HEAD = 'link[rel=canonical], link[rel=alternate], meta[property], ' +
    'meta[name]:not([name=viewport], [name=theme-color]), script[type="application/ld+json"]';

  let turn = 0; // counts the clicks: only the last one may change the page
  let waiting = null;

  /** The first block that shows below the sticky head: [element, its number]. */
  const firstVisible = () => {
    const edge = document.querySelector('.top').getBoundingClientRect().bottom;
    const blocks = [...document.querySelectorAll(BLOCKS)];
    const number = blocks.findIndex((block) => {
      const box = block.getBoundingClientRect();
      return box.height > 0 && box.bottom > edge + 1;
    });
    return [blocks[number], number];
  };

  /** The address with the fragment of the place being read; at the top of a page, without. */
  const withPlace = (href) => {
    const url = new URL(href);
    const [block] = firstVisible();
    const named = block?.id ? block : block?.querySelector('[id]') ?? block?.closest('[id]');
    if (scrollY > 0 && named?.id) url.hash = named.id;
    return url.href;
  };

  /** A focused element's number among its like, so that its twin can have the focus. */
  const focused = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return () => null;
    const selector = element.closest('.scripts') ? '.scripts [aria-current]' : element.tagName;
    const number = selector === element.tagName
      ? [...document.querySelectorAll(selector)].indexOf(element) : 0;
    return () => document.querySelectorAll(selector)[number];
  };

  const replaceBy = (page, href) => {
    const [block, number] = firstVisible();
    const top = block?.getBoundingClientRect().top;
    const twin = focused();
    const keepPlace = () => {
      if (!block) return;
      const here = (block.id && document.getElementById(block.id)) ||
        document.querySelectorAll(BLOCKS)[number];
      if (here) scrollBy({top: here.getBoundingClientRect().top - top, behavior: 'instant'});
    };

    // The address first: images and links of the new content are relative to it.
    history.replaceState(history.state, '', href + location.search + location.hash);
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.documentElement.dataset.title = page.documentElement.dataset.title;
    for (const old of document.head.querySelectorAll(HEAD)) old.remove();
    document.head.append(...page.head.querySelectorAll(HEAD));
    const folds = [...document.querySelectorAll('details')].map((fold) => fold.open);
    document.body.replaceChildren(...page.body.childNodes);
    document.querySelectorAll('details').forEach((fold, i) => { fold.open = folds[i]; });
    twin()?.focus({preventScroll: true});
    keepPlace();
    document.dispatchEvent(new Event('duben:switched'));
    keepPlace(); // what answered the event may have moved it
  };

  const change = async (link) => {
    const mine = ++turn;
    const href = link.href.replace(/[?#].*$/, '');
    const request = waiting = new AbortController();
    const timer = setTimeout(() => request.abort(), PATIENCE);
    try {
      const answer = await fetch(href, {signal: request.signal});
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (page.documentElement.lang !== link.hreflang) throw new Error('another page');
      if (mine === turn) replaceBy(page, href);
    } catch {
      if (mine === turn) location.assign(withPlace(href));
    } finally {
      clearTimeout(timer);
    }
  };

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('.scripts a');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    try {
      localStorage.setItem('duben-script', link.hreflang);
    } catch {
      // storage is switched off: the choice holds for this page
    }
    waiting?.abort();
    if (link.hasAttribute('aria-current')) {
      event.preventDefault();
      turn += 1; // calls off a switch under way
    } else if (location.protocol === 'file:') {
      link.href = withPlace(link.href);
    } else {
      event.preventDefault();
      change(link);
    }
  });
})();
