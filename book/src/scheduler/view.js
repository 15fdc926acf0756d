'use strict';

// The stage: the queue, the ledger, and a card for each thread, with who holds the lock and who waits
// for whom. It shows a state, and how that came about.

poolGame.view = (() => {
    const { make, button, key, reader, upper, dot, counted, listed, line } = poolGame.parts;
    const { words } = poolGame;
    const SVG = 'http://www.w3.org/2000/svg';
    const draw = (tag, attributes, ...children) => {
        const element = document.createElementNS(SVG, tag);
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        element.append(...children);
        return element;
    };
    const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
    const gone = ({ next }) => ['ended', 'panicked', 'not created yet'].includes(next);
    const runs = ({ next }) => /^(finish job|job \d+ panics|panic in job)/.test(next);
    const job = ({ next }) => /job \d+/.exec(next)?.[0];

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

    // Lets something that stands in its place now come from where it was.
    function from(element, old) {
        const now = element.getBoundingClientRect();
        if (still() || !old?.width || !now.width) return;
        const x = old.left + old.width / 2 - now.left - now.width / 2;
        const y = old.top + old.height / 2 - now.top - now.height / 2;
        if (Math.abs(x) + Math.abs(y) < 2) return;
        element.animate([{ transform: `translate(${x}px, ${y}px)`, zIndex: 5 }, { transform: 'none', zIndex: 5 }], { duration: 420, easing: 'ease-in-out' });
    }

    class Stage {
        // `press` is what a card does; without it cards can't be pressed.
        constructor({ names, source, press, prefix, level = 3 }) {
            Object.assign(this, { names, source, prefix });
            this.queue = make('ol', { class: 'queue', role: 'list', 'aria-label': 'The queue, from its front to its back' });
            this.lockHome = make('span', { class: 'home' });
            this.token = make('span', { class: 'token', 'aria-hidden': 'true' }, 'lock');
            this.lockSaid = make('span', { class: 'lock' });
            this.ledger = make('p', { class: 'ledger' });
            this.arrows = draw('svg', { class: 'arrows', role: 'img' });
            this.cards = names.map((name, thread) => this.card(name, thread, press, level));
            this.threads = make('div', { class: 'cards' }, ...this.cards.map(({ box }) => box), this.arrows);
            this.threads.dataset.count = names.length;
            this.element = make('div', { class: 'stage' },
                this.ledger,
                make('div', { class: 'shelf' },
                    make('div', { class: 'of-queue' }, make('span', { class: 'label' }, 'queue'), make('span', { class: 'end', 'aria-hidden': 'true' }, 'front'), this.queue, make('span', { class: 'end', 'aria-hidden': 'true' }, 'back')),
                    make('div', { class: 'of-lock' }, this.lockHome, this.lockSaid)),
                this.threads);
            new ResizeObserver(() => this.drawWaits()).observe(this.threads);
        }

        card(name, thread, press, level) {
            const card = {
                badge: make('span', { class: 'badge' }),
                hand: make('span', { class: 'hand' }),
                code: make('div', { class: 'source' }),
                where: make('p', { class: 'where' }),
                panic: make('p', { class: 'panic' }),
                next: make('p', { class: 'coming', id: `${this.prefix}-next-${thread}` }),
            };
            const label = upper(name);
            if (press) {
                card.step = button(reader('Run '), () => press(thread), { class: 'press', 'aria-describedby': card.next.id });
                card.step.append(label, key(thread ? `${thread - 1}` : 'm'));
            }
            card.box = make('article', { class: 'card' },
                make('div', { class: 'head' }, make(`h${level}`, { class: 'name' }, card.step ?? label), card.hand, card.badge),
                card.code, card.where, card.panic, card.next);
            return card;
        }

        // `coming(thread)` says what the next press does, `steps` are the ones just taken, `memory` is
        // what the state alone doesn't tell.
        show(state, { steps = [], coming, memory = {}, last }) {
            const flights = this.before(steps);
            this.state = state;
            const waits = waiting(state, this.names);
            this.cards.forEach((card, thread) => this.showCard(card, thread, state, { coming, waits, last, memory }));
            const rows = state.queue.map((text) => make('li', { class: text === 'Terminate' ? 'terminate' : 'job' }, text));
            if (memory.closed) rows.push(make('li', { class: 'closed' }, 'closed'));
            if (!state.queue.length) rows.unshift(make('li', { class: 'empty' }, 'empty'));
            this.queue.replaceChildren(...rows);
            (state.holder < 0 ? this.lockHome : this.cards[state.holder].hand).append(this.token);
            this.token.dataset.poisoned = memory.poisoned ? 'yes' : 'no';
            this.lockSaid.textContent = (state.holder < 0 ? 'free' : `held by ${this.names[state.holder]}`) + (memory.poisoned ? ', poisoned' : '');
            this.showLedger(state, memory);
            this.drawWaits();
            this.after(flights, steps);
        }

        showCard(card, thread, state, { coming, waits, last, memory }) {
            const here = state.threads[thread];
            const can = state.leads.some((lead) => lead.thread === thread);
            // A server that waits for clients is well.
            const kind = gone(here) ? 'gone' : can ? 'can' : state.end === 'wait for a client' ? 'rests' : 'waits';
            const panic = memory.panics?.[thread];
            // Where a panic happened is shown for as long as the game lasts.
            const at = here.line || panic?.line || 0;
            card.box.dataset.kind = kind;
            card.box.dataset.last = last === thread ? 'yes' : 'no';
            card.box.dataset.panic = panic ? 'yes' : 'no';
            card.badge.textContent = gone(here) ? here.next : panic ? 'panics' : runs(here) ? `runs ${job(here)}` : can ? 'can go on' : words.over(state.end) ? 'cut off' : 'waits';
            this.excerpt(card, at);
            card.code.hidden = !at;
            card.where.hidden = Boolean(at) || (gone(here) && !panic?.inJob);
            card.where.textContent = panic?.inJob ? 'in its job, outside the pool’s code' : runs(here) ? `in ${job(here)}, outside the pool’s code` : 'outside the pool’s code';
            card.panic.hidden = !panic;
            card.panic.textContent = panic ? dot(upper(panic.why)) : '';
            card.next.textContent = gone(here) ? '' : can && coming ? dot(`Next: ${coming(thread)}`)
                : can ? dot(`Next: ${words.next(here.next)}`)
                : dot(upper(words.stuck(here, state.end)));
            card.step?.setAttribute('aria-disabled', String(!can));
            card.box.dataset.circle = circle(waits).includes(thread) ? 'yes' : 'no';
            if (memory.poisoned && can && here.next === 'take the lock' && !coming) card.next.textContent += ' It is poisoned.';
        }

        // The lines around the one that a thread is at.
        excerpt(card, number) {
            if (card.line === number) return;
            card.line = number;
            const rows = [];
            const first = Math.max(1, Math.min(number - 1, this.source.length - 2));
            for (let here = first; number && here < first + 3; here += 1) rows.push(line(this.source, here, here === number));
            const indent = Math.min(...rows.map(({ text }) => (text.trim() ? text.search(/\S/) : 99)));
            card.code.replaceChildren(...rows.map(({ row, text }) => {
                // The line itself is always there as a whole: it may break before a dot.
                const whole = row.classList.contains('here');
                const parts = whole ? text.slice(indent).split(/(?=\.\w)/) : [text.slice(indent)];
                row.append(...parts.flatMap((part) => [make('wbr'), part]).slice(1), ' ');
                return row;
            }));
        }

        showLedger(state, { joins, doomed }) {
            const workers = state.threads.slice(1).filter(({ next }) => next !== 'ended' && next !== 'panicked').length;
            const over = words.over(state.end);
            const facts = [counted(state.queue.length, 'message') + ' in the queue', `${counted(workers, 'worker')} ${over && workers ? 'cut off' : 'left'}`];
            if (over) facts.push('program ended');
            else if (joins !== undefined) facts.push(`${counted(joins, 'join')} to go`);
            this.ledger.dataset.doomed = doomed ? 'yes' : 'no';
            this.ledger.replaceChildren(make('span', {}, facts.join(' · ')), ...(doomed ? [make('strong', {}, dot(upper(doomed)))] : []));
        }

        drawWaits() {
            if (!this.state) return;
            const waits = waiting(this.state, this.names);
            if (!waits.some((found) => found)) {
                this.arrows.setAttribute('aria-label', 'Nobody waits for another.');
                this.arrows.replaceChildren();
                return;
            }
            const round = circle(waits);
            const box = this.threads.getBoundingClientRect();
            const spots = this.cards.map((card) => card.box.getBoundingClientRect());
            const across = spots.length > 1 && Math.abs(spots[0].left - spots[1].left) > 10;
            const head = (id) => draw('marker', { id: `${this.prefix}-${id}`, class: id, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: 'userSpaceOnUse', orient: 'auto' }, draw('path', { d: 'M0 0L8 4L0 8z' }));
            const parts = [draw('defs', {}, head('plain'), head('round'))];
            const sentences = [];
            waits.forEach((found, thread) => {
                if (!found) return;
                const [one, two] = [spots[thread], spots[found.for]];
                const closed = round.includes(thread);
                const back = found.for < thread;
                // The way out and the way in stand beside each other, and the way back goes round the way there.
                const shift = (far) => (back ? 1 : -1) * Math.min(12, far / 8);
                const depth = across ? (back ? 36 : 20) : (back ? 32 : 18);
                let path;
                let at;
                if (across) {
                    const y = Math.max(...spots.map(({ bottom }) => bottom)) - box.top + 2;
                    const x1 = one.left + one.width / 2 - box.left + shift(one.width);
                    const x2 = two.left + two.width / 2 - box.left + shift(two.width);
                    path = `M${x1} ${one.bottom - box.top + 2}V${y + depth - 8}Q${x1} ${y + depth} ${x1 + Math.sign(x2 - x1) * 8} ${y + depth}H${x2 - Math.sign(x2 - x1) * 8}Q${x2} ${y + depth} ${x2} ${y + depth - 8}V${two.bottom - box.top + 3}`;
                    at = { x: (x1 + x2) / 2, y: y + depth - 4 };
                } else {
                    const x = Math.max(...spots.map(({ right }) => right)) - box.left + 2;
                    const y1 = one.top + one.height / 2 - box.top + shift(one.height);
                    const y2 = two.top + two.height / 2 - box.top + shift(two.height);
                    path = `M${x} ${y1}H${x + depth - 8}Q${x + depth} ${y1} ${x + depth} ${y1 + Math.sign(y2 - y1) * 8}V${y2 - Math.sign(y2 - y1) * 8}Q${x + depth} ${y2} ${x + depth - 8} ${y2}H${x + 1}`;
                }
                const kind = closed ? 'round' : 'plain';
                parts.push(draw('path', { class: `arrow ${kind}`, d: path, 'marker-end': `url(#${this.prefix}-${kind})` }));
                if (at) parts.push(draw('text', { x: at.x, y: at.y, class: kind, 'text-anchor': 'middle' }, `waits for ${found.what}`));
                sentences.push(`${upper(this.names[thread])} waits for ${this.names[found.for]}: ${found.what}.`);
            });
            if (round.length) sentences.push(`${upper(listed(round.map((thread) => this.names[thread])))} wait in a circle.`);
            this.arrows.setAttribute('viewBox', `0 0 ${Math.max(box.width, 1)} ${Math.max(box.height, 1)}`);
            this.arrows.setAttribute('aria-label', sentences.join(' '));
            this.arrows.replaceChildren(...parts);
        }

        // Where everything is that is about to move.
        before(steps) {
            if (still() || !steps.length) return null;
            return {
                token: this.token.isConnected && this.token.getBoundingClientRect(),
                home: this.token.parentElement,
                messages: [...this.queue.querySelectorAll('.job, .terminate')].map((item) => ({ text: item.textContent, className: item.className, rect: item.getBoundingClientRect() })),
            };
        }

        // A message goes from its sender to the queue, and from there to whoever takes it.
        after(flights, steps) {
            if (!flights) return;
            if (this.token.parentElement !== flights.home) from(this.token, flights.token);
            for (const step of steps) {
                const card = this.cards[step.thread].box;
                if (/^send to the channel($|: job)/.test(step.does)) {
                    const item = [...this.queue.querySelectorAll('.job, .terminate')].at(-1);
                    if (item) from(item, card.getBoundingClientRect());
                }
                if (/^receive from the channel($|: job)/.test(step.does) && flights.messages.length) {
                    this.fly(flights.messages.shift(), card);
                }
            }
        }

        fly({ text, className, rect }, card) {
            const ghost = make('span', { class: `${className} ghost`, 'aria-hidden': 'true' }, text);
            const home = this.element.getBoundingClientRect();
            ghost.style.left = `${rect.left - home.left}px`;
            ghost.style.top = `${rect.top - home.top}px`;
            this.element.append(ghost);
            const to = card.getBoundingClientRect();
            const x = to.left + to.width / 2 - rect.left - rect.width / 2;
            const y = to.top + Math.min(to.height / 2, 30) - rect.top;
            ghost.animate([{ transform: 'none' }, { transform: `translate(${x}px, ${y}px)`, opacity: 0.2 }], { duration: 450, easing: 'ease-in-out' })
                .finished.catch(() => {}).then(() => ghost.remove());
        }
    }

    return { Stage, runs, draw, waiting, circle };
})();
