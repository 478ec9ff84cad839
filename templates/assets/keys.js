// What single keys do, and the dialog that lists them. reader.js hears the keys and leaves out those that
// are typed into something, or switched off by the reader.
(() => {
  'use strict';

  const TERMS = 'article :is(.title, .body) a.term';

  const search = () => document.querySelector('a.search');
  const scripts = () => [...document.querySelectorAll('.top .scripts a')];

  const nextScript = () => {
    const links = scripts();
    links[(links.findIndex((link) => link.hasAttribute('aria-current')) + 1) % links.length]?.click();
  };

  /** True for an element whose end is not yet above the sticky head, or left of it where lines stand upright. */
  const ahead = (element) => {
    const edge = document.querySelector('.top').getBoundingClientRect().bottom;
    const box = element.getBoundingClientRect();
    return box.bottom > edge && box.right > 0;
  };

  /** Moves the focus to the term after (1) or before (-1) the one that has it, else to one near the text being read. */
  const step = (by) => {
    const terms = [...document.querySelectorAll(TERMS)].filter((term) => term.checkVisibility?.() ?? true);
    if (!terms.length) return;
    // From inside a card, its word is the place.
    const here = terms.indexOf(document.querySelector('a.term.open') ?? document.activeElement);
    const first = terms.findIndex(ahead);
    const start = first < 0 ? terms.length : first;
    const at = here >= 0 ? here + by : by > 0 ? start : start - 1;
    const term = terms[(at + terms.length) % terms.length];
    term.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'});
    term.focus({preventScroll: true});
  };

  const help = ({strings}) => {
    const list = document.createElement('dl');
    list.className = 'keys';
    for (const [key, text, , possible] of KEYS) {
      if (!possible()) continue;
      const line = document.createElement('div');
      const sign = document.createElement('kbd');
      const names = document.createElement('dt');
      const words = document.createElement('dd');
      sign.textContent = key;
      names.append(sign);
      words.textContent = strings[text];
      line.append(names, words);
      list.append(line);
    }
    const hint = document.createElement('p');
    hint.className = 'hint';
    hint.textContent = strings['keys-hint'];
    return [strings['settings-keys'], [list, hint]];
  };

  const hasTerms = () => document.querySelector(TERMS);
  const always = () => true;

  // The key, what the dialog says of it, what it does, and whether the page has a use for it.
  const KEYS = [
    ['n', 'key-next', () => step(1), hasTerms],
    ['p', 'key-previous', () => step(-1), hasTerms],
    ['s', 'key-script', nextScript, () => scripts().length],
    ['/', 'key-search', () => search()?.click(), search],
    [',', 'settings', () => duben.load('panel.js').then(() => duben.panel()), always],
    ['?', 'key-help', () => duben.load('panel.js').then(() => duben.sheet('help', help)), always],
  ];

  /** Does what a key is for. */
  duben.press = (pressed) => KEYS.find(([key]) => key === pressed)?.[2]();
})();
