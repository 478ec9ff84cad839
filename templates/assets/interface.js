// The interface in the language that a reader picked. The build marks what it says itself: `data-t`
// (and `data-t-label`, `data-t-title` …) name a string, `data-of` another one that stands in its place,
// `data-n` what else does, if it is not just the number that stands there.
// Those strings are said from the catalogue of that language; the page's own come back when it is
// given up. Texts, titles and all that an editor wrote have no key, so nothing here touches them.
(() => {
  'use strict';

  // What names its string by its class alone.
  const NUMBERED = {
    '.num': 'paragraph-n', '.where[aria-label]': 'paragraph-n', '.noteref': 'note-n', '.fnref': 'footnote-n',
  };
  // By the names of dataset: data-t-label for aria-label.
  const ATTRIBUTES = {
    tLabel: 'aria-label', tTitle: 'title', tPlaceholder: 'placeholder', tNested: 'data-nested',
  };
  const MARKED = ['[data-t]', 'time[datetime]', '[data-t-label]', '[data-t-title]', '[data-t-placeholder]',
    '[data-t-nested]', ...Object.keys(NUMBERED)].join();
  const CONVENTIONS = {en: 'en-GB'}; // the English of the catalogue is British

  const root = document.documentElement;
  const own = new WeakMap(); // element → what the page itself says: attribute ('' for the text) → value
  let spoken = null; // the catalogue in use; null for the page's own strings
  let plural = null;
  let title = ''; // the page's own, where another one is shown

  /** A string, with what stands in the place of the page's own. */
  const phrase = (key, before, {n = before?.match(/\d+/)?.[0], of}) => {
    const {strings} = spoken;
    const form = n && strings[`${key}#${plural.select(Number(n))}`];
    return (form || strings[key])?.replace(/\{\w+\}/, () => (of ? strings[of] : n) ?? '');
  };

  /** 2026-03 as March 2026, in the manner of the language. */
  const date = (iso) => {
    const [, month, day] = iso.split('-');
    return new Intl.DateTimeFormat(CONVENTIONS[spoken.language] ?? spoken.language, {
      timeZone: 'UTC', year: 'numeric', month: month && 'long', day: day && 'numeric',
    }).format(new Date(iso));
  };

  /** Puts into an element what is made of the page's own words there. */
  const put = (element, name, make) => {
    if (!own.has(element)) own.set(element, {});
    const kept = own.get(element);
    if (!(name in kept)) kept[name] = name ? element.getAttribute(name) : element.textContent;
    const value = make(kept[name]);
    if (value === undefined) return; // the catalogue has no such string
    if (name) element.setAttribute(name, value);
    else element.textContent = value;
  };
  const tell = (element) => put(element, 'lang', () => spoken.language);

  const say = (scope) => {
    const labelled = [];
    for (const element of scope.querySelectorAll(MARKED)) {
      const names = element.dataset;
      if (names.t || element.dateTime) {
        put(element, '', (before) => names.t ? phrase(names.t, before, names) : date(element.dateTime));
        tell(element);
      }
      const label = (key, name) => {
        if (!key) return;
        put(element, name, (before) => phrase(key, before, names));
        labelled.push(element);
      };
      for (const [key, name] of Object.entries(ATTRIBUTES)) label(names[key], name);
      for (const [selector, key] of Object.entries(NUMBERED)) {
        label(element.matches(selector) && key, 'aria-label');
      }
    }
    // A label is in the language of its element, so that of an element with words of its own stays.
    for (const element of labelled) {
      if (!element.hasAttribute('lang') && !/\p{Script=Han}/u.test(element.textContent)) {
        tell(element);
      }
    }
  };

  /** What the page itself said, put back. */
  const restore = () => {
    for (const element of document.querySelectorAll(MARKED)) {
      for (const [name, value] of Object.entries(own.get(element) ?? {})) {
        if (!name) element.textContent = value;
        else if (value === null) element.removeAttribute(name);
        else element.setAttribute(name, value);
      }
      own.delete(element);
    }
    if (title) document.title = root.dataset.title = title;
    title = '';
  };

  const sayAll = () => {
    say(document);
    // A page whose heading is of the interface has it in its title, too.
    const heading = document.querySelector('h1 > [data-t]');
    const said = own.get(heading)?.[''];
    title = said && document.title.startsWith(said) ? document.title : '';
    if (title) document.title = root.dataset.title = heading.textContent + title.slice(said.length);
  };

  // The card is filled from what is said already; only its label has yet to tell its language.
  const filled = new MutationObserver(() => {
    const label = document.querySelector('.leaf > .label');
    if (label && spoken) label.lang = spoken.language;
  });
  const watch = () => {
    const leaf = document.querySelector('.leaf');
    if (leaf) filled.observe(leaf, {childList: true});
  };

  const change = async () => {
    const language = duben.get('ui');
    if (language === (spoken?.language ?? '')) return;
    const catalogue = language ? await duben.strings() : null;
    if (language !== duben.get('ui')) return; // another was picked meanwhile
    restore();
    spoken = catalogue?.language === language ? catalogue : null;
    if (spoken) {
      plural = new Intl.PluralRules(language);
      sayAll();
    }
    root.classList.add('said');
  };

  const start = () => {
    change();
    document.addEventListener('duben:set', change);
    document.addEventListener('duben:switched', () => {
      title = '';
      if (spoken) sayAll();
      watch();
    });
    watch();
  };

  if (duben.get('ui')) duben.strings(); // on its way while the page is read
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', start);
  else start();
})();
