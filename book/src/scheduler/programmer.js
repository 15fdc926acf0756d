'use strict';

// Be the programmer: the reader writes `drop` out of blocks. Each arrangement that can be made is a
// crate that was built and explored; the page answers with what was found, and plays the schedule
// that goes wrong.

poolGame.programmer = (() => {
    const { make, button, counted } = poolGame.parts;
    const { drag, adversary } = poolGame;

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
    const possible = (tokens) => begins(tokens) && balanced(tokens);

    function build({ body, data: found, say, said, share, code: start, done }) {
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
        const all = Object.values(data.arrangements);
        body.replaceChildren(
            make('p', { class: 'goal' }, 'Now you write ', make('code', {}, 'drop'), ', and the page is the scheduler, and it means you no good. A worker leaves when it takes a Terminate, or when the channel is closed and empty. '
                + `Put the blocks together so that no schedule goes wrong. (${all.length} arrangements have been built and explored, so only these can be made; ${all.filter(({ states }) => !states).length} are right.)`),
            make('div', { class: 'workbench' },
                make('section', { 'aria-label': 'Blocks' }, make('h3', {}, 'Your drop'), shown.list, make('h3', {}, 'Add at the end, or drag to its place'), shown.palette, make('div', { class: 'controls' }, shown.run, again), said),
                make('section', { 'aria-label': 'The same in Rust' }, make('h3', {}, 'The same in Rust'), shown.source)),
            shown.answer);
        show();
        say('');
    }

    function change(tokens, what) {
        code = tokens;
        answer();
        show();
        shown.say(what);
        shown.share();
    }

    // Whoever has won may go on to the next level, whatever is tried after that.
    function answer(...parts) {
        const on = shown.answer.querySelector('.on');
        shown.answer.replaceChildren(...parts, ...(on ? [on] : []));
    }

    function show() {
        let depth = 0;
        const rows = code.map((token, place) => {
            if (token === ')') depth -= 1;
            const block = make('span', { class: 'block', style: `margin-inline-start:${depth * 2.4}rem` }, drag.grip(), text.get(token));
            if (token.endsWith('(')) depth += 1;
            drag.draggable(block, { list: shown.list, label: text.get(token), can: (to) => Boolean(to < 0 ? without(place) : moved(place, to)), drop: (to) => dropped(place, to) });
            return make('li', {}, block, ...moves(token, place));
        });
        if (!rows.length) rows.push(make('li', { class: 'empty' }, 'nothing yet'));
        shown.list.replaceChildren(...rows);
        const focused = document.activeElement?.dataset.token;
        shown.palette.replaceChildren(...blocks.map(([token, label]) => palette(token, label)));
        if (focused) [...shown.palette.children].find((one) => one.dataset.token === focused)?.focus();
        shown.run.setAttribute('aria-disabled', String(!known(code)));
        const lines = known(code)?.drop;
        shown.source.replaceChildren(...(lines ? ['fn drop(&mut self) {', ...lines.map((line) => line.slice(4)), '}'].map(written)
            : [code.length && begins(code) ? missing() : '']));
    }

    const missing = () => (open(code) ? 'A loop is still open.' : 'Something is missing yet.');

    // A line of code, which may break before a dot.
    function written(line, at, { length }) {
        const deep = line.search(/\S/) + 4;
        const row = make('span', { style: `padding-inline-start:${deep}ch;text-indent:-${deep}ch` });
        row.append(...line.split(/(?=\.\w)/).flatMap((part) => [make('wbr'), part]).slice(1), at + 1 < length ? '\n' : '');
        return row;
    }

    // A block to add: at the end by a press, or anywhere by dragging. Where it can't come next, it says why.
    function palette(token, label) {
        const why = begins([...code, token]) ? '' : whyNot(token);
        const add = button('', () => {
            if (add.dataset.dragged) return;
            if (why) shown.say(`“${label}” can’t come next here: ${why}.`);
            else change([...code, token], `Added: ${label}.`);
        }, { class: 'add', 'aria-disabled': String(Boolean(why)), 'data-token': token });
        add.append(drag.grip(), make('span', {}, label, ...(why ? [make('small', {}, why)] : [])));
        const put = (place) => {
            const tokens = place < 0 ? code : code.toSpliced(place, 0, token);
            return place >= 0 && possible(tokens) ? tokens : null;
        };
        drag.draggable(add, {
            list: shown.list, label, can: put,
            drop: (place) => (put(place) ? change(put(place), `Added: ${label}.`) : place >= 0 && refuse()),
        });
        return add;
    }

    const open = (tokens) => tokens.filter((token) => token.endsWith('(')).length > tokens.filter((token) => token === ')').length;
    const refuse = () => shown.say('That arrangement is not among those that were built and explored, so it can’t be made.');

    function whyNot(token) {
        const inside = open(code);
        if (token === ')' && !inside) return 'no loop is open';
        if (token === ')' && code.at(-1).endsWith('(')) return 'the loop is still empty';
        if ('JP'.includes(token) && !inside) return 'only in a loop over the workers';
        if (token.endsWith('(') && inside) return 'end the loop first';
        return 'not explored here';
    }

    // Where a loop that begins or ends here has its other end.
    function loop(place) {
        if (code[place].endsWith('(')) {
            const end = code.indexOf(')', place);
            return [place, end < 0 ? code.length - 1 : end];
        }
        return [place, place];
    }

    // What comes of it when a block moves to before another one, if it can be: a loop with all that is
    // in it, or only its one end.
    function moved(from, to) {
        for (const [first, last] of [loop(from), [from, from]]) {
            if (to >= first && to <= last + 1) continue;
            const rest = code.toSpliced(first, last - first + 1);
            const tokens = rest.toSpliced(to > last ? to - (last - first + 1) : to, 0, ...code.slice(first, last + 1));
            if (possible(tokens)) return { tokens, at: to > last ? to - (last - first + 1) : to };
        }
        return null;
    }

    // What is left without a block, or without a whole loop.
    function without(place) {
        if (code[place] === ')') return place + 1 === code.length ? code.slice(0, -1) : null;
        const [first, last] = loop(place);
        const tokens = code.toSpliced(first, last - first + 1);
        return possible(tokens) ? tokens : null;
    }

    function dropped(from, to) {
        const name = text.get(code[from]);
        if (to < 0) {
            if (without(from)) change(without(from), `Taken out: ${name}.`);
            else refuse();
            return;
        }
        if (to === from || to === from + 1) return;
        const found = moved(from, to);
        if (found) change(found.tokens, `Moved: ${name}.`);
        else refuse();
    }

    // A block can be moved to the nearest place up or down, or taken out, where that leaves something
    // that can be made.
    function moves(token, place) {
        const name = text.get(token);
        const made = (tokens, label, mark, what, at) => button(mark, () => {
            change(tokens, what);
            const row = shown.list.children[at];
            (row?.querySelector(`[aria-label="${label}"]`) ?? row?.querySelector('.move') ?? shown.run).focus();
        }, { class: 'move', 'aria-label': label, title: label });
        const nearest = (places) => places.map((to) => moved(place, to)).find((found) => found);
        const up = nearest([...code.keys()].slice(0, place).reverse());
        const down = nearest([...code.keys()].slice(place + 1).map((to) => to + 1));
        const out = without(place);
        return [
            ...(up ? [made(up.tokens, `Move up: ${name}`, '↑', `Moved up: ${name}.`, up.at)] : []),
            ...(down ? [made(down.tokens, `Move down: ${name}`, '↓', `Moved down: ${name}.`, down.at)] : []),
            ...(out ? [made(out, `Take out: ${name}`, '✕', `Taken out: ${name}.`, -1)] : []),
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
            shown.say(`This is not complete. ${code.length ? missing() : ''}`);
            return;
        }
        const pools = found.totals.map((_, pool) => `${counted(data.pools[pool][0], 'worker')}, ${counted(data.pools[pool][1], 'job')}`);
        const heads = ['schedules', 'deadlocks', 'panics of main', 'a job is lost', 'drop returns too early'];
        const rows = heads.map((head, row) => make('tr', {}, make('th', { scope: 'row' }, head),
            ...found.totals.map((counts) => make('td', { class: row && counts[row] ? 'bad' : '' }, counts[row].toLocaleString('en')))));
        const table = make('table', {}, make('thead', {}, make('tr', {}, make('td', {}), ...pools.map((pool) => make('th', { scope: 'col' }, pool)))), make('tbody', {}, ...rows));
        const title = make('h3', { tabIndex: -1 });
        answer(title, table, make('p', { class: 'note' }, 'A schedule is an order that the threads can tell apart.'));
        if (!found.states) {
            title.textContent = 'No schedule goes wrong.';
            shown.done(shown.answer, title, 'In every one of them all jobs are done, all workers have ended, and drop returns. ', ...praise());
        } else {
            const { told, parts } = adversary.play(data, found);
            title.textContent = told;
            shown.answer.append(...parts);
        }
        shown.say(`${title.textContent} ${found.totals.map(([schedules, ...counts], pool) => `${counted(data.pools[pool][0], 'worker')}: ${counted(schedules, 'schedule')}${counts.some((count) => count) ? `, of which ${['deadlock', 'panic', 'lose a job', 'return too early'].map((word, at) => (counts[at] ? `${counts[at].toLocaleString('en')} ${word}` : '')).filter((part) => part).join(', ')}` : ', all well'}.`).join(' ')}`);
        title.focus({ preventScroll: true });
        shown.answer.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    }

    // Why it is right, which is not always the same.
    function praise() {
        const link = (href, name) => make('a', { href }, name);
        const two = link('why-two-loops.html#fix', 'Why two loops');
        const closed = link('two-designs.html#why-one-loop', 'Closing the channel');
        const tells = code.some((token) => 'SN'.includes(token));
        const closes = code.includes('D');
        if (tells && closes) return ['Either would be enough: a Terminate for every worker before the first join (', two, '), or the closed channel (', closed, ').'];
        if (tells) return ['Before the first join there is a Terminate for every worker, and nobody takes two: ', two, ' says it at length.'];
        return [`${/D\)|DJ/.test(code.join('')) ? 'The first round drops the sender for all of them. ' : ''}Once the sender is gone, every worker leaves when the queue is empty, and nothing has to be counted: `, closed, ' says it at length.'];
    }

    return { build, code: () => code.join('') };
})();
