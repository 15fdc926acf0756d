'use strict';

// The stage: the queue, the ledger, and a card for each thread, with who holds the lock and who waits
// for whom. It shows a state, and how that came about.

poolGame.view = (() => {
    const { make, button, key, reader, upper, dot, counted, line } = poolGame.parts;
    const { words, flight } = poolGame;
    const { Arrows, circle, gone, waiting } = poolGame.waits;

    const runs = ({ next }) => /^(finish job|job \d+ panics|panic in job)/.test(next);
    const job = ({ next }) => /job \d+/.exec(next)?.[0];

    class Stage {
        // `press` is what a card does; without it cards can't be pressed.
        constructor({ names, source, press, prefix, level = 3 }) {
            Object.assign(this, { names, source, prefix });
            this.queue = make('ol', { class: 'queue', role: 'list', 'aria-label': 'The queue, from its front to its back' });
            this.lockHome = make('span', { class: 'home' });
            this.token = make('span', { class: 'token', 'aria-hidden': 'true' }, 'lock');
            this.lockSaid = make('span', { class: 'lock' });
            this.ledger = make('p', { class: 'ledger' });
            this.arrows = new Arrows(names, prefix);
            this.fresh = (thread) => this.card(names[thread], thread, press, level);
            this.cards = names.map((_, thread) => this.fresh(thread));
            this.threads = make('div', { class: 'cards' }, ...this.cards.map(({ box }) => box), this.arrows.element);
            this.threads.dataset.count = names.length;
            const end = (name) => make('span', { class: 'end', 'aria-hidden': 'true' }, name);
            this.shelf = make('div', { class: 'shelf' },
                make('div', { class: 'of-queue' }, make('span', { class: 'label' }, 'queue'), end('front'), this.queue, end('back')),
                make('div', { class: 'of-lock' }, this.lockHome, this.lockSaid));
            this.element = make('div', { class: 'stage' }, this.ledger, this.shelf, this.threads);
            new ResizeObserver(() => this.drawWaits()).observe(this.threads);
        }

        drawWaits() {
            if (this.state) this.arrows.show(this.state, this.threads, this.cards.map(({ box }) => box));
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
            const flights = flight.before(this, steps);
            this.state = state;
            this.memory = memory;
            const waits = waiting(state, this.names);
            this.cards.forEach((card, thread) => this.showCard(card, thread, state, { coming, waits, last, memory }));
            this.showShelf(state, memory);
            this.showLedger(state, memory);
            this.drawWaits();
            flight.after(this, flights, steps);
        }

        showShelf({ queue, holder }, { closed, poisoned }) {
            const rows = queue.map((text) => make('li', { class: text === 'Terminate' ? 'terminate' : 'job' }, text));
            if (closed) rows.push(make('li', { class: 'closed' }, 'closed'));
            if (!queue.length) rows.unshift(make('li', { class: 'empty' }, 'empty'));
            this.queue.replaceChildren(...rows);
            (holder < 0 ? this.lockHome : this.cards[holder].hand).append(this.token);
            this.token.dataset.poisoned = poisoned ? 'yes' : 'no';
            this.lockSaid.textContent = (holder < 0 ? 'free' : `held by ${this.names[holder]}`) + (poisoned ? ', poisoned' : '');
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
                // What it would print stands in the line.
                : dot(upper(words.stuck(here.next.startsWith('print ') ? { ...here, next: 'print this' } : here, state.end)));
            card.step?.setAttribute('aria-disabled', String(!can));
            card.box.dataset.circle = circle(waits).includes(thread) ? 'yes' : 'no';
            if (memory.poisoned && can && here.next === 'take the lock' && !coming) card.next.textContent += ' It is poisoned.';
        }

        // A card as it looks in some state, to measure it.
        sample({ state, thread, coming, panic }) {
            const card = this.fresh(thread);
            const panics = [];
            if (panic) panics[thread] = panic;
            this.showCard(card, thread, state, { coming: coming && (() => coming), waits: [], memory: { panics } });
            if (state.holder === thread) card.hand.append(this.token.cloneNode(true));
            return card.box;
        }

        // One of the parts above the cards as it looks in each of some states, to measure it.
        samples(part, states) {
            const boxes = states.map(([state, memory]) => {
                this.showShelf(state, memory);
                this.showLedger(state, memory);
                return part.cloneNode(true);
            });
            if (this.state) {
                this.showShelf(this.state, this.memory);
                this.showLedger(this.state, this.memory);
            }
            return boxes;
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
                // Where it stands alone it needs no indent.
                if (whole) row.append(make('span', { class: 'indent' }, /^ */.exec(parts[0])[0]));
                if (whole) parts[0] = parts[0].trimStart();
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
    }

    return { Stage };
})();
