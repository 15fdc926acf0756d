'use strict';

// Dragging, by mouse or touch, into the places between the rows of a list. The mouse may take a thing
// anywhere. A finger takes it at its grip: elsewhere the browser takes the touch, to scroll the page
// (see `touch-action` in the styles).

poolGame.drag = (() => {
    const { make } = poolGame.parts;
    const FAR = 6;

    const grip = () => make('span', { class: 'grip', 'aria-hidden': 'true' }, '⠿');

    // The place in the list that a pointer is at: before which row, or -1 outside.
    function placeAt(list, { clientX, clientY }) {
        const box = list.getBoundingClientRect();
        if (clientX < box.left - 20 || clientX > box.right + 20 || clientY < box.top - 30 || clientY > box.bottom + 30) return -1;
        const rows = [...list.querySelectorAll('li:not(.empty)')].map((row) => row.getBoundingClientRect());
        const found = rows.findIndex(({ top, height }) => clientY < top + height / 2);
        return found < 0 ? rows.length : found;
    }

    // `can(place)` says whether it may be dropped there, `drop(place)` does it.
    function draggable(thing, { list, label, can, drop }) {
        thing.addEventListener('pointerdown', (down) => {
            if (down.button || down.target.closest('.move')) return;
            const mark = make('span', { class: 'place', 'aria-hidden': 'true' });
            const ghost = make('span', { class: 'block dragged', 'aria-hidden': 'true' }, label);
            let place = null;
            const moved = (event) => {
                if (event.pointerId !== down.pointerId) return;
                if (place === null && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < FAR) return;
                if (place === null) {
                    list.parentElement.append(ghost);
                    list.append(mark);
                    thing.dataset.dragged = 'yes';
                }
                place = placeAt(list, event);
                ghost.style.left = `${event.clientX + 8}px`;
                ghost.style.top = `${event.clientY + 8}px`;
                ghost.dataset.can = can(place) ? 'yes' : 'no';
                mark.hidden = place < 0;
                mark.dataset.can = ghost.dataset.can;
                const rows = list.querySelectorAll('li:not(.empty)');
                mark.style.top = `${rows[place]?.offsetTop ?? (rows.length ? rows[rows.length - 1].offsetTop + rows[rows.length - 1].offsetHeight : 0)}px`;
            };
            const away = () => {
                removeEventListener('pointermove', moved);
                removeEventListener('pointerup', up);
                removeEventListener('pointercancel', away);
                removeEventListener('keydown', escape, true);
                ghost.remove();
                mark.remove();
                // The click that follows is no click.
                setTimeout(() => delete thing.dataset.dragged);
            };
            const up = (event) => {
                if (event.pointerId !== down.pointerId) return;
                away();
                if (place !== null) drop(place);
            };
            const escape = (event) => {
                if (event.key !== 'Escape') return;
                event.preventDefault();
                away();
            };
            addEventListener('pointermove', moved);
            addEventListener('pointerup', up);
            addEventListener('pointercancel', away);
            addEventListener('keydown', escape, true);
        });
    }

    return { grip, draggable };
})();
