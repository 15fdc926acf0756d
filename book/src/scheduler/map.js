'use strict';

// The map: every state of a level, laid out by step, with the way that was walked, and shaded where
// it is decided already how all will end.

poolGame.map = (() => {
    const { make, button, upper, dot, counted, soon } = poolGame.parts;
    const { words, state: { leads }, moves, waits: { draw } } = poolGame;

    // A map of many more is taller than three screens of a phone; then only those where a press ends are
    // drawn, and the page says so.
    const MOST = 1200;
    // From one column to the next and from one row to the next, in pixels.
    const NARROW = 18;
    const WIDE = 36;
    const Y = 12;
    // How wide a map may become without narrow columns.
    const ROOM = innerWidth < 720 ? 300 : 620;

    function nodesOf(level, made) {
        if (made.nodes.length <= MOST) return { nodes: made.nodes, next: (node) => leads(node).map(({ to }) => to), all: true };
        const stands = moves.stands(level, made);
        const next = (node) => leads(node).map(({ thread }) => moves.press(level, node, thread).at(-1).to);
        return { nodes: [...stands], next, all: false };
    }

    // Red is doomed, and hollow is where the goal can't be reached any more.
    const kindOf = (node) => [node.doomed ? 'doomed' : '', node.hope ? 'open' : 'out'].filter((word) => word).join(' ');
    const ranks = { out: 0, open: 1, 'doomed open': 2, 'doomed out': 3 };

    // A column for each step, or for each press: as many as can lead there, so that all ways go to the
    // right. In it what is decided stands together, and each state about where those stand that lead
    // to it.
    function layout(nodes, next, made) {
        const depth = new Map(nodes.map((node) => [node, 0]));
        const columns = [];
        for (const node of [...made.backwards].reverse()) {
            if (!depth.has(node)) continue;
            for (const to of next(node)) depth.set(to, Math.max(depth.get(to), depth.get(node) + 1));
            (columns[depth.get(node)] ??= []).push(node);
        }
        const filled = columns.filter((column) => column);
        const tallest = Math.max(...filled.map(({ length }) => length));
        const X = Math.max(NARROW, Math.min(WIDE, ROOM / (filled.length + 1)));
        const places = new Map();
        const pulled = new Map();
        filled.forEach((column, x) => {
            const wish = (node) => {
                const pulls = pulled.get(node) ?? [tallest / 2];
                return pulls.reduce((sum, y) => sum + y, 0) / pulls.length;
            };
            column.sort((one, other) => ranks[kindOf(one)] - ranks[kindOf(other)] || wish(one) - wish(other));
            column.forEach((node, row) => {
                const y = row + (tallest - column.length) / 2;
                places.set(node, { x: (x + 1) * X, y: (y + 1) * Y });
                for (const to of next(node)) pulled.set(to, [...(pulled.get(to) ?? []), y]);
            });
        });
        return { places, X, width: (filled.length + 1) * X, height: (tallest + 1) * Y };
    }

    // The ground behind what is decided, column by column.
    function ground(kind, places, X) {
        const columns = new Map();
        for (const [node, { x, y }] of places) {
            if (!kindOf(node).startsWith(kind)) continue;
            const [top, bottom] = columns.get(x) ?? [y, y];
            columns.set(x, [Math.min(top, y), Math.max(bottom, y)]);
        }
        const boxes = [...columns].map(([x, [top, bottom]]) => `M${x - X / 2} ${top - Y / 2}h${X}v${bottom - top + Y}h${-X}z`);
        return draw('path', { class: `ground ${kind}`, d: boxes.join('') });
    }

    class Map_ {
        constructor(level, made, { jump, press }) {
            Object.assign(this, { level, made, jump, press });
            const { nodes, next, all } = nodesOf(level, made);
            Object.assign(this, { nodes, next, all, ...layout(nodes, next, made) });
            const circles = nodes.map((node) => {
                const { x, y } = this.places.get(node);
                const circle = draw('circle', { cx: x, cy: y, r: node.state.end ? 5 : 3.5, class: `${kindOf(node)}${node.state.end ? ' end' : ''}${node.won ? ' won' : ''}` });
                circle.node = node;
                return circle;
            });
            this.circles = new Map(nodes.map((node, place) => [node, circles[place]]));
            const edges = { open: '', out: '', 'doomed open': '', 'doomed out': '' };
            for (const node of nodes) {
                for (const to of next(node)) edges[kindOf(to)] += this.segment(node, to);
            }
            this.walked = draw('path', { class: 'walked' });
            this.turn = draw('path', { class: 'turn' });
            this.here = draw('circle', { class: 'you', r: 6.5 });
            this.focus = draw('circle', { class: 'focus', r: 8 });
            this.focus.style.display = 'none';
            this.svg = draw('svg', {
                viewBox: `0 0 ${this.width} ${this.height}`, role: 'application', tabindex: 0,
                'aria-label': 'The map. Arrow keys look around, Enter goes there. Where each press leads stands in the list below, too.',
            }, ground('doomed', this.places, this.X), ground('out', this.places, this.X), ...Object.entries(edges).map(([kind, d]) => draw('path', { class: `edges ${kind}`, d })), this.walked, ...circles, this.turn, this.here, this.focus);
            this.svg.style.width = `${this.width}px`;
            this.scroller = make('div', { class: 'scroller' }, this.svg);
            this.preview = make('p', { class: 'preview', role: 'status' });
            this.ways = make('ul', {});
            this.list = make('details', { class: 'ways' }, make('summary', {}, 'The map as a list: where each press leads from here'), this.ways);
            this.list.addEventListener('toggle', () => this.listed());
            this.element = make('div', { class: 'map' }, make('p', { class: 'legend' }, ...this.legend()), this.scroller, this.preview, this.list);
            this.listen();
        }

        legend() {
            const kinds = new Set(this.nodes.map(kindOf));
            const swatch = (kind, text) => make('span', {}, make('i', { class: `swatch ${kind}` }), text);
            const what = `Each dot is a state: where the threads are, and what is in the queue. Here are all ${this.nodes.length.toLocaleString('en')} ${this.all ? 'of this level, a column for each step' : 'at which a press ends, a column for each press'}. `;
            return [`${what}The large ones are ends. Press anywhere in the map to go to the state that is nearest.`, swatch('open', this.level.won ? 'the goal can be reached' : 'a state'), ...(kinds.has('doomed open') || kinds.has('doomed out') ? [swatch('doomed', 'red: doomed, every way ends in a deadlock')] : []),
                ...(kinds.has('out') || kinds.has('doomed out') ? [swatch('out', `hollow: no way leads to ${this.level.aim ?? 'it'} any more`)] : []),
                ...(this.nodes.some(({ won }) => won) ? [swatch('won', 'the goal')] : []), swatch('way', 'your way'), swatch('you', 'you are here'), ...(kinds.size > 1 ? [swatch('turn', 'the point of no return')] : [])];
        }

        segment(one, two) {
            const [a, b] = [this.places.get(one), this.places.get(two)];
            return `M${a.x} ${a.y}L${b.x} ${b.y}`;
        }

        listen() {
            const near = (event) => event.target.closest('circle')?.node ?? this.nearest(event);
            this.svg.addEventListener('pointermove', (event) => this.look(near(event)));
            this.svg.addEventListener('pointerleave', () => this.look(null));
            this.svg.addEventListener('click', (event) => {
                const node = near(event);
                if (node) this.jump(node);
            });
            this.svg.addEventListener('focus', () => {
                if (this.svg.matches(':focus-visible')) this.look(this.at);
            });
            this.svg.addEventListener('blur', () => this.look(null));
            this.svg.addEventListener('keydown', (event) => {
                const to = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
                if (to) this.look(this.beside(this.looked ?? this.at, to));
                else if (event.key === 'Enter' && this.looked) this.jump(this.looked);
                else return;
                event.preventDefault();
                event.stopPropagation();
            });
        }

        // The whole picture is for the finger: what is meant is the state that is nearest.
        nearest(event) {
            const box = this.svg.getBoundingClientRect();
            const x = ((event.clientX - box.left) / box.width) * this.width;
            const y = ((event.clientY - box.top) / box.height) * this.height;
            let best = null;
            let least = Infinity;
            for (const [node, place] of this.places) {
                const far = (place.x - x) ** 2 + (place.y - y) ** 2;
                if (far < least) [best, least] = [node, far];
            }
            return best;
        }

        // To the right and left along the steps, up and down within a column.
        beside(node, [right, down]) {
            const here = this.places.get(node) ?? this.places.get(this.at);
            const found = right > 0 ? this.next(node) : right < 0 ? this.nodes.filter((other) => this.next(other).includes(node))
                : this.nodes.filter((other) => this.places.get(other).x === here.x && (this.places.get(other).y - here.y) * down > 0);
            const far = (other) => Math.abs(this.places.get(other).y - here.y) + Math.abs(this.places.get(other).x - here.x);
            return found.sort((one, other) => far(one) - far(other))[0] ?? node;
        }

        look(node) {
            if (this.looked === node) return;
            this.looked = node;
            this.focus.style.display = node ? '' : 'none';
            if (!node) {
                this.preview.textContent = '';
                return;
            }
            const { x, y } = this.places.get(node);
            this.focus.setAttribute('cx', x);
            this.focus.setAttribute('cy', y);
            this.preview.textContent = this.told(node);
        }

        told(node) {
            const { names } = this.made;
            const each = node.state.threads.map(({ next }, thread) => `${names[thread]}: ${['ended', 'panicked', 'not created yet'].includes(next) ? next : words.next(next)}`);
            return `After ${counted(node.depth, 'step')}. ${upper(each.join('; '))}. Queue: ${node.state.queue.join(', ') || 'empty'}. ${this.judged(node)}`.trim();
        }

        judged(node) {
            if (node.state.end) return `${node.won ? 'The goal' : 'The end'}: ${words.ends[node.state.end] ?? node.state.end}.`;
            return [node.doomed ? 'The pool is doomed here.' : '', node.hope ? '' : `No way leads to ${this.level.aim} from here.`].filter((text) => text).join(' ');
        }

        // Where each press leads from where the reader is.
        listed() {
            if (!this.list.open || !this.trail) return;
            const { node } = this.trail;
            const rows = leads(node).map(({ thread }) => {
                const steps = moves.press(this.level, node, thread);
                const what = dot(`${upper(this.made.names[thread])}: ${words.summary(steps)}`);
                return make('li', {}, button(what, () => this.press(thread), { class: 'chip' }), ` ${this.judged(steps.at(-1).to) || (this.level.won ? 'Then the goal can be reached.' : '')}`);
            });
            this.ways.replaceChildren(...(rows.length ? rows : [make('li', {}, 'Nobody can go on.')]));
        }

        // Where the reader is, and how that came about.
        show(trail) {
            const { node } = trail;
            this.trail = trail;
            this.listed();
            this.at = this.circles.has(node) ? node : this.nodes[0];
            const passed = this.all ? [this.made.start, ...trail.steps.map(({ to }) => to)] : trail.moves.slice(0, trail.at + 1).map(({ to }) => to);
            const all = passed.filter((one) => this.circles.has(one));
            this.walked.setAttribute('d', all.slice(1).map((to, place) => this.segment(all[place], to)).join(''));
            const start = kindOf(all[0] ?? this.made.start);
            const turn = all.findIndex((one) => kindOf(one) !== start);
            const mark = turn > 0 ? this.places.get(all[turn]) : null;
            this.turn.setAttribute('d', mark ? `M${mark.x - 6} ${mark.y - 6}L${mark.x + 6} ${mark.y + 6}M${mark.x + 6} ${mark.y - 6}L${mark.x - 6} ${mark.y + 6}` : '');
            const { x, y } = this.places.get(this.at);
            this.here.setAttribute('cx', x);
            this.here.setAttribute('cy', y);
            soon(this.scroller, () => {
                this.scroller.scrollLeft = (x / this.width) * this.scroller.scrollWidth - this.scroller.clientWidth / 2;
            });
        }
    }

    return { Map: Map_ };
})();
