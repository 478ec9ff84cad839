// Waits for what a reader asks for, and loads it only then: settings, keys, citations, what a search
// found, the copy kept offline.
(() => {
  'use strict';

  const KEYS = '?/snp,';
  const TYPED = 'input, textarea, select, [contenteditable], dialog';

  const call = (script, part, ...given) =>
    duben.load(script).then(() => duben[part](...given)).catch(() => {});
  const modified = (event) => event.ctrlKey || event.metaKey || event.altKey;

  document.addEventListener('click', (event) => {
    if (event.button || event.shiftKey || modified(event)) return;
    const asked = event.target.closest?.('.settings, .num, .cite');
    if (!asked) return;
    event.preventDefault();
    if (asked.matches('.settings')) call('panel.js', 'panel', asked);
    else call('cite.js', 'cite', asked);
  });

  document.addEventListener('keydown', (event) => {
    if (modified(event) || event.isComposing || event.defaultPrevented) return;
    if (!KEYS.includes(event.key) || duben.get('keys') || event.target.closest?.(TYPED)) return;
    event.preventDefault(); // a browser's own search would take the slash
    call('keys.js', 'press', event.key);
  });

  // A home page shows how far its texts are read; a text that nobody moves in is not being read.
  const progress = () => duben.load('progress.js').catch(() => {});
  const {classList} = document.documentElement;
  if (classList.contains('home')) progress();
  else if (classList.contains('text')) addEventListener('scroll', progress, {capture: true, once: true});
  if (!classList.contains('search') && new URLSearchParams(location.search).has('q')) call('found.js', 'find');

  // A worker that is in place does its work by itself; what is new, or kept as a whole, wants more.
  const {worker} = duben;
  if (worker) {
    // Not in the page itself: opened from a disk, a browser would complain of it.
    const link = document.createElement('link');
    link.rel = 'manifest';
    link.href = `${duben.root}${document.documentElement.lang.toLowerCase()}/manifest.webmanifest`;
    document.head.append(link);
    addEventListener('load', async () => {
      try {
        const at = await worker.getRegistration(duben.root);
        if (worker.controller && !at?.waiting && !localStorage.getItem(`duben-keep ${duben.root}`) &&
          !classList.contains('offline')) return;
      } catch {
        // storage is switched off: as on a first visit
      }
      call('offline.js', 'offline');
    });
  }
})();
