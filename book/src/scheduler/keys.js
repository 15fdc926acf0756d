'use strict';

// Keys, while the focus is in the game or nowhere. mdBook has keys of its own, so what is used here
// stops here.

poolGame.keys = (() => {
    const { home, only, progress } = poolGame;
    const { make, key } = poolGame.parts;

    // What has a key of its own while it is there.
    const buttons = [['n', '.on'], ['b', '.back'], ['w', '.why'], ['u', '.answered .undo'], ['r', '.answered .redo']];

    // `actions` gives the level's own: pairs of a key and what it does.
    function listen(board, actions) {
        function action(name) {
            const keys = new Map(actions());
            for (const [letter, selector] of buttons) {
                const target = board.querySelector(selector);
                if (target) keys.set(letter, () => target.click());
            }
            board.querySelectorAll('.answer').forEach((answer, place) => keys.set('abcdefg'[place], () => answer.click()));
            return keys.get(name);
        }
        function keyed(event) {
            if (event.ctrlKey || event.altKey || event.metaKey) return;
            // Elsewhere the arrows must not turn the page.
            if (['ArrowLeft', 'ArrowRight'].includes(event.key)) {
                if (home.contains(event.target)) event.stopPropagation();
                return;
            }
            const does = progress.keys() && action(event.key);
            if (!does) return;
            event.preventDefault();
            event.stopPropagation();
            does();
        }
        home.addEventListener('keydown', keyed);
        if (!only) {
            document.addEventListener('keydown', (event) => {
                if (event.target !== home && event.target.contains(home)) keyed(event);
            });
        }
    }

    // Which keys there are, and whether they play.
    function note() {
        const play = make('input', { type: 'checkbox', checked: progress.keys(), onchange: () => progress.keys(play.checked) });
        return make('p', { class: 'note of-keys' }, make('label', {}, play, ' keys: '), key('m'), ' and ', key('0'), ', ', key('1'), ' … press a thread, ', key('u'), ' undoes, ', key('r'), ' redoes, ', key('h'),
            ' hints, Home and End go to the first and the last press; other keys stand on their buttons.');
    }

    return { listen, note };
})();
