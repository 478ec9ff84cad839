// How far a reader has come. A reading page remembers the paragraph being read when it is left; the home
// page leads back to it. Nothing of it leaves the browser.
(() => {
  'use strict';

  const root = document.documentElement;
  // Editions of one origin do not mix.
  const KEY = `duben-read ${new URL(duben.root).pathname}`;

  /** A page's path inside its variant: the same text has the same in all of them. */
  const pathOf = (href) => href.replace(/[?#].*$/, '').slice(duben.root.length).replace(/^[^/]*\//, '');

  /** Path → [when, id of the paragraph, its number, share read]; what is not so is left out. */
  const stored = () => {
    try {
      return Object.fromEntries(Object.entries(JSON.parse(localStorage.getItem(KEY)))
        .filter(([, row]) => typeof row[0] === 'number' && /^[\w.-]+$/.test(row[1]) && row[2] && row[3] >= 0 && row[3] <= 1));
    } catch {
      return {}; // nothing yet, switched off, or not ours
    }
  };

  const save = () => {
    const numbers = [...document.querySelectorAll('.body .num')];
    const head = document.querySelector('.top').getBoundingClientRect().bottom;
    const boxes = numbers.map((number) => number.parentElement.getBoundingClientRect());
    // Above the window, or right of it where lines run down.
    const past = (box) => box.bottom <= head || box.left >= innerWidth;
    const seen = boxes.map((box) => !past(box) && box.top < innerHeight && box.right > 0);
    const first = seen.indexOf(true);
    // Past the last paragraph, in the lists, all of it is read.
    const ended = boxes.length && boxes.every(past);
    if (first < 0 && !ended) return;
    const place = numbers[ended ? numbers.length - 1 : first];
    const share = ended ? 1 : (seen.lastIndexOf(true) + 1) / numbers.length;
    const all = stored();
    const path = pathOf(location.href);
    all[path] = [Date.now(), place.hash.slice(1), place.textContent.trim(), Math.max(share, all[path]?.[3] ?? 0)];
    try {
      localStorage.setItem(KEY, JSON.stringify(all));
    } catch {
      // storage is switched off: nothing is remembered
    }
  };

  const show = async () => {
    const read = stored();
    const texts = [...document.querySelectorAll('.shelf h3 a')].filter((link) => read[pathOf(link.href)]);
    if (!texts.length && !document.querySelector('.read')) return; // a first visit loads no strings
    const {language, strings} = await duben.strings();
    for (const old of document.querySelectorAll('.resume, .read')) old.remove();
    let last = null;
    for (const link of texts) {
      const [when, , , share] = read[pathOf(link.href)];
      const mark = document.createElement('span');
      mark.className = 'read';
      mark.lang = language;
      mark.textContent = share < 1 ? strings['read-n'].replace('{n}', Math.floor(share * 100)) : strings['read-all'];
      link.closest('li').querySelector('.facets').append(' ', mark);
      if (share < 1 && when > (last?.[0] ?? 0)) last = [when, link];
    }
    if (!last) return;
    const [, id, number] = read[pathOf(last[1].href)];
    const resume = document.createElement('p');
    const words = document.createElement('span');
    const where = document.createElement('span');
    const link = document.createElement('a');
    resume.className = 'resume';
    words.lang = where.lang = language;
    words.textContent = strings.resume;
    where.textContent = strings['paragraph-n'].replace('{n}', number);
    link.href = `${last[1].getAttribute('href')}#${id}`;
    link.append(words, ' ', last[1].textContent, ' ', where);
    resume.append(link);
    document.querySelector('.title').append(resume);
  };

  if (root.classList.contains('text')) {
    document.addEventListener('visibilitychange', () => document.hidden && save());
    addEventListener('pagehide', save);
  } else {
    for (const type of ['duben:set', 'duben:switched']) document.addEventListener(type, show);
    addEventListener('storage', (event) => event.key === KEY && show());
    show();
  }
})();
