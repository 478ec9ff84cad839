// Runs before the first paint: puts the reader's settings on <html>, so that no page is painted
// twice. What a setting needs beyond the style sheet is loaded only where it is chosen. Offers the
// other scripts `duben`: settings, loading, and the strings of the interface.
(() => {
  'use strict';

  const KEY = 'duben-settings';
  const NAMES = ['ui', 'theme', 'size', 'lead', 'measure', 'notes', 'pinyin', 'setting', 'keys'];
  // Settings that need a script of their own, and whether only a reading page has a use for it.
  const SCRIPTS = {ui: ['interface.js', false], pinyin: ['pinyin.js', true], setting: ['vertical.js', true]};
  const root = document.documentElement;
  const assets = new URL('.', document.currentScript.src);
  const loaded = new Map();
  const said = new Map();

  /** Loads a script or style sheet of assets/ once: a promise, rejected where it cannot be had. */
  const load = (name) => {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        const sheet = name.endsWith('.css');
        const element = document.createElement(sheet ? 'link' : 'script');
        element.rel = 'stylesheet'; // says nothing on a script
        element[sheet ? 'href' : 'src'] = new URL(name, assets);
        element.onload = resolve;
        element.onerror = () => {
          loaded.delete(name); // a later wish tries again
          element.remove();
          reject(new Error(name));
        };
        document.head.append(element);
      }));
    }
    return loaded.get(name);
  };

  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return {}; // switched off, or not ours
    }
  };

  const apply = (settings) => {
    for (const name of NAMES) {
      const value = settings[name];
      if (value && typeof value === 'string') root.dataset[name] = value;
      else delete root.dataset[name];
      const [script, reading] = SCRIPTS[name] ?? [];
      if (script && root.dataset[name] && (!reading || root.classList.contains('text'))) {
        load(script).catch(() => {});
      }
    }
    // What the browser paints around the page. Each of these names its theme; no browser prefers sepia.
    for (const meta of document.querySelectorAll('meta[name=theme-color]')) {
      const own = meta.dataset.for;
      const {theme} = root.dataset;
      meta.media = theme ? (theme === own ? 'all' : 'not all') : `(prefers-color-scheme: ${own})`;
    }
    document.dispatchEvent(new Event('duben:set'));
  };

  window.duben = {
    /** The site's root, as an address. */
    root: new URL('..', assets).href,
    load,
    /** What a reader chose; '' where nothing. */
    get: (name) => root.dataset[name] ?? '',
    set(name, value) {
      const settings = {...stored(), [name]: value};
      if (!value) delete settings[name];
      try {
        localStorage.setItem(KEY, JSON.stringify(settings));
      } catch {
        // storage is switched off: the choice holds for this page
      }
      apply({...root.dataset, [name]: value});
    },
    /** Where pages are kept for reading without a network, if the browser and the address allow it. */
    get worker() {
      try {
        return location.protocol === 'file:' ? null : navigator.serviceWorker;
      } catch {
        return null; // in a frame that may do little
      }
    },
    /** Whether lines run down. */
    vertical: () => getComputedStyle(root).writingMode > 'v',
    /** A promise of the interface's strings: of the chosen language, else in the page's script. */
    async strings() {
      for (const language of [root.dataset.ui, root.lang]) {
        if (!language) continue;
        await load(`strings.${language.toLowerCase()}.js`).catch(() => {});
        if (said.has(language)) return said.get(language);
      }
      return {language: root.lang, languages: {}, strings: {}};
    },
    /** What a file of strings calls. */
    say: (catalogue) => said.set(catalogue.language, catalogue),
  };

  root.classList.add('js');
  apply(stored());
  // Written by the parser, so that every browser waits for it before it paints.
  if (duben.get('setting') && root.classList.contains('text')) {
    root.classList.add('down');
    document.write(`<link rel="stylesheet" href="${assets}vertical.css">`);
  }
  addEventListener('storage', (event) => event.key === KEY && apply(stored()));
  // A page that comes back as it was left has heard nothing meanwhile.
  addEventListener('pageshow', (event) => event.persisted && apply(stored()));
})();
