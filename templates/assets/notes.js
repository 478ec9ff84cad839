// Notes in the margin of a wide window, each at the height of its marker; below each other
// where they would overlap. Also shows which words a note is on while marker or note is pointed at.
(() => {
  'use strict';

  const GAP = 14; // px between two notes
  const wide = matchMedia('(min-width: 68rem)'); // as in style.css

  const lay = () => {
    const notes = [...document.querySelectorAll('.notes > li')];
    const asMargin = wide.matches && notes.length > 0 && duben.get('notes') !== 'off' && !duben.vertical();
    const main = document.getElementById('main');
    document.documentElement.classList.toggle('margins', asMargin);
    if (!asMargin) {
      // Heights set before would move the notes of the list.
      for (const note of notes) note.style.insetBlockStart = '';
      return;
    }
    const base = main.getBoundingClientRect().top;
    let free = 0;
    const tops = notes.map((note) => {
      const marker = document.getElementById(`r-${note.dataset.note}`) ??
        document.querySelector(note.querySelector('.lemma a').hash);
      const top = Math.max((marker?.getBoundingClientRect().top ?? base) - base - 4, free);
      free = top + note.offsetHeight + GAP;
      return top;
    });
    notes.forEach((note, number) => {
      note.style.insetBlockStart = `${tops[number]}px`;
    });
    main.style.setProperty('--margin-end', `${free}px`);
  };

  const watch = new ResizeObserver(lay);

  const start = () => {
    lay();
    watch.disconnect();
    const body = document.querySelector('main article');
    if (body) watch.observe(body);
  };

  const show = (event) => {
    const ids = event.type === 'pointerout' || event.type === 'focusout' ? [] :
      (event.target.closest?.('a.noteref, .notes > li')?.dataset.note ?? '').split(' ').filter(Boolean);
    for (const piece of document.querySelectorAll('.noted, .notes > li')) {
      const own = piece.dataset.note.split(' ');
      piece.classList.toggle('shown', ids.some((id) => own.includes(id)));
    }
  };

  for (const type of ['pointerover', 'pointerout', 'focusin', 'focusout']) {
    document.addEventListener(type, show);
  }
  addEventListener('resize', lay);
  document.addEventListener('duben:set', lay);
  document.addEventListener('duben:switched', start);
  start();
})();
