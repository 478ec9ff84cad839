// The reader's settings, in a dialog that changes the page at once. Also opens the dialogs of other
// scripts: duben.sheet(name, build).
(() => {
  'use strict';

  const root = document.documentElement;
  // Setting → [value, string] of each choice; '' is how the page is without a choice.
  const THEMES = [['', 'theme-system'], ['light', 'theme-light'], ['sepia', 'theme-sepia'], ['dark', 'theme-dark']];
  const SIZES = [['1', 'size-1'], ['', 'size-2'], ['3', 'size-3'], ['4', 'size-4'], ['5', 'size-5']];
  const LEADS = [['tight', 'lead-tight'], ['', 'lead-normal'], ['loose', 'lead-loose']];
  const MEASURES = [['narrow', 'measure-narrow'], ['', 'measure-normal'], ['wide', 'measure-wide']];
  const PINYIN = [['', 'pinyin-off'], ['words', 'pinyin-words'], ['all', 'pinyin-all']];
  const SETTINGS = [['', 'setting-horizontal'], ['vertical', 'setting-vertical']];
  const NOTES = [['', 'shown'], ['off', 'hidden']];
  const KEYS = [['', 'on'], ['off', 'off']];
  const NAMES = ['ui', 'theme', 'size', 'lead', 'measure', 'notes', 'pinyin', 'setting', 'keys'];

  let dialog = null; // the open one
  let shown = ''; // its name
  let language = ''; // of its strings
  let build = null;

  /** Changes settings as they are given; the place being read stays where it is. */
  const change = (settings) => {
    const keepPlace = duben.hold?.();
    for (const [name, value] of settings) duben.set(name, value);
    keepPlace?.();
  };

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  /** A labelled row of a dialog. */
  const row = (label, ...parts) =>
    make('div', {className: 'row'}, make('span', {className: 'name', textContent: label}), ...parts);

  const radios = (name, label, choices) => {
    const group = make('div', {className: `choices of-${name}`, role: 'radiogroup', ariaLabel: label});
    for (const [value, text, lang = ''] of choices) {
      const input = make('input', {type: 'radio', name, value, checked: duben.get(name) === value});
      group.append(make('label', {lang}, input, make('span', {textContent: text})));
    }
    return row(label, group);
  };

  const settings = ({languages, strings}) => {
    const reading = root.classList.contains('text');
    const named = (name, choices) =>
      radios(name, strings[`settings-${name}`], choices.map(([value, key]) => [value, strings[key]]));
    const parts = [];
    const scripts = document.querySelector('.top .scripts')?.cloneNode(true);
    if (scripts) {
      // Their addresses hold below any page, and switch.js hears their clicks.
      for (const link of scripts.querySelectorAll('a')) link.className = 'choice';
      parts.push(row(strings.scripts, scripts));
    }
    if (Object.keys(languages).length) {
      const others = Object.entries(languages).map(([tag, own]) => [tag, own, tag]);
      parts.push(radios('ui', strings['settings-ui'], [['', strings['ui-page'], root.lang], ...others]));
    }
    parts.push(named('theme', THEMES), named('size', SIZES), named('lead', LEADS), named('measure', MEASURES));
    const ofTexts = [named('pinyin', PINYIN), named('setting', SETTINGS), named('notes', NOTES)];
    if (reading) parts.push(...ofTexts);
    // Who touches only has no keys; who switched them off sees why they do nothing.
    if (matchMedia('(any-pointer: fine)').matches || duben.get('keys')) parts.push(named('keys', KEYS));
    // On other pages they can be chosen, too, but show only once a text is opened.
    if (!reading) parts.push(make('p', {className: 'hint', textContent: strings.texts}), ...ofTexts);
    const buttons = make('div', {className: 'buttons'});
    if (duben.worker) {
      const keep = make('button', {type: 'button', className: 'keep', textContent: strings['settings-keep']});
      keep.addEventListener('click', () =>
        duben.load('offline.js').then(() => duben.keep(keep)).catch(() => {}));
      buttons.append(keep);
    }
    const reset = make('button', {type: 'button', className: 'reset', textContent: strings['settings-reset']});
    reset.addEventListener('click', () => change(NAMES.map((name) => [name, ''])));
    buttons.append(reset);
    return [strings.settings, [...parts, buttons]];
  };

  /** Fills the dialog, in the language that the reader has now; the focus stays where it was. */
  const fill = async () => {
    const mine = dialog;
    const catalogue = await duben.strings();
    if (mine !== dialog) return;
    if (!catalogue.strings.settings) throw new Error('no words'); // a dialog without labels is of no use
    const stops = () => [...dialog.querySelectorAll('a, button, input')];
    const at = stops().indexOf(document.activeElement);
    const [title, parts] = build(catalogue);
    const close = make('button', {type: 'button', className: 'close', ariaLabel: catalogue.strings.close, textContent: '×'});
    close.addEventListener('click', () => mine.close());
    language = catalogue.language;
    dialog.lang = language;
    dialog.ariaLabel = title;
    dialog.replaceChildren(make('div', {className: 'leaf'},
      make('h2', {textContent: title}), close, ...parts));
    stops()[at]?.focus({preventScroll: true});
  };

  /** Shows a dialog that `build(catalogue)` gives title and parts; asked again, closes it. */
  duben.sheet = async (name, builder) => {
    const again = name === shown;
    dialog?.close();
    if (again) return;
    const sheet = make('dialog', {className: `sheet ${name}`});
    shown = name;
    dialog = sheet;
    build = builder;
    const place = duben.load('place.js').catch(() => {}); // to do without
    const forget = () => {
      if (dialog !== sheet) return;
      dialog = build = null;
      shown = '';
    };
    try {
      await Promise.all([duben.load('panel.css'), fill(), place]);
    } catch (error) {
      forget(); // the next press tries again
      throw error;
    }
    if (dialog !== sheet) return;
    root.append(sheet); // not into the body, which a switch of script replaces
    const before = document.activeElement;
    sheet.showModal();
    (sheet.querySelector('input:checked') ?? sheet.querySelector('button')).focus({preventScroll: true});
    sheet.addEventListener('click', (event) => event.target === sheet && sheet.close());
    sheet.addEventListener('change', ({target}) => change([[target.name, target.value]]));
    sheet.addEventListener('close', () => {
      sheet.remove();
      forget();
      // The page may have been switched meanwhile, and what had the focus with it.
      if (!before.isConnected) document.querySelector('.settings')?.focus({preventScroll: true});
    });
  };

  /** Shows the settings. */
  duben.panel = () => duben.sheet('panel', settings);

  document.addEventListener('duben:set', async () => {
    if (!dialog) return;
    for (const input of dialog.querySelectorAll('input')) input.checked = duben.get(input.name) === input.value;
    if ((await duben.strings()).language !== language && dialog) fill().catch(() => {}); // as it was
  });
  document.addEventListener('duben:switched', () => dialog && fill().catch(() => {}));
})();
