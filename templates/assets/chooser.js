// The site's root: offers first the script that the reader chose before, else the one that the browser
// asks for, and the text that was being read. It goes nowhere by itself. A reader whose browser asks for
// no Chinese is offered the interface in another language, which is put on at the first visit.
(() => {
  'use strict';

  // What a browser may ask for, and which of our variants serve it, best first.
  const WANTED = [
    [/^(zh-hant-(hk|mo)|zh-(hk|mo)|yue)\b/i, ['zh-Hant-HK', 'zh-Hant', 'zh-Hant-TW']],
    [/^zh-(hant-)?tw\b/i, ['zh-Hant-TW', 'zh-Hant', 'zh-Hant-HK']],
    [/^zh-hant\b/i, ['zh-Hant', 'zh-Hant-TW', 'zh-Hant-HK']],
    [/^zh\b/i, ['zh-Hans']],
  ];

  const links = new Map();
  for (const link of document.querySelectorAll('a[hreflang]')) links.set(link.hreflang, link.href);

  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is switched off
    }
  };

  const asked = () => {
    for (const tag of navigator.languages) {
      const row = WANTED.find(([pattern]) => pattern.test(tag));
      const variant = row?.[1].find((lang) => links.has(lang));
      if (variant) return variant;
    }
    return null;
  };

  const list = document.querySelector('main ul');
  const inOrder = [...list.children];

  /** Puts the script first that the reader is likely to want. */
  const order = () => {
    const lang = [stored('duben-script'), asked()].find((tag) => links.has(tag));
    const first = list.querySelector(`[hreflang="${lang}"]`)?.parentElement;
    list.replaceChildren(...(first ? [first] : []), ...inOrder.filter((item) => item !== first));
    return lang;
  };

  list.addEventListener('click', (event) => {
    const link = event.target.closest('a[hreflang]');
    if (!link) return;
    try {
      localStorage.setItem('duben-script', link.hreflang);
    } catch {
      // storage is switched off
    }
  });

  /** The text read last that is not at its end: [path, id, number, title]; undefined where there is none. */
  const unfinished = () => {
    try {
      const rows = Object.entries(JSON.parse(stored(`duben-read ${new URL(duben.root).pathname}`)));
      const [last] = rows.filter(([path, row]) => typeof row[0] === 'number' && /^[\w.-]+$/.test(row[1]) &&
        row[2] && row[3] < .95 && typeof row[5] === 'string' && /^texts\/[^:]+\.html$/.test(path))
        .sort(([, one], [, other]) => other[0] - one[0]);
      return last && [last[0], last[1][1], last[1][2], last[1][5]];
    } catch {
      return undefined; // nothing yet, or not ours
    }
  };

  /** The way back to that text, above the scripts. */
  const resume = async () => {
    const lang = order() ?? links.keys().next().value;
    const text = unfinished();
    if (!text) return;
    const [path, id, number, title] = text;
    const {language, strings} = await duben.strings();
    if (!strings.resume) return;
    const say = (words) => {
      const element = document.createElement('span');
      element.lang = language;
      element.textContent = words;
      return element;
    };
    const paragraph = document.createElement('p');
    const link = document.createElement('a');
    paragraph.className = 'resume';
    link.href = `${lang.toLowerCase()}/${path}#${id}`;
    link.append(say(strings.resume), ' ', title, ' ', say(strings['paragraph-n'].replace('{n}', number)));
    paragraph.append(link);
    document.querySelector('.resume')?.remove();
    document.querySelector('h1').after(paragraph);
  };

  const buttons = [...document.querySelectorAll('.tongues button')];
  const show = () => {
    for (const button of buttons) button.setAttribute('aria-pressed', button.value === duben.get('ui'));
  };

  /** The language on offer that the browser asks for; the first for a reader who asks for no Chinese. */
  const spoken = () => {
    if (navigator.languages.some((tag) => /^(zh|yue)\b/i.test(tag))) return '';
    const main = (tag) => tag.toLowerCase().split('-')[0];
    const offered = buttons.filter(({value}) => value);
    const wished = navigator.languages.map((tag) => offered.find(({value}) => main(value) === main(tag)));
    return (wished.find(Boolean) ?? offered[0])?.value ?? '';
  };

  // Once only: who gave it up is not asked to give it up again.
  if (!stored('duben-greeted')) {
    try {
      localStorage.setItem('duben-greeted', '1');
    } catch {
      // storage is switched off
    }
    if (!duben.get('ui') && spoken()) duben.set('ui', spoken());
  }

  show();
  resume();
  document.addEventListener('duben:set', () => {
    show();
    resume();
  });
  // A page that comes back as it was left.
  addEventListener('pageshow', (event) => event.persisted && resume());
  for (const button of buttons) {
    button.addEventListener('click', () => duben.set('ui', button.value));
  }
})();
