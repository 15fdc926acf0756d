'use strict';

// Words for what a thread does. The explorer's texts are the keys; nothing else reads them.

poolGame.words = (() => {
    // What it does: as something to come, and as something done.
    const table = {
        start: ['start', 'started'],
        'take the lock': ['take the lock', 'took the lock'],
        'take the lock: poisoned': ['take the lock and find it poisoned: its holder panicked', 'found the lock poisoned'],
        'release the lock': ['release the lock', 'released the lock'],
        'receive from the channel': ['receive a message', 'received a message'],
        'receive from the channel: the other side is gone': ['learn that the channel is closed', 'learned that the channel is closed'],
        'send to the channel': ['send a message', 'sent a message'],
        'send to the channel: the other side is gone': ['send, and find nobody there to receive', 'found nobody there to receive'],
        'drop a sender of the channel': ['drop the sender, which closes the channel', 'dropped the sender'],
        'drop the receiver of the channel': ['drop the receiver', 'dropped the receiver'],
        'the pool\'s drop has returned': ['return from the pool’s drop', 'returned from the pool’s drop'],
        'return from main': ['return, which ends the program', 'returned, which ended the program'],
        'leave main by a panic': ['end by a panic, and the program with it', 'ended by a panic, and the program with it'],
        'end by a panic': ['end by a panic', 'ended by a panic'],
        end: ['end', 'ended'],
        listen: ['listen for clients', 'listened for clients'],
        'accept a client': ['wait for a client', 'accepted a client'],
    };
    const patterns = [
        [/^drop the receiver of the channel, and (.*) with it$/, 'drop the receiver, and $1 with it', 'dropped the receiver, and $1 with it'],
        [/^print `(.*)`$/s, 'print “$1”', 'printed “$1”'],
        [/^start job (\d+)$/, 'start job $1', 'started job $1'],
        [/^finish job (\d+)$/, 'finish job $1', 'finished job $1'],
        [/^(?:job (\d+) panics|panic in job (\d+)|finish job (\d+) by a panic)$/, 'panic in job $1$2$3', 'panicked in job $1$2$3'],
        [/^give job (\d+) to the pool$/, 'give job $1 to the pool', 'gave job $1 to the pool'],
        [/^spawn (worker \d+)$/, 'spawn $1', 'spawned $1'],
        [/^join (worker \d+): it panicked$/, 'join $1, which panicked', 'joined $1, which had panicked'],
        [/^join (worker \d+)$/, 'join $1', 'joined $1'],
    ];
    const TO_COME = 0;
    const DONE = 1;

    function said(does, form) {
        if (table[does]) return table[does][form];
        for (const [pattern, ...forms] of patterns) {
            if (pattern.test(does)) return does.replace(pattern, forms[form]);
        }
        return does;
    }

    // Whether it joins a thread that panicked.
    const joinsPanicked = ({ does, from }) => {
        const worker = /^join worker (\d+)$/.exec(does)?.[1];
        return worker !== undefined && from.state.threads[Number(worker) + 1].next === 'panicked';
    };

    // The same of a step, which also knows the message.
    function step({ does, from, to }, form) {
        const before = from.state.queue;
        const after = to.state.queue;
        if (joinsPanicked({ does, from })) return [said(`${does}: it panicked`, TO_COME), `${said(does, DONE)}, which had panicked, and panicked on that`][form];
        if (/^receive from the channel($|: job)/.test(does)) return [`take ${before[0]}`, `took ${before[0]}`][form];
        if (/^send to the channel($|: job)/.test(does)) return [`send ${after.at(-1)}`, `sent ${after.at(-1)}`][form];
        return said(does, form);
    }

    const next = (does) => said(does, TO_COME);
    const done = (taken) => step(taken, DONE);

    // What steps of one thread come to, without what goes without saying.
    const dull = /^(start$|release the lock$|give job|drop the receiver)/;
    const dullLater = /^(print |drop a sender|the pool's drop)/;
    function together(steps, form = TO_COME) {
        const telling = steps.filter(({ does }, place) => !dull.test(does) && !(place && dullLater.test(does)));
        return (telling.length ? telling : steps.slice(-1)).map((one) => step(one, form)).join(', ');
    }
    const summary = (steps) => together(steps);
    const summaryDone = (steps) => together(steps, DONE);

    // Why a thread can't go on, and for whom it waits, if that is a thread.
    function waits(state, names, thread) {
        const { next: wants, why } = state.threads[thread];
        if (!why || state.leads.some((lead) => lead.thread === thread)) return null;
        const who = /^(.+) (?:has not ended|holds the lock)$/.exec(why)?.[1];
        if (who) return { for: names.indexOf(who), what: why.endsWith('ended') ? 'its end' : 'the lock' };
        // Only main sends.
        if (why === 'the channel is empty') return { for: 0, what: 'a message' };
        return wants === 'accept a client' ? { for: -1, what: 'a client' } : null;
    }

    function because(why, end) {
        if (why === 'the channel is empty') return 'the queue is empty';
        if (why && why !== 'what it waits for has not happened') return why;
        return over(end) ? 'the program has ended' : 'nobody comes';
    }

    // Whether the program has ended without those who are left.
    const over = (end) => end === 'main panics' || end === 'end and cut threads off';

    // That a thread can't go on, and why.
    const stuck = ({ next: wants, why }, end) => (wants === 'accept a client' ? 'waits for a client, and none comes' : `can’t ${next(wants)}: ${because(why, end)}`);

    // A step that decides: what it does, and why that decides it.
    function decides(taken) {
        if (taken.does !== 'take the lock') return done(taken);
        const [front] = taken.from.state.queue;
        return `took the lock: whoever holds it takes the next message${front ? `, and that is ${/^job/.test(front) ? front : `the ${front}`}` : ', whatever is sent'}`;
    }

    const errors = {
        'take the lock: poisoned': 'the lock is poisoned (its holder panicked), so lock returned an error',
        'receive from the channel: the other side is gone': 'the channel is closed, so recv returned an error',
        'send to the channel: the other side is gone': 'nobody is left to receive, so send returned an error',
    };

    // What makes a thread panic, if this step does: in a job, or in the unwrap of an error. After it
    // nothing is left to the thread but to drop what it has.
    function panics({ does, from, to, thread }) {
        const job = /^(?:job (\d+) panics|panic in job (\d+)|finish job (\d+) by a panic)$/.exec(does);
        if (job) return `job ${job.slice(1).join('')} panicked`;
        const cause = joinsPanicked({ does, from }) ? `${does.replace('join ', '')} had panicked, so join returned an error` : errors[does];
        for (let here = to; cause && here; here = here.leads[thread]?.to) {
            const { next } = here.state.threads[thread];
            if (/^(end by|leave main by) a panic$/.test(next)) return `${cause}, and unwrap panicked`;
            if (!/^(release the lock|drop )/.test(next)) return '';
        }
        return '';
    }

    const ends = {
        deadlock: 'a deadlock', 'end normally': 'the normal end', 'main panics': 'a panic of main',
        'wait for a client': 'the server waiting for a client, with all jobs done', 'another log': 'a place where the log can’t go on',
        'end and cut threads off': 'an end that cuts threads off',
    };

    return { next, done, summary, summaryDone, decides, panics, waits, over, stuck, ends };
})();
