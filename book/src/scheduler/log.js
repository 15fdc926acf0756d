'use strict';

// The log: what was printed, and where a level wants a whole log, what is still to be printed.

poolGame.log = (() => {
    const { make, soon } = poolGame.parts;

    const lines = make('ol', { class: 'log', tabIndex: 0, role: 'list', 'aria-label': 'The log' });

    // A small box says how many lines it leaves out.
    const more = make('p', { class: 'more', 'aria-hidden': 'true' });
    const element = make('div', { class: 'log-box' }, lines, more);

    function tell() {
        const { scrollTop, clientHeight } = lines;
        const middles = [...lines.children].map(({ offsetTop, offsetHeight }) => offsetTop + offsetHeight / 2 - scrollTop);
        const above = middles.filter((middle) => middle < 0).length;
        const below = middles.filter((middle) => middle > clientHeight).length;
        more.textContent = [above ? `↑ ${above} more` : '', below ? `↓ ${below} more` : ''].filter((text) => text).join('   ');
    }

    lines.addEventListener('scroll', () => soon(more, tell));
    new ResizeObserver(() => soon(more, tell)).observe(lines);

    function show(printed, wanted) {
        const rows = printed.map((text) => make('li', {}, text));
        rows.push(...wanted.slice(printed.length).map((text, place) => make('li', { class: place ? 'wanted' : 'wanted first' }, text)));
        if (!rows.length) rows.push(make('li', { class: 'empty' }, 'nothing yet'));
        lines.replaceChildren(...rows);
        const end = rows[Math.min(printed.length, rows.length - 1)];
        // The next one is in sight, with one more.
        soon(lines, () => {
            lines.scrollTop = end.offsetTop + end.offsetHeight * 2 - lines.clientHeight;
            tell();
        });
    }

    const isCut = () => lines.scrollHeight > lines.clientHeight + 1;

    return { element, show, isCut };
})();
