// Keeps the place read while the page changes under the reader: its script, or the way its lines run.
// Loaded when that is about to happen.
(() => {
  'use strict';

  // Not the contents: at the side of a wide window they stay while the text goes by.
  const BLOCKS = 'main :is(h1, h2, h3, h4, h5, h6, p, li, dt, dd, tr):not(.contents *)';
  const HEAD = 'link[rel=canonical], link[rel=alternate], meta[property], ' +
    'meta[name]:not([name=viewport], [name=theme-color]), script[type="application/ld+json"]';
  const root = document.documentElement;

  /** Where a block begins and ends along the page, from the edge at which its visible part begins. */
  const extent = (block) => {
    const box = block.getBoundingClientRect();
    if (duben.vertical()) return [root.clientWidth - box.right, root.clientWidth - box.left];
    const edge = document.querySelector('.top').getBoundingClientRect().bottom;
    return [box.top - edge, box.bottom - edge];
  };

  /** The blocks of the page, in their order. */
  duben.blocks = () => [...document.querySelectorAll(BLOCKS)];

  /** The first block that shows: [element, its number]. */
  const reading = () => {
    const blocks = duben.blocks();
    const number = blocks.findIndex((block) => {
      const [start, end] = extent(block);
      return end > 1 && end > start;
    });
    return [blocks[number], number];
  };

  /** Where the reader is, for duben.back; null on an empty page. */
  duben.spot = () => {
    const [block, number] = reading();
    if (!block) return null;
    const [from, to] = extent(block);
    return {id: block.id, number, from, to, vertical: duben.vertical()};
  };

  /** Scrolls to where the reader was, in what the page has become. */
  duben.back = (spot) => {
    const here = spot && ((spot.id && document.getElementById(spot.id)) || duben.blocks()[spot.number]);
    if (!here) return;
    const {from, to} = spot;
    const [start, end] = extent(here);
    const vertical = duben.vertical();
    // Of a block whose lines run the other way now, the same share has gone by.
    const share = from < 0 && vertical !== spot.vertical ? (end - start) / (to - from) : 1;
    const way = start - from * share;
    scrollBy({left: vertical ? -way : 0, top: vertical ? 0 : way, behavior: 'instant'});
  };

  /** Remembers the place read: a function that scrolls back to it. */
  duben.hold = () => {
    const spot = duben.spot();
    return () => duben.back(spot);
  };

  /** An address with the fragment of the place read; at the top of a page, without. */
  duben.addressOf = (href) => {
    const url = new URL(href);
    const [block] = reading();
    const named = block?.id ? block : block?.querySelector('[id]') ?? block?.closest('[id]');
    if ((scrollX || scrollY) && named?.id) url.hash = named.id;
    return url.href;
  };

  /** What gives the focus to the focused element's twin. The twin of what lies in a card is its word. */
  const focused = () => {
    const active = document.activeElement;
    const element = active?.closest('#card') ? document.querySelector('main .open') : active;
    if (!element || element === document.body) return () => {};
    // A page converted has links that the original lacks, so only its like are counted.
    const kind = (each) => [each.localName, each.classList[0], each.getAttribute('href')].join();
    const like = () => [...document.querySelectorAll(element.localName)]
      .filter((each) => kind(each) === kind(element));
    const number = like().indexOf(element);
    const current = element.closest('.scripts') && '.scripts [aria-current]';
    return () => {
      const twin = current ? document.querySelector(current) : like()[number];
      (twin ?? document.querySelector('[type=search]') ?? document.querySelector('main')).focus({preventScroll: true});
    };
  };

  /** Puts another variant's page where this one is. */
  duben.replace = (page, href) => {
    document.querySelector('[popover]:not(#card):popover-open')?.hidePopover(); // gives the focus back
    const focusTwin = focused();
    const keepPlace = duben.hold();

    // The address first: images and links of the new content are relative to it.
    history.replaceState(history.state, '', href + location.search + location.hash);
    root.lang = page.documentElement.lang;
    document.title = page.title;
    root.dataset.title = page.documentElement.dataset.title;
    for (const old of document.head.querySelectorAll(HEAD)) old.remove();
    document.head.append(...page.head.querySelectorAll(HEAD));
    const folds = [...document.querySelectorAll('details')].map((fold) => fold.open);
    document.body.replaceChildren(...page.body.childNodes);
    document.querySelectorAll('details').forEach((fold, i) => { fold.open = folds[i]; });
    focusTwin();
    keepPlace();
    document.dispatchEvent(new Event('duben:switched'));
    keepPlace(); // what answered the event may have moved it
  };
})();
