'use strict';

// What stands beside the board: the map, the presses so far, the log, how it can still end, and the
// whole file.

poolGame.beside = (() => {
    const { make, button, dot, line, soon } = poolGame.parts;
    const { words, state: { ways }, moves: { chance } } = poolGame;

    class Beside {
        // `log` stands here, unless it stands on the board.
        constructor(level, made, { go, jump, press, toGame, log }) {
            Object.assign(this, { level, made, go });
            const { data } = made;
            this.map = new poolGame.map.Map(level, made, { jump, press });
            this.trailList = make('ol', { class: 'trail', role: 'list', tabIndex: 0, 'aria-label': 'The presses so far: choose one to go there' });
            this.answer = make('div');
            this.asking = make('details', { class: 'ask', ontoggle: () => this.counts() },
                make('summary', {}, level.won ? `Can this still lead to ${level.aim}?` : 'How can this still end?'), this.answer);
            this.whole = make('div', { class: 'source', tabIndex: 0, role: 'region', 'aria-label': 'The file' });
            this.file = make('details', { class: 'whole-file', ontoggle: () => this.where() },
                make('summary', {}, 'The whole of ', make('code', {}, `listings/${data.listing}/src/lib.rs`), ', and where the threads are'), this.whole);
            const part = (name, title, content) => make('section', { class: `part ${name}` }, make('h3', {}, title), content);
            this.mapTitle = make('h3', { tabIndex: -1 }, 'The map');
            const map = make('section', { class: 'part of-map' }, make('div', { class: 'map-top' }, this.mapTitle, button('Back to the threads', toGame, { class: 'to-game' })), this.map.element);
            this.parts = [
                map, part('of-trail', 'The presses so far', this.trailList),
                ...(log ? [part('of-log', 'The log', log)] : []), this.asking, this.file,
                make('p', { class: 'note' }, 'The program: ', make('a', { href: `${data.listing}.html` }, data.listing), `, ${data.scenario}.`),
            ];
        }

        show(trail) {
            this.trail = trail;
            this.map.show(trail);
            this.listed();
            this.counts();
            this.where();
        }

        // What is there already stays there.
        listed() {
            const { trail, made: { names } } = this;
            const turn = trail.first((node) => node.doomed || !node.hope);
            const rows = this.trailList.children;
            while (rows.length > trail.moves.length) this.trailList.lastChild.remove();
            trail.moves.forEach((move, place) => {
                if (rows[place]?.move !== move) {
                    const what = place ? dot(`${names[move.thread]}: ${words.summary(move.steps)}`) : 'All threads start.';
                    const chip = button('', () => this.go(place), { class: 'chip', 'data-steps': move.count });
                    chip.append(make('span', { class: 'count' }, place ? `${place}` : ''), ` ${what}`, make('em', {}));
                    const row = make('li', {}, chip);
                    row.move = move;
                    if (rows[place]) rows[place].replaceWith(row);
                    else this.trailList.append(row);
                }
                const chip = rows[place].firstChild;
                const mark = turn && turn.press === place && place <= trail.at ? ' the point of no return' : '';
                if (chip.lastChild.textContent !== mark) chip.lastChild.textContent = mark;
                chip.classList.toggle('undone', place > trail.at);
                if (place === trail.at) chip.setAttribute('aria-current', 'step');
                else chip.removeAttribute('aria-current');
            });
            const here = rows[trail.at];
            soon(this.trailList, () => {
                this.trailList.scrollTop = here.offsetTop - this.trailList.clientHeight / 2;
            });
        }

        // How it can still end, counted.
        counts() {
            if (!this.asking.open) return;
            const { level, made, trail: { node } } = this;
            const found = Object.entries(ways(made, level)(node)).sort();
            const sum = found.reduce((total, [, count]) => total + count, 0n);
            const first = !level.won ? '' : node.won ? `This is ${level.aim}.` : node.hope ? 'Yes.' : `No. No way from here leads to ${level.aim}.`;
            const named = (end) => end.replace(/^[^,]*/, (kind) => words.ends[kind] ?? kind);
            const rows = found.map(([end, count]) => make('li', {}, `${count.toLocaleString('en')} of ${sum.toLocaleString('en')} ${sum === 1n ? 'way' : 'ways'} out: ${named(end)}`));
            const share = Math.round(chance(level, node) * 100);
            const luck = level.won && node.hope && !node.won ? make('p', {}, `Whoever presses at random from here gets there in ${share || 'less than 1'} of 100 games.`) : '';
            this.answer.replaceChildren(make('p', {}, first), make('ul', {}, ...rows), luck,
                make('p', { class: 'note' }, 'Every order of single steps from here to an end is one way, counted and not estimated. (The book’s schedules are fewer: there, orders that no thread can tell apart count as one.)'));
        }

        where() {
            if (!this.file.open) return;
            const { source } = this.made.data;
            const places = new Set(this.trail.node.state.threads.map(({ line: at }) => at));
            this.whole.replaceChildren(...source.map((_, index) => {
                const { row, text } = line(source, index + 1, places.has(index + 1));
                row.append(text || ' ');
                return row;
            }));
        }
    }

    return { Beside };
})();
