'use strict';

// The adversary plays a schedule that goes wrong, step by step, on the reader's own lines.

poolGame.adversary = (() => {
    const { make, button, key, upper, dot, counted } = poolGame.parts;
    const { words, state: { unpack }, memory: { remember } } = poolGame;

    const KINDS = { deadlock: 'A deadlock', 'main panics': 'Main panics', 'end and cut threads off': 'Drop returns too early' };

    // What goes wrong, in words, and the parts that play it.
    function play(data, { states: rows, way, workers, drop }) {
        const nodes = unpack(data, rows).map((state) => ({ state, leads: [] }));
        nodes.slice(0, -1).forEach((node, place) => {
            for (const lead of node.state.leads) node.leads[lead.thread] = { ...lead, from: node, to: nodes[place + 1] };
        });
        const steps = way.map((thread, place) => nodes[place].leads[thread]);
        const names = ['main', ...Array.from({ length: workers }, (_, worker) => `worker ${worker}`)];
        const joins = drop.some((line) => line.includes('.join()'));
        const made = { names, data: { texts: joins ? data.texts : [] } };
        const source = ['#![allow(dead_code, unused)]', ...data.before, ...drop, ...data.after];
        const stage = new poolGame.view.Stage({ names, source, prefix: 'adversary', level: 4 });
        const told = make('p', { class: 'said', role: 'status' });
        const memoryAt = (place) => remember({ node: nodes[place], steps: steps.slice(0, place), made });
        let at = 0;
        const go = (to) => {
            const forth = to === at + 1;
            at = Math.max(0, Math.min(to, way.length));
            const step = at ? steps[at - 1] : null;
            stage.show(nodes[at].state, {
                steps: forth && step ? [step] : [], last: step?.thread,
                memory: memoryAt(at),
            });
            const end = at === way.length ? ` ${dot(upper(words.ends[nodes[at].state.end]))}` : '';
            told.textContent = step ? `${dot(`Step ${at} of ${way.length}. ${upper(names[step.thread])} ${words.done(step)}`)}${end}` : 'The adversary begins.';
            back.setAttribute('aria-disabled', String(at === 0));
            for (const one of [on, last]) one.setAttribute('aria-disabled', String(at === way.length));
        };
        const back = button('Back', () => go(at - 1), { class: 'undo' });
        const on = button('Next step', () => go(at + 1), { class: 'redo' });
        const last = button('To the end', () => go(way.length), { class: 'last' });
        back.append(key('u'));
        on.append(key('r'));
        poolGame.room.watch(stage, poolGame.room.ofWay(nodes.map((node, place) => [node, memoryAt(place)])));
        // All threads are there, and what comes before can be seen with Back.
        go(nodes.findIndex(({ state }) => state.threads.every(({ next }) => next !== 'not created yet')));
        return {
            told: `${KINDS[nodes.at(-1).state.end]}, in ${counted(way.length, 'step')}.`,
            parts: [make('p', {}, `Here is a shortest schedule that goes wrong, with ${counted(workers, 'worker')}, on your own lines.`),
                stage.element, make('div', { class: 'controls' }, back, on, last), told],
        };
    }

    return { play };
})();
