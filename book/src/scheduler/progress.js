'use strict';

// What is kept in this browser: for each level the fewest presses, or that the page has played it.
// The browser may refuse, and another tab may have written meanwhile.

poolGame.progress = (() => {
    const shelf = 'be-the-scheduler';
    const keyShelf = `${shelf}-keys`;
    let kept = {};
    let keys = true;
    try {
        keys = localStorage.getItem(keyShelf) !== 'off';
    } catch { /* then they are on */ }

    function read() {
        try {
            const found = JSON.parse(localStorage.getItem(shelf));
            if (found && typeof found === 'object' && !Array.isArray(found)) kept = found;
            else if (found === null) kept = {};
        } catch { /* then what is known here counts */ }
    }

    function write() {
        try {
            if (Object.keys(kept).length) localStorage.setItem(shelf, JSON.stringify(kept));
            else localStorage.removeItem(shelf);
        } catch { /* then nothing is kept */ }
    }

    function change(id, with_) {
        read();
        kept[id] = with_(kept[id] ?? {});
        write();
    }

    return {
        of: (id) => kept[id] ?? {},
        any: () => Object.keys(kept).length > 0,
        // Won by the reader, with so many presses, or without counting.
        won: (id, presses = 0) => change(id, (old) => ({ ...old, best: Math.min(old.best ?? Infinity, presses) })),
        shown: (id) => change(id, (old) => ({ ...old, shown: true })),
        tried: (id, order) => change(id, (old) => ({ ...old, tried: [...new Set([...(old.tried ?? []), order])] })),
        // Whether keys play, and how to change that.
        keys(wanted = keys) {
            keys = wanted;
            try {
                if (keys) localStorage.removeItem(keyShelf);
                else localStorage.setItem(keyShelf, 'off');
            } catch { /* then it holds as long as the page */ }
            return keys;
        },
        clear() {
            kept = {};
            write();
        },
        // Calls when another tab has written.
        watch(changed) {
            read();
            addEventListener('storage', ({ key }) => {
                if (key !== shelf && key !== null) return;
                read();
                changed();
            });
        },
    };
})();
