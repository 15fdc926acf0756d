'use strict';

// Who waits for whom: as facts, and as arrows between the cards. A deadlock is a closed circle of them.

poolGame.waits = (() => {
    const { upper, listed, soon } = poolGame.parts;
    const { words } = poolGame;
    const SVG = 'http://www.w3.org/2000/svg';
    const draw = (tag, attributes, ...children) => {
        const element = document.createElementNS(SVG, tag);
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        element.append(...children);
        return element;
    };
    const gone = ({ next }) => ['ended', 'panicked', 'not created yet'].includes(next);

    // Who waits for whom: for each thread a thread, or nothing.
    function waiting(state, names) {
        return names.map((_, thread) => words.waits(state, names, thread))
            .map((found) => (found && found.for >= 0 && !gone(state.threads[found.for]) ? found : null));
    }

    // The threads that wait for each other in a circle.
    function circle(waits) {
        for (let start = 0; start < waits.length; start += 1) {
            const met = [];
            let at = start;
            while (waits[at] && !met.includes(at)) {
                met.push(at);
                at = waits[at].for;
            }
            if (waits[at] && at === start) return met;
        }
        return [];
    }

    class Arrows {
        constructor(names, prefix) {
            Object.assign(this, { names, prefix });
            this.element = draw('svg', { class: 'arrows', role: 'img' });
        }

        // `threads` is what the cards stand in. Where an arrow goes is looked up when all has found its
        // place.
        show(state, threads, cards) {
            const waits = waiting(state, this.names);
            const round = circle(waits);
            const sentences = [];
            const drawn = waits.flatMap((found, thread) => {
                if (!found) return [];
                const kind = round.includes(thread) ? 'round' : 'plain';
                sentences.push(`${upper(this.names[thread])} waits for ${this.names[found.for]}: ${found.what}.`);
                return [{
                    thread, to: found.for,
                    path: draw('path', { class: `arrow ${kind}`, 'marker-end': `url(#${this.prefix}-${kind})` }),
                    text: draw('text', { class: kind, 'text-anchor': 'middle' }, `waits for ${found.what}`),
                }];
            });
            if (round.length) sentences.push(`${upper(listed(round.map((thread) => this.names[thread])))} wait in a circle.`);
            this.element.setAttribute('aria-label', sentences.join(' ') || 'Nobody waits for another.');
            const head = (id) => draw('marker', { id: `${this.prefix}-${id}`, class: id, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: 'userSpaceOnUse', orient: 'auto' }, draw('path', { d: 'M0 0L8 4L0 8z' }));
            this.element.replaceChildren(...(drawn.length ? [draw('defs', {}, head('plain'), head('round'))] : []),
                ...drawn.flatMap(({ path, text }) => [path, text]));
            soon(this, () => this.place(drawn, threads, cards));
        }

        place(drawn, threads, cards) {
            if (!drawn.length) return;
            const box = threads.getBoundingClientRect();
            const spots = cards.map((card) => card.getBoundingClientRect());
            const across = spots.length > 1 && Math.abs(spots[0].left - spots[1].left) > 10;
            for (const { thread, to, path, text } of drawn) {
                const [one, two] = [spots[thread], spots[to]];
                const back = to < thread;
                // The way out and the way in stand beside each other, and the way back goes round the way there.
                const shift = (far) => (back ? 1 : -1) * Math.min(12, far / 8);
                const depth = across ? (back ? 36 : 20) : (back ? 32 : 18);
                if (across) {
                    const y = Math.max(...spots.map(({ bottom }) => bottom)) - box.top + 2;
                    const x1 = one.left + one.width / 2 - box.left + shift(one.width);
                    const x2 = two.left + two.width / 2 - box.left + shift(two.width);
                    path.setAttribute('d', `M${x1} ${one.bottom - box.top + 2}V${y + depth - 8}Q${x1} ${y + depth} ${x1 + Math.sign(x2 - x1) * 8} ${y + depth}H${x2 - Math.sign(x2 - x1) * 8}Q${x2} ${y + depth} ${x2} ${y + depth - 8}V${two.bottom - box.top + 3}`);
                    text.setAttribute('x', (x1 + x2) / 2);
                    text.setAttribute('y', y + depth - 4);
                } else {
                    const x = Math.max(...spots.map(({ right }) => right)) - box.left + 2;
                    const y1 = one.top + one.height / 2 - box.top + shift(one.height);
                    const y2 = two.top + two.height / 2 - box.top + shift(two.height);
                    path.setAttribute('d', `M${x} ${y1}H${x + depth - 8}Q${x + depth} ${y1} ${x + depth} ${y1 + Math.sign(y2 - y1) * 8}V${y2 - Math.sign(y2 - y1) * 8}Q${x + depth} ${y2} ${x + depth - 8} ${y2}H${x + 1}`);
                    text.remove();
                }
            }
            this.element.setAttribute('viewBox', `0 0 ${Math.max(box.width, 1)} ${Math.max(box.height, 1)}`);
        }
    }

    return { Arrows, circle, draw, gone, waiting };
})();
