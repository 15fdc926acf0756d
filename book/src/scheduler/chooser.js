'use strict';

// The row of levels: which there are, which is played, and what was reached in each.

poolGame.chooser = (() => {
    const { make, button, reader, counted } = poolGame.parts;
    const { levels, progress } = poolGame;
    const SIGNS = { won: '✓', shown: '▷' };

    const element = make('ol', { class: 'levels', role: 'list' });

    function about({ best, shown }) {
        if (best) return `, won in ${counted(best, 'press', 'presses')}`;
        if (best === 0) return ', done';
        return shown ? ', played by the page' : '';
    }

    // `choose` is called with the place of the level that is wanted.
    function show(current, choose) {
        element.replaceChildren(...levels.map(({ name, id }, which) => {
            const reached = progress.of(id);
            const choice = button('', () => choose(which), { title: name });
            if (which === current) choice.setAttribute('aria-current', 'true');
            choice.dataset.state = reached.best !== undefined ? 'won' : reached.shown ? 'shown' : '';
            choice.append(make('span', { class: 'mark', 'aria-hidden': 'true' }, `${which + 1}`, make('i', {}, SIGNS[choice.dataset.state] ?? '')),
                reader(`Level ${which + 1}${about(reached)}: `), make('span', { class: 'name' }, name));
            return make('li', {}, choice);
        }));
    }

    return { element, show };
})();
