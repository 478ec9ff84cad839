// The site's root: offers first the script that the reader chose before, else the one that the browser
// asks for, and the text that was being read. It goes nowhere by itself. A reader whose browser asks for
// no Chinese is offered the interface in another language, which is put on at the first visit.
(() => {
  'use strict';

  // What a browser may ask for, and which of our variants serve it, best first.
  const WANTED = [
    [/^(zh-(hant-)?(hk|mo)|yue)\b/i, ['zh-Hant-HK', 'zh-Hant', 'zh-Hant-TW']],
    [/^zh-(hant-)?tw\b/i, ['zh-Hant-TW', 'zh-Hant', 'zh-Hant-HK']],
    [/^zh-hant\b/i, ['zh-Hant', 'zh-Hant-TW', 'zh-Hant-HK']],
    [/^zh\b/i, ['zh-Hans']],
  ];

  const all = (selector) => [...document.querySelectorAll(selector)];
  const links = all('main a');
  const linkTo = (lang) => links.find(({hreflang}) => hreflang === lang);

  const storage = (method, ...given) => {
    try {
      return localStorage[method](...given);
    } catch {
      return null; // it is switched off
    }
  };

  const {languages} = navigator;
  /** What the first language gives that gives anything. */
  const firstOf = (give) => languages.map(give).find(Boolean);
  const asked = (tag) => WANTED.find(([pattern]) => pattern.test(tag))?.[1].map(linkTo).find(Boolean);

  const first = (linkTo(storage('getItem', 'duben-script')) ?? firstOf(asked))?.parentElement;
  first?.parentElement.prepend(first);

  const buttons = all('button');
  const show = () => {
    for (const button of buttons) button.setAttribute('aria-pressed', button.value === duben.get('ui'));
  };

  /** The language on offer that the browser asks for; the first for a reader who asks for no Chinese. */
  const spoken = () => {
    if (firstOf((tag) => /^(zh|yue)\b/i.test(tag))) return '';
    const main = (tag) => tag.toLowerCase().split('-')[0];
    const offered = buttons.filter(({value}) => value);
    return (firstOf((tag) => offered.find(({value}) => main(value) === main(tag))) ?? offered[0])?.value ?? '';
  };

  // Once only: who gave it up is not asked to give it up again.
  if (!storage('getItem', 'duben-greeted')) {
    storage('setItem', 'duben-greeted', 1);
    duben.set('ui', duben.get('ui') || spoken());
  }

  show();
  document.addEventListener('duben:set', show);
  for (const button of buttons) button.addEventListener('click', () => duben.set('ui', button.value));
  // The way back to a text, if one is being read.
  if (storage('getItem', `duben-read ${new URL(duben.root).pathname}`)) duben.load('progress.js').catch(() => {});
})();
