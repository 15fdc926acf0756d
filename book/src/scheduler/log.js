'use strict';

// The log: what was printed, and where a level wants a whole log, what is still to be printed.

poolGame.log = (() => {
    const { make, soon } = poolGame.parts;

    const lines = make('ol', { class: 'log', tabIndex: 0, role: 'list', 'aria-label': 'The log' });

    function show(printed, wanted) {
        const rows = printed.map((text) => make('li', {}, text));
        rows.push(...wanted.slice(printed.length).map((text, place) => make('li', { class: place ? 'wanted' : 'wanted first' }, text)));
        if (!rows.length) rows.push(make('li', { class: 'empty' }, 'nothing yet'));
        lines.replaceChildren(...rows);
        const end = rows[Math.min(printed.length, rows.length - 1)];
        // The next one is in sight, with one more.
        soon(lines, () => {
            lines.scrollTop = end.offsetTop + end.offsetHeight * 2 - lines.clientHeight;
        });
    }

    return { lines, show };
})();
