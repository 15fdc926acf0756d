'use strict';

// The game itself: the level that is played, what can be done in it, and what is said of it.

(() => {
    const { home, only } = poolGame;
    const { make, button, key, reader, upper, dot } = poolGame.parts;
    const { words, levels, progress, reason, ending, chooser, log, keys } = poolGame;
    const { load, graph } = poolGame.state;
    const { way, Trail } = poolGame.moves;
    const { remember } = poolGame.memory;
    const { bring } = poolGame.sight;

    // By how much a verdict may lengthen the board, in pixels.
    const ROOM = innerWidth < 720 ? 110 : 80;
    // By how much a question may, when it is answered.
    const REPLY = 170;

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
    let hints;
    // Whether the question of a level that can't be won was answered since the level was opened.
    let answered = false;

    const said = make('p', { class: 'said', role: 'status' });
    const title = make(only ? 'h3' : 'h2', { id: 'level', class: 'title', tabIndex: -1 });
    const goal = make('p', { class: 'goal' });
    const verdict = make('div', { class: 'verdict' });
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
    // To the map, and from it back.
    const toMap = button('Map', () => {
        beside.mapTitle.focus({ preventScroll: true });
        beside.mapTitle.scrollIntoView({ block: 'start', behavior: 'instant' });
    }, { class: 'to-map' });
    const toGame = () => {
        title.focus({ preventScroll: true });
        board.scrollIntoView({ block: 'start', behavior: 'instant' });
    };
    const controls = make('div', { class: 'controls', role: 'group', 'aria-label': 'The schedule' }, undo, redo, restart, hint,
        ...(only ? [] : [toMap]), make('label', { class: 'single' }, singly, ' single steps'));
    const board = make('section', { class: 'board', 'aria-labelledby': 'level' });
    const foot = make('div', { class: 'foot' }, controls, said, verdict);
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
    const address = poolGame.address.keeper(hash);
    const away = (where) => `be-the-scheduler.html${where}`;
    const own = make('a', { href: away('#1.') }, 'The same place on a page of its own, with the other levels');
    function share() {
        if (only) own.href = away(hash());
        else address.soon();
    }

    // Shows the level that the address names, and the steps in it, as far as they can be taken.
    function arrive() {
        const found = only ? null : poolGame.address.asked();
        const which = found ? Number(found[1]) - 1 : number < 0 ? 0 : -1;
        const then = () => {
            if (!first || scrollY === 0) bring(board, board, ROOM);
        };
        const first = number < 0;
        if (!levels[which]) {
            if (first) open(0, '', then);
        } else if (which !== number || found?.[2] !== hash().replace(/^#\d+\./, '')) open(which, found?.[2] ?? '', then);
    }

    function choose(which) {
        open(which, '', () => {
            address.write(true);
            said.append(reader(` Level ${number + 1}: ${level.name}. ${level.goal ?? ''}`));
            title.focus({ preventScroll: true });
            bring(board, board, ROOM);
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
        } else controls.after(said);
        choices();
        if (level.data) show();
        then();
    }

    function quiz() {
        const { element, reply } = reason.ask(level.quiz, { right: () => finish(element, reply) });
        body.replaceChildren(element);
        say('');
    }

    // A level's own parts, which stay in place while it is played.
    function build(data, code) {
        made = level.made ??= graph(level, data);
        trail = new Trail(level, made);
        level.par ??= level.won ? way(level, trail.node, ({ won }) => won).length : 0;
        helped = '';
        hints = new poolGame.hints.Hints(level, made);
        answered = false;
        stage = new poolGame.view.Stage({ names: made.names, source: data.source, press, prefix: 'game', level: only ? 4 : 3 });
        board.dataset.log = data.log.length ? 'yes' : 'no';
        body.replaceChildren(stage.element, ...(data.log.length ? [log.element] : []));
        made.looks ??= poolGame.room.ofLevel(level, made);
        poolGame.room.watch(stage, made.looks);
        beside = only ? null : new poolGame.beside.Beside(level, made, { go, jump, press, toGame, log: data.log.length ? null : log.element });
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

    function help() {
        if (hint.getAttribute('aria-disabled') === 'true') {
            say('There is nothing left to hint at.');
            return;
        }
        const { text, presses } = hints.next(trail.node);
        if (presses) playOn(presses);
        else say(text);
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

    // What is done without presses to count, and the way on from there. What `first` says stays in sight.
    function finish(place, first, ...praise) {
        progress.won(level.id);
        choices();
        for (const old of place.querySelectorAll('.verdict, .on')) old.remove();
        place.append(number + 1 < levels.length ? make('div', { class: 'verdict', 'data-kind': 'won' }, make('p', {}, ...praise), offer('on'))
            : ending.build({ progress, levels, choose }));
        bring(first, place.lastChild);
    }

    // What there is to do about a verdict, each with its key.
    const todo = {
        on: () => ['n', button('Next level', () => choose(number + 1), { class: 'on' })],
        why: () => ['w', button('Say why', explain, { class: 'why' })],
        back: ({ back }) => ['b', button('Go back there', () => {
            go(back.at);
            stage.cards[back.thread].step.focus({ preventScroll: true });
        }, { class: 'back' })],
    };
    function offer(name, found) {
        const [letter, made_] = todo[name](found);
        made_.append(key(letter));
        return made_;
    }

    // Where a level can't be won, the reader says why. Until then the verdict makes room for the question.
    function explain() {
        const { element, title: question, reply } = reason.ask(level.reason, { right: () => {
            answered = true;
            progress.won(level.id);
            choices();
            judged();
            say('', outcome());
            bring(reply, foot);
        } });
        body.append(element);
        judged();
        say('');
        question.focus({ preventScroll: true });
        bring(element, foot, REPLY);
    }

    const asks = () => (body.querySelector('.quiz') ? (answered ? 'answered' : 'open') : '');

    function judged() {
        const tried = new Set([...(progress.of(level.id).tried ?? []), order()]).size;
        const found = poolGame.verdict.judge({ level, made, trail, helped, asks: asks(), tried, answered });
        verdict.dataset.kind = found.kind;
        verdict.hidden = !found.kind;
        foot.dataset.kind = found.kind;
        verdict.replaceChildren(make('p', {}, ...[found.text].flat()), ...(only && found.kind === 'won' ? [] : found.actions.map((name) => offer(name, found))));
        // Where the window has no room for it beside what is kept free, the threads take less.
        stage.element.dataset.tight = 'no';
        if (asks() || (found.kind && (board.getBoundingClientRect().height > innerHeight || log.isCut()))) stage.element.dataset.tight = 'yes';
    }

    function show(steps = []) {
        const { node } = trail;
        stage.show(node.state, {
            steps, last: trail.last?.thread, memory: remember(trail),
            coming: (thread) => words.summary(poolGame.moves.press(level, node, thread, single)),
        });
        log.show(trail.log, made.data.log);
        // A question is about the end.
        if (!node.state.end) body.querySelector('.quiz')?.remove();
        judged();
        undo.setAttribute('aria-disabled', String(trail.at === 0));
        redo.setAttribute('aria-disabled', String(trail.at === trail.moves.length - 1));
        restart.setAttribute('aria-disabled', String(trail.at === 0));
        hint.setAttribute('aria-disabled', String(node.won || Boolean(!level.won && node.state.end)));
        beside?.show(trail);
    }

    function choices() {
        chooser.show(number, choose);
        clear.hidden = !progress.any();
    }

    // The keys of a level that is played thread by thread.
    function actions() {
        if (!level?.data || !trail) return [];
        return [['u', () => go(trail.at - 1)], ['r', () => go(trail.at + 1)], ['h', help], ['Home', () => go(0)], ['End', () => go(trail.moves.length - 1)],
            ...made.names.map((_, thread) => [thread ? `${thread - 1}` : 'm', () => press(thread)])];
    }

    keys.listen(board, actions);
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
        home.replaceChildren(paper, skip, make('nav', { class: 'of-levels', 'aria-label': 'Levels' }, chooser.element), board, extras,
            make('p', { class: 'note' }, 'The address of this page holds the level and what was pressed, so it can be shared. Your results are kept in this browser only. ', clear),
            keys.note());
        addEventListener('hashchange', arrive);
        addEventListener('popstate', arrive);
        arrive();
    }
})();
