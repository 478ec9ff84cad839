// Beside a paragraph's number: copies its address, its words with their source, or a citation of it in
// one of the usual styles. All that a citation says stands in the page's own head (JSON-LD) and address;
// only the day of access is the reader's.
//
// The rules are those of: GB/T 7714-2015, 4.6 and 8 (electronic resources); the MLA Handbook, 9th ed.,
// ch. 5 and 6; The Chicago Manual of Style, 17th ed., ch. 14 (notes and bibliography); the biblatex
// manual (@online); the JSON schema of CSL 1.0 for data. Three things follow from what is known of a text.
// A name in Han stands as it is, person or office; a name in Latin is turned round only where its author
// wrote "Family, Given". Titles in Han take neither italics nor capitals, so all is plain text.
(() => {
  'use strict';

  const KEY = 'duben-citation'; // the style last chosen
  const GAP = 6; // px between the number and the menu, and to the edge of the window
  const SKIPPED = '.num, .was, .noteref, .fnref, .fnback, rt, rp, script, style';
  const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September',
    'October', 'November', 'December'];
  const SHORT = ['Jan.', 'Feb.', 'Mar.', 'Apr.', 'May', 'June', 'July', 'Aug.', 'Sept.', 'Oct.', 'Nov.',
    'Dec.'];
  const HAN = /\p{Script=Han}/u;
  const sheet = matchMedia('(max-width: 45rem)'); // as in style.css

  // --- What is cited ------------------------------------------------------------------------------

  const names = (list) => [list ?? []].flat().map(({name}) => name).filter(Boolean);

  /** The facts of the page, and of the paragraph `id`; '' for the text as a whole. */
  const read = (id) => {
    const head = document.querySelector('script[type="application/ld+json"]');
    const data = head ? JSON.parse(head.textContent) : {};
    const canonical = document.querySelector('link[rel=canonical]');
    const address = canonical?.href ?? location.href.replace(/[?#].*$/, '');
    const authors = names(data.author);
    const link = address + (id && `#${id}`);
    const now = new Date();
    const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
    return {
      id,
      number: id.replace(/^p/, ''),
      slug: decodeURIComponent(address.split('/').pop().replace(/\.html$/, '')),
      title: data.headline ?? data.name ?? document.title,
      authors,
      publisher: names(data.publisher)[0] ?? '',
      site: names(data.isPartOf)[0] ?? '',
      editors: names(data.isPartOf?.editor).filter((name) => !authors.includes(name)),
      // Of two dates the later is that of what is read, the other that of its first publication.
      date: data.dateModified ?? data.datePublished ?? '',
      first: data.dateModified && data.datePublished !== data.dateModified ? data.datePublished ?? '' : '',
      modified: Boolean(data.dateModified),
      language: document.documentElement.lang,
      today: today.map((part) => String(part).padStart(2, '0')).join('-'),
      link,
      url: canonical || location.protocol !== 'file:' ? link : '', // where a reader's own disk is, is nothing to cite
    };
  };

  /** The paragraph as it is read: without pinyin, markers and numbers; a line of verse is a line. */
  const wordsOf = (element) => {
    const copy = element.cloneNode(true);
    for (const skipped of copy.querySelectorAll(SKIPPED)) skipped.remove();
    for (const end of copy.querySelectorAll('br')) end.replaceWith('\n');
    for (const image of copy.querySelectorAll('img')) image.replaceWith(image.alt);
    return copy.textContent.replace(/[^\S\n\u3000]+/g, ' ').trim();
  };

  // --- Pieces of the styles -----------------------------------------------------------------------

  const year = (date) => date.split('-')[0];
  const parts = (date) => date.split('-').map(Number);

  /** 9 Mar. 2026 */
  const dayFirst = (date) => {
    const [y, month, day] = parts(date);
    return [day, month && SHORT[month - 1], y].filter(Boolean).join(' ');
  };

  /** March 9, 2026 */
  const monthFirst = (date) => {
    const [y, month, day] = parts(date);
    if (!month) return String(y);
    return day ? `${MONTHS[month - 1]} ${day}, ${y}` : `${MONTHS[month - 1]} ${y}`;
  };

  /** [family, given] of a name that its author has turned round; else [name]. */
  const turned = (name) => {
    const [family, ...given] = name.split(/,\s*/);
    return !HAN.test(name) && given.length === 1 && given[0] ? [family, given[0]] : [name];
  };
  const straight = (name) => [...turned(name)].reverse().join(' ');

  /** A and B; A, B, and C */
  const listed = (all) => all.length < 3 ? all.join(' and ')
    : `${all.slice(0, -1).join(', ')}, and ${all.at(-1)}`;

  /** The names at the head of an entry, the first as it is sorted, with a comma before the last. */
  const headed = (all) => {
    const shown = [all[0], ...all.slice(1).map(straight)];
    return shown.length === 2 ? shown.join(', and ') : listed(shown);
  };

  const ended = (text) => /[.?!。？！…]$/u.test(text) ? text : `${text}.`;

  /** A title in quotation marks, those inside it single. stop: the mark that follows it, if any. */
  const quoted = (title, stop = '') => {
    const inner = title.replace(/“/g, '‘').replace(/”/g, '’');
    return `“${stop === '.' ? ended(inner) : inner + stop}”`;
  };

  /** A publisher is named where neither the author nor the site is called the same. */
  const publisherOf = (work) => [work.site, ...work.authors].includes(work.publisher) ? '' : work.publisher;

  // --- The styles ---------------------------------------------------------------------------------

  const gbt = (work) => {
    const person = (name) => {
      const [family, given] = turned(name);
      if (!given) return name;
      const initials = given.split(/[\s.-]+/).filter(Boolean).map(([letter]) => letter);
      return `${family} ${initials.join(' ')}`.toUpperCase();
    };
    const shown = work.authors.slice(0, 3).map(person);
    if (work.authors.length > 3) shown.push(HAN.test(work.authors[0]) ? '等' : 'et al');
    const publisher = publisherOf(work);
    // Publisher, year: page(date of change)[date of access]. What is not known is left out with its mark.
    const issued = publisher || work.id || work.first ? year(work.first || work.date) : '';
    const imprint = [publisher, issued].filter(Boolean).join(', ');
    const place = work.id ? `${imprint && ': '}第${work.number}段` : '';
    const changed = work.date && work.date !== issued ? `(${work.date})` : '';
    return [
      shown.length ? ended(shown.join(', ')) : '',
      `${work.title}[EB/OL].`,
      `${imprint}${place}${changed}[${work.today}].`,
      work.url && `${work.url}.`,
    ].filter(Boolean).join(' ');
  };

  /** What an office publishes under its own name begins with the title in MLA's list. */
  const isOwn = ({authors, publisher, site}) =>
    authors.length === 1 && authors[0] === publisher && publisher !== site;

  const mla = (work) => {
    const authors = isOwn(work) ? [] : work.authors;
    const publisher = isOwn(work) ? work.publisher : publisherOf(work);
    const by = authors.length > 2 ? `${authors[0]}, et al.` : authors.length ? headed(authors) : '';
    return [
      by && ended(by),
      quoted(work.title, '.'),
      work.first && `${dayFirst(work.first)}.`,
      `${[work.site, publisher, work.date && dayFirst(work.date), work.url].filter(Boolean).join(', ')}.`,
      `Accessed ${dayFirst(work.today)}.`,
    ].filter(Boolean).join(' ');
  };

  const mlaInText = (work) => {
    const family = (name) => turned(name)[0];
    const {authors} = work;
    const place = work.id ? `par. ${work.number}` : '';
    if (isOwn(work) || !authors.length) {
      return place ? `(${quoted(work.title, ',')} ${place})` : `(${quoted(work.title)})`;
    }
    const by = authors.length > 2 ? `${family(authors[0])} et al.` : listed(authors.map(family));
    return `(${[by, place].filter(Boolean).join(', ')})`;
  };

  const dated = (work) => {
    if (!work.date) return `accessed ${monthFirst(work.today)}`;
    return (work.modified ? 'last modified ' : '') + monthFirst(work.date);
  };

  const chicagoNote = (work) => {
    const people = work.authors.map(straight);
    const by = people.length > 3 ? `${people[0]} et al.` : listed(people);
    const title = quoted(work.title, ',');
    const place = work.id && `par. ${work.number}`;
    const [site, ...rest] = [work.site, publisherOf(work), dated(work), place, work.url].filter(Boolean);
    const titled = `${title} ${site}`;
    return `${[by, titled, ...rest].filter(Boolean).join(', ')}.`;
  };

  const chicagoEntry = (work) => {
    // Without an author it stands under who answers for the site, else under the site's name.
    const publisher = publisherOf(work);
    const [first, ...others] = work.authors;
    const by = others.length > 9 ? `${[first, ...others.slice(0, 6).map(straight)].join(', ')}, et al.`
      : first ? headed(work.authors) : publisher || work.site;
    const date = dated(work);
    return [
      by && ended(by),
      quoted(work.title, '.'),
      work.site !== by && ended(work.site),
      publisher && publisher !== by && ended(publisher),
      `${date[0].toUpperCase()}${date.slice(1)}.`,
      work.url && `${work.url}.`,
    ].filter((piece) => piece && piece !== '.').join(' ');
  };

  const keyOf = ({slug, date, id}) =>
    [slug, year(date), id].filter(Boolean).join('-').replace(/[^\w-]/g, '-');

  const bibtex = (work) => {
    // A brace counts even where it is escaped, so it is written by its name.
    const named = {
      '\\': 'textbackslash', '{': 'textbraceleft', '}': 'textbraceright', '~': 'textasciitilde',
      '^': 'textasciicircum',
    };
    const escaped = (text) => text.replace(/[\\{}~^#$%&_]/g,
      (sign) => named[sign] ? `\\${named[sign]}{}` : `\\${sign}`);
    // A second pair of braces keeps a name in one piece, and a title's capitals.
    const kept = (text) => text && `{${escaped(text)}}`;
    const people = (all) =>
      all.map((name) => turned(name)[1] ? escaped(name) : kept(name)).join(' and ');
    const fields = {
      author: people(work.authors),
      editor: people(work.editors),
      title: kept(work.title),
      titleaddon: kept(work.site),
      organization: kept(publisherOf(work)),
      date: work.date,
      origdate: work.first,
      url: work.url.replace(/[\\{}]/g, encodeURIComponent),
      urldate: work.today,
      langid: 'chinese',
      note: work.id && `第${work.number}段`,
    };
    const lines = Object.entries(fields).filter(([, value]) => value)
      .map(([name, value]) => `  ${name} = {${value}},\n`);
    return `@online{${keyOf(work)},\n${lines.join('')}}\n`;
  };

  const csl = (work) => {
    const people = (all) => all.map((name) => {
      const [family, given] = turned(name);
      return given ? {family, given} : {literal: name};
    });
    const dateOf = (date) => date ? {'date-parts': [parts(date)]} : '';
    const item = {
      id: keyOf(work),
      type: 'webpage',
      title: work.title,
      author: people(work.authors),
      editor: people(work.editors),
      'container-title': work.site,
      publisher: publisherOf(work),
      issued: dateOf(work.date),
      'original-date': dateOf(work.first),
      accessed: dateOf(work.today),
      URL: work.url,
      language: work.language,
      note: work.id && `第${work.number}段`,
    };
    for (const [name, value] of Object.entries(item)) if (!value || value.length === 0) delete item[name];
    return `${JSON.stringify([item], null, 2)}\n`;
  };

  // Name or key of the interface, the style, and the ending and type of its file where it has one
  const STYLES = {
    gbt: ['GB/T 7714', gbt],
    mla: ['MLA', mla],
    'mla-text': ['cite-mla-text', mlaInText],
    'chicago-note': ['cite-chicago-note', chicagoNote],
    'chicago-list': ['cite-chicago-list', chicagoEntry],
    bibtex: ['BibTeX', bibtex, 'bib', 'application/x-bibtex'],
    csl: ['CSL-JSON', csl, 'json', 'application/json'],
  };

  /** The paragraph's words, and where they stand. */
  const excerpt = (work, words) => {
    const title = (name) => `《${name.replace(/《/g, '〈').replace(/》/g, '〉')}》`;
    const by = work.authors.length ? `${work.authors.join('、')}：` : '';
    const whole = work.site && work.site !== work.title ? title(work.site) : '';
    const source = [by + title(work.title), whole, `第${work.number}段`, work.url];
    return `${words}\n——${source.filter(Boolean).join('，')}\n`;
  };

  // --- The menu -----------------------------------------------------------------------------------

  const element = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  const styled = new Promise((resolve) => {
    const link = element('link', {rel: 'stylesheet', href: `${duben.root}assets/cite.css`});
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });

  let left = null; // what was closed last, and when: a press on its number does not open it again
  let turn = 0;

  /** Copies by the browser's interface, else by hand; false where neither may. */
  const copy = async (text, menu) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // not over plain http, or not allowed
    }
    const focused = document.activeElement;
    const area = element('textarea', {value: text, className: 'aside', readOnly: true});
    menu.append(area);
    area.focus({preventScroll: true});
    area.select();
    let done = false;
    try {
      done = document.execCommand('copy');
    } catch {
      // refused
    }
    area.remove();
    focused?.focus({preventScroll: true});
    return done;
  };

  const place = (menu, anchor) => {
    const mark = anchor.getBoundingClientRect();
    if (sheet.matches) {
      // It lies at the lower edge, and must not hide what is cited.
      const covered = mark.bottom + GAP - menu.getBoundingClientRect().top;
      if (covered > 0) scrollBy({top: covered, behavior: 'instant'});
      return;
    }
    const {clientWidth, clientHeight} = document.documentElement;
    const x = Math.max(GAP, Math.min(mark.left, clientWidth - menu.offsetWidth - GAP));
    const below = mark.bottom + GAP;
    const above = mark.top - GAP - menu.offsetHeight;
    const y = below + menu.offsetHeight <= clientHeight || above < 0 ? below : above;
    menu.style.left = `${x + scrollX}px`;
    menu.style.top = `${y + scrollY}px`;
    const hidden = y + menu.offsetHeight + GAP - clientHeight;
    if (hidden > 0) scrollBy({top: hidden, behavior: 'instant'});
  };

  const chosen = () => {
    try {
      const name = localStorage.getItem(KEY);
      return Object.hasOwn(STYLES, name) ? name : 'gbt';
    } catch {
      return 'gbt';
    }
  };

  const build = (work, target, strings, language) => {
    const say = (key) => strings[key] ?? key;
    const heading = work.id ? say('cite-n').replace('{n}', work.number) : say('cite');
    const menu = element('div', {id: 'cite', popover: 'auto', lang: language});
    menu.setAttribute('role', 'dialog');
    menu.setAttribute('aria-labelledby', 'cite-title');
    const status = element('p', {className: 'status'});
    status.setAttribute('role', 'status');
    const preview = element('pre', {className: 'preview', tabIndex: 0});
    const save = element('a', {className: 'save', textContent: say('cite-save')});

    const report = (done, text) => {
      status.textContent = '';
      if (!done) {
        preview.textContent = text;
        getSelection().selectAllChildren(preview);
      }
      // Said again, where it is said twice.
      requestAnimationFrame(() => { status.textContent = say(done ? 'cite-copied' : 'cite-by-hand'); });
    };
    const button = (key, make) => {
      const made = element('button', {type: 'button', textContent: say(key)});
      made.addEventListener('click', async () => {
        const text = make();
        report(await copy(text, menu), text);
      });
      return made;
    };

    let style = chosen();
    let saved = '';
    const show = () => {
      const [, write, ending, type] = STYLES[style];
      const text = write(work);
      preview.textContent = text.trimEnd();
      preview.lang = work.language;
      preview.classList.toggle('code', Boolean(ending));
      preview.setAttribute('aria-label', choices.querySelector(':checked').parentElement.textContent);
      URL.revokeObjectURL(saved);
      save.hidden = !ending;
      if (!ending) return;
      saved = URL.createObjectURL(new Blob([text], {type}));
      save.href = saved;
      save.download = `${keyOf(work)}.${ending}`;
    };

    const choices = element('fieldset', {},
      element('legend', {textContent: say('cite-style')}),
      ...Object.entries(STYLES).map(([name, [label]]) => element('label', {},
        element('input', {type: 'radio', name: 'cite-style', value: name, checked: name === style}),
        element('span', {textContent: label.startsWith('cite-') ? say(label) : label}))));
    choices.addEventListener('change', (event) => {
      style = event.target.value;
      status.textContent = '';
      show();
      try {
        localStorage.setItem(KEY, style);
      } catch {
        // storage is switched off: the choice holds for this menu
      }
    });

    const close = element('button', {type: 'button', className: 'close', textContent: '×'});
    close.setAttribute('aria-label', say('close'));
    close.addEventListener('click', () => menu.hidePopover());
    const first = button('cite-link', () => work.link);
    menu.append(
      element('p', {id: 'cite-title', className: 'name', textContent: heading}),
      element('p', {className: 'acts'}, first,
        ...(work.id ? [button('cite-text', () => excerpt(work, wordsOf(target)))] : [])),
      choices,
      preview,
      element('p', {className: 'acts'}, button('cite-copy', () => STYLES[style][1](work)), save),
      status,
      close,
    );
    show();
    menu.addEventListener('toggle', (event) => {
      if (event.newState !== 'closed') return;
      URL.revokeObjectURL(saved);
      menu.remove();
    });
    return menu;
  };

  /** Opens the menu beside a paragraph's number, or beside what cites the text as a whole. */
  duben.cite = async (anchor) => {
    if (!anchor.showPopover) {
      location.hash = anchor.hash ?? '';
      return;
    }
    if (left && left[0] === anchor && performance.now() - left[1] < 250) return;
    const mine = ++turn;
    const [{strings, language}] = await Promise.all([duben.strings(), styled]);
    if (mine !== turn || !anchor.isConnected) return;
    const target = anchor.matches('.num') ? anchor.closest('[id]') : null;
    document.getElementById('cite')?.remove();
    const menu = build(read(target?.id ?? ''), target, strings, language);
    document.body.append(menu);
    menu.addEventListener('beforetoggle', (event) => {
      if (event.newState !== 'closed') return;
      left = [anchor, performance.now()];
      if (menu.contains(document.activeElement)) anchor.focus({preventScroll: true});
    });
    // Tab out of it, at either end, returns to the number.
    menu.addEventListener('keydown', (event) => {
      if (event.key !== 'Tab') return;
      const stops = [...menu.querySelectorAll('button, a[href]:not([hidden]), input:checked, .preview')];
      if (document.activeElement !== (event.shiftKey ? stops[0] : stops.at(-1))) return;
      event.preventDefault();
      menu.hidePopover();
    });
    menu.showPopover();
    place(menu, anchor);
    menu.querySelector('button').focus({preventScroll: true});
  };
})();
