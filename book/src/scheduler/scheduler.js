'use strict';

// The page on which the reader is the scheduler. What can happen comes from the explorer: the data
// files beside this one hold every state of a scenario and every step (see scheduler.rs in the tests
// of the listings). Here is only what shows them.

(() => {
    // On a page of its own, or one level of it in a chapter.
    const home = document.getElementById('scheduler') ?? document.getElementById('scheduler-here');
    const only = home?.id === 'scheduler-here';
    // The page to print holds every chapter; there the table and the picture stay.
    if (!home || document.querySelectorAll('main h1').length > 1) return;

    const look = document.createElement('link');
    look.rel = 'stylesheet';
    look.href = new URL('scheduler.css', document.currentScript.src).href;
    document.head.append(look);

    // What a level is about. `flag` remembers what the state alone doesn't tell, from step to step;
    // `won` says whether the goal is reached. A level without `won` can't be won, and `proof` says why.
    const ended = (end) => (state) => state.end === end;
    const levels = [
        {
            data: 'listing-20-26-single-loop', name: 'One loop: break it', aim: 'a deadlock',
            goal: 'Make it deadlock: bring the threads to where each one that is left waits for another, for ever.',
            hint: 'A message has no address. Who is busy when the first Terminate comes, and who is not?',
            won: ended('deadlock'),
            praise: 'Main waits for worker 0 to end. Worker 0 waits for a message, which only main could send. Worker 1 took the only Terminate.',
        },
        {
            data: 'listing-20-26-single-loop', name: 'One loop: save it', aim: 'the normal end',
            goal: 'The same program. This time let it come through: everybody ends, and main returns.',
            hint: 'Main joins worker 0 first. So who has to take the first Terminate?',
            won: ended('end normally'),
            praise: 'It came through. It may work a thousand times like this, and that is why such a mistake lives long.',
        },
        {
            data: 'listing-20-25', name: 'Two loops', aim: 'a deadlock',
            goal: 'Make it deadlock, if you can. When you have had enough, give up and see the proof.',
            hint: 'Send every message first, then wait. Look for a moment at which a worker is left without one.',
            proof: (all) => `There are ${all.states} states and ${all.steps.toLocaleString('en')} steps between them. In every state in which main has not ended, `
                + 'some thread can go on, and every way ends normally. There is no deadlock to find. “Why this is enough”, in the chapter, says why it is so with any number of workers.',
        },
        {
            data: 'listing-2021-20-24', name: 'Close the channel', aim: 'this goal',
            goal: 'Let main drop its sender while the job is still in the queue, and then go on to the end. Is the job lost?',
            hint: 'Don’t let a worker receive anything before main has dropped the sender.',
            flag: (flag, step) => flag || (step.does === 'drop a sender of the channel' && step.before.queue.length ? 1 : 0),
            won: (state, flag) => flag === 1 && state.end === 'end normally',
            praise: 'The job was done all the same: a closed channel hands out what is left in it before it says that it is closed. '
                + 'No way through this level leaves the job undone, and none gets stuck.',
        },
        {
            data: 'listing-20-22', name: 'The tempting while let', aim: 'two jobs at once',
            goal: 'Two workers, two jobs. Make both jobs run at the same time. If you find no way, give up and see the proof.',
            hint: 'Who holds the lock while a job runs?',
            proof: (all) => `There are ${all.states} states, and in none of them do two jobs run: the most is ${all.running}. `
                + 'In while let, the lock lives until the end of the loop’s body, so it is held while the job runs.',
        },
        {
            data: 'listing-2021-20-23', name: 'Who panics first', aim: 'this goal',
            goal: 'The channel closes, and the workers unwrap the error. Make worker 1 the first to panic, and then go on to the end.',
            hint: 'Whoever waits in recv with the lock when the channel closes gets the error. The other gets the poisoned lock.',
            flag: (flag, step) => flag || (step.does === 'receive from the channel: the other side is gone' ? step.thread : 0),
            won: (state, flag) => flag === 2 && state.end === 'main panics',
            praise: 'Worker 1 panicked with the lock in its hand, and that poisoned the lock. Worker 0 panicked on the poisoned lock, '
                + 'and main on the result of its join: three panics, one cause.',
        },
        {
            data: 'listing-20-26-log', name: 'A log, line by line', aim: 'the whole log',
            goal: 'Four workers once printed the log that stands here in grey. Print it again, line by line. A thread that would print another line has to wait.',
            hint: 'Nobody has to print at once. A worker that has its message can wait until its line comes, and meanwhile others take theirs.',
            won: ended('end normally'),
            praise: 'That is the log. Many schedules print it: a log tells the order of the prints and little else.',
        },
    ];

    const scale = {
        deadlock: 'a deadlock', 'end normally': 'the normal end', 'main panics': 'a panic of main',
        'wait for a client': 'the server waiting for a client, with all jobs done', 'another log': 'a place where the log can’t go on',
    };

    // The data, unpacked. A row leads only to rows after it.
    const digits = Array.from({ length: 94 }, (_, place) => String.fromCharCode(33 + place)).join('').replace(/[$\\`]/g, '');
    const unpacked = new Map();
    function unpack(name) {
        if (unpacked.has(name)) return unpacked.get(name);
        const { texts, places, queues, rows, states: count, steps, threads: names, ...rest } = globalThis.schedules[name];
        const text = (number) => (number < 0 ? '' : texts[number]);
        const states = rows.trim().split('\n').map((row, number) => {
            let read = 0;
            const digit = () => digits.indexOf(row[read++]);
            const here = names.map(() => places[digit()]);
            const queue = queues[digit()].map(text);
            const threads = here.map(([line, next, why, does]) => {
                const to = does < 0 ? -1 : number + digit() * digits.length + digit();
                return { line, next: text(next), why: text(why), does: text(does), to };
            });
            const end = read < row.length ? text(digit()) : '';
            return { number, threads, queue, holder: here.findIndex((place) => place[4]), end };
        });
        const running = Math.max(...states.map((state) => state.threads.filter(runs).length));
        const data = { ...rest, names, states, all: { states: count, steps, running } };
        unpacked.set(name, data);
        return data;
    }

    const runs = (thread) => thread.next.startsWith('finish job');
    const take = (data, state, thread) => {
        const { to, does } = state.threads[thread];
        return { thread, does, before: state, after: data.states[to] };
    };
    const flagged = (level, flag, step) => (level.flag ? level.flag(flag, step) : 0);

    // Something for each state, and each value of the flag, made of the same for the states after it.
    function backwards(level, data, what) {
        const flags = level.flag ? [0, 1, 2] : [0];
        const all = flags.map(() => []);
        for (const state of data.states.toReversed()) {
            for (const flag of flags) {
                const next = state.threads.flatMap(({ to }, thread) =>
                    (to < 0 ? [] : [all[flagged(level, flag, take(data, state, thread))][to]]));
                all[flag][state.number] = what(state, flag, next);
            }
        }
        return all;
    }

    // How many ways lead to each end.
    const ways = (level, data) => (level.ways ??= backwards(level, data, (state, flag, next) => {
        const won = level.flag && (level.won(state, flag) ? ', with the goal reached' : ', without the goal');
        const sums = state.end ? { [scale[state.end] + (won ?? '')]: 1n } : {};
        for (const [end, sum] of next.flatMap(Object.entries)) sums[end] = (sums[end] ?? 0n) + sum;
        return sums;
    }));

    // How many steps it takes to the goal; Infinity if no way leads there.
    const distances = (level, data) => (level.far ??= backwards(level, data, (state, flag, next) =>
        (level.won(state, flag) ? 0 : 1 + Math.min(...next))));

    // Words for what a thread does.
    const phrases = {
                'take the lock: poisoned': 'take the lock, find it poisoned, and panic',
        'receive from the channel': 'receive a message',
        'receive from the channel: the other side is gone': 'learn that the channel is closed',
        'send to the channel': 'send a message', end: 'end its thread', start: 'start',
        'drop a sender of the channel': 'drop the sender, which closes the channel',
        'drop the receiver of the channel': 'drop the receiver', 'the pool\'s drop has returned': 'return from the pool’s drop',
        'accept a client': 'wait for a client', listen: 'listen for clients',
        'return from main': 'return from main, which ends the program',
        'leave main by a panic': 'leave main by a panic',
    };
    function words(does) {
        return phrases[does] ?? does
            .replace(/^print `(.*)`$/, 'print “$1”')
            .replace(/^(start|finish) job/, (_, verb) => `${verb === 'start' ? 'start to run' : 'finish'} job`)
            .replace(/^spawn (worker \d+)$/, 'spawn the thread of $1')
            .replace(/^join (worker \d+)$/, 'join $1 (wait until it ends)');
    }
    function told({ does, before, after }) {
        if (does.startsWith('receive from the channel') && before.queue.length) return `receive ${before.queue[0]}`;
        if (does.startsWith('send to the channel')) return `send ${after.queue[after.queue.length - 1]}`;
        return words(does);
    }
    // The same for a chip in the lanes.
    const brief = {
        'take the lock': 'take lock', 'release the lock': 'release lock', 'take the lock: poisoned': 'poisoned lock',
        'receive from the channel: the other side is gone': 'channel closed',
        'drop a sender of the channel': 'drop sender', 'drop the receiver of the channel': 'drop receiver',
        'the pool\'s drop has returned': 'drop is done', 'leave main by a panic': 'panic', 'end by a panic': 'panic',
        end: 'end', listen: 'listen', 'return from main': 'return',
    };
    const short = (step) => brief[step.does] ?? (step.does.startsWith('print ') ? 'print' : told(step)
        .replace('the thread of ', '').replace(' to run', '').replace(/^give (.*) to the pool$/, 'give $1').replace(/ \(.*/, ''));
    const reason = (why, end) => {
        if (why === 'the channel is empty') return 'the queue is empty';
        if (!why || why === 'what it waits for has not happened') {
            return end === 'main panics' ? 'main has ended, and the program with it' : 'nobody comes';
        }
        return why;
    };
    const dot = (text) => (/[.?!]”$/.test(text) ? text : `${text}.`);
    const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

    // What is kept in this browser: which levels are done. It may refuse.
    const shelf = 'be-the-scheduler';
    let done = new Set();
    try {
        done = new Set(JSON.parse(localStorage.getItem(shelf) ?? '[]'));
    } catch { /* then nothing is kept */ }
    function keep() {
        try {
            if (done.size) localStorage.setItem(shelf, JSON.stringify([...done]));
            else localStorage.removeItem(shelf);
        } catch { /* then nothing is kept */ }
    }

    const make = (tag, properties = {}, ...children) => {
        const { class: name, ...others } = properties;
        const element = document.createElement(tag);
        if (name) element.className = name;
        for (const [key, value] of Object.entries(others)) {
            if (key in element && !key.startsWith('aria')) element[key] = value;
            else element.setAttribute(key, value);
        }
        element.append(...children);
        return element;
    };
    const button = (label, action, properties = {}) => make('button', { type: 'button', onclick: action, ...properties }, label);

    // Where the reader is: the level, the threads that ran, and how many of them are done and not undone.
    let number = 0;
    let level;
    let data;
    let trail;
    let at = 0;
    let proven = false;
    let timer = 0;
    let cards = [];

    const state = () => trail[at].state;

    const said = make('p', { class: 'said', role: 'status', 'aria-live': 'polite' });
    const chooser = make('ol', { class: 'levels' });
    const title = make(only ? 'h3' : 'h2', { id: 'level' });
    const about = make('p', { class: 'note' });
    const goal = make('p', { class: 'goal' });
    const verdict = make('div', { class: 'verdict' });
    const columns = make('div', { class: 'columns' });
    const queue = make('ol', { class: 'queue' });
    const lock = make('p', { class: 'lock' });
    const log = make('ol', { class: 'log', tabIndex: 0, role: 'list', 'aria-label': 'The log' });
    const steps = make('div', { class: 'run', role: 'group', 'aria-label': 'Which thread runs next?' });
    const lanes = make('div', { class: 'lanes scrolls', role: 'group', 'aria-label': 'The steps so far: choose one to go there' });
    // What mdBook takes for code it highlights and gives buttons; this changes with every step.
    const whole = make('div', { class: 'source scrolls' });
    const answer = make('div');
    const asking = make('details', { class: 'ask' }, make('summary', {}), answer);
    const file = make('details', { class: 'file' }, make('summary', {}), whole);
    const key = (name) => make('kbd', { 'aria-hidden': 'true' }, name);
    const undo = button('Undo', () => go(at - 1), { class: 'undo' });
    const redo = button('Redo', () => go(at + 1), { class: 'redo' });
    undo.append(key('u'));
    redo.append(key('r'));
    const restart = button('Restart', () => go(0), { class: 'restart' });
    const play = button('', () => playing() || solve(), { class: 'solve' });
    const random = button('Play a random schedule', () => playing() || wander(), { class: 'random' });
    const give = button('I give up: show the proof', prove, { class: 'prove' });
    const hint = make('details', { class: 'hint' }, make('summary', {}, 'A hint'), make('p'));
    const clear = button('Clear my progress', () => {
        done.clear();
        keep();
        choices();
        say('Your progress is cleared.');
    }, { class: 'clear' });

    // For the eye the outcome stands in a box of its own.
    function say(text, more = '') {
        said.replaceChildren(text, make('span', { class: 'reader' }, more));
    }

    const away = (where) => `be-the-scheduler.html${where}`;
    const hash = () => `#${number + 1}.${trail.slice(1, at + 1).map(({ step }) => step.thread).join('')}`;
    // A browser takes only so many changes of the address a second.
    let sharing = 0;
    function share() {
        if (only) own.href = away(hash());
        else sharing ||= setTimeout(address, 60);
    }
    function address() {
        sharing = 0;
        try {
            history.replaceState(null, '', hash());
        } catch {
            location.hash = hash();
        }
    }

    // Shows the level that the address names, and the steps in it, as far as they can be taken.
    function arrive() {
        const [, first, taken] = /^#([1-7])\.(\d*)$/.exec(location.hash) ?? [];
        if (!first && level) return;
        choose(Number(first ?? 1) - 1, false);
        for (const thread of taken ?? '') {
            if (!push(Number(thread))) {
                render();
                say(`Step ${at + 1} of this address can’t be taken, so here are the steps before it.`);
                return;
            }
        }
        win();
        render(true);
    }

    function choose(which, chosen = true) {
        stop();
        number = which;
        level = levels[which];
        data = unpack(level.data);
        trail = [{ state: data.states[0], flag: 0, log: [] }];
        at = 0;
        proven = false;
        build();
        if (chosen) {
            share();
            say('Nothing has run yet.', ` Level ${number + 1}: ${level.name}. ${level.goal}`);
        }
    }

    // One step, if it can be taken. A step that was undone is kept if it is taken again.
    function push(thread) {
        const here = trail[at];
        if (!here.state.threads[thread] || here.state.threads[thread].to < 0) return false;
        if (trail[at + 1]?.step.thread !== thread) {
            const step = take(data, here.state, thread);
            const print = /^print `(.*)`$/.exec(step.does);
            trail.length = at + 1;
            trail.push({
                step, state: step.after, flag: flagged(level, here.flag, step),
                log: print ? [...here.log, { thread, line: print[1] }] : here.log,
            });
        }
        at += 1;
        return true;
    }

    const isWon = () => Boolean(level.won && level.won(state(), trail[at].flag));
    function win() {
        if ((isWon() || proven) && !done.has(number + 1)) {
            done.add(number + 1);
            keep();
            choices();
        }
    }

    function outcome() {
        const here = state();
        if (isWon()) return ` Level ${number + 1} is done. ${level.praise}`;
        if (here.end) return ` This is ${scale[here.end]}.`;
        return '';
    }

    function run(thread) {
        stop();
        const name = data.names[thread];
        const { why, next } = state().threads[thread];
        if (!push(thread)) {
            const gone = ['ended', 'panicked', 'not created yet'].includes(next);
            const because = gone ? `it ${next === 'not created yet' ? 'is' : 'has'} ${next}`
                : `it wants to ${words(next)}, but ${reason(why, state().end)}`;
            say(`${upper(name)} can’t go on: ${because}.`);
            return;
        }
        win();
        share();
        still(`Step ${at}. ${upper(name)}: ${dot(told(trail[at].step))}`);
        see();
    }

    // What grows or shrinks above the buttons doesn't move them.
    function still(text) {
        const before = steps.getBoundingClientRect().bottom;
        render();
        say(text, outcome());
        scrollBy({ top: steps.getBoundingClientRect().bottom - before, behavior: 'instant' });
    }

    // Brings the threads into sight, where they are still below the buttons.
    function see() {
        const { top, bottom } = columns.getBoundingClientRect();
        const lower = bar.getBoundingClientRect().top;
        if (top < lower - 80) return;
        const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
        scrollBy({ top: Math.min(bottom - lower, top - 60), behavior: calm ? 'instant' : 'smooth' });
    }

    function go(where) {
        stop();
        if (where < 0 || where >= trail.length) {
            say(where < 0 ? 'There is nothing to undo.' : 'There is nothing to redo.');
            return;
        }
        at = where;
        win();
        share();
        still(at ? `At step ${at} of ${trail.length - 1}.` : 'Back at the start.');
    }

    function playing() {
        const was = timer !== 0;
        if (was) {
            stop();
            say(`Stopped at step ${at}.`);
        }
        return was;
    }

    function stop() {
        clearInterval(timer);
        timer = 0;
        if (level) names();
    }

    // Plays one step after the other, or all at once for who asks for less motion.
    function perform(next, about) {
        const finish = () => {
            stop();
            win();
            share();
            render();
            say(`${about} ${at} steps so far.`, outcome());
        };
        if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
            for (let thread; (thread = next()) !== undefined;) push(thread);
            finish();
            return;
        }
        say(`${about} Playing.`);
        timer = setInterval(() => {
            const thread = next();
            if (thread === undefined) {
                finish();
                return;
            }
            push(thread);
            share();
            render();
        }, 450);
        names();
    }

    function solve() {
        const far = distances(level, data);
        const left = () => far[trail[at].flag][state().number];
        let about = `The shortest way to ${level.aim} from here.`;
        if (left() === Infinity) {
            about = `From where you were, no way leads to ${level.aim}. This is the shortest from the start.`;
            at = 0;
            trail.length = 1;
        }
        if (!left()) {
            say('You are there already.');
            return;
        }
        perform(() => {
            const thread = state().threads.findIndex(({ to }, one) =>
                to >= 0 && far[flagged(level, trail[at].flag, take(data, state(), one))][to] === left() - 1);
            return left() ? thread : undefined;
        }, about);
    }

    function wander() {
        if (state().end) {
            at = 0;
            trail.length = 1;
        }
        perform(() => {
            const can = state().threads.flatMap(({ to }, thread) => (to < 0 ? [] : [thread]));
            return can.length ? can[Math.floor(Math.random() * can.length)] : undefined;
        }, 'A random schedule.');
    }

    function prove() {
        proven = true;
        win();
        render();
        say('The proof.', ` ${level.proof(data.all)}`);
    }

    function choices() {
        chooser.replaceChildren(...levels.map(({ name }, which) => make('li', {}, button('', () => choose(which), {
            'aria-current': which === number ? 'true' : 'false',
        }))));
        levels.forEach(({ name }, which) => {
            const choice = chooser.children[which].firstChild;
            const mark = make('span', { class: 'mark', 'aria-hidden': 'true' }, done.has(which + 1) ? '✓' : `${which + 1}`);
            const reader = make('span', { class: 'reader' }, `Level ${which + 1}${done.has(which + 1) ? ', done' : ''}: `);
            choice.append(mark, reader, make('span', { class: 'title' }, name));
        });
        clear.hidden = done.size === 0;
    }

    function names() {
        play.textContent = timer ? 'Stop' : `Play the shortest way to ${level.aim}`;
        random.textContent = timer ? 'Stop' : 'Play a random schedule';
    }

    // A level's own parts, which stay in place while it is played.
    function build() {
        const focus = home.contains(document.activeElement) && chooser.contains(document.activeElement);
        choices();
        names();
        if (focus) chooser.children[number].firstChild.focus();
        title.textContent = `Level ${number + 1}: ${level.name}`;
        goal.textContent = level.goal;
        about.replaceChildren('The program: ', make('a', { href: `${data.listing}.html` }, data.listing), `, ${data.scenario}.`);
        hint.open = false;
        hint.lastChild.textContent = level.hint;
        give.hidden = !level.proof;
        // Where there is nothing to play there is no button that would tell.
        play.hidden = !level.won;
        asking.firstChild.textContent = `Can this still lead to ${level.aim}?`;
        file.firstChild.replaceChildren('The whole of ', make('code', {}, `listings/${data.listing}/src/lib.rs`), ', and where the threads are');
        cards = data.names.map((name, thread) => {
            const card = {
                badge: make('span', { class: 'badge' }),
                code: make('div', { class: 'source' }),
                where: make('p', { class: 'where' }),
                next: make('p', { class: 'next' }),
                step: button(make('span', { class: 'reader' }, 'Run '), () => run(thread), { class: 'step' }),
            };
            card.step.append(name, key(thread ? `${thread - 1}` : 'm'));
            card.step.setAttribute('aria-describedby', `next-${thread}`);
            card.next.id = `next-${thread}`;
            card.box = make('section', { class: 'thread', 'aria-label': name },
                make('p', { class: 'name' }, name, card.badge), card.where, card.code, card.next);
            return card;
        });
        columns.replaceChildren(...cards.map(({ box }) => box));
        columns.classList.toggle('many', cards.length > 3);
        steps.replaceChildren(...cards.map(({ step }) => step));
        render();
    }

    // The lines around the one that a thread is at.
    function excerpt(card, line) {
        if (card.line === line) return;
        card.line = line;
        const rows = [];
        const first = Math.max(1, Math.min(line - 2, data.source.length - 4));
        for (let here = first; line && here < first + 5; here += 1) rows.push(sourceLine(here, here === line ? '▶' : ''));
        const indent = Math.min(...rows.map(({ text }) => (text.trim() ? text.search(/\S/) : 99)));
        card.code.replaceChildren(...rows.map(({ row, text }, place) => {
            // The line itself is always there as a whole: it may break before a dot.
            const parts = first + place === line ? text.slice(indent).split(/(?=\.\w)/) : [text.slice(indent)];
            row.append(...parts.flatMap((part) => [make('wbr'), part]).slice(1), ' ');
            row.classList.toggle('far', Math.abs(first + place - line) > 1);
            return row;
        }));
    }

    function sourceLine(line, mark) {
        const row = make('span', { class: mark ? 'row here' : 'row' },
            make('span', { class: 'gutter', 'aria-hidden': 'true' }, mark), make('span', { class: 'number', 'aria-hidden': 'true' }, `${line}`));
        return { row, text: data.source[line - 1] };
    }

    function render(arrived) {
        const here = state();
        const last = at && trail[at].step.thread;
        cards.forEach((card, thread) => {
            const { line, next, why, to } = here.threads[thread];
            const can = to >= 0;
            const gone = ['ended', 'panicked', 'not created yet'].includes(next);
            const kind = gone ? 'gone' : can ? 'can' : 'waits';
            card.box.dataset.kind = kind;
            card.box.dataset.last = at && last === thread ? 'yes' : 'no';
            card.badge.textContent = gone ? next : runs(here.threads[thread]) ? 'runs a job' : can ? 'can go on' : 'waits';
            card.where.textContent = line ? `src/lib.rs, line ${line}` : gone ? '' : runs(here.threads[thread]) ? 'in the job' : thread ? 'outside the pool’s code' : 'in main, outside the pool’s code';
            excerpt(card, line);
            card.code.hidden = !line;
            const holds = here.holder === thread ? ' It holds the lock.' : '';
            card.next.textContent = gone ? ''
                : can ? `Next: ${dot(words(poisoned(here) && next === 'take the lock' ? `${next}: poisoned` : next))}${holds}`
                : next === 'accept a client' ? 'Waits for a client, and none comes.'
                : `Wants to ${words(next)}, but ${reason(why, here.end)}.${holds}`;
            card.step.setAttribute('aria-disabled', String(!can));
        });
        queue.replaceChildren(...here.queue.map((message) => make('li', { class: message === 'Terminate' ? 'terminate' : 'job' }, message)));
        if (!here.queue.length) queue.append(make('li', { class: 'empty' }, 'empty'));
        if (closed()) queue.append(make('li', { class: 'empty' }, 'and closed'));
        lock.textContent = here.holder < 0 ? 'free' : `held by ${data.names[here.holder]}`;
        if (poisoned(here)) lock.textContent += ', and poisoned';
        lock.dataset.held = here.holder < 0 ? 'no' : 'yes';
        written();
        drawn();
        undo.setAttribute('aria-disabled', String(at === 0));
        redo.setAttribute('aria-disabled', String(at === trail.length - 1));
        restart.setAttribute('aria-disabled', String(at === 0));
        judged(here);
        if (asking.open) asked();
        if (file.open) shown();
        if (arrived) say(at ? `At step ${at}.` : 'Nothing has run yet.', outcome());
    }

    // There is one sender only, and its drop closes the channel.
    const closed = () => trail.slice(1, at + 1).some(({ step }) => step.does === 'drop a sender of the channel');
    // A worker that panics has the lock in its hand in these listings, and gives it back first.
    const poisoned = ({ threads }) => threads.some(({ next }, thread) => thread && ['end by a panic', 'panicked'].includes(next));

    function written() {
        const lines = trail[at].log;
        const rows = lines.map(({ line }) => make('li', {}, line));
        if (data.log.length) {
            rows.push(...data.log.slice(lines.length).map((line, place) =>
                make('li', { class: place ? 'wanted' : 'wanted first' }, line)));
        } else if (!rows.length) {
            rows.push(make('li', { class: 'empty' }, 'nothing yet'));
        }
        log.replaceChildren(...rows);
        const end = log.children[Math.min(lines.length, rows.length - 1)];
        log.scrollTop = end.offsetTop + end.offsetHeight - log.clientHeight + (data.log.length ? end.offsetHeight : 0);
    }

    let scrolling = 0;
    // A lane for each thread, a column for each step. What is there already stays there.
    function drawn() {
        if (lanes.trail !== trail) {
            lanes.trail = trail;
            lanes.replaceChildren(...data.names.map((name, thread) =>
                make('span', { class: 'lane', 'aria-hidden': 'true', style: `grid-row:${thread + 1}` }, name)));
        }
        const heads = data.names.length;
        const chips = lanes.children;
        trail.forEach((entry, place) => {
            if (!place) return;
            const old = chips[heads + place - 1];
            if (old?.entry === entry) return;
            while (chips.length > heads + place - 1) lanes.lastChild.remove();
            const chip = button(short(entry.step), () => go(place), {
                class: /panic|poisoned/.test(entry.step.does) ? 'chip panic' : 'chip', 'aria-label': `Step ${place}, ${data.names[entry.step.thread]}: ${short(entry.step)}`,
                title: told(entry.step),
                style: `grid-row:${entry.step.thread + 1};grid-column:${place + 1}`,
            });
            chip.entry = entry;
            lanes.append(chip);
        });
        while (chips.length > heads + trail.length - 1) lanes.lastChild.remove();
        for (let place = 1; place < trail.length; place += 1) {
            const chip = chips[heads + place - 1];
            chip.tabIndex = place === Math.max(at, 1) ? 0 : -1;
            chip.classList.toggle('undone', place > at);
            if (place === at) chip.setAttribute('aria-current', 'step');
            else chip.removeAttribute('aria-current');
        }
        scrolling ||= requestAnimationFrame(() => {
            scrolling = 0;
            for (const { code } of cards) {
                if (code.scrollWidth > code.clientWidth + 1) code.tabIndex = 0;
                else code.removeAttribute('tabindex');
            }
            const current = lanes.querySelector('[aria-current]');
            lanes.scrollLeft = current ? current.offsetLeft - lanes.clientWidth / 2 : 0;
        });
    }

    // Whether the goal can still be reached.
    const hope = () => distances(level, data)[trail[at].flag][state().number] < Infinity;

    function judged(here) {
        let kind = '';
        let text = '';
        if (isWon()) [kind, text] = ['won', `Level ${number + 1} is done. ${level.praise}`];
        else if (proven) [kind, text] = ['won', level.proof(data.all)];
        else if (here.end) {
            const or = level.proof ? 'restart, or give up: then the proof is shown' : 'or restart';
            [kind, text] = ['over', `This is ${scale[here.end]}. Undo some steps, ${or}.`];
        }
        else if (level.won && at && !hope()) {
            [kind, text] = ['lost', `From here, no way leads to ${level.aim} any more. Undo some steps.`];
        }
        verdict.dataset.kind = kind;
        verdict.hidden = !kind;
        const next = (isWon() || proven) && only ? [make('a', { href: away('#2.') }, 'On to level 2, on its own page')]
            : (isWon() || proven) && number < levels.length - 1 ? [button(`On to level ${number + 2}`, () => {
                choose(number + 1);
                title.focus({ preventScroll: true });
                title.scrollIntoView({ block: 'start', behavior: 'instant' });
            }, { class: 'on' })] : [];
        verdict.replaceChildren(make('p', {}, text), ...next);
    }

    function asked() {
        const found = Object.entries(ways(level, data)[trail[at].flag][state().number]).sort();
        const sum = found.reduce((total, [, count]) => total + count, 0n);
        const can = level.won && hope();
        const first = isWon() ? `This is ${level.aim}.` : can ? 'Yes.' : `No. No way from here leads to ${level.aim}.`;
        const rows = found.map(([end, count]) => make('li', {},
            `${count.toLocaleString('en')} of ${sum.toLocaleString('en')} ${sum === 1n ? 'way' : 'ways'} out: ${end}`));
        answer.replaceChildren(make('p', {}, first), make('ul', {}, ...rows),
            make('p', { class: 'note' }, 'Every order of steps from here to an end is one way, counted and not estimated. (The book’s schedules are fewer: there, orders that no thread can tell apart count as one.)'));
    }

    function shown() {
        const places = new Map();
        state().threads.forEach(({ line }, thread) => {
            if (line) places.set(line, (places.get(line) ?? '') + (thread ? `${thread - 1}` : 'm'));
        });
        whole.replaceChildren(...data.source.map((_, index) => {
            const { row, text } = sourceLine(index + 1, places.get(index + 1) ?? '');
            row.append(text || ' ');
            return row;
        }));
    }

    asking.addEventListener('toggle', () => asking.open && asked());
    file.addEventListener('toggle', () => file.open && shown());

    // Keys, while the focus is in here. mdBook has keys of its own, so what is used here stops here.
    home.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const keys = { u: () => go(at - 1), r: () => go(at + 1), Home: () => go(0), End: () => go(trail.length - 1) };
        data.names.forEach((_, thread) => {
            keys[thread ? `${thread - 1}` : 'm'] = () => run(thread);
        });
        let act = keys[event.key];
        const inLanes = lanes.contains(event.target);
        if (['ArrowLeft', 'ArrowRight'].includes(event.key)) {
            // In the lanes they walk; elsewhere they must not turn the page.
            act = () => inLanes && go(at + (event.key === 'ArrowLeft' ? -1 : 1));
            if (event.target.closest('.source')) {
                event.stopPropagation();
                return;
            }
        }
        if (!act) return;
        event.preventDefault();
        event.stopPropagation();
        act();
        if (inLanes) lanes.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
    });
    addEventListener('hashchange', arrive);

    const part = (name, kind, ...children) => make('section', { class: `part ${kind}`, 'aria-label': name },
        make('p', { class: 'name' }, name), ...children);
    const own = make('a', { href: away('#1.') }, 'The same place on a page of its own, with more levels');
    const note = only ? [own, '.']
        : ['The address of this page holds the level and the steps, so it can be shared. Which levels are done is kept in this browser only. ', clear];
    const bar = make('div', { class: 'bar' }, said, verdict, make('div', { class: 'tools' },
        make('span', { class: 'label', 'aria-hidden': 'true' }, 'Run'), steps,
        make('div', { class: 'run', role: 'group', 'aria-label': 'The schedule' }, undo, redo, restart)));
    title.tabIndex = -1;
    // A click anywhere in here makes the keys work.
    home.tabIndex = -1;
    home.classList.add('game');
    const game = [
        title, goal, about, hint,
        make('div', { class: 'shared' }, part('The queue', 'of-queue', queue), part('The lock', 'of-lock', lock), part('The log', 'of-log', log)),
        columns,
        bar,
        make('div', { class: 'tools plays' }, random, play, give),
        part('The steps so far', 'of-steps', lanes),
        asking, file, make('p', { class: 'note' }, ...note),
    ];
    if (only) home.replaceChildren(make('details', { class: 'whole' }, make('summary', {}, 'Make it deadlock yourself, here'), ...game));
    else home.replaceChildren(make('nav', { 'aria-label': 'Levels' }, chooser), ...game);
    arrive();
})();
