'use strict';

// Be the programmer: the reader writes `drop` out of blocks. Each arrangement that can be made is a
// crate that was built and explored; the page answers with what was found, and plays the schedule
// that goes wrong.

poolGame.programmer = (() => {
    const { make, button, upper, dot, counted, reader } = poolGame.parts;
    const { words, state: { unpack } } = poolGame;

    const blocks = [
        ['F(', 'for each worker …'],
        ['R(', 'for each worker, the last one first …'],
        [')', '… end of the loop'],
        ['S', 'send Terminate'],
        ['N', 'send Terminate n times, one for each'],
        ['D', 'drop the sender'],
        ['P', 'print a line'],
        ['J', 'join this worker'],
    ];
    const text = new Map(blocks);
    const split = (code) => code.match(/[FR]\(|./g) ?? [];

    let data;
    let code = [];
    let shown = {};

    const known = (tokens) => data.arrangements[tokens.join('')];
    // Whether something that is there begins like this.
    const begins = (tokens) => Object.keys(data.arrangements).some((other) => other.startsWith(tokens.join('')));

    function build({ body, data: found, say, share, code: start, done }) {
        data = found;
        code = begins(split(start)) ? split(start) : [];
        shown = {
            say, share, done,
            list: make('ol', { class: 'blocks', role: 'list', 'aria-label': 'Your drop' }),
            palette: make('div', { class: 'palette', role: 'group', 'aria-label': 'Blocks to add at the end' }),
            run: button('Run it under every schedule', run, { class: 'run' }),
            source: make('pre', { class: 'made', tabIndex: 0 }),
            answer: make('section', { class: 'answered', 'aria-label': 'The answer' }),
        };
        const again = button('Start again', () => change([], 'Everything is taken out.'), { class: 'restart' });
        body.replaceChildren(
            make('p', { class: 'goal' }, 'Now you write ', make('code', {}, 'drop'), ', and the page is the scheduler, and it means you no good. A worker leaves when it takes a Terminate, or when the channel is closed and empty. '
                + `Put the blocks together so that no schedule goes wrong. (${Object.values(data.arrangements).filter(({ states }) => !states).length} of the ${Object.keys(data.arrangements).length} arrangements are right.)`),
            make('div', { class: 'workbench' },
                make('section', { 'aria-label': 'Blocks' }, make('h3', {}, 'Your drop'), shown.list, make('h3', {}, 'Add'), shown.palette, make('div', { class: 'controls' }, shown.run, again)),
                make('section', { 'aria-label': 'The same in Rust' }, make('h3', {}, 'The same in Rust'), shown.source)),
            shown.answer);
        show();
        say('');
    }

    function change(tokens, what) {
        code = tokens;
        shown.answer.replaceChildren();
        show();
        shown.say(what);
        shown.share();
    }

    function show() {
        let depth = 0;
        const rows = code.map((token, place) => {
            if (token === ')') depth -= 1;
            const row = make('li', {}, make('span', { class: 'block', style: `margin-inline-start:${depth * 2.4}rem` }, text.get(token)));
            if (token.endsWith('(')) depth += 1;
            row.append(...moves(token, place));
            return row;
        });
        if (!rows.length) rows.push(make('li', { class: 'empty' }, 'nothing yet'));
        shown.list.replaceChildren(...rows);
        const focused = document.activeElement?.dataset.token;
        shown.palette.replaceChildren(...blocks.map(([token, label]) => {
            const can = begins([...code, token]);
            return button(label, () => {
                if (!can) shown.say(`“${label}” can’t come next here.`);
                else change([...code, token], `Added: ${label}.`);
            }, { class: 'add', 'aria-disabled': String(!can), 'data-token': token });
        }));
        if (focused) [...shown.palette.children].find((one) => one.dataset.token === focused)?.focus();
        shown.run.setAttribute('aria-disabled', String(!known(code)));
        const lines = known(code)?.drop;
        shown.source.textContent = lines ? ['fn drop(&mut self) {', ...lines.map((line) => line.slice(4)), '}'].join('\n')
            : 'A loop is still open, or something is missing.';
    }

    // A block can be moved or taken out, where that leaves something that can be made.
    function moves(token, place) {
        const name = text.get(token);
        const changed = (tokens, label, mark, what) => (begins(tokens) && balanced(tokens) ? [button(mark, () => {
            change(tokens, what);
            shown.run.focus();
        }, { class: 'move', 'aria-label': label, title: label })] : []);
        const swapped = (one, two) => code.map((other, at) => (at === one ? code[two] : at === two ? code[one] : other));
        const out = token.endsWith('(') || token === ')' ? null : code.filter((_, at) => at !== place);
        return [
            ...(place > 0 ? changed(swapped(place, place - 1), `Move up: ${name}`, '↑', `Moved up: ${name}.`) : []),
            ...(place + 1 < code.length ? changed(swapped(place, place + 1), `Move down: ${name}`, '↓', `Moved down: ${name}.`) : []),
            ...(out ? changed(out, `Take out: ${name}`, '✕', `Taken out: ${name}.`) : []),
            ...(place + 1 === code.length && !out ? [button('✕', () => {
                change(code.slice(0, -1), `Taken out: ${name}.`);
                shown.run.focus();
            }, { class: 'move', 'aria-label': `Take out: ${name}`, title: `Take out: ${name}` })] : []),
        ];
    }

    // No loop ends before it begins, or is empty.
    function balanced(tokens) {
        const joined = tokens.join('');
        return !joined.includes('()') && !/^[^(]*\)/.test(joined.replace(/[FR]\([^)]*\)/g, ''));
    }

    function run() {
        const found = known(code);
        if (!found) {
            shown.say('This is not complete: a loop is open, or something is missing.');
            return;
        }
        const rows = found.verdicts.map(([schedules, ...counts], pool) => {
            const [workers, jobs] = data.pools[pool];
            return make('tr', {}, make('th', { scope: 'row' }, `${counted(workers, 'worker')}, ${counted(jobs, 'job')}`),
                ...[schedules, ...counts].map((count, column) => make('td', { class: column && count ? 'bad' : '' }, count.toLocaleString('en'))));
        });
        const heads = ['', 'schedules', 'deadlocks', 'panics of main', 'lose a job', 'return too early'];
        const table = make('table', {}, make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head || reader('pool'))))), make('tbody', {}, ...rows));
        const title = make('h3', { tabIndex: -1 });
        shown.answer.replaceChildren(title, make('div', { class: 'table-wrapper', tabIndex: 0, role: 'region', 'aria-label': 'What the explorer found' }, table));
        if (!found.states) {
            title.textContent = 'No schedule goes wrong.';
            shown.answer.append(make('p', {}, 'In every one of them all jobs are done, all workers have ended, and drop returns. ', make('a', { href: 'why-two-loops.html' }, 'Why two loops'), ' says why.'));
            shown.done();
        } else adversary(found, title);
        shown.say(`${title.textContent} ${found.verdicts.map(([schedules, ...counts], pool) => `${counted(data.pools[pool][0], 'worker')}: ${counted(schedules, 'schedule')}${counts.some((count) => count) ? `, of which ${['deadlock', 'panic', 'lose a job', 'return too early'].map((word, at) => (counts[at] ? `${counts[at].toLocaleString('en')} ${word}` : '')).filter((part) => part).join(', ')}` : ', all well'}.`).join(' ')}`);
        title.focus({ preventScroll: true });
        shown.answer.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    }

    // Plays the shortest schedule that goes wrong, on the reader's own lines.
    function adversary(found, title) {
        const states = unpack(data, found.states);
        const names = ['main', ...Array.from({ length: found.workers }, (_, worker) => `worker ${worker}`)];
        const first = { deadlock: 'A deadlock', 'main panics': 'Main panics', 'end and cut threads off': 'Drop returns too early' }[states.at(-1).end];
        title.textContent = `${first}, in ${counted(found.way.length, 'step')}.`;
        const stage = new poolGame.view.Stage({ names, source: ['#![allow(dead_code, unused)]', ...data.before, ...found.drop, ...data.after], prefix: 'adversary', level: 4 });
        const told = make('p', { class: 'said', role: 'status' });
        let at = 0;
        const go = (to) => {
            const forth = to === at + 1;
            at = Math.max(0, Math.min(to, found.way.length));
            const step = at && taken(at - 1);
            stage.show(states[at], {
                steps: forth && step ? [step] : [], last: at ? found.way[at - 1] : undefined,
                memory: { closed: found.way.slice(0, at).some((_, place) => taken(place).does === 'drop a sender of the channel') },
            });
            const end = at === found.way.length ? ` ${dot(upper(words.ends[states[at].end]))}` : '';
            told.textContent = at ? `${dot(`Step ${at} of ${found.way.length}. ${upper(names[found.way[at - 1]])} ${words.done(step)}`)}${end}` : 'The adversary begins.';
            back.setAttribute('aria-disabled', String(at === 0));
            on.setAttribute('aria-disabled', String(at === found.way.length));
        };
        const taken = (place) => {
            const lead = states[place].leads.find(({ thread }) => thread === found.way[place]);
            return { ...lead, from: { state: states[place] }, to: { state: states[place + 1] } };
        };
        const back = button('Back', () => go(at - 1), { class: 'undo' });
        const on = button('Next step', () => go(at + 1), { class: 'redo' });
        const last = button('To the end', () => go(found.way.length), { class: 'last' });
        shown.answer.append(make('p', {}, `Here is a shortest schedule that goes wrong, with ${counted(found.workers, 'worker')}, on your own lines.`),
            stage.element, told, make('div', { class: 'controls' }, back, on, last));
        go(0);
    }

    return { build, code: () => code.join('') };
})();
