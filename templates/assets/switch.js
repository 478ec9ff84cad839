// Switching script: fetches the same page in the other variant and puts its content in place,
// so that the paragraph being read stays where it is. Where the answer is late or another page,
// and on file://, the link is followed, with the fragment of the first visible paragraph. Without
// a network the page stays, and says so.
(() => {
  'use strict';

  const PATIENCE = 6000; // ms until a slow answer becomes a plain navigation

  let turn = 0; // counts the clicks: only the last one may change the page
  const pages = new Map(); // those asked for: address → a promise of the page

  const addressOf = (link) => link.href.replace(/[?#].*$/, '');

  const fetched = (href) => {
    duben.load('place.js').catch(() => {});
    if (!pages.has(href)) {
      const page = fetch(href, {signal: AbortSignal.timeout?.(PATIENCE)})
        .then((answer) => (answer.ok ? answer.text() : ''));
      page.catch(() => pages.delete(href));
      pages.set(href, page);
    }
    return pages.get(href);
  };

  /** Follows the link, to the place being read. */
  const go = (href) => duben.load('place.js').then(() => duben.addressOf(href), () => href)
    .then((address) => location.assign(address));

  const change = async (link) => {
    const mine = ++turn;
    const href = addressOf(link);
    let lost = !navigator.onLine;
    const html = await fetched(href).catch((error) => {
      lost ||= error.name === 'TypeError'; // what fetch says of a network that fails
    });
    const page = new DOMParser().parseFromString(html ?? '', 'text/html');
    const right = page.documentElement.lang === link.hreflang &&
      await duben.load('place.js').then(() => true, () => false);
    if (mine !== turn) return;
    if (right) {
      duben.replace(page, href);
    } else if (lost) {
      const words = document.querySelector('.lost').firstElementChild;
      words.hidden = false;
      setTimeout(() => { words.hidden = true; }, PATIENCE);
    } else {
      pages.delete(href);
      go(href);
    }
  };

  // Who points at a link of the switch is likely to press it.
  for (const type of ['pointerover', 'focusin']) {
    document.addEventListener(type, (event) => {
      const link = event.target.closest?.('.scripts a:not([aria-current])');
      if (!link || location.protocol === 'file:' || navigator.connection?.saveData) return;
      fetched(addressOf(link)).catch(() => {});
    });
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('.scripts a');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    try {
      localStorage.setItem('duben-script', link.hreflang);
    } catch {
      // storage is switched off: the choice holds for this page
    }
    event.preventDefault();
    if (link.hasAttribute('aria-current')) turn += 1; // calls off a switch under way
    else if (location.protocol === 'file:') go(addressOf(link));
    else change(link);
  });
})();
