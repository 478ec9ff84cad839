// The card: one shared popover, filled from the lists at the end of the page (words, notes).
// Opens by hovering, keyboard focus or a first tap; can be entered; closes by Esc, a tap
// elsewhere, or by leaving it. Without this script a word is a plain link.
(() => {
  'use strict';

  if (!HTMLElement.prototype.showPopover) return;

  const OPEN_AFTER = 150; // ms of rest on a word
  const CLOSE_AFTER = 280; // ms to cross from the word to its card
  const GAP = 8; // px between word and card, and between card and window
  const MARKS = 'main :is(a.term, a.noteref)';
  const ANCHORS = CSS.supports('anchor-name: --word') && CSS.supports('position-area: end');
  const sheet = matchMedia('(max-width: 45rem)'); // as in card.css

  let opener = null; // the word whose card is open
  let place = null; // [selector, number]: finds the same word in another variant
  let held = false; // opened by keyboard or touch: leaving with the mouse does not close it
  let timer = 0;
  let tap = null; // a touch that may become a tap
  let touching = false;
  let pointed = {}; // where mouse or finger met the word; of the keyboard: nowhere
  let quiet = false; // focus returns to the word by our hand

  const card = () => document.getElementById('card');
  const isNote = (mark) => mark.classList.contains('noteref');
  const origin = (mark) => document.getElementById(
    isNote(mark) ? mark.hash.slice(1) : mark.getAttribute('aria-describedby'));

  /** The word or marker at a node, if it has something to show. */
  const markAt = (node) => {
    const mark = node.closest?.(MARKS);
    if (!mark || !origin(mark)) return null;
    // Notes that stand in the margin need no card.
    return isNote(mark) && document.documentElement.classList.contains('margins') ? null : mark;
  };

  const copy = (node, tag, name) => {
    const element = document.createElement(tag);
    element.className = name;
    element.append(...node.cloneNode(true).childNodes);
    for (const inner of element.querySelectorAll('[id]')) inner.removeAttribute('id');
    return element;
  };

  const wordOf = (entry) => copy(entry.querySelector('dt'), 'p', 'headword');

  const fill = (mark) => {
    const entry = origin(mark);
    const parts = [];
    if (isNote(mark)) {
      const note = copy(entry, 'div', 'note');
      note.querySelector('.back')?.remove();
      parts.push(note);
    } else {
      parts.push(wordOf(entry), copy(entry.querySelector('dd'), 'div', 'sense'));
      const nested = (mark.dataset.nested ?? '').split(' ')
        .map((id) => id && document.getElementById(`w-${id}`)).filter(Boolean);
      if (nested.length) {
        const label = document.createElement('p');
        label.className = 'label';
        label.textContent = card().dataset.nested;
        const list = document.createElement('ul');
        list.className = 'nested';
        for (const inner of nested) {
          const item = document.createElement('li');
          item.append(wordOf(inner));
          const gloss = inner.querySelector('dd > .gloss');
          if (gloss) item.append(gloss.cloneNode(true));
          list.append(item);
        }
        parts.push(label, list);
      }
    }
    const leaf = card().querySelector('.leaf');
    leaf.replaceChildren(...parts);
    leaf.scrollTo(0, 0);
    card().setAttribute('aria-label', mark.textContent.trim());
  };

  /** Puts the card beside the word: by CSS anchor, or by hand where the word runs over two lines. */
  const position = () => {
    const box = card();
    const vertical = duben.vertical();
    const pieces = [...opener.getClientRects()];
    const byHand = !sheet.matches && (!ANCHORS || pieces.length > 1);
    box.classList.toggle('by-hand', byHand);
    box.style.left = box.style.right = box.style.top = '';
    if (byHand) {
      const {clientX: x, clientY: y} = pointed;
      const piece = pieces.find((rect) => rect.left <= x && x <= rect.right &&
        rect.top <= y && y <= rect.bottom) ?? pieces[0];
      const {clientWidth, clientHeight} = document.documentElement;
      let {left, top} = piece;
      if (vertical) {
        left -= GAP + box.offsetWidth;
        if (left < GAP) left = piece.right + GAP;
      } else {
        top = piece.bottom + GAP;
        if (top + box.offsetHeight > clientHeight) top = piece.top - GAP - box.offsetHeight;
      }
      const within = (at, room) => Math.max(GAP, Math.min(at, room - GAP));
      left = within(left, clientWidth - box.offsetWidth);
      // A page whose lines run down begins at its right edge.
      if (vertical) box.style.right = `${clientWidth - left - box.offsetWidth - scrollX}px`;
      else box.style.left = `${left + scrollX}px`;
      box.style.top = `${within(top, clientHeight - box.offsetHeight) + scrollY}px`;
    } else if (sheet.matches) {
      // The sheet must not hide the word that a second tap is to follow.
      const word = opener.getBoundingClientRect();
      const leaf = box.getBoundingClientRect();
      const hidden = GAP + (vertical ? leaf.right - word.left : word.bottom - leaf.top);
      if (hidden > 0) scrollBy({left: vertical ? -hidden : 0, top: vertical ? 0 : hidden, behavior: 'instant'});
    }
  };

  const close = () => {
    clearTimeout(timer);
    opener?.classList.remove('open');
    opener = place = null;
    if (card()?.matches(':popover-open')) card().hidePopover();
  };

  const open = (mark, hold) => {
    clearTimeout(timer);
    held = hold || (held && mark === opener);
    if (mark === opener) return;
    opener?.classList.remove('open');
    opener = mark;
    const like = isNote(mark) ? `a.noteref[href="${mark.getAttribute('href')}"]`
      : `a.term[aria-describedby="${mark.getAttribute('aria-describedby')}"]`;
    place = [`main ${like}`, [...document.querySelectorAll(`main ${like}`)].indexOf(mark)];
    mark.classList.add('open');
    fill(mark);
    if (!card().matches(':popover-open')) card().showPopover();
    position();
  };

  const later = (act, delay) => {
    clearTimeout(timer);
    timer = setTimeout(act, delay);
  };

  const focusWord = () => {
    quiet = true;
    opener.focus({preventScroll: true});
    quiet = false;
  };

  // Mouse and pen

  document.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch') return;
    if (event.target.closest?.('#card')) {
      clearTimeout(timer);
      return;
    }
    const mark = markAt(event.target);
    if (mark) {
      pointed = event;
      if (mark === opener) clearTimeout(timer);
      else later(() => mark.isConnected && open(mark, false), OPEN_AFTER);
    } else if (opener && !held && !card().contains(document.activeElement)) {
      later(close, CLOSE_AFTER);
    } else {
      clearTimeout(timer);
    }
  });

  document.documentElement.addEventListener('pointerleave', () => {
    clearTimeout(timer);
    if (opener && !held) later(close, CLOSE_AFTER);
  });

  // Touch, and a press of any pointer outside

  document.addEventListener('pointerdown', (event) => {
    touching = event.pointerType === 'touch';
    tap = {x: event.clientX, y: event.clientY};
    pointed = event;
  });

  document.addEventListener('pointercancel', () => {
    tap = null; // it became a scroll
  });

  document.addEventListener('pointerup', (event) => {
    const moved = !tap || Math.hypot(event.clientX - tap.x, event.clientY - tap.y) > 10;
    tap = null;
    // Who changes the script of a page keeps the card.
    if (moved || !opener || event.target.closest?.('#card, .scripts') || markAt(event.target)) return;
    close();
  });

  document.addEventListener('click', (event) => {
    if (event.target.closest?.('#card .close')) {
      const inside = card().contains(document.activeElement);
      if (inside) focusWord();
      close();
      return;
    }
    const mark = touching && markAt(event.target);
    if (mark && mark !== opener) {
      event.preventDefault();
      open(mark, true);
    }
  });

  // Keyboard

  document.addEventListener('focusin', (event) => {
    if (quiet || event.target.closest?.('#card')) return;
    const mark = event.target.matches(':focus-visible') ? markAt(event.target) : null;
    if (mark && !tap) {
      pointed = {};
      open(mark, true);
    } else if (opener && held && event.target !== opener && !tap && !event.target.closest('.scripts')) {
      close();
    }
  });

  document.addEventListener('keydown', (event) => {
    touching = false;
    if (!opener) {
      clearTimeout(timer);
      return;
    }
    const inside = card().contains(document.activeElement);
    if (event.key === 'Escape') {
      event.preventDefault(); // nothing else closes by this press
      if (inside) focusWord();
      close();
    } else if (event.key === 'Tab') {
      const stops = [...card().querySelectorAll('a[href], button')].filter((stop) => stop.offsetParent);
      if (document.activeElement === opener && !event.shiftKey) {
        event.preventDefault();
        (stops[0] ?? card()).focus();
      } else if (inside) {
        const at = stops.indexOf(document.activeElement);
        if (event.shiftKey ? at <= 0 : at === stops.length - 1) {
          event.preventDefault();
          focusWord();
          // Else the next Tab would lead into the card again, and never on.
          if (!event.shiftKey) close();
        }
      }
    }
  });

  addEventListener('resize', () => opener && position());

  document.addEventListener('duben:switched', () => {
    const at = place;
    opener = place = null;
    const mark = at && document.querySelectorAll(at[0])[at[1]];
    if (mark && markAt(mark)) open(mark, held);
  });
})();
