// Reading without a network: registers the worker (sw.js), keeps the whole edition if a reader wants
// it, and lists what is kept on the page that stands in for one that is not. The worker does the work;
// this asks for it, a little at a time, as long as a page is open.
(() => {
  'use strict';

  const ANSWERED = 120000; // ms after which a worker has been stopped in the middle
  const AGAIN = 15000; // ms until a download that had trouble goes on
  const root = document.documentElement;
  const NAMED = 12; // texts that are left out, by name
  const folder = () => root.lang.toLowerCase();
  const addressOf = (path) => new URL(path.split('/').map(encodeURIComponent).join('/'), duben.root).href;

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  /** What the page calls a script, by its folder; '' where there is only one. */
  const scriptOf = (name) => [...document.querySelectorAll('.top .scripts a')]
    .find(({hreflang}) => hreflang.toLowerCase() === name)?.textContent ?? '';

  let registering = null;
  const registered = () => {
    registering ??= navigator.serviceWorker
      .register(`${duben.root}sw.js`, {scope: duben.root, updateViaCache: 'none'});
    return registering;
  };

  /** The worker at work; of a first visit, once it is installed. */
  const worker = async () => {
    const registration = await registered();
    const coming = registration.installing ?? registration.waiting;
    if (!registration.active && coming) {
      await new Promise((resolve, reject) => {
        const look = () => {
          if (coming.state === 'redundant') reject(new Error('refused'));
          else if (coming.state !== 'installing' && coming.state !== 'installed') resolve();
        };
        coming.addEventListener('statechange', look);
        look();
      });
    }
    return registration.active;
  };

  /** Notes whether every page must look to the download: reader.js loads this script then. */
  const remember = (wanted) => {
    try {
      if (wanted?.running) localStorage.setItem(`duben-keep ${duben.root}`, 'yes');
      else localStorage.removeItem(`duben-keep ${duben.root}`);
    } catch {
      // storage is switched off: the download goes on while the settings are open
    }
  };

  const ask = async (what, given = {}, at = worker()) => {
    const asked = await at;
    return new Promise((resolve, reject) => {
      const {port1, port2} = new MessageChannel();
      port1.onmessage = ({data}) => {
        if ('wanted' in data) remember(data.wanted);
        resolve(data);
      };
      setTimeout(reject, ANSWERED, new Error('no answer'));
      asked.postMessage({...given, ask: what}, [port2]);
    });
  };

  /** The titles of the texts that are never kept, as the home page has them; looked up once a variant. */
  const leaving = new Map();
  const leftOut = () => {
    const name = folder();
    const look = async () => {
      const {left = []} = await ask('left', {folder: name});
      if (!left.length) return [];
      const home = `${duben.root}${name}/index.html`;
      const html = await fetch(home).then((answer) => (answer.ok ? answer.text() : ''), () => '');
      const page = new DOMParser().parseFromString(html, 'text/html');
      const titles = new Map([...page.querySelectorAll('.shelf h3 a')]
        .map((link) => [new URL(link.getAttribute('href'), home).href, link.textContent]));
      return left.map((path) => titles.get(addressOf(path)) ?? path.replace(/^.*\/|\.html$/g, ''));
    };
    if (!leaving.has(name)) {
      leaving.set(name, look().catch(() => {
        leaving.delete(name);
        return [];
      }));
    }
    return leaving.get(name);
  };

  /** What is said of them; '' where there are none. */
  const leftWords = (titles, strings) => {
    if (!titles.length) return '';
    const named = titles.slice(0, NAMED).map((title) => `《${title}》`).join('');
    return strings['keep-left']?.replace('{n}', () => named + (titles.length > NAMED ? '……' : '')) ?? '';
  };

  // Keeping the edition

  let running = false;
  let figures = null; // {done, total} of a download
  let trouble = '';
  let again = 0;
  let show = () => {}; // tells the block in the settings, if it is open

  /** Fetches what is wanted and not there yet, until it is there. One page of the site at a time. */
  const run = async () => {
    clearTimeout(again);
    if (running) return;
    running = true;
    const work = async (lock) => {
      for (let answer; lock !== null;) {
        answer = await ask('more').catch(() => ({trouble: 'offline'}));
        trouble = answer.trouble ?? '';
        if (answer.total) figures = {done: answer.done, total: answer.total};
        if (trouble || answer.current || !answer.wanted?.running) break;
        show();
      }
    };
    try {
      if (navigator.locks) await navigator.locks.request(`duben ${duben.root}`, {ifAvailable: true}, work);
      else await work();
    } finally {
      running = false;
      if (['offline', 'changed'].includes(trouble)) again = setTimeout(run, AGAIN);
      show();
    }
  };

  const size = (bytes) => `${Math.max(.1, bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  const isPersistent = () => Promise.resolve(navigator.storage?.persisted?.()).catch(() => false);

  const fill = async (block) => {
    const [{language, strings}, state, left] = await Promise.all([
      duben.strings(), ask('look').catch(() => ({trouble: 'lost'})), leftOut(),
    ]);
    const say = (key, n = '') => strings[key]?.replace('{n}', n) ?? '';
    const {kept, wanted, current, bytes} = state;
    const problem = state.trouble ?? trouble;
    const persistent = await isPersistent();
    const seen = JSON.stringify([language, folder(), kept, wanted, current, problem, figures, persistent, left]);
    if (block.dataset.seen === seen) return;
    block.dataset.seen = seen;
    const line = (text) => make('p', {textContent: text});
    const button = (key, action) => {
      const made = make('button', {type: 'button', textContent: say(key)});
      made.dataset.does = key;
      made.addEventListener('click', action);
      return made;
    };
    const act = (what, given) => async () => {
      ({trouble = ''} = await ask(what, given?.()).catch(() => ({trouble: 'lost'})));
      if (what === 'keep' && !trouble) {
        // Only a page may ask for this; some browsers then ask the reader.
        await Promise.resolve(navigator.storage?.persist?.()).catch(() => false);
        run();
      }
      if (what === 'drop') figures = null;
      fill(block);
    };
    const told = []; // read aloud when it changes
    const parts = [];
    if (!bytes) {
      told.push('keep-lost');
    } else if (wanted?.running && !current) {
      const progress = make('progress', {max: figures?.total ?? 1, value: figures?.done ?? 0});
      progress.ariaLabel = say('settings-keep');
      if (kept) told.push('keep-older');
      if (problem) told.push(`keep-${problem}`);
      const done = figures ? `${figures.done} / ${figures.total}` : '…';
      parts.push(line(say('keep-progress', done)), progress, button('keep-stop', act('stop')));
      if (problem === 'full') parts.push(button('keep-resume', run));
    } else {
      const all = Object.keys(bytes).filter((name) => !['core', 'rest'].includes(name));
      const select = make('select', {ariaLabel: say('keep-choice')});
      const own = all.includes(folder()) ? folder() : all[0];
      for (const [key, names] of [['keep-this', [own]], ['keep-all', all]]) {
        const sum = ['core', 'rest', ...names].reduce((total, name) => total + bytes[name], 0);
        const option = make('option', {value: names.join(), textContent: say(key, size(sum))});
        option.selected = wanted?.variants.join() === option.value;
        if (key === 'keep-this' || all.length > 1) select.append(option);
      }
      const is = () => current && kept.variants.join() === select.value;
      const begin = button(wanted && !current ? 'keep-resume' : 'keep-start',
        act('keep', () => ({chosen: select.value.split(',')})));
      begin.hidden = is();
      select.addEventListener('change', (event) => {
        event.stopPropagation(); // this is no setting
        begin.hidden = is();
      });
      if (current) {
        told.push('keep-done', persistent ? 'keep-persistent' : 'keep-until');
      } else if (problem) {
        told.push(`keep-${problem}`);
      } else if (wanted) {
        told.push('keep-stopped');
      }
      parts.push(select, begin);
    }
    if (wanted || kept) parts.push(button('keep-drop', act('drop')));
    const [status, controls] = block.children;
    const focused = controls.contains(document.activeElement) && document.activeElement.dataset.does;
    block.lang = language;
    const scripts = kept?.variants.map(scriptOf).filter(Boolean).join(say('keep-and'));
    const words = told.map((key) => key === 'keep-done' && scripts ? say('keep-done-in', scripts) : say(key));
    if (bytes && left.length) words.push(leftWords(left, strings));
    if (status.textContent !== words.join('')) status.replaceChildren(...words.map(line));
    controls.replaceChildren(...parts);
    // It may have grown past the edge of the dialog. Not for each file: a reader may have scrolled.
    const shape = `${words.join()} ${parts.length}`;
    if (block.dataset.shape !== shape) block.scrollIntoView({block: 'nearest'});
    block.dataset.shape = shape;
    if (focused) {
      (controls.querySelector(`[data-does=${focused}]:not([hidden])`) ??
        controls.querySelector('button:not([hidden]), select'))?.focus();
    }
  };

  /** Shows what keeping the edition takes below the row of a button; asked again, hides it. */
  duben.keep = async (button) => {
    const row = button.parentElement;
    if (row.nextElementSibling?.matches('.keeping')) {
      row.nextElementSibling.remove();
      button.ariaExpanded = 'false';
      return;
    }
    const block = make('div', {className: 'keeping', role: 'group', ariaLabel: button.textContent},
      make('div', {role: 'status'}), make('div', {className: 'controls'}));
    row.after(block);
    button.ariaExpanded = 'true';
    await Promise.all([duben.load('offline.css').catch(() => {}), fill(block)]);
    block.scrollIntoView({block: 'nearest'});
    // Another page may be the one that fetches.
    const timer = setInterval(() => {
      if (!block.isConnected) clearInterval(timer);
      else if (!running) show();
    }, 2000);
    let filling = null;
    show = async () => {
      if (!block.isConnected || filling || document.activeElement?.matches('.keeping select')) return;
      filling = fill(block);
      await filling.finally(() => { filling = null; });
    };
  };

  // The page that stands in for one that is not kept

  const listKept = async () => {
    const {language, strings} = await duben.strings();
    const say = (key, n = '') => strings[key]?.replace('{n}', n) ?? '';
    const page = new URLSearchParams(location.search).get('page');
    const missed = page && addressOf(page);
    // An address is anybody's to write: nothing outside of the edition is offered here.
    const isOurs = missed?.startsWith(duben.root);
    const {pages, whole, other, twin} = await ask('pages', {folder: folder(), page: isOurs ? page : ''})
      .catch(() => ({pages: []}));
    if (isOurs) {
      const paragraph = document.getElementById('missed');
      const again = make('a', {href: missed + location.hash, textContent: say('offline-again'), lang: language});
      if (twin) {
        const [path, name] = twin;
        const href = addressOf(path) + location.hash;
        paragraph.replaceChildren(
          make('span', {textContent: say('offline-elsewhere', scriptOf(name)), lang: language}), ' ',
          make('a', {href, className: 'twin', textContent: say('offline-read'), lang: language}), ' ', again,
        );
      } else {
        paragraph.append(' ', again);
      }
      paragraph.hidden = false;
      addEventListener('online', () => location.replace(again.href));
    }
    const read = (title) => new DOMParser().parseFromString(title, 'text/html').body.textContent;
    const linked = (pages, edition) => pages.map(([path, title]) => {
      const said = read(title);
      const textContent = said.endsWith(edition) ? said.slice(0, -edition.length) : said;
      return make('li', {}, make('a', {href: addressOf(path), textContent}));
    });
    const list = document.getElementById('pages');
    list.replaceChildren(...linked(pages, ` · ${document.querySelector('.edition').textContent}`));
    document.getElementById('how').hidden = whole || pages.length > 0 || Boolean(other);
    const titles = await leftOut();
    document.querySelector('.left-out')?.remove();
    if (titles.length) {
      list.parentElement.after(make('p', {className: 'left-out', textContent: leftWords(titles, strings), lang: language}));
    }
    if (!other) return;
    list.parentElement.hidden = !pages.length;
    const kept = await ask('pages', {folder: other});
    const [edition = ''] = / · [^·]*$/.exec(read(kept.pages[0]?.[1] ?? '')) ?? []; // in that script
    const section = list.parentElement.cloneNode();
    section.hidden = false;
    section.removeAttribute('aria-labelledby');
    section.ariaLabel = say('offline-kept-in', scriptOf(other));
    section.append(
      make('h2', {textContent: section.ariaLabel, lang: language}),
      make('ul', {className: 'elsewhere', lang: other}, ...linked(kept.pages, edition)),
    );
    list.parentElement.after(section);
  };

  /** Registers the worker, and goes on with what the reader wanted kept. */
  duben.offline = async () => {
    if (root.classList.contains('offline')) {
      const list = () => listKept().catch(() => {});
      list();
      document.addEventListener('duben:switched', list);
    }
    try {
      // A browser may not have found the moment for a new worker to take over.
      const {waiting} = await registered();
      if (waiting && navigator.serviceWorker.controller) await ask('take', {}, waiting);
      const isFirst = !navigator.serviceWorker.controller;
      await worker();
      const urls = [location.href, ...performance.getEntriesByType('resource').map(({name}) => name)];
      if (isFirst) await ask('visited', {urls});
      const {wanted, current} = await ask('look');
      if (wanted?.running && !current) run();
      addEventListener('online', () => again && run());
    } catch {
      // storage is switched off, or there is no network: the page is read as it is
    }
  };
})();
