'use strict';

// The last screen: what was shown, level by level, what is still open, and where it goes on.

poolGame.ending = (() => {
    const { make, button, counted, listed } = poolGame.parts;

    function build({ progress, levels, choose }) {
        const open = [];
        const rows = levels.map(({ id, name, lesson }, which) => {
            const { best } = progress.of(id);
            const done = best !== undefined;
            if (!done) open.push(`${which + 1}`);
            const way = button(name, () => choose(which), { class: 'level' });
            return make('li', { 'data-done': done ? 'yes' : 'no' }, way,
                done ? make('span', {}, ` ${lesson}${best ? ` (${counted(best, 'press', 'presses')})` : ''}`) : ' still open');
        });
        const link = (href, text) => make('a', { href }, text);
        return make('section', { class: 'ending verdict', 'data-kind': 'won' },
            make('h3', {}, open.length ? `The last level is done. Still open: ${listed(open)}.` : 'All twelve levels are done.'),
            make('p', {}, 'Every thread of these pools was in your hand, and you said who goes next. This is what came of it:'),
            make('ol', {}, ...rows),
            make('p', {}, 'From here: ', link('why-two-loops.html', 'the reason at length'), ', ',
                link('how-we-know.html', 'who tried all the schedules'), ', and ', link('what-next.html', 'what next'), '.'));
    }

    return { build };
})();
