'use strict';

// The page on which the reader is the scheduler. What can happen comes from the explorer, by way of
// the files in `data`; the other scripts beside this one hold one idea each, and only show it. They
// are plain scripts, for a page that is opened as a file can't load modules.

(() => {
    // On a page of its own, or one level of it in a chapter.
    const home = document.getElementById('scheduler') ?? document.getElementById('scheduler-here');
    // The page to print holds every chapter; there the table and the picture stay.
    if (!home || document.querySelectorAll('main h1').length > 1) return;
    const base = new URL('.', document.currentScript.src).href;
    globalThis.poolGame = { home, base, only: home.id === 'scheduler-here' };
    for (const name of ['parts', 'words', 'state', 'moves', 'levels', 'progress', 'memory', 'waits', 'flight', 'view', 'room', 'map', 'beside', 'reason', 'ending', 'drag', 'adversary', 'programmer', 'sight', 'chooser', 'log', 'verdict', 'hints', 'keys', 'address', 'play']) {
        const script = document.createElement('script');
        script.src = `${base}${name}.js`;
        // In this order, whichever comes first.
        script.async = false;
        document.head.append(script);
    }
})();
