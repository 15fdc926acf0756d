'use strict';

// The address: the level, and what was pressed.

poolGame.address = (() => {
    const asked = () => /^#(\d+)\.(.*)$/.exec(decodeURIComponent(location.hash));

    // `hash` says what the address should be.
    function keeper(hash) {
        let waiting = 0;
        // Now, and as a step of its own for Back if it is `fresh`.
        function write(fresh) {
            clearTimeout(waiting);
            waiting = 0;
            if (location.hash === hash()) return;
            try {
                history[fresh ? 'pushState' : 'replaceState'](null, '', hash());
            } catch {
                location.hash = hash();
            }
        }
        // A browser takes only so many changes of the address a second.
        const soon = () => {
            waiting ||= setTimeout(() => write(false), 60);
        };
        return { write, soon };
    }

    return { asked, keeper };
})();
