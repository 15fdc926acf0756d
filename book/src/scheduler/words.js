'use strict';

// Words for what a thread does. The explorer's texts are the keys; nothing else reads them.

poolGame.words = (() => {
    const { upper } = poolGame.parts;

    // What it does: as something to come, as something done, and in short.
    const table = {
        start: ['start', 'started', 'start'],
        'take the lock': ['take the lock', 'took the lock', 'lock'],
        'take the lock: poisoned': ['take the lock and find it poisoned', 'found the lock poisoned', 'poisoned lock'],
        'release the lock': ['release the lock', 'released the lock', 'unlock'],
        'receive from the channel': ['receive a message', 'received a message', 'receive'],
        'receive from the channel: the other side is gone': ['learn that the channel is closed', 'learned that the channel is closed', 'closed'],
        'send to the channel': ['send a message', 'sent a message', 'send'],
        'send to the channel: the other side is gone': ['send, and find nobody there to receive', 'found nobody there to receive', 'nobody there'],
        'drop a sender of the channel': ['drop the sender, which closes the channel', 'dropped the sender', 'close'],
        'drop the receiver of the channel': ['drop the receiver', 'dropped the receiver', 'drop receiver'],
        'the pool\'s drop has returned': ['return from the pool’s drop', 'returned from the pool’s drop', 'drop is done'],
        'return from main': ['return from main, which ends the program', 'returned from main', 'return'],
        'leave main by a panic': ['leave main by a panic, which ends the program', 'left main by a panic', 'panic'],
        'end by a panic': ['end by a panic', 'ended by a panic', 'panic'],
        end: ['end', 'ended', 'end'],
        listen: ['listen for clients', 'listened for clients', 'listen'],
        'accept a client': ['wait for a client', 'accepted a client', 'accept'],
    };
    const patterns = [
        [/^drop the receiver of the channel, and (.*) with it$/, 'drop the receiver, and $1 with it', 'dropped the receiver, and $1 with it', 'drop receiver'],
        [/^print `(.*)`$/s, 'print “$1”', 'printed “$1”', 'print'],
        [/^start job (\d+)$/, 'run job $1', 'began to run job $1', 'job $1'],
        [/^finish job (\d+)$/, 'finish job $1', 'finished job $1', 'job $1 done'],
        [/^(?:job (\d+) panics|panic in job (\d+)|finish job (\d+) by a panic)$/, 'panic in job $1$2$3', 'panicked in job $1$2$3', 'panic'],
        [/^give job (\d+) to the pool$/, 'give job $1 to the pool', 'gave job $1 to the pool', 'give job $1'],
        [/^spawn (worker \d+)$/, 'spawn $1', 'spawned $1', 'spawn $1'],
        [/^join (worker \d+): it panicked$/, 'join $1, which panicked', 'joined $1, which had panicked', 'join $1'],
        [/^join (worker \d+)$/, 'join $1', 'joined $1', 'join $1'],
    ];
    const TO_COME = 0;
    const DONE = 1;
    const SHORT = 2;

    function said(does, form) {
        if (table[does]) return table[does][form];
        for (const [pattern, ...forms] of patterns) {
            if (pattern.test(does)) return does.replace(pattern, forms[form]);
        }
        return does;
    }

    // The same of a step, which also knows the message.
    function step({ does, from, to }, form) {
        const before = from.state.queue;
        const after = to.state.queue;
        if (/^receive from the channel($|: job)/.test(does)) return [`take ${before[0]}`, `took ${before[0]}`, before[0]][form];
        if (/^send to the channel($|: job)/.test(does)) return [`send ${after.at(-1)}`, `sent ${after.at(-1)}`, `send ${after.at(-1)}`][form];
        return said(does, form);
    }

    const next = (does) => said(does, TO_COME);
    const done = (taken) => step(taken, DONE);
    const short = (taken) => step(taken, SHORT);

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
        return end === 'main panics' || end === 'end and cut threads off' ? 'the program has ended' : 'nobody comes';
    }

    const ends = {
        deadlock: 'a deadlock', 'end normally': 'the normal end', 'main panics': 'a panic of main',
        'wait for a client': 'the server waiting for a client, with all jobs done', 'another log': 'a place where the log can’t go on',
        'end and cut threads off': 'an end that cuts threads off',
    };

    return { next, done, short, summary, summaryDone, waits, because, ends, upper };
})();
