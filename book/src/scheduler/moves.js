'use strict';

// A press runs a thread to its next decision, which is where what it does next depends on another
// thread, or matters to one. The trail is what was pressed so far.

poolGame.moves = (() => {
    const decision = /^(take the lock|send to|join |drop a sender|finish job|accept|panic in job|job \d+ panics)/;

    // Whether a thread may go on without being asked.
    function folds(node, thread) {
        const { next } = node.state.threads[thread];
        const alone = node.state.threads.every((other, which) => which === thread || /^(ended|panicked)$/.test(other.next));
        if (alone) return true;
        // The end of main is the end of all.
        if (/^(return from main|leave main)/.test(next)) return node.leads.every((lead) => !lead || lead.thread === thread);
        return !decision.test(next);
    }

    // The steps of one press; just one step if `single`.
    function press(level, node, thread, single = false) {
        const steps = [];
        for (let here = node; here.leads[thread]; here = here.leads[thread].to) {
            if (steps.length && (single || !folds(here, thread))) break;
            steps.push(here.leads[thread]);
        }
        return steps;
    }

    // Every thread comes to its first decision by itself.
    function opening(level, { start, names }) {
        const steps = [];
        let node = start;
        names.forEach((_, thread) => {
            while (node.leads[thread] && folds(node, thread)) {
                steps.push(node.leads[thread]);
                node = node.leads[thread].to;
            }
        });
        return { steps, to: node };
    }

    // The presses that lead from a node to the nearest one that is wanted, or null.
    function way(level, node, wanted, single = false) {
        const came = new Map([[node, null]]);
        for (const [here] of came) {
            if (wanted(here)) {
                const presses = [];
                for (let back = came.get(here); back; back = came.get(back.from)) presses.unshift(back.thread);
                return presses;
            }
            for (const lead of here.leads) {
                if (!lead) continue;
                const { to } = press(level, here, lead.thread, single).at(-1);
                if (!came.has(to)) came.set(to, { from: here, thread: lead.thread });
            }
        }
        return null;
    }

    // How often the goal is reached by whoever presses at random from here: exactly, not by trying.
    function chance(level, node, known = new Map()) {
        if (!known.has(node)) {
            const ways = node.leads.filter((lead) => lead).map(({ thread }) => press(level, node, thread).at(-1).to);
            const sum = ways.reduce((total, to) => total + chance(level, to, known), 0);
            known.set(node, node.won ? 1 : node.hope && ways.length ? sum / ways.length : 0);
        }
        return known.get(node);
    }

    // The nodes at which a reader can stand who takes no single steps.
    function stands(level, made) {
        const found = new Set([opening(level, made).to]);
        for (const node of found) {
            for (const lead of node.leads) if (lead) found.add(press(level, node, lead.thread).at(-1).to);
        }
        return found;
    }

    // What was pressed, with what can be undone and redone.
    class Trail {
        constructor(level, made) {
            this.level = level;
            this.made = made;
            const { steps, to } = opening(level, made);
            this.moves = [{ steps, to, log: [], count: steps.length }];
            this.at = 0;
        }

        get node() { return this.moves[this.at].to; }
        get log() { return this.moves[this.at].log; }
        get last() { return this.at ? this.moves[this.at] : null; }
        get steps() { return this.moves.slice(0, this.at + 1).flatMap(({ steps }) => steps); }

        // One press, if it can be. What was undone is kept if it is the same again.
        push(thread, single) {
            const steps = press(this.level, this.node, thread, single);
            if (!steps.length) return false;
            const old = this.moves[this.at + 1];
            if (old?.thread !== thread || old.steps.length !== steps.length) {
                const { log, count } = this.moves[this.at];
                this.moves.length = this.at + 1;
                this.moves.push({
                    thread, steps, to: steps.at(-1).to, count: count + steps.length,
                    log: [...log, ...steps.flatMap(({ prints }) => prints)],
                    single: single && press(this.level, this.node, thread).length !== 1,
                });
            }
            this.at += 1;
            return true;
        }

        // A digit is a press, a letter a single step.
        get code() {
            const letter = ({ thread, single }) => (single ? String.fromCharCode(97 + thread) : `${thread}`);
            return this.moves.slice(1, this.at + 1).map(letter).join('');
        }

        pushCode(letter) {
            const digit = letter >= '0' && letter <= '9';
            return this.push(digit ? Number(letter) : letter.charCodeAt(0) - 97, !digit);
        }

        // The number of the first step after which something is so, and the press that it belongs to.
        first(is) {
            let number = 0;
            for (const [press_, { steps }] of this.moves.slice(0, this.at + 1).entries()) {
                for (const step of steps) {
                    number += 1;
                    if (is(step.to)) return { number, step, press: press_ };
                }
            }
            return null;
        }

        // Goes to a node: back on the trail, on from here, or anew from the start.
        jump(node) {
            const back = this.moves.findIndex(({ to }) => to === node);
            if (back >= 0) {
                this.at = back;
                return;
            }
            const wanted = (here) => here === node;
            const start = this.moves[0].to;
            for (const [from, at] of [[this.node, this.at], [start, 0]]) {
                for (const single of [false, true]) {
                    const presses = way(this.level, from, wanted, single);
                    if (!presses) continue;
                    this.at = at;
                    for (const thread of presses) this.push(thread, single);
                    return;
                }
            }
        }
    }

    return { press, opening, way, chance, stands, Trail };
})();
