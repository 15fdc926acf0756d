'use strict';

// What has to be in sight is brought there once, when it appears: while one plays, the page stays
// where it is.

poolGame.sight = (() => {
    const EDGE = 4;

    // Brings what stands from the top of one element to the bottom of another into sight, with room
    // below for what may still come. The top comes first, where that is more than the window holds.
    function bring(first, last = first, room = 0) {
        const top = first.getBoundingClientRect().top - EDGE;
        const below = last.getBoundingClientRect().bottom + room + EDGE - innerHeight;
        const by = top < 0 ? top : Math.min(top, Math.max(below, 0));
        if (by) scrollBy({ top: by, behavior: 'instant' });
    }

    return { bring };
})();
