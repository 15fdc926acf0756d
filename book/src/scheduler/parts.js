'use strict';

// Elements, and what every part of the game makes of them.

poolGame.parts = (() => {
    function make(tag, properties = {}, ...children) {
        const { class: name, ...others } = properties;
        const element = document.createElement(tag);
        if (name) element.className = name;
        for (const [key, value] of Object.entries(others)) {
            if (key in element && !key.startsWith('aria')) element[key] = value;
            else element.setAttribute(key, value);
        }
        element.append(...children);
        return element;
    }

    const button = (label, action, properties = {}) => make('button', { type: 'button', onclick: action, ...properties }, label);
    const key = (name) => make('kbd', { 'aria-hidden': 'true' }, name);
    const reader = (text) => make('span', { class: 'reader' }, text);
    const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
    const dot = (text) => (/[.?!]”?$/.test(text) ? text : `${text}.`);
    const counted = (count, one, more = `${one}s`) => `${count.toLocaleString('en')} ${count === 1 ? one : more}`;
    const listed = (words, and = 'and') => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`);

    // Does something once before the next picture, however often it is asked for: what measures the
    // page is slow.
    const waiting = new Map();
    function soon(what, does) {
        if (!waiting.size) {
            requestAnimationFrame(() => {
                const all = [...waiting.values()];
                waiting.clear();
                for (const one of all) one();
            });
        }
        waiting.set(what, does);
    }

    // A line of code with its number, and a mark if a thread is there.
    function line(source, number, here) {
        const row = make('span', { class: here ? 'row here' : 'row' },
            make('span', { class: 'gutter', 'aria-hidden': 'true' }, here ? '▶' : ''),
            make('span', { class: 'number' }, `${number}`));
        if (here) {
            row.prepend(reader('the line it is at: '));
            row.setAttribute('aria-current', 'true');
        }
        return { row, text: source[number - 1] };
    }

    return { make, button, key, reader, upper, dot, counted, listed, line, soon };
})();
