// Keeps a page of a preview the one that was built last, at the place that is being read, and shows what
// is wrong with the edition. `duben serve` adds it to each page that it sends; it is in no build.
(() => {
  'use strict';

  const OWN = '/.duben/';
  const PLACE = 'duben-live-place';
  const FOLDED = 'duben-live-folded';
  const NEAR = 400; // blocks up and down among which the one that was read is looked for
  const WORDS = 200; // characters by which a block is known
  const root = document.documentElement;
  const script = document.currentScript;
  const {instance} = script.dataset;
  const loaded = Number(script.dataset.build); // the build of which the document is, or an older one
  let seen = loaded;

  // A preview is not kept for reading offline, and what was kept under its address is of something else.
  try {
    const {serviceWorker} = navigator;
    serviceWorker?.getRegistrations().then((all) => all.forEach((one) => one.unregister())).catch(() => {});
    Object.defineProperty(navigator, 'serviceWorker', {value: null, configurable: true});
  } catch {
    // the browser has none
  }

  const session = {
    get(key) {
      try {
        return JSON.parse(sessionStorage.getItem(key));
      } catch {
        return null; // switched off
      }
    },
    set(key, value) {
      try {
        sessionStorage.setItem(key, JSON.stringify(value));
      } catch {
        // switched off: the place is where the browser puts it
      }
    },
  };

  // The place being read

  const wordsOf = (block) => block.textContent.slice(0, WORDS);

  /** Where the reader is, with the words around, so that the place is found among others. */
  const spot = () => {
    const at = window.duben?.spot?.();
    if (!at) return null;
    const first = Math.max(at.number - NEAR, 0);
    const words = duben.blocks().slice(first, at.number + NEAR + 1).map(wordsOf);
    return {...at, words, first};
  };

  /** The number, in the page as it is now, of the block that was read, or of what is left beside it. */
  const numberOf = ({words, first, number}) => {
    const places = new Map();
    duben.blocks().forEach((block, index) => {
      const key = wordsOf(block);
      places.set(key, [...(places.get(key) ?? []), index]);
    });
    const here = number - first;
    for (let far = 0; far <= NEAR; far += 1) {
      for (const index of far ? [here - far, here + far] : [here]) {
        const found = places.get(words[index]);
        // The nearest of several that read alike.
        if (found) return found.reduce((one, two) =>
          (Math.abs(two - first - index) < Math.abs(one - first - index) ? two : one)) + here - index;
      }
    }
    return number;
  };

  const back = (at) => {
    if (!at) return;
    const blocks = duben.blocks();
    const number = at.id && document.getElementById(at.id) ? at.number : numberOf(at);
    duben.back({...at, number: Math.min(Math.max(number, 0), blocks.length - 1)});
  };

  const placing = () => (window.duben?.load ? duben.load('place.js') : Promise.reject(new Error('no place')));

  const reload = async () => {
    await placing().then(() => session.set(PLACE, {path: location.pathname, at: spot()}), () => {});
    // Else the browser goes to where the page was by its length.
    if (session.get(PLACE)) history.scrollRestoration = 'manual';
    location.reload();
  };

  const come = async () => {
    const kept = session.get(PLACE);
    session.set(PLACE, null);
    if (!kept) return;
    // A browser goes back by itself when all is loaded, if it may by then.
    const free = () => setTimeout(() => { history.scrollRestoration = 'auto'; });
    if (document.readyState === 'complete') free();
    else addEventListener('load', free, {once: true});
    if (kept.path !== location.pathname || !kept.at) return;
    await placing();
    back(kept.at);
    // Pictures and what other scripts add may push what follows them.
    if (document.readyState !== 'complete') addEventListener('load', () => back(kept.at), {once: true});
  };

  // What is new

  const local = (address) => {
    const url = new URL(address, location.href);
    return url.origin === location.origin ? [url.pathname] : [];
  };

  /** The addresses of all that the page is made of, its own first. */
  const parts = () => [
    location.pathname,
    ...[...document.scripts].flatMap(({src}) => (src ? local(src) : [])),
    ...[...document.querySelectorAll('link[rel=stylesheet]')].flatMap(({href}) => local(href)),
    ...[...document.images].flatMap(({src}) => (src ? local(src) : [])),
  ];

  const changedSince = async (since, paths) => {
    const answer = await fetch(`${OWN}changed`, {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({since, paths}),
    });
    return answer.json();
  };

  const neededBy = (page) => [...page.querySelectorAll('script[src], link[rel=stylesheet]')]
    .map((element) => element.getAttribute('src') ?? element.getAttribute('href'))
    .filter((address) => !address.startsWith(OWN))
    .map((address) => new URL(address, location.href).href);

  let ours = false;

  /** Puts the page as it was built last where this one is, if no more than its text is another. */
  const refresh = async () => {
    await placing();
    const answer = await fetch(location.pathname, {cache: 'no-store'});
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const there = neededBy(document);
    const same = answer.ok && page.documentElement.lang === root.lang &&
      page.documentElement.className && root.classList.contains(page.documentElement.className) &&
      neededBy(page).every((address) => there.includes(address));
    if (!same) {
      await reload();
      return;
    }
    const at = spot();
    ours = true;
    try {
      duben.replace(page, location.pathname);
    } finally {
      ours = false;
    }
    back(at);
    // What answers the change may take its time.
    requestAnimationFrame(() => back(at));
  };

  const update = async (build) => {
    if (build <= seen) return;
    if (!loaded) {
      await reload(); // the page that waits for the first build: any answer is another
      return;
    }
    const since = seen;
    seen = build;
    const changed = await changedSince(since, parts());
    if (changed.length > 1 || (changed.length && changed[0] !== location.pathname)) await reload();
    else if (changed.length) await refresh().catch(reload);
  };

  // A switch of scripts may show a page that was fetched before the last build.
  document.addEventListener('duben:switched', async () => {
    if (ours) return;
    const changed = await changedSince(loaded, [location.pathname]).catch(() => []);
    if (changed.length) await refresh().catch(reload);
  });

  // What is wrong

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const host = make('duben-live');
  const shadow = host.attachShadow({mode: 'open'});
  const sheet = make('link', {rel: 'stylesheet', href: `${OWN}live.css`});
  const said = make('p', {className: 'said'}); // there before its words, so that they are read out
  said.setAttribute('role', 'alert');
  shadow.append(sheet, said);
  let panel = null;
  let shown = '';

  const counted = (number, what) => `${number} ${what}${number === 1 ? '' : 's'}`;

  const summary = (problems) => ['error', 'warning', 'notice']
    .map((severity) => [problems.filter((one) => one.severity === severity).length, severity])
    .filter(([number]) => number)
    .map(([number, severity]) => counted(number, severity)).join(', ');

  const lineOf = ({severity, place, message, hint, code}) => {
    const line = make('li', {className: severity},
      make('p', {className: 'place'}, make('code', {}, place), ' ', make('span', {className: 'severity'}, severity)),
      make('p', {className: 'message'}, message, ' ', make('span', {className: 'code'}, code ? `[${code}]` : '')));
    if (hint) line.append(make('p', {className: 'hint'}, `hint: ${hint}`));
    return line;
  };

  const fold = (folded) => {
    panel.box.hidden = folded;
    panel.pill.hidden = !folded;
    panel.pill.ariaExpanded = String(!folded);
    session.set(FOLDED, folded ? shown : '');
  };

  const show = ({problems, build}) => {
    const key = JSON.stringify([problems, build > 0]);
    if (key === shown) return;
    if (problems.length) said.textContent = summary(problems);
    else said.textContent = shown ? 'All mended' : '';
    shown = key;
    panel?.box.remove();
    panel?.pill.remove();
    panel = null;
    if (!problems.length) return;
    const stops = problems.some(({severity}) => severity === 'error');
    const title = make('h2', {id: 'title'}, summary(problems));
    const about = make('p', {id: 'about', className: 'about'}, !stops ? '' : build
      ? 'What you see is the last build without errors.' : 'There is no build without errors yet.');
    const close = make('button', {type: 'button', className: 'fold', title: 'Esc'}, 'Fold away');
    const box = make('section', {className: stops ? 'box stops' : 'box', tabIndex: -1},
      make('header', {}, make('div', {}, title, about), close), make('ol', {}, ...problems.map(lineOf)));
    box.setAttribute('role', stops ? 'alertdialog' : 'dialog');
    box.setAttribute('aria-labelledby', 'title');
    box.setAttribute('aria-describedby', 'about');
    box.querySelector('ol').tabIndex = 0; // so that keys can scroll it
    const pill = make('button', {type: 'button', className: stops ? 'pill stops' : 'pill'}, summary(problems));
    panel = {box, pill};
    shadow.append(pill, box);
    close.addEventListener('click', () => {
      fold(true);
      pill.focus();
    });
    pill.addEventListener('click', () => {
      fold(false);
      box.focus();
    });
    fold(!stops || session.get(FOLDED) === key);
  };

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !panel || panel.box.hidden) return;
    const had = shadow.activeElement;
    fold(true);
    if (had) panel.pill.focus();
  });

  // The server

  let events = null;

  const hear = async ({data}) => {
    const told = JSON.parse(data);
    if (told.building) return;
    if (told.instance !== instance) {
      await reload();
      return;
    }
    show(told);
    await update(told.build).catch(() => {}); // the server is gone: another comes, with another name
  };

  // A browser allows six connections: pages that nobody sees do without, and look when they are seen.
  const listen = () => {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (!events) {
      events = new EventSource(`${OWN}events`);
      events.onmessage = hear;
    }
  };

  const start = () => {
    root.append(host); // beside the body, whose children come and go
    document.addEventListener('visibilitychange', listen);
    addEventListener('pageshow', listen);
    addEventListener('pagehide', () => {
      events?.close();
      events = null;
    });
    listen();
    come().catch(() => {});
  };

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
