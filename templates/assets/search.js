// The search page. A small edition is one script of words, which is scanned; a large one has an index,
// which shards.js asks. A query in Latin letters is looked for as pinyin, too, by sounds.js. All of
// them compare folded text: see duben/publish/folding.py, which folds in the same way.
(() => {
  'use strict';

  const PAGE = 50; // results that are shown at a time
  const PAUSE = 150; // ms without a key until what is typed is looked for
  const BEFORE = 16; // characters of a snippet before the first word found
  const LENGTH = 84; // … and in all
  const KINDS = ['text', 'note', 'entry', 'page'];
  const [TEXT, NOTE, ENTRY] = KINDS.keys();
  const LATIN = /^[\p{sc=Latin}\p{M}\d\s'’:·-]*$/u;
  const TONES = /[\u0300-\u030c]/; // and ü, of those that are ever looked for by sound

  const taken = new Map();
  const partners = new Map(); // character → the one that stands for it in every script
  const letters = new Map(); // character → what is compared in its place
  const books = new Map();
  let turn = 0; // counts the searches: only the last one is shown
  let timer = 0;
  let said = {strings: {}};

  const root = document.documentElement;
  const find = (selector) => document.querySelector(`main ${selector}`);
  const field = () => find('[name=q]');
  const make = (tag, name, ...content) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...content);
    return element;
  };
  const say = (element, key, n) => {
    element.textContent = key && (said.strings[key] ?? '').replace('{n}', n);
    element.lang = said.language;
    return element;
  };

  // --- the edition's words

  const part = async (path, name) => {
    if (!taken.has(name)) await duben.load(`../${path}.js`);
    return taken.get(name);
  };

  /** The place of the last of some ascending numbers that is not above this one. */
  const place = (firsts, number) => {
    let [low, high] = [0, firsts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (firsts[middle] > number) high = middle;
      else low = middle;
    }
    return low;
  };

  const open = async (lang) => {
    const folder = lang.toLowerCase();
    const book = await part(`${folder}/search`, lang);
    if (book.row) return book;
    book.index = book.rows ? book : await part('search/index', 'index');
    const pairs = [...book.index.partners];
    for (let i = 0; i < pairs.length; i += 2) partners.set(pairs[i], pairs[i + 1]);
    let count = 0;
    book.firsts = book.groups.map((group) => (count += group[3]) - group[3]);
    if (book.rows) {
      // Words that are not to be taken elsewhere may be missing in a copy.
      const kept = book.groups.some((group) => group[4])
        ? await part(`${folder}/search-kept`, `${lang} kept`).catch(() => null) : null;
      const [own, others] = [book.rows.values(), kept?.values()];
      book.rows = book.groups.flatMap((group) =>
        (group[4] ? others?.next().value : own.next().value) ?? Array(group[3]).fill());
      book.row = (number) => book.rows[number];
    } else {
      const firsts = book.shelves.map((first) => first < 0 ? ~first : first);
      book.row = async (number) => {
        const shelf = place(firsts, number);
        const kept = book.shelves[shelf] < 0 ? '-kept' : '';
        const rows = await part(`${folder}/search-${shelf}${kept}`, `${lang} ${shelf}`);
        return rows[number - firsts[shelf]];
      };
    }
    return book;
  };

  // --- comparing

  const letter = (char) => {
    let one = letters.get(char);
    if (one === undefined) {
      one = '';
      for (const bit of char.normalize('NFKD').toLowerCase()) {
        if (/[\p{L}\p{N}\t]/u.test(bit)) one += partners.get(bit) ?? bit;
      }
      letters.set(char, one);
    }
    return one;
  };

  /** A text as it is compared. edges: gets [start, end] of the character from which each unit comes. */
  const fold = (text, edges) => {
    let folded = '';
    let at = 0;
    for (const char of text) {
      const one = letter(char);
      folded += one;
      for (let i = one.length; edges && i; i -= 1) edges.push([at, at + char.length]);
      at += char.length;
    }
    return folded;
  };

  /** A row's text as each variant reads it. row: anchor, text, and what to put into it for each reading. */
  const readings = ([, text, others = [0]]) => others.map((splices) => {
    let [words, end] = ['', 0];
    for (const [start, length, other] of splices || []) {
      words += text.slice(end, start) + other;
      end = start + length;
    }
    return words + text.slice(end);
  });

  /** A row's readings, folded, once; none of a row that is missing. */
  const folds = (row) => row ? row.folded ??= readings(row).map((text) => fold(text)) : [];

  /** Where a reading's stretch, in folded units, stands in the row's text. */
  const stretch = (row, number, from, to) => {
    const edges = [];
    fold(readings(row)[number], edges);
    const back = (offset, end) => {
      let shift = 0;
      for (const [start, length, other] of row[2]?.[number] || []) {
        if (offset < start + shift) break;
        if (offset < start + shift + other.length) return end ? start + length : start;
        shift += other.length - length;
      }
      return offset - shift + end;
    };
    return [back(edges[from][0], 0), back(edges[to - 1][1] - 1, 1)];
  };

  /** The stretches of a row's text that were found: by the words, and by sound as [reading, place, length]. */
  const marks = (row, needle, sounds) => {
    const found = [];
    folds(row).forEach((folded, number) => {
      for (let at = -1; needle && (at = folded.indexOf(needle, at + 1)) >= 0;) {
        found.push(stretch(row, number, at, at + needle.length));
      }
      for (const [, first, length] of sounds.filter((sound) => sound[0] === number)) {
        const units = (count) => [...folded].slice(0, count).join('').length;
        found.push(stretch(row, number, units(first), units(first + length)));
      }
    });
    return found.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  };

  /** The folded query, and the rows that have it, ascending: row → where it has it by sound. */
  const look = async (book, typed) => {
    const query = typed.normalize('NFKC').replaceAll('\t', ' ');
    const needle = fold(query);
    const hits = new Map();
    const add = (number) => hits.has(number) || hits.set(number, []);
    if (needle && LATIN.test(query)) {
      await duben.load('sounds.js');
      for (const hit of await duben.sounds(book, query)) hits.set(...hit);
      // Who writes tones or ü does not mean these letters without them, unless there is no such sound.
      if (hits.size && TONES.test(query.normalize('NFD'))) return ['', hits];
    }
    if (needle && book.rows) {
      book.rows.forEach((row, number) => {
        if (folds(row).some((folded) => folded.includes(needle))) add(number);
      });
    } else if (needle) {
      await duben.load('shards.js');
      (await duben.shards.words(book.index, needle)).forEach(add);
    }
    return [needle, new Map([...hits].sort((one, other) => one[0] - other[0]))];
  };

  // --- showing

  const snippet = (text, stretches) => {
    const [first] = stretches;
    const [low, high] = [text.lastIndexOf('\t', first[0] - 1) + 1, `${text}\t`.indexOf('\t', first[0])];
    let start = Math.max(low, first[0] - BEFORE);
    while (start > low && start < first[0] && /[\udc00-\udfff\p{P}a-z]/iu.test(text[start])) start += 1;
    const stop = Math.max(Math.min(start + LENGTH, high), first[1]);
    const out = [start > low ? '…' : ''];
    let end = start;
    for (const [from, to] of stretches) {
      if (to > stop || to <= end) continue;
      out.push(text.slice(end, Math.max(from, end)), make('mark', '', text.slice(Math.max(from, end), to)));
      end = to;
    }
    return [...out, text.slice(end, stop), stop < high ? '…' : ''];
  };

  const line = (book, number, row, stretches) => {
    const order = place(book.firsts, number);
    const [kind, path] = book.groups[order];
    const [anchor, text] = row;
    const name = text.split('\t')[0];
    const item = make('a', KINDS[kind]);
    let shown = snippet(text, stretches);
    if (kind === ENTRY) {
      const inName = stretches[0][0] < name.length;
      item.append(make('b', '', ...inName ? shown : [name]), ' ');
      if (inName) shown = [text.split('\t').pop().slice(0, LENGTH)];
    } else if (anchor || kind === TEXT) {
      const where = make('span', 'where');
      if (kind === NOTE) say(where, 'note-n', number - book.firsts[order] + 1);
      else if (anchor === 'title') say(where, 'title-word');
      else if (anchor) where.append(anchor.replace(/^p/, '').split('.')[0]);
      else say(where, 'summary');
      item.append(where, ' ');
    }
    item.append(make('span', 'snippet', ...shown));
    const hash = anchor && kind !== ENTRY ? `#${kind === NOTE ? 'n-' : ''}${anchor}` : '';
    const page = kind === ENTRY ? path.replace('index', anchor) : path;
    item.href = `${page}?q=${encodeURIComponent(text.slice(...stretches[0]))}${hash}`;
    return make('li', '', item);
  };

  const choices = (select, chosen, all, counts) => {
    select.replaceChildren(...[['', all], ...counts]
      .map(([value, label]) => new Option(label, value, false, value === chosen)));
    select.lang = said.language;
  };

  const show = async (book, needle, hits, mine) => {
    const {kind, text} = Object.fromEntries(new FormData(find('form')));
    const [byKind, byText] = [new Map(), new Map()];
    const shown = [];
    for (const number of hits.keys()) {
      const group = book.groups[place(book.firsts, number)];
      const [name, path] = [KINDS[group[0]], group[1]];
      byKind.set(name, (byKind.get(name) ?? 0) + 1);
      byText.set(path, (byText.get(path) ?? 0) + 1);
      if ((!kind || kind === name) && (!text || text === path)) shown.push(number);
    }
    const titles = new Map();
    for (const [, path, title] of book.groups) {
      if (title || !titles.has(path)) titles.set(path, title || said.strings.glossary);
    }
    choices(find('[name=kind]'), kind, said.strings['search-all'],
      KINDS.filter((name) => byKind.has(name) || name === kind)
        .map((name) => [name, `${said.strings['search-' + name]} ${byKind.get(name) ?? 0}`]));
    choices(find('[name=text]'), text, said.strings['search-all-texts'],
      [...titles].filter(([path]) => byText.has(path) || path === text)
        .map(([path, title]) => [path, `${title} ${byText.get(path) ?? 0}`]));
    const results = find('.results');
    let list = null;
    let last = '';
    const more = async (start) => {
      const numbers = shown.slice(start, start + PAGE);
      const rows = await Promise.all(numbers.map((number) => book.row(number)));
      if (mine !== turn) return;
      results.querySelector('.more')?.remove();
      numbers.forEach((number, i) => {
        const path = book.groups[place(book.firsts, number)][1];
        if (path !== last) {
          const title = make('a', '', titles.get(path));
          title.href = last = path;
          list = make('ol');
          results.append(make('section', '', make('h2', '', title, ' ', make('span', 'number', byText.get(path))), list));
        }
        list.append(line(book, number, rows[i], marks(rows[i], needle, hits.get(number))));
      });
      const left = shown.length - start - PAGE;
      if (left > 0) {
        const button = say(make('button', 'more'), 'search-more', left);
        button.type = 'button';
        button.addEventListener('click', async () => {
          await more(start + PAGE);
          results.querySelectorAll('li a')[start + PAGE]?.focus();
        });
        results.append(button);
      }
    };
    results.replaceChildren();
    await more(0);
    if (mine === turn) say(find('.count'), shown.length ? 'search-n' : 'search-none', shown.length);
  };

  // --- asking

  const keepAddress = () => {
    const kept = new URLSearchParams([...new FormData(find('form'))].filter(([, value]) => value));
    try {
      history.replaceState(history.state, '', `?${kept}`);
    } catch {
      // a browser may forbid it on file://
    }
    for (const link of document.querySelectorAll('.scripts a')) link.search = kept;
  };

  const search = async () => {
    clearTimeout(timer);
    const mine = ++turn;
    const query = field().value.trim();
    keepAddress();
    find('.limits').hidden = !query;
    if (!query) {
      find('.results').replaceChildren();
      say(find('.count'), '');
      return;
    }
    const loading = setTimeout(() => mine === turn && say(find('.count'), 'search-loading'), PAUSE);
    try {
      const book = await open(root.lang);
      const [needle, hits] = await look(book, query);
      if (mine === turn) await show(book, needle, hits, mine);
    } catch {
      if (mine === turn) say(find('.count'), 'search-unavailable');
    }
    clearTimeout(loading);
  };

  const start = async () => {
    const asked = new URLSearchParams(location.search);
    const form = find('form');
    for (const select of form.querySelectorAll('select')) {
      const chosen = asked.get(select.name);
      if (chosen) select.add(new Option('', chosen, true, true));
    }
    field().value = asked.get('q') ?? '';
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      search();
    });
    form.addEventListener('change', (event) => event.target !== field() && search());
    form.addEventListener('input', (event) => {
      clearTimeout(timer);
      if (event.target === field() && !event.isComposing) timer = setTimeout(search, PAUSE);
    });
    form.addEventListener('compositionend', search);
    if (!field().value) field().focus({preventScroll: true});
    said = await duben.strings();
    await search();
  };

  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const stops = [field(), ...document.querySelectorAll('.results li a')];
    const at = stops.indexOf(document.activeElement);
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (event.key === '/' && at !== 0 && !duben.get('keys')) {
      event.preventDefault();
      field().select();
    } else if (step && at >= 0 && stops[at + step]) {
      event.preventDefault();
      stops[at + step].focus();
    } else if (event.key === 'Escape' && at > 0) {
      field().focus();
    } else if (event.key === 'Escape' && at === 0 && field().value) {
      event.preventDefault();
      field().value = '';
      search();
    }
  }, true);

  document.addEventListener('duben:switched', start);
  document.addEventListener('duben:set', async () => {
    const before = said.language;
    said = await duben.strings();
    if (said.language !== before) search();
  });

  duben.take = (name, value) => taken.set(name, value);
  duben.search = {part, place, fold, readings, look, open};
  start();
})();
