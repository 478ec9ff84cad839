// The site's root: goes to the script that the reader chose before, else to the one that the
// browser asks for. A reader whose browser asks for no Chinese stays here and chooses.
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

  const stored = () => {
    try {
      return localStorage.getItem('duben-script');
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

  const chosen = links.get(stored()) ?? links.get(asked());
  if (chosen) location.replace(chosen);
})();
