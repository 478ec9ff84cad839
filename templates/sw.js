// The service worker: serves the edition where there is no network, and never parts of two builds
// together.
//
// Files keep their names from build to build. So this worker knows a build, its "version", by the
// digest of its list (offline.json, in parts), and each file by the digest that the list has for it.
// What it keeps lies under the file's address and digest, so files of two versions lie side by side.
// Each page that it hands out is of a version; all that the page then asks for is of the same one, or
// is refused. The build writes one line above these: self.duben = {list, variants}.
(() => {
  'use strict';

  const {list, variants} = self.duben;
  const scope = self.registration.scope;
  const VISITED = `duben ${scope}`; // what a reader has seen, what every page needs, and notes of ours
  const KEPT = `${VISITED} kept`; // the edition that a reader keeps: whole, lists and all
  const SHARED = ['core', 'rest'];
  const WITHHELD = '!'; // before the digest of a file that may be recognised, but not kept
  const PATIENCE = 5000; // ms until a silent network counts as none, where there is a copy
  const SOON = 500; // ms that a page's own files wait to be told which version it is of
  const REST = 3000; // ms from a visit until there is time to tidy
  const LONGEST = 60000; // ms for a file that is fetched to be kept
  const BATCH = 24; // files fetched for one request of a page
  const AT_ONCE = 6;
  const SHOWN = 200; // pages that a list of what is kept names
  const FRESHENED = 60; // visited pages fetched again after an update
  const DAY = 864e5;
  const HEADERS = ['Content-Type', 'Content-Security-Policy', 'X-Content-Type-Options', 'Referrer-Policy'];

  /** What was fetched is of another version. */
  class Changed extends Error {}

  // Bytes and addresses

  const digestOf = async (bytes) => {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes), 0, 9);
    return btoa(String.fromCharCode(...hash)).replaceAll('+', '-').replaceAll('/', '_');
  };

  const partOf = async (path, parts) => {
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(path));
    return new DataView(hash).getUint32(0) % parts;
  };

  const addressOf = (path) => scope + path.split('/').map(encodeURIComponent).join('/');
  const bare = (digest) => digest?.replace(WITHHELD, '');
  const keyOf = (path, digest) => `${addressOf(path)}?${digest}`;

  /** [path, digest] of a key. */
  const pathOf = (url) => {
    const [address, digest] = url.slice(scope.length).split('?');
    return [decodeURIComponent(address.split('#')[0]), digest];
  };

  /** The paths that an address may mean: hosts show x.html as x, and index.html as its folder. */
  const pathsOf = (url) => {
    const [path] = pathOf(url);
    if (!path || path.endsWith('/')) return [`${path}index.html`];
    return /\.\w+$/.test(path) ? [path] : [path, `${path}.html`, `${path}/index.html`];
  };

  // What is kept

  const found = async (path, digest) =>
    await caches.match(keyOf(path, digest), {cacheName: KEPT}) ??
    caches.match(keyOf(path, digest), {cacheName: VISITED});

  const copyOf = (bytes, headers) => {
    const own = new Headers();
    for (const name of HEADERS) if (headers.has(name)) own.set(name, headers.get(name));
    return new Response(bytes, {headers: own});
  };

  const put = async (name, path, digest, copy) => (await caches.open(name)).put(keyOf(path, digest), copy);

  /** A file from the network, if it is the one of this digest. */
  const fetched = async (path, digest) => {
    // A server that tells times by the second may call a file unchanged that is not: then once more.
    for (const cache of ['no-cache', 'reload']) {
      const response = await fetch(addressOf(path), {cache, signal: AbortSignal.timeout(LONGEST)});
      if (!response.ok) break;
      const bytes = await response.arrayBuffer();
      if (await digestOf(bytes) === digest) return copyOf(bytes, response.headers);
    }
    throw new Changed(path);
  };

  /** A file, from what is kept or else from the network, and keeps it. */
  const obtained = async (path, digest, name = VISITED) => {
    const key = keyOf(path, digest);
    const cache = await caches.open(name);
    const there = await cache.match(key);
    if (there) return there;
    const copy = await found(path, digest) ?? await fetched(path, digest);
    await cache.put(key, copy.clone());
    return copy;
  };

  const notes = {
    async read(name) {
      const note = await (await caches.open(VISITED)).match(`${scope}?${name}`);
      return note ? note.json() : null;
    },
    async write(name, value) {
      const cache = await caches.open(VISITED);
      if (value === null) await cache.delete(`${scope}?${name}`);
      else await cache.put(`${scope}?${name}`, new Response(JSON.stringify(value)));
    },
  };

  // Versions

  const lists = new Map(); // digest → promise of a list, or of a part of one

  const absent = (path) => {
    throw new Changed(path);
  };

  /** A list, or a part of one. The server has those of the newest version only. */
  const listed = (path, digest, version) => {
    if (!lists.has(digest)) {
      const loading = (version === list ? obtained(path, digest) : found(path, digest))
        .then((copy) => (copy ?? absent(path)).json());
      loading.catch(() => lists.delete(digest));
      lists.set(digest, loading);
    }
    return lists.get(digest);
  };

  const groupsOf = async (version) => (await listed('offline.json', version, version)).groups;
  const partName = (group, number) => `offline/${group}-${number}.json`;

  /** The digest that a version's list has for a path; undefined where it has none. */
  const digestIn = async (version, path) => {
    const groups = await groupsOf(version);
    const [folder] = path.split('/');
    const own = folder in groups && !SHARED.includes(folder) ? folder : 'rest';
    for (const group of ['core', own]) {
      const {parts} = groups[group];
      const number = await partOf(path, parts.length);
      const digest = (await listed(partName(group, number), parts[number], version))[path];
      if (digest) return digest;
    }
    return undefined;
  };

  /** [path, digest] of the first path of an address that a version knows. */
  const knownIn = async (version, paths) => {
    for (const path of paths) {
      const digest = await digestIn(version, path);
      if (digest) return [path, digest];
    }
    return [paths[0], undefined];
  };

  /** [path, digest] of all files of some groups that may be kept, the lists of a version first. */
  const allIn = async (version, names) => {
    const files = [['offline.json', version]];
    const groups = await groupsOf(version);
    for (const group of names.filter((name) => name in groups)) {
      const parts = groups[group].parts.map((digest, number) => [partName(group, number), digest]);
      files.push(...parts);
      for (const entries of await Promise.all(parts.map((part) => listed(...part, version)))) {
        files.push(...Object.entries(entries).filter(([, digest]) => !digest.startsWith(WITHHELD)));
      }
    }
    return files;
  };

  const after = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

  /** Does something for each item, a few at a time. */
  const each = async (items, action) => {
    const waiting = [...items];
    const work = async () => {
      while (waiting.length) await action(waiting.shift());
    };
    await Promise.all(Array.from({length: AT_ONCE}, work));
  };

  let asked = 0;
  const askForUpdate = () => {
    if (Date.now() - asked < 10000) return;
    asked = Date.now();
    self.registration.update().catch(() => {});
  };

  // Which version a page is of. Noted down, as a worker is stopped whenever it is idle.

  const verdicts = new Map(); // client → promise of {version, paths, digest}; version '' is none we know

  const verdictOf = async (client) => {
    if (!verdicts.has(client)) verdicts.set(client, notes.read(`client=${client}`).catch(() => null));
    const verdict = await verdicts.get(client);
    if (!verdict || verdict.version) return verdict;
    // A page that came before the worker of its version.
    const [, digest] = await knownIn(list, verdict.paths).catch(() => []);
    return bare(digest) !== verdict.digest ? verdict : note(client, {...verdict, version: list});
  };

  const note = (client, verdict) => {
    verdicts.set(client, Promise.resolve(verdict));
    return notes.write(`client=${client}`, {...verdict, at: Date.now()}).catch(() => {}).then(() => verdict);
  };

  /** The versions that a page from the network may be of, but for one that this worker does not know. */
  const candidates = async () => {
    const kept = await notes.read('kept').catch(() => null);
    const before = await notes.read('before').catch(() => '');
    return new Set([list, kept?.version, before].filter(Boolean));
  };

  /** Which version a page from the network is of; keeps it, if it is of this worker's. */
  const judge = async (client, paths, response) => {
    const bytes = await response.arrayBuffer();
    const digest = await digestOf(bytes);
    for (const version of await candidates()) {
      const [path, expected] = await knownIn(version, paths).catch(() => [paths[0]]);
      if (bare(expected) !== digest) continue;
      if (version === list && expected === digest) {
        await put(VISITED, path, digest, copyOf(bytes, response.headers)).catch(() => {}); // no room
      }
      return note(client, {version, paths, digest});
    }
    askForUpdate();
    return note(client, {version: '', paths, digest});
  };

  /** [copy, version, digest] of a page for a reader without a network, or null. */
  const offlineCopy = async (paths) => {
    const kept = await notes.read('kept');
    const [folder] = paths[0].split('/');
    // An edition that was kept is read as a whole: while a newer one is on its way, that is not mixed in.
    const versions = kept?.variants.includes(folder) ? [kept.version]
      : variants.includes(folder) ? [list, await notes.read('before')] : [kept?.version, list];
    for (const version of versions) {
      if (!version) continue;
      const [path, digest] = await knownIn(version, paths).catch(() => []);
      const copy = digest && await found(path, digest);
      if (copy) return [copy, version, digest];
    }
    return null;
  };

  /** A page: from the network, else a copy, else a page that says what there is. */
  const visit = async (event, paths) => {
    const client = event.resultingClientId;
    let settle;
    if (client) verdicts.set(client, new Promise((resolve) => { settle = resolve; }));
    const end = (verdict) => settle?.(verdict);
    knownIn(list, paths).catch(() => {}); // its part of the list is needed as soon as the page is here
    const copy = offlineCopy(paths).catch(() => null);
    const load = async () => {
      const response = await fetch(new Request(event.request, {cache: 'no-cache'}));
      // Where there is a copy, a page is handed out when it is whole: a line that fails half-way then
      // counts as none, too. Without a copy, what has come of it is better than nothing.
      if (response.ok && await Promise.race([copy, after(SOON)])) await response.clone().arrayBuffer();
      return response;
    };
    const patience = new Promise((resolve, reject) => {
      setTimeout(() => copy.then((there) => there && reject(new Error('slow'))), PATIENCE);
    });
    try {
      const response = await Promise.race([load(), patience]);
      if (response.ok && client) {
        const twin = response.clone();
        event.waitUntil(judge(client, paths, twin).then(end, () => end(null)));
      } else {
        end(null);
      }
      return response;
    } catch (error) {
      const there = await copy;
      if (there) {
        const [response, version, digest] = there;
        if (client) await note(client, {version, paths, digest}).then(end);
        return response;
      }
      end(null);
      const [folder, ...rest] = paths[0].split('/');
      const variant = variants.includes(folder) ? folder : variants[0];
      if (rest.join('/') === 'offline.html') throw error;
      return Response.redirect(`${scope}${variant}/offline.html?page=${encodeURIComponent(paths[0])}`);
    }
  };

  /**
   * A part of a page that is still on its way, as the server has it now: if every version that we know
   * has it so. Then it is right whichever of them the page turns out to be of; and if it is of one that
   * we do not know, it would get the server's anyway.
   */
  const undisputed = async (paths) => {
    const [path, digest] = await knownIn(list, paths);
    if (!digest) throw new Changed(path);
    for (const version of await candidates()) {
      const other = await digestIn(version, path).catch(() => digest); // of no use to a verdict, either
      if (other !== digest) throw new Changed(path);
    }
    return fetched(path, bare(digest));
  };

  /**
   * {verdict} of the page that asks; or {copy} of what it asks for, where that is certain before the
   * verdict is. A verdict wants the whole page, and a browser shows nothing of it before it has its
   * scripts and styles: on a line that is slow, or stalls, it would stay blank.
   */
  const verdictOrCopy = async ({clientId, request}, paths) => {
    if (!clientId) return {verdict: null};
    let known = false;
    const verdict = verdictOf(clientId).finally(() => { known = true; });
    const early = async () => {
      await after(SOON);
      if (known || !request.destination) throw new Changed(paths[0]); // what scripts fetch has time
      return {copy: await undisputed(paths)};
    };
    return Promise.any([verdict.then((verdict) => ({verdict})), early()]);
  };

  /** What the network gave, for this page alone: a browser may hand it to the next one without asking. */
  const once = (response) => {
    const headers = new Headers(response.headers);
    headers.set('Cache-Control', 'no-store');
    const {status, statusText} = response;
    return new Response(response.body, {status, statusText, headers});
  };

  /** What a page asks for: of its own version, or refused as "changed". */
  const supply = async (event, paths) => {
    const {request} = event;
    const {verdict, copy: early} = await verdictOrCopy(event, paths);
    if (early) return early;
    if (!verdict) return once(await fetch(request));
    const changed = () => {
      askForUpdate();
      return new Response('', {status: 409, statusText: 'changed', headers: {'X-Duben': 'changed'}});
    };
    if (!verdict.version) {
      // A newer page than this worker knows: nothing that is kept belongs to it. Only another page
      // could be put into this one, and nobody knows whether they belong together.
      const page = request.destination === '' && /(\.html|\/[^.]*)$/.test(paths[0]);
      return page ? changed() : once(await fetch(new Request(request, {cache: 'no-cache'})));
    }
    try {
      const [path, digest] = await knownIn(verdict.version, paths);
      if (!digest) return once(await fetch(request));
      if (!digest.startsWith(WITHHELD)) {
        const there = await found(path, digest);
        if (there) return there;
        const copy = await fetched(path, digest);
        event.waitUntil(put(VISITED, path, digest, copy.clone()).catch(() => {})); // no room
        return copy;
      }
      return await fetched(path, bare(digest));
    } catch (error) {
      if (error instanceof Changed) return changed();
      throw error; // without a network: the request fails, as it would without a worker
    }
  };

  // What pages ask of the worker itself

  let missing = null; // [version, what is wanted, files that are not there yet, how many in all]

  /** The files that are still to be fetched for the edition that the reader wants. */
  const missingOf = async (wanted) => {
    const key = wanted.variants.join();
    if (missing?.[0] !== list || missing[1] !== key) {
      const files = await allIn(list, [...SHARED, ...wanted.variants]);
      const there = new Set((await (await caches.open(KEPT)).keys()).map((request) => request.url));
      missing = [list, key, files.filter((file) => !there.has(new URL(keyOf(...file)).href)), files.length];
    }
    return missing;
  };

  const told = async () => {
    const [kept, wanted] = [await notes.read('kept'), await notes.read('wanted')];
    const current = kept?.version === list && wanted?.variants.every((name) => kept.variants.includes(name));
    return {kept, wanted, current: Boolean(current)};
  };

  const answers = {
    /** How large the edition is, and what of it is kept. */
    async look() {
      const groups = await groupsOf(list);
      const bytes = Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, group.bytes]));
      return {...await told(), bytes};
    },
    /** The texts that are never kept: their paths in a variant. */
    async left({folder}) {
      const {parts} = (await groupsOf(list))[folder];
      const all = await Promise.all(parts.map((digest, number) => listed(partName(folder, number), digest, list)));
      const isText = ([path, digest]) => digest.startsWith(WITHHELD) && /^[^/]+\/texts\/[^/]+\.html$/.test(path);
      return {left: all.flatMap(Object.entries).filter(isText).map(([path]) => path)};
    },
    async keep({chosen}) {
      missing = null;
      await notes.write('wanted', {variants: chosen, running: true});
      return told();
    },
    async stop() {
      const wanted = await notes.read('wanted');
      if (wanted) await notes.write('wanted', {...wanted, running: false});
      return told();
    },
    async drop() {
      missing = null;
      await notes.write('wanted', null);
      await notes.write('kept', null);
      await caches.delete(KEPT);
      return told();
    },
    /** Fetches some more of the edition: how many files are there, and of how many. */
    async more() {
      const wanted = await notes.read('wanted');
      if (!wanted?.running) return {...await told(), done: 0, total: 0};
      let trouble = '';
      let files = [];
      let total = 0;
      try {
        [, , files, total] = await missingOf(wanted);
        await each(files.splice(0, BATCH), (file) => obtained(...file, KEPT));
        if (!files.length) {
          missing = null; // looked up again: only what is there counts
          [, , files, total] = await missingOf(wanted);
        }
      } catch (error) {
        missing = null;
        trouble = error instanceof Changed ? 'changed'
          : error.name === 'QuotaExceededError' ? 'full' : 'offline';
        if (trouble === 'changed') askForUpdate();
      }
      if (!trouble && !files.length) {
        missing = null;
        await notes.write('kept', {variants: wanted.variants, version: list});
        await tidyKept();
      }
      return {...await told(), ...(trouble ? {trouble} : {done: total - files.length, total})};
    },
    /** Keeps what the first page has loaded before there was a worker. */
    async visited({urls}) {
      await each(new Set(urls.filter((url) => url.startsWith(scope))), async (url) => {
        const [path, digest] = await knownIn(list, pathsOf(url)).catch(() => []);
        if (digest && !digest.startsWith(WITHHELD)) await obtained(path, digest).catch(() => {});
      });
      return {};
    },
    /** Asked of a worker that waits until the one before it is idle. */
    async take() {
      await self.skipWaiting();
      return {};
    },
    /** Removes what belongs to no version that anybody reads. */
    async tidy() {
      if (await notes.read('tidied') !== list) {
        await tidyVisited();
        await tidyKept();
        await notes.write('tidied', list);
      }
      return {};
    },
    /**
     * The pages of a variant that can be read without a network: [path, title as it stands in HTML]. If
     * it is not kept as a whole: which other one is; and where a page is that can be read in another.
     */
    async pages({folder, page}) {
      const kept = await notes.read('kept');
      const whole = Boolean(kept?.variants.includes(folder));
      const paths = new Set();
      for (const {url} of await (await caches.open(whole ? KEPT : VISITED)).keys()) {
        const [path] = pathOf(url);
        if (path.startsWith(`${folder}/`) && /(?<!offline)\.html$/.test(path)) paths.add(path);
      }
      const pages = [];
      const texts = (path) => path.startsWith(`${folder}/texts/`);
      for (const path of [...paths].sort((one, other) => texts(other) - texts(one))) {
        if (pages.length === SHOWN) break;
        const [copy] = await offlineCopy([path]) ?? [];
        const [, title] = /<html[^>]* data-title="([^"]*)"/.exec(await copy?.text() ?? '') ?? [];
        if (title) pages.push([path, title]);
      }
      const others = variants.filter((name) => name !== folder);
      const other = whole ? undefined : others.find((name) => kept?.variants.includes(name));
      let twin;
      for (const name of page?.startsWith(`${folder}/`) ? others : []) {
        const path = name + page.slice(folder.length);
        if (await offlineCopy(pathsOf(addressOf(path)))) twin ??= [path, name];
      }
      return {pages, whole, other, twin};
    },
  };

  // These change the same things: one after the other.
  let turn = Promise.resolve();
  for (const name of ['keep', 'drop', 'more', 'tidy']) {
    const answer = answers[name];
    answers[name] = (given) => {
      const mine = turn.then(() => answer(given));
      turn = mine.catch(() => {});
      return mine;
    };
  }

  /** What a version needs: whether it has a file of this digest under this path. */
  const belongs = async (versions, path, digest) => {
    for (const version of versions) {
      if (path === 'offline.json') {
        if (digest === version) return true;
      } else if (path.startsWith('offline/')) {
        const groups = await groupsOf(version);
        if (Object.values(groups).some(({parts}) => parts.includes(digest))) return true;
      } else if (await digestIn(version, path) === digest) {
        return true;
      }
    }
    return false;
  };

  const tidyVisited = async () => {
    const cache = await caches.open(VISITED);
    const open = new Set((await self.clients.matchAll({includeUncontrolled: true, type: 'all'}))
      .map(({id}) => id));
    const before = await notes.read('before');
    const versions = new Set([list]);
    const files = [];
    for (const request of await cache.keys()) {
      const [path, digest] = pathOf(request.url);
      if (path) {
        files.push([request, path, digest]);
      } else if (digest.startsWith('client=')) {
        const {version, at} = await (await cache.match(request)).json();
        const isOpen = open.has(digest.slice('client='.length));
        if (isOpen && version) versions.add(version);
        // A page that is in nobody's sight may come back for a while.
        if (!isOpen && Date.now() - at > DAY) await cache.delete(request);
      }
    }
    let freshened = 0;
    for (const [request, path, digest] of files) {
      // A page of the version before may have been handed out just now.
      const live = path.startsWith('assets/') && before ? [...versions, before] : versions;
      if (await belongs(live, path, digest).catch(() => true)) continue;
      const now = await digestIn(list, path).catch(() => '');
      if (path.endsWith('.html') && now && !now.startsWith(WITHHELD) && freshened++ < FRESHENED) {
        await obtained(path, now).catch(() => {});
      }
      await cache.delete(request);
    }
  };

  const tidyKept = async () => {
    if (!await caches.has(KEPT)) return;
    const [kept, wanted] = [await notes.read('kept'), await notes.read('wanted')];
    const live = new Set();
    for (const [version, names] of [[kept?.version, kept?.variants], [wanted && list, wanted?.variants]]) {
      if (!version) continue;
      for (const file of await allIn(version, [...SHARED, ...names])) live.add(new URL(keyOf(...file)).href);
    }
    const cache = await caches.open(KEPT);
    for (const request of await cache.keys()) if (!live.has(request.url)) await cache.delete(request);
  };

  // Events

  self.addEventListener('install', (event) => event.waitUntil((async () => {
    // While a site is being uploaded, its files are of two versions: then this fails, and is tried again.
    await each(await allIn(list, ['core']), (file) => obtained(...file));
    await self.skipWaiting(); // pages of older versions stay of theirs: each has its verdict
  })()));

  self.addEventListener('activate', (event) => event.waitUntil((async () => {
    const now = await notes.read('now');
    if (now === list) return;
    await notes.write('before', now);
    await notes.write('now', list);
  })()));

  self.addEventListener('fetch', (event) => {
    const {request} = event;
    if (request.method !== 'GET' || !request.url.startsWith(scope) || request.headers.has('Range')) return;
    let paths;
    try {
      paths = pathsOf(request.url);
    } catch {
      return; // no address of ours is spelled so
    }
    if (request.mode === 'navigate') {
      event.respondWith(visit(event, paths));
      event.waitUntil(after(REST).then(() => answers.tidy()).catch(() => {}));
    } else {
      event.respondWith(supply(event, paths));
    }
  });

  self.addEventListener('message', (event) => {
    const answer = answers[event.data?.ask];
    const [port] = event.ports;
    if (!answer || !port) return;
    event.waitUntil(answer(event.data).then(
      (told) => port.postMessage(told),
      (error) => port.postMessage({trouble: error.name === 'QuotaExceededError' ? 'full' : 'lost'}),
    ));
  });
})();
