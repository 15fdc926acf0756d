'use strict';

// What can happen: every state of a level and every step between them, as the explorer found them.

poolGame.state = (() => {
    const loads = new Map();

    // The data of a level, which is a script of its own: it is loaded when the level is opened.
    function load(name) {
        if (loads.has(name)) return loads.get(name);
        const loading = new Promise((resolve, reject) => {
            const have = () => resolve(globalThis.schedules[name]);
            if (globalThis.schedules?.[name]) {
                have();
                return;
            }
            const script = document.createElement('script');
            script.src = `${poolGame.base}data/${name}.js`;
            script.onload = have;
            script.onerror = () => {
                loads.delete(name);
                reject(new Error(`${script.src} can’t be loaded`));
            };
            document.head.append(script);
        });
        loads.set(name, loading);
        return loading;
    }

    // The states of some data, with the texts in their places. See script.rs for what the numbers mean.
    function unpack({ texts, places, queues, deeds }, rows) {
        return rows.map(([here, queue, leads, end], number) => {
            const threads = here.map((place) => {
                const [line, next, why, holds] = places[place];
                return { line, next: texts[next], why: why < 0 ? '' : texts[why], holds: holds === 1 };
            });
            return {
                number, threads,
                queue: queues[queue].map((text) => texts[text]),
                holder: threads.findIndex(({ holds }) => holds),
                end: end === undefined ? '' : texts[end],
                leads: leads.map(([thread, deed, to]) => {
                    const [does, ...prints] = deeds[deed].map((text) => texts[text]);
                    return { thread, does, prints, to };
                }),
            };
        });
    }

    // Every state that a level can come to, beside what the level remembers of the way: its nodes.
    function graph(level, data) {
        const states = unpack(data, data.states);
        const known = new Map();
        const nodes = [];
        const node = (state, flag, depth) => {
            const id = `${state.number}.${flag}`;
            if (!known.has(id)) {
                const fresh = { state, flag, depth, leads: [], from: [], number: nodes.length };
                known.set(id, fresh);
                nodes.push(fresh);
            }
            return known.get(id);
        };
        const start = node(states[0], 0, 0);
        for (const here of nodes) {
            for (const lead of here.state.leads) {
                const flag = level.flag ? level.flag(here.flag, lead, here.state) : 0;
                const to = node(states[lead.to], flag, here.depth + 1);
                here.leads[lead.thread] = { ...lead, from: here, to };
                to.from.push(here);
            }
        }
        const made = { data, start, nodes, names: data.threads, backwards: backwards(start) };
        judge(level, made);
        return made;
    }

    // What a node leads to stands before it. No way comes round.
    function backwards(start) {
        const order = [];
        const seen = new Set([start]);
        const stack = [[start, 0]];
        while (stack.length) {
            const top = stack.at(-1);
            const next = top[0].leads[top[1]]?.to;
            if (top[1] >= top[0].leads.length) {
                order.push(top[0]);
                stack.pop();
            } else {
                top[1] += 1;
                if (next && !seen.has(next)) {
                    seen.add(next);
                    stack.push([next, 0]);
                }
            }
        }
        return order;
    }

    const leads = (node) => node.leads.filter((lead) => lead);

    // Of every node: whether the goal is reached, how many steps it is away, and how it can end.
    function judge(level, { start, backwards: order }) {
        for (const node of order) {
            node.won = Boolean(level.won?.(node.state, node.flag));
            node.far = node.won ? 0 : 1 + Math.min(Infinity, ...leads(node).map(({ to }) => to.far));
            node.ends = new Set(node.state.end ? [node.state.end] : leads(node).flatMap(({ to }) => [...to.ends]));
        }
        // Where some way ends well at the start, the pool is doomed when each ends in a deadlock.
        for (const node of order) {
            node.hope = !level.won || node.far < Infinity;
            node.doomed = start.ends.has('end normally') && node.ends.size === 1 && node.ends.has('deadlock');
        }
    }

    // Every node that can still come, and the one itself.
    function after(node) {
        const seen = new Set([node]);
        for (const here of seen) for (const { to } of leads(here)) seen.add(to);
        return [...seen];
    }

    // Whether one that is so can still come.
    const can = (node, is) => after(node).some(({ state, flag }) => is(state, flag));

    // The names of those whom main would wait for in vain, in whichever end comes.
    function left(node, names) {
        const stuck = after(node).filter(({ state }) => state.end === 'deadlock').map(({ state }) => /^join (.*)$/.exec(state.threads[0].next)?.[1]);
        return names.filter((name) => stuck.includes(name));
    }

    // How many lines can still be printed at most.
    function prints(node, known = new Map()) {
        if (!known.has(node)) known.set(node, Math.max(0, ...leads(node).map((lead) => lead.prints.length + prints(lead.to, known))));
        return known.get(node);
    }

    // How many ways lead to each end.
    function ways(made, level) {
        for (const node of made.counted ? [] : made.backwards) {
            const with_ = level.flag ? (node.won ? ', with the goal reached' : ', without the goal') : '';
            node.ways = node.state.end ? { [node.state.end + with_]: 1n } : {};
            for (const { to } of leads(node)) {
                for (const [end, sum] of Object.entries(to.ways)) node.ways[end] = (node.ways[end] ?? 0n) + sum;
            }
        }
        made.counted = true;
        return (node) => node.ways;
    }

    return { load, unpack, graph, leads, can, left, prints, ways };
})();
