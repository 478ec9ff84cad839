// The site's root: goes to the script that the reader chose before, else to the one that the
// browser asks for. A reader whose browser asks for no Chinese stays here and chooses, and is
// offered the interface in another language, which is put on at the first visit.
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

  const chosen = links.get(stored('duben-script')) ?? links.get(asked());
  if (chosen) {
    location.replace(chosen);
    return;
  }

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
  document.addEventListener('duben:set', show);
  for (const button of buttons) {
    button.addEventListener('click', () => duben.set('ui', button.value));
  }
})();
