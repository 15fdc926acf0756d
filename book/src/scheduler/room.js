'use strict';

// How much room the cards, the queue and the ledger need, whatever is played: that is kept for them, so
// that nothing moves under the finger.

poolGame.room = (() => {
    const { make } = poolGame.parts;
    const { words, moves } = poolGame;
    const { left } = poolGame.state;

    // What may have to be shown, each look of a card, of the queue and of the ledger once.
    function collector() {
        const cards = new Map();
        const shelves = new Map();
        const ledgers = new Map();
        return {
            card({ state }, thread, coming, panic) {
                const { line, next, why, holds } = state.threads[thread];
                const id = [thread, line, next, why, holds, coming, panic?.why].join('|');
                if (!cards.has(id)) cards.set(id, { state, thread, coming, panic });
            },
            above({ state }, memory) {
                const shelf = [state.queue, state.holder, memory.closed, memory.poisoned].join('|');
                if (!shelves.has(shelf)) shelves.set(shelf, [state, memory]);
                const ledger = [memory.doomed, state.end].join('|');
                if (!ledgers.has(ledger)) ledgers.set(ledger, [state, memory]);
            },
            done: () => ({ cards: [...cards.values()], shelves: [...shelves.values()], ledgers: [...ledgers.values()] }),
        };
    }

    // All that there may be to show in a level.
    function ofLevel(level, made) {
        const found = collector();
        const stands = moves.stands(level, made);
        const closes = made.data.texts.includes('drop a sender of the channel');
        for (const node of made.nodes) {
            const lost = node.doomed ? left(node, made.names).join(', ') : '';
            found.above(node, { joins: made.names.length - 1, closed: closes, doomed: lost && `doomed since press 10: no Terminate left for ${lost}` });
            made.names.forEach((_, thread) => {
                const lead = node.leads[thread];
                if (!lead) {
                    found.card(node, thread);
                    return;
                }
                found.card(node, thread, words.summary([lead]));
                if (stands.has(node)) found.card(node, thread, words.summary(moves.press(level, node, thread)));
                // From a panic on its cause is shown, to the thread's end.
                const why = words.panics(lead);
                const panic = why && { why, line: node.state.threads[thread].line, inJob: why.startsWith('job ') };
                for (let here = why && lead.to; here; here = here.leads[thread]?.to) {
                    for (const single of [true, false]) found.card(here, thread, words.summary(moves.press(level, here, thread, single)), panic);
                }
            });
        }
        return found.done();
    }

    // All that there is to show on one way, which is given by its nodes, each with what is remembered.
    function ofWay(nodes) {
        const found = collector();
        for (const [node, memory] of nodes) {
            found.above(node, memory);
            node.state.threads.forEach((_, thread) => found.card(node, thread, undefined, memory.panics?.[thread]));
        }
        return found.done();
    }

    // Sets how high the parts of a stage are, at the width that it has now. All that is to be measured is
    // there at once, out of sight: the browser lays it out a single time.
    function keep(stage, { cards, shelves, ledgers }) {
        const { style } = stage.element;
        for (const name of ['--tall', '--rows', '--shelf', '--ledger']) style.removeProperty(name);
        const looks = cards.map((look) => stage.sample(look));
        const inRow = make('div', { class: 'cards probe' }, ...looks);
        inRow.dataset.count = stage.names.length;
        inRow.style.setProperty('--count', stage.names.length);
        const above = [stage.samples(stage.shelf, shelves), stage.samples(stage.ledger, ledgers)];
        const stacked = make('div', { class: 'probe' }, ...above.flat());
        stage.threads.after(inRow, stacked);
        const tall = (box) => box.getBoundingClientRect().height;
        const rows = stage.names.map(() => 0);
        looks.forEach((box, place) => {
            const { thread } = cards[place];
            rows[thread] = Math.max(rows[thread], Math.ceil(tall(box)));
        });
        const [shelf, ledger] = above.map((boxes) => Math.max(...boxes.map(tall)));
        inRow.remove();
        stacked.remove();
        style.setProperty('--tall', `${Math.max(...rows)}px`);
        style.setProperty('--rows', rows.map((row) => `minmax(${row}px, auto)`).join(' '));
        style.setProperty('--shelf', `${shelf}px`);
        style.setProperty('--ledger', `${ledger}px`);
    }

    // Keeps the room, also when the width changes or letters come that weren't there yet.
    function watch(stage, looks) {
        let width = -1;
        const again = () => {
            const now = stage.element.clientWidth;
            if (!now || now === width || !stage.element.isConnected) return;
            width = now;
            keep(stage, looks);
        };
        again();
        new ResizeObserver(again).observe(stage.element);
        if (document.fonts.status === 'loaded') return;
        document.fonts.ready.then(() => {
            width = -1;
            again();
        });
    }

    return { ofLevel, ofWay, watch };
})();
