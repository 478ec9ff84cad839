// How far a reader has come. A reading page remembers the paragraph being read when it is left; the home
// page leads back to it. A paragraph counts as read once it stood in the window for a second or two: what
// a link or a search jumps over does not count. Nothing
// of it leaves the browser.
(() => {
  'use strict';

  const root = document.documentElement;
  // Editions of one origin do not mix.
  const SCRIPT = 'duben-script';
  const KEY = `duben-read ${new URL(duben.root).pathname}`;

  const LOOK = 1000; // ms between two looks at what stands in the window
  const ENOUGH = .95; // of the paragraphs: who passed over a line has finished the text all the same

  const seen = new Set(); // ids of the paragraphs read
  let before = []; // those that stood in the window at the last look

  /** A page's path inside its variant: the same text has the same in all of them. */
  const pathOf = (href) => href.replace(/[?#].*$/, '').slice(duben.root.length).replace(/^[^/]*\//, '');

  /**
   * Path → [when, id of the paragraph, its number, share read, the paragraphs read]; what is not so is
   * left out. Paragraphs are stored as the first and last id of each run of them.
   */
  const stored = () => {
    try {
      return Object.fromEntries(Object.entries(JSON.parse(localStorage.getItem(KEY)))
        .filter(([, row]) => typeof row[0] === 'number' && /^[\w.-]+$/.test(row[1]) && row[2] && row[3] >= 0 && row[3] <= 1));
    } catch {
      return {}; // nothing yet, switched off, or not ours
    }
  };

  const idOf = (number) => number.hash.slice(1);

  /** The runs of the paragraphs read, as stored. */
  const runsOf = (ids) => {
    const ends = [];
    ids.forEach((id, at) => {
      if (seen.has(id) && !seen.has(ids[at - 1])) ends.push(id);
      if (seen.has(id) && !seen.has(ids[at + 1])) ends.push(id);
    });
    return ends.join(' ');
  };

  /** Takes in the runs that were stored. */
  const recall = (runs, ids) => {
    const ends = String(runs ?? '').split(' ');
    for (let i = 0; i + 1 < ends.length; i += 2) {
      const [first, last] = [ids.indexOf(ends[i]), ids.indexOf(ends[i + 1])];
      if (first >= 0) for (const id of ids.slice(first, last + 1)) seen.add(id);
    }
  };

  /** Notes which paragraphs stand in the window, and stood there at the last look. */
  const look = () => {
    const head = document.querySelector('.top').getBoundingClientRect().bottom;
    const now = document.hidden ? [] : [...document.querySelectorAll('.body .num')].filter((number) => {
      const box = number.parentElement.getBoundingClientRect();
      return box.bottom > head && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    }).map(idOf);
    for (const id of now) if (before.includes(id)) seen.add(id);
    before = now;
  };

  const save = () => {
    const numbers = [...document.querySelectorAll('.body .num')];
    const ids = numbers.map(idOf);
    const head = document.querySelector('.top').getBoundingClientRect().bottom;
    const boxes = numbers.map((number) => number.parentElement.getBoundingClientRect());
    // Above the window, or right of it where lines run down.
    const past = (box) => box.bottom <= head || box.left >= innerWidth;
    const first = boxes.findIndex((box) => !past(box) && box.top < innerHeight && box.right > 0);
    // In the lists past the last paragraph that one is the place.
    const ended = boxes.length && boxes.every(past);
    if (first < 0 && !ended) return;
    const place = numbers[ended ? numbers.length - 1 : first];
    const all = stored();
    const path = pathOf(location.href);
    recall(all[path]?.[4], ids); // another tab may have read on
    const share = ids.filter((id) => seen.has(id)).length / ids.length;
    all[path] = [Date.now(), idOf(place), place.textContent.trim(), share, runsOf(ids)];
    try {
      localStorage.setItem(KEY, JSON.stringify(all));
    } catch {
      // storage is switched off: nothing is remembered
    }
  };

  const clear = () => document.querySelectorAll('.resume, .read').forEach((old) => old.remove());

  const show = async () => {
    const read = stored();
    const texts = [...document.querySelectorAll('.shelf h3 a')].filter((link) => read[pathOf(link.href)]);
    if (!texts.length && !document.querySelector('.read')) return; // a first visit loads no strings
    const {language, strings} = await duben.strings();
    clear();
    let last = null;
    for (const link of texts) {
      const [when, , , share] = read[pathOf(link.href)];
      const mark = document.createElement('span');
      mark.className = 'read';
      mark.lang = language;
      mark.textContent = share < ENOUGH
        ? strings['read-n'].replace('{n}', Math.ceil(share * 100)) : strings['read-all'];
      if (share) link.closest('li').querySelector('.facets').append(' ', mark);
      if (share < ENOUGH && when > (last?.[0] ?? 0)) last = [when, link];
    }
    if (!last) return;
    const [, goal] = last;
    const [, id, number] = read[pathOf(goal.href)];
    const say = (words) => Object.assign(document.createElement('span'), {lang: language, textContent: words});
    const link = Object.assign(document.createElement('a'), {href: `${goal.getAttribute('href')}#${id}`});
    link.append(say(strings.resume), ' ', goal.textContent, ' ', say(strings['paragraph-n'].replace('{n}', number)));
    const resume = Object.assign(document.createElement('p'), {className: 'resume'});
    resume.append(link);
    document.querySelector('.title').append(resume);
  };

  if (root.classList.contains('text')) {
    document.addEventListener('visibilitychange', () => document.hidden && save());
    addEventListener('pagehide', save);
    look();
    setInterval(look, LOOK);
  } else {
    for (const type of ['duben:set', 'duben:switched']) document.addEventListener(type, show);
    addEventListener('storage', (event) => event.key === KEY && show());
    show();
    try {
      // The edition was entered in this script, and is next time.
      if (!localStorage.getItem(SCRIPT)) localStorage.setItem(SCRIPT, root.lang);
    } catch {
      // storage is switched off
    }
  }
})();
