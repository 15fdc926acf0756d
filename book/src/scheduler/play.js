'use strict';

// The game itself: the level that is played, what can be done in it, and what is said of it.

(() => {
    const { home, only } = poolGame;
    const { make, button, key, reader, upper, dot, counted, soon } = poolGame.parts;
    const { words, levels, progress, reason, ending } = poolGame;
    const { load, graph } = poolGame.state;
    const { way, Trail } = poolGame.moves;
    const { remember } = poolGame.memory;

    // By how much the board may still grow, in pixels.
    const ROOM = innerWidth < 720 ? 220 : 100;

    let number = -1;
    let level;
    let made;
    let trail;
    let stage;
    let beside;
    // Who else has played in this game, in words, and whether a press is one step only.
    let helped = '';
    let single = false;
    let timer = 0;
    let hinted = 0;

    const said = make('p', { class: 'said', role: 'status' });
    const chooser = make('ol', { class: 'levels', role: 'list' });
    const title = make(only ? 'h3' : 'h2', { id: 'level', class: 'title', tabIndex: -1 });
    const goal = make('p', { class: 'goal' });
    const verdict = make('div', { class: 'verdict' });
    const log = make('ol', { class: 'log', tabIndex: 0, role: 'list', 'aria-label': 'The log' });
    const undo = button('Undo', () => go(trail.at - 1), { class: 'undo' });
    const redo = button('Redo', () => go(trail.at + 1), { class: 'redo' });
    const restart = button('Restart', again, { class: 'restart' });
    const hint = button('Hint', help, { class: 'hint' });
    undo.append(key('u'));
    redo.append(key('r'));
    hint.append(key('h'));
    const singly = make('input', { type: 'checkbox', onchange: () => {
        single = singly.checked;
        show();
    } });
    const withKeys = make('input', { type: 'checkbox', checked: progress.keys(), onchange: () => progress.keys(withKeys.checked) });
    const controls = make('div', { class: 'controls', role: 'group', 'aria-label': 'The schedule' }, undo, redo, restart, hint,
        make('label', { class: 'single' }, singly, ' single steps'));
    const board = make('section', { class: 'board', 'aria-labelledby': 'level' });
    const foot = make('div', { class: 'foot' }, said, verdict, controls);
    const body = make('div', { class: 'body' });
    const extras = make('div', { class: 'extras' });
    const clear = button('Clear my progress', () => {
        progress.clear();
        choices();
        say('Your progress is cleared.');
    }, { class: 'clear' });

    // For the eye the outcome stands in a box of its own.
    function say(text, more = '') {
        said.replaceChildren(text, reader(more ? ` ${more}` : ''));
    }

    // The address: the level, and what was pressed.
    const hash = () => `#${number + 1}.${level.data ? trail.code : (poolGame.programmer.code?.() ?? '')}`;
    const away = (where) => `be-the-scheduler.html${where}`;
    const own = make('a', { href: away('#1.') }, 'The same place on a page of its own, with the other levels');
    let sharing = 0;
    // A browser takes only so many changes of the address a second.
    function share() {
        if (only) own.href = away(hash());
        else sharing ||= setTimeout(() => address(false), 60);
    }
    function address(fresh) {
        clearTimeout(sharing);
        sharing = 0;
        if (location.hash === hash()) return;
        try {
            history[fresh ? 'pushState' : 'replaceState'](null, '', hash());
        } catch {
            location.hash = hash();
        }
    }

    const asked = () => /^#(\d+)\.(.*)$/.exec(decodeURIComponent(location.hash));

    // Shows the level that the address names, and the steps in it, as far as they can be taken.
    function arrive() {
        const found = only ? null : asked();
        const which = found ? Number(found[1]) - 1 : number < 0 ? 0 : -1;
        const then = () => {
            if (!first || scrollY === 0) inSight(ROOM);
        };
        const first = number < 0;
        if (!levels[which]) {
            if (first) open(0, '', then);
        } else if (which !== number || found?.[2] !== hash().replace(/^#\d+\./, '')) open(which, found?.[2] ?? '', then);
    }

    function choose(which) {
        open(which, '', () => {
            address(true);
            say('', `Level ${number + 1}: ${level.name}. ${level.goal ?? ''}`);
            title.focus({ preventScroll: true });
            inSight(ROOM);
        });
    }

    let opening = 0;
    async function open(which, code, then = () => {}) {
        stop();
        opening += 1;
        const mine = opening;
        const wanted = levels[which];
        let data = null;
        try {
            if (wanted.data ?? wanted.programmer) data = await load(wanted.data ?? 'programmer');
        } catch (error) {
            say(`Level ${which + 1} could not be loaded: ${error.message}. Load this page again.`);
            return;
        }
        if (mine !== opening) return;
        number = which;
        level = wanted;
        title.textContent = `Level ${number + 1}: ${level.name}`;
        goal.textContent = level.goal ?? '';
        board.dataset.level = level.id;
        if (level.programmer) poolGame.programmer.build({ body, data, say, said, share, code, done: finish });
        else if (level.quiz) quiz();
        else build(data, code);
        for (const part of [foot, extras]) part.hidden = !level.data;
        if (!level.data) {
            verdict.hidden = true;
            verdict.replaceChildren();
            if (!level.programmer) body.append(said);
        } else foot.prepend(said);
        choices();
        if (level.data) show();
        then();
    }

    function quiz() {
        const { element } = reason.ask(level.quiz, { right: () => finish(element) });
        body.replaceChildren(element);
        say('');
    }

    // A level's own parts, which stay in place while it is played.
    function build(data, code) {
        made = level.made ??= graph(level, data);
        trail = new Trail(level, made);
        level.par ??= level.won ? way(level, trail.node, ({ won }) => won).length : 0;
        helped = '';
        hinted = 0;
        stage = new poolGame.view.Stage({ names: made.names, source: data.source, press, prefix: 'game', level: only ? 4 : 3 });
        board.dataset.log = data.log.length ? 'yes' : 'no';
        board.dataset.doom = made.nodes.some(({ doomed }) => doomed) ? 'yes' : 'no';
        body.replaceChildren(stage.element, ...(data.log.length ? [log] : []));
        beside = only ? null : new poolGame.beside.Beside(level, made, { go, jump, press, log: data.log.length ? null : log });
        if (beside) extras.replaceChildren(...beside.parts);
        const refused = [...code].findIndex((letter) => !trail.pushCode(letter));
        // Whoever opens an address has not won with it.
        if (trail.node.won) helped = 'The address brought it; can you play it?';
        say(refused >= 0 ? `Press ${refused + 1} of this address can’t be taken, so here are the ones before it.`
            : trail.at ? told() : 'All threads have started. Press one, and it runs up to its next lock, send or join.');
    }

    function again() {
        go(0);
        helped = '';
        trail.moves.length = 1;
        show();
    }

    function press(thread) {
        stop();
        act(thread);
    }

    function act(thread) {
        const { node } = trail;
        if (!trail.push(thread, single)) {
            const { next, why } = node.state.threads[thread];
            const gone = ['ended', 'panicked', 'not created yet'].includes(next);
            say(gone ? `${upper(made.names[thread])} has ${next === 'not created yet' ? 'not been created yet' : next}.`
                : dot(`${upper(made.names[thread])} ${words.stuck({ next, why }, node.state.end)}`));
            return false;
        }
        settled();
        show(trail.last.steps);
        say(told(), outcome());
        share();
        return true;
    }

    // What is played is in sight as a whole, and what comes below it has room. That is seen to when a
    // level is opened: while one plays, the page stays where it is.
    function inSight(room) {
        const { top, bottom } = board.getBoundingClientRect();
        if (top < 0 || bottom + room > innerHeight) board.scrollIntoView({ block: 'start', behavior: 'instant' });
    }

    function told() {
        const { thread, steps } = trail.last;
        const dooms = steps.find(({ from, to }) => to.doomed && !from.doomed);
        const more = dooms && trail.node.hope ? ` The pool is doomed since ${made.names[thread]} ${dot(words.decides(dooms))}` : '';
        return dot(`Press ${trail.at}. ${upper(made.names[thread])} ${words.summaryDone(steps)}`) + more;
    }

    const outcome = () => (verdict.hidden ? '' : verdict.firstChild.textContent);

    function go(to) {
        stop();
        if (to < 0 || to >= trail.moves.length) {
            say(to < 0 ? 'Nothing has run that could be undone.' : 'There is nothing to redo.');
            return;
        }
        const forth = to === trail.at + 1;
        trail.at = to;
        settled();
        show(forth ? trail.last.steps : []);
        say(to ? `${forth ? 'Again at' : 'Back at'} press ${to}.` : 'Back at the start.', outcome());
        share();
    }

    function jump(node) {
        stop();
        trail.jump(node);
        if (node.won) helped ||= 'The page went there; can you?';
        settled();
        show();
        say(trail.at ? told() : 'At the start.', outcome());
        share();
    }

    // A hint, another one, the next press, and only then the rest.
    function help() {
        const shown = (text) => say(text);
        if (hinted < level.hints.length) {
            shown(`Hint: ${level.hints[hinted]}`);
            hinted += 1;
            return;
        }
        if (!level.won) {
            shown('That is all there is to hint at. Play on to an end.');
            return;
        }
        const presses = way(level, trail.node, ({ won }) => won);
        if (!presses) shown(`No way from here leads to ${level.aim}. Undo some presses.`);
        else if (!presses.length) shown('You are there.');
        else if (hinted === level.hints.length) {
            shown(`Hint: press ${made.names[presses[0]]}. (Once more, and the page plays.)`);
            hinted += 1;
        } else playOn(presses);
    }

    function playOn(presses) {
        stop();
        helped = 'The page played it; can you?';
        const was = single;
        single = false;
        if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
            presses.every((thread) => act(thread));
            single = was;
            return;
        }
        const step = () => {
            if (!presses.length || !act(presses.shift())) {
                stop();
                single = was;
            }
        };
        timer = setInterval(step, 900);
        step();
    }

    function stop() {
        clearInterval(timer);
        timer = 0;
    }

    // In which order the workers took the lock: that is what tells the schedules apart.
    const order = () => trail.steps.filter(({ does }) => does === 'take the lock').map(({ thread }) => thread - 1).join('');

    // Keeps what was reached.
    function settled() {
        const { node } = trail;
        if (level.won && node.won) {
            if (helped) progress.shown(level.id);
            else progress.won(level.id, trail.at);
            choices();
        } else if (!level.won && node.state.end) progress.tried(level.id, order());
    }

    // What is done without presses to count, and the way on from there.
    function finish(place, ...praise) {
        progress.won(level.id);
        choices();
        place.querySelector('.verdict')?.remove();
        place.append(number + 1 < levels.length
            ? make('div', { class: 'verdict', 'data-kind': 'won' }, make('p', {}, ...(praise.length ? praise : ['That is the reason, and this level is done.'])), onward())
            : ending.build({ progress, levels, choose }));
        inSight(0);
        place.lastChild.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    }

    function keyed_(made_, name) {
        made_.append(key(name));
        return made_;
    }

    const onward = () => keyed_(button('Next level', () => choose(number + 1), { class: 'on' }), 'n');

    function judged() {
        const { node } = trail;
        if (node.won) {
            const count = `${counted(trail.at, 'press', 'presses')}; the fewest are ${level.par}.`;
            const best = progress.of(level.id).best;
            return ['won', `${level.praise} ${helped || `${count}${best < trail.at ? ` Your best: ${best}.` : ''}`}`, only ? [] : [onward()]];
        }
        if (!level.won && node.state.end) {
            const tried = new Set([...(progress.of(level.id).tried ?? []), order()]).size;
            return ['over', [`You have tried ${tried} of the ${made.data.schedules} orders in which the workers can take the lock. The `,
                make('a', { href: 'how-we-know.html' }, 'explorer'), `, a program that runs them all, has seen: ${level.never}.`],
                [keyed_(button('Say why', explain, { class: 'why' }), 'w')]];
        }
        if (level.won && !node.hope) {
            const { press: at, step, number: taken } = trail.first(({ hope }) => !hope);
            const other = node.state.end === 'deadlock' && level.other;
            const decided = `press ${at}: ${made.names[step.thread]} ${words.decides(step)}.`;
            const back = button('Go back there', () => {
                go(at - 1);
                stage.cards[step.thread].step.focus({ preventScroll: true });
            }, { class: 'back' });
            const printed = trail.steps.slice(0, taken).flatMap(({ prints }) => prints).length;
            const lost = level.lost(step.to, { names: made.names, printed, log: made.data.log });
            return ['missed', other ? `${other} It was decided by ${decided}` : `Out of reach since ${decided} ${lost}`, [keyed_(back, 'b')]];
        }
        return ['', '', []];
    }

    // Where a level can't be won, the reader says why.
    function explain() {
        const { element, title: question } = reason.ask(level.reason, { right: () => finish(element) });
        body.querySelector('.quiz')?.remove();
        body.append(element);
        question.focus({ preventScroll: true });
        element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    }

    function show(steps = []) {
        const { node } = trail;
        stage.show(node.state, {
            steps, last: trail.last?.thread, memory: remember(trail),
            coming: (thread) => words.summary(poolGame.moves.press(level, node, thread, single)),
        });
        const [kind, text, actions] = judged();
        verdict.dataset.kind = kind;
        verdict.hidden = !kind;
        foot.dataset.kind = kind;
        verdict.replaceChildren(make('p', {}, ...[text].flat()), ...actions);
        undo.setAttribute('aria-disabled', String(trail.at === 0));
        redo.setAttribute('aria-disabled', String(trail.at === trail.moves.length - 1));
        restart.setAttribute('aria-disabled', String(trail.at === 0));
        written();
        beside?.show(trail);
    }

    function written() {
        const rows = trail.log.map((text) => make('li', {}, text));
        if (made.data.log.length) {
            rows.push(...made.data.log.slice(trail.log.length).map((text, place) => make('li', { class: place ? 'wanted' : 'wanted first' }, text)));
        } else if (!rows.length) rows.push(make('li', { class: 'empty' }, 'nothing yet'));
        log.replaceChildren(...rows);
        const end = log.children[Math.min(trail.log.length, rows.length - 1)];
        soon(log, () => {
            log.scrollTop = end.offsetTop + end.offsetHeight * 2 - log.clientHeight;
        });
    }

    function choices() {
        chooser.replaceChildren(...levels.map(({ name, id }, which) => {
            const { best, shown } = progress.of(id);
            const state = best !== undefined ? 'won' : shown ? 'shown' : '';
            const choice = button('', () => choose(which));
            choice.title = name;
            if (which === number) choice.setAttribute('aria-current', 'true');
            choice.dataset.state = state;
            const about_ = best ? `, won in ${counted(best, 'press', 'presses')}` : best === 0 ? ', done' : shown ? ', played by the page' : '';
            choice.append(make('span', { class: 'mark', 'aria-hidden': 'true' }, state === 'won' ? '✓' : state === 'shown' ? '▷' : `${which + 1}`),
                reader(`Level ${which + 1}${about_}: `), make('span', { class: 'name' }, name));
            return make('li', {}, choice);
        }));
        clear.hidden = !progress.any();
    }

    // Keys, while the focus is in here or nowhere. mdBook has keys of its own, so what is used here
    // stops here.
    function keyed(event) {
        if (event.ctrlKey || event.altKey || event.metaKey || !level) return;
        // Elsewhere the arrows must not turn the page.
        if (['ArrowLeft', 'ArrowRight'].includes(event.key)) {
            if (home.contains(event.target)) event.stopPropagation();
            return;
        }
        const action = progress.keys() && action_(event.key);
        if (!action) return;
        event.preventDefault();
        event.stopPropagation();
        action();
    }

    function action_(name) {
        const keys = new Map();
        if (level.data && trail) {
            for (const [letter, does] of [['u', () => go(trail.at - 1)], ['r', () => go(trail.at + 1)], ['h', help], ['Home', () => go(0)], ['End', () => go(trail.moves.length - 1)]]) keys.set(letter, does);
            made.names.forEach((_, thread) => keys.set(thread ? `${thread - 1}` : 'm', () => press(thread)));
        }
        // What has a key of its own while it is there.
        for (const [letter, name_] of [['n', '.on'], ['b', '.back'], ['w', '.why'], ['u', '.answered .undo'], ['r', '.answered .redo']]) {
            const target = board.querySelector(name_);
            if (target) keys.set(letter, () => target.click());
        }
        body.querySelectorAll('.answer').forEach((answer_, place) => keys.set('abcdefg'[place], () => answer_.click()));
        return keys.get(name);
    }

    home.addEventListener('keydown', keyed);
    if (!only) {
        document.addEventListener('keydown', (event) => {
            if (event.target !== home && event.target.contains(home)) keyed(event);
        });
    }

    home.tabIndex = -1;
    home.classList.add('game');
    board.append(make('header', { class: 'top' }, title, goal), body, foot);
    verdict.hidden = true;
    const paper = make('div', { class: 'paper' }, ...home.childNodes);
    progress.watch(choices);
    if (only) {
        const folded = make('details', { class: 'whole' }, make('summary', {}, 'Make it deadlock yourself, here'), board, make('p', { class: 'note' }, own, '.'));
        folded.addEventListener('toggle', () => {
            if (folded.open && number < 0) arrive();
        });
        home.replaceChildren(paper, folded);
        // The chapter asks for it before it explains, so nobody has to unfold it first.
        folded.open = true;
    } else {
        const skip = make('a', { class: 'skip', href: '#level', onclick(event) {
            event.preventDefault();
            title.focus();
        } }, 'Skip the levels, to the game');
        home.replaceChildren(paper, skip, make('nav', { class: 'of-levels', 'aria-label': 'Levels' }, chooser), board, extras,
            make('p', { class: 'note' }, 'The address of this page holds the level and what was pressed, so it can be shared. Your results are kept in this browser only. ', clear),
            make('p', { class: 'note of-keys' }, make('label', {}, withKeys, ' keys: '), key('m'), ' and ', key('0'), ', ', key('1'), ' … press a thread, ', key('u'), ' undoes, ', key('r'), ' redoes, ', key('h'),
                ' hints, Home and End go to the first and the last press; other keys stand on their buttons.'));
        addEventListener('hashchange', arrive);
        addEventListener('popstate', arrive);
        arrive();
    }
})();
