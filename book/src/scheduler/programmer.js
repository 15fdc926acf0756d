'use strict';

// Be the programmer: the reader writes `drop` out of blocks. Each arrangement that can be made is a
// crate that was built and explored; the page answers with what was found, and plays the schedule
// that goes wrong.

poolGame.programmer = (() => {
    const { make, button, counted, upper, dot } = poolGame.parts;
    const { drag, adversary } = poolGame;

    const blocks = [
        ['F(', 'for each worker …'],
        ['R(', 'for each worker, backwards …'],
        [')', '… end of the loop'],
        ['S', 'send Terminate'],
        ['N', 'send Terminate n times'],
        ['D', 'drop the sender'],
        ['P', 'print a line'],
        ['J', 'join this worker'],
    ];
    const text = new Map(blocks);
    // So many blocks at most, beside the loops.
    const MOST = 3;
    const split = (code) => code.match(/[FR]\(|./g) ?? [];

    let data;
    let code = [];
    let shown = {};

    const known = (tokens) => data.arrangements[tokens.join('')];
    const possible = (tokens) => !wrong(tokens);

    function build({ body, data: found, say, said, share, code: start, done }) {
        data = found;
        code = possible(split(start)) ? split(start) : [];
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
                + `Use up to ${MOST} blocks, not counting loops. You win when in every schedule all jobs are done, all workers have ended, and drop returns. (All ${all.length} that can be made were compiled and run under every schedule; ${all.filter(({ states }) => !states).length} are right.)`),
            make('div', { class: 'workbench' },
                make('section', { 'aria-label': 'Blocks' }, make('h3', {}, 'Press to add at the end, or drag'), shown.palette, make('div', { class: 'controls' }, shown.run, again)),
                make('section', { 'aria-label': 'Your drop' }, make('h3', {}, 'Your drop'), shown.list, said),
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
            drag.draggable(block, { list: shown.list, label: text.get(token), can: (to) => to < 0 || Boolean(moved(place, to)), drop: (to) => dropped(place, to) });
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
            : [dot(upper(missing(code)))]));
    }

    // A line of code, which may break before a dot.
    function written(line, at, { length }) {
        const deep = line.search(/\S/) + 4;
        const row = make('span', { style: `padding-inline-start:${deep}ch;text-indent:-${deep}ch` });
        row.append(...line.split(/(?=\.\w)/).flatMap((part) => [make('wbr'), part]).slice(1), at + 1 < length ? '\n' : '');
        return row;
    }

    // A block to add: at the end by a press, or anywhere by dragging. Where it can't come next, it says why.
    function palette(token, label) {
        const why = whyNot(token);
        const add = button('', () => {
            if (add.dataset.dragged) return;
            if (why) shown.say(`“${label}” can’t come next here: ${why}.`);
            else change([...code, token], `Added: ${label}.`);
        }, { class: 'add', 'aria-disabled': String(Boolean(why)), 'data-token': token });
        add.append(drag.grip(), make('span', {}, label, ...(why ? [make('small', {}, why)] : [])));
        const put = (place) => code.toSpliced(place, 0, token);
        drag.draggable(add, {
            list: shown.list, label, can: (place) => place >= 0 && possible(put(place)),
            drop: (place) => {
                if (place >= 0 && possible(put(place))) change(put(place), `Added: ${label}.`);
                else if (place >= 0) refuse(label, put(place));
            },
        });
        return add;
    }

    const refuse = (label, tokens) => shown.say(`“${label}” can’t go there: ${wrong(tokens)}.`);
    const open = (tokens) => tokens.lastIndexOf(')') < tokens.findLastIndex((token) => token.endsWith('('));
    const acts = (tokens) => tokens.filter((token) => 'SNDPJ'.includes(token));

    // What is against an arrangement, even if more were to come: the limits of what was explored.
    function wrong(tokens) {
        let inside = false;
        for (const token of tokens) {
            if (!text.has(token)) return 'there is no such block';
            if (token.endsWith('(') && inside) return 'end the loop first';
            if (token === ')' && !inside) return 'no loop is open';
            if ('JP'.includes(token) && !inside) return 'only inside a loop';
            if (token.endsWith('(') || token === ')') inside = !inside;
        }
        const has = (token) => tokens.filter((one) => one === token).length;
        if (has('J') > 1) return 'joined already';
        if (has('D') > 1) return 'dropped already';
        if (has('P') > 1) return 'one line is enough';
        const sends = tokens.filter((token) => 'SN'.includes(token));
        if (sends.length > 1 && sends.includes('N')) return sends[0] === 'N' ? 'n are sent already' : 'n, or one by one';
        const join = tokens.indexOf('J');
        if (acts(tokens).length > MOST) return `at most ${MOST} blocks`;
        if (acts(tokens).length === MOST && join < 0) return 'only a join fits';
        if (has('P') && join >= 0 && tokens[join - 1] !== 'P') return 'right before the join';
        const end = join < 0 ? -1 : tokens.indexOf(')', join);
        return end >= 0 && acts(tokens.slice(end)).length > 1 ? 'one after the join' : '';
    }

    // What an arrangement lacks before it can run.
    function missing(tokens) {
        const joined = tokens.join('');
        if (open(tokens)) return 'a loop is still open';
        if (joined.includes('()')) return 'a loop is still empty';
        return /R\([^J)]*\)|F\([^J)]*[NDP][^J)]*\)/.test(joined) ? 'a loop lacks its join' : '';
    }

    // Why a block can’t come next.
    function whyNot(token) {
        const tokens = [...code, token];
        const against = wrong(tokens);
        if (against) return against;
        const joined = code.includes('J');
        if (code.at(-1) === 'P' && !'J)'.includes(token)) return 'now the join';
        if (token === ')') return missing(tokens);
        if (token === 'R(' && joined) return 'joined already';
        // A loop after the joins can only send.
        if (token === 'F(' && joined) return wrong([...tokens, 'S']);
        return 'ND'.includes(token) && open(code) && code.lastIndexOf('F(') > code.indexOf('J') && joined ? 'only a Terminate' : '';
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

    // What is left without a block, or without a whole loop. Whatever is taken out, something possible
    // is left. The end of the last loop is only opened again.
    function without(place) {
        if (code[place] === ')' && place + 1 === code.length) return code.slice(0, -1);
        const first = code[place] === ')' ? code.slice(0, place).findLastIndex((token) => token.endsWith('(')) : place;
        return code.toSpliced(first, loop(first)[1] - first + 1);
    }

    function dropped(from, to) {
        const name = text.get(code[from]);
        if (to < 0) {
            change(without(from), `Taken out: ${name}.`);
            return;
        }
        if (to === from || to === from + 1) return;
        const found = moved(from, to);
        if (found) change(found.tokens, `Moved: ${name}.`);
        else refuse(name, code.toSpliced(from, 1).toSpliced(to > from ? to - 1 : to, 0, code[from]));
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
        return [
            ...(up ? [made(up.tokens, `Move up: ${name}`, '↑', `Moved up: ${name}.`, up.at)] : []),
            ...(down ? [made(down.tokens, `Move down: ${name}`, '↓', `Moved down: ${name}.`, down.at)] : []),
            made(without(place), `Take out: ${name}`, '✕', `Taken out: ${name}.`, -1),
        ];
    }

    function run() {
        const found = known(code);
        if (!found) {
            shown.say(`This is not complete: ${missing(code)}.`);
            return;
        }
        const pools = found.totals.map((_, pool) => `${counted(data.pools[pool][0], 'worker')}, ${counted(data.pools[pool][1], 'job')}`);
        const heads = ['schedules', 'deadlocks', 'panics of main', 'a job is lost', 'drop returns too early'];
        const rows = heads.map((head, row) => make('tr', {}, make('th', { scope: 'row' }, head),
            ...found.totals.map((counts) => make('td', { class: row && counts[row] ? 'bad' : '' }, counts[row].toLocaleString('en')))));
        const table = make('table', {}, make('thead', {}, make('tr', {}, make('td', {}), ...pools.map((pool) => make('th', { scope: 'col' }, pool)))), make('tbody', {}, ...rows));
        const title = make('h3', { tabIndex: -1 });
        const totals = [table, make('p', { class: 'note' }, 'A schedule is an order that the threads can tell apart.')];
        if (!found.states) {
            title.textContent = 'No schedule goes wrong.';
            answer(title, ...totals);
            shown.done(shown.answer, title, 'In every one of them all jobs are done, all workers have ended, and drop returns. ', ...praise());
        } else {
            const { told, parts } = adversary.play(data, found);
            title.textContent = told;
            // The way to the mistake first, so that it can be played without the numbers in between.
            answer(title, ...parts, button('Back to my blocks', toBlocks, { class: 'to-blocks' }), ...totals);
        }
        shown.say(`${title.textContent} ${found.totals.map(([schedules, ...counts], pool) => `${counted(data.pools[pool][0], 'worker')}: ${counted(schedules, 'schedule')}${counts.some((count) => count) ? `, of which ${['deadlock', 'panic', 'lose a job', 'return too early'].map((word, at) => (counts[at] ? `${counts[at].toLocaleString('en')} ${word}` : '')).filter((part) => part).join(', ')}` : ', all well'}.`).join(' ')}`);
        title.focus({ preventScroll: true });
        shown.answer.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    }

    function toBlocks() {
        shown.list.closest('.workbench').scrollIntoView({ block: 'start', behavior: 'instant' });
        shown.run.focus({ preventScroll: true });
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
        return [`${/D\)|DJ/.test(code.join('')) ? 'The first turn of the loop drops the sender for all of them. ' : ''}Once the sender is gone, every worker leaves when the queue is empty, and nothing has to be counted: `, closed, ' says it at length.'];
    }

    return { build, code: () => code.join('') };
})();
