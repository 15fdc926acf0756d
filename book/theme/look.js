'use strict';

// What mdBook leaves to be said. The book reads as well without it.
(() => {
    // This book has one light look and one dark one.
    for (const name of ['rust', 'coal', 'ayu']) {
        document.getElementById(`mdbook-theme-${name}`)?.closest('li')?.remove();
    }
    const dark = document.getElementById('mdbook-theme-navy');
    if (dark) {
        dark.firstChild.textContent = 'Dark';
    }

    // The way past the table of contents comes before it.
    const skip = document.querySelector('.skip');
    if (skip) document.body.prepend(skip);
    const text = document.getElementById('mdbook-content');
    if (text) text.tabIndex = -1;

    // The bar on top is a landmark, and its first button is one that the keyboard can press.
    document.getElementById('mdbook-menu-bar')?.setAttribute('role', 'banner');
    const label = document.getElementById('mdbook-sidebar-toggle');
    const checkbox = document.getElementById('mdbook-sidebar-toggle-anchor');
    if (label && checkbox) {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = label.className;
        button.title = label.title;
        button.innerHTML = label.innerHTML;
        button.setAttribute('aria-label', label.title);
        button.setAttribute('aria-controls', 'mdbook-sidebar');
        const tell = () => button.setAttribute('aria-expanded', checkbox.checked);
        tell();
        checkbox.addEventListener('change', tell);
        button.addEventListener('click', () => checkbox.click());
        label.before(button);
        label.classList.add('hidden');
    }

    // A part of a listing begins at the left edge, however deep in the listing it stands.
    for (const code of document.querySelectorAll('main code.language-rust')) {
        const depths = code.textContent.split('\n').filter((line) => line.trim()).map((line) => line.search(/\S/));
        const depth = Math.min(...depths);
        if (depth > 0 && Number.isFinite(depth)) {
            code.innerHTML = code.innerHTML.replace(new RegExp(`^ {${depth}}`, 'gm'), '');
        }
    }

    // Whole files have numbered lines, since tables and compilers name lines. The numbers stand beside the
    // code, so that whoever copies it does not copy them.
    for (const code of document.querySelectorAll('main details.file pre > code')) {
        const count = code.textContent.trimEnd().split('\n').length;
        const numbers = document.createElement('span');
        numbers.className = 'numbers';
        numbers.ariaHidden = 'true';
        numbers.textContent = Array.from({ length: count }, (_, line) => line + 1).join('\n');
        code.before(numbers);
    }

    // What scrolls sideways can be reached and scrolled with the keyboard.
    function reachable() {
        for (const box of document.querySelectorAll('main pre > code, main .scrolls, main .table-wrapper')) {
            if (box.scrollWidth > box.clientWidth + 1) {
                box.tabIndex = 0;
            } else {
                box.removeAttribute('tabindex');
            }
        }
    }
    reachable();
    addEventListener('resize', reachable);
    addEventListener('load', reachable);
    document.addEventListener('toggle', reachable, true);

    // mdBook turns the page on the arrow keys; in a box that scrolls sideways they scroll it.
    document.querySelector('main')?.addEventListener('keydown', (event) => {
        if (event.key.startsWith('Arrow') && event.target.tabIndex === 0
            && event.target.scrollWidth > event.target.clientWidth + 1) {
            event.stopPropagation();
        }
    });

    // Answers are folded away on the screen, and paper shows them; but a handout, at `print.html?handout`,
    // leaves room to write one's own.
    const root = document.documentElement;
    const parameters = new URLSearchParams(location.search);
    root.classList.toggle('handout', parameters.has('handout'));
    for (const folded of document.querySelectorAll('main details:not(.file)')) {
        const asks = folded.querySelector('summary')?.textContent.trim() ?? '';
        folded.classList.toggle('question', asks.endsWith('?') || /^[A-Z]: /.test(asks));
    }
    addEventListener('beforeprint', () => {
        if (root.classList.contains('handout')) return;
        for (const folded of document.querySelectorAll('main details:not([open]):not(.file:not(.on-paper))')) {
            folded.open = true;
            folded.dataset.folded = '';
        }
    });
    addEventListener('afterprint', () => {
        for (const unfolded of document.querySelectorAll('main details[data-folded]')) {
            unfolded.open = false;
            delete unfolded.dataset.folded;
        }
    });

    // The page that holds the whole book can be printed in two ways.
    if (/\/print\.html$/.test(location.pathname)) {
        const way = document.createElement('p');
        way.className = 'ways-to-print';
        const handout = root.classList.contains('handout');
        way.innerHTML = handout
            ? 'This is the handout: questions without answers. <a href="print.html">Print with answers</a>'
            : 'This prints with all answers. <a href="print.html?handout">Print a handout without them</a>';
        document.querySelector('main')?.prepend(way);
        // A class needs neither its teacher's page nor the tables to look things up in; and what the explorer
        // says of the repairs answers the questions in front of it.
        for (const title of handout ? ['for-teachers', 'evidence', 'what-the-explorer-says'] : []) {
            const heading = [...document.querySelectorAll('main h1, main h3')].find((one) =>
                one.textContent.trim().toLowerCase().replace(/ /g, '-') === title);
            const end = heading?.matches('h1') ? 'h1' : 'h1, h2, h3, details';
            for (let next = heading; next && !(next !== heading && next.matches(end)); ) {
                const gone = next;
                next = next.nextElementSibling;
                gone.remove();
            }
        }
    }

    // A link to something folded away unfolds it.
    function unfold() {
        const id = decodeURIComponent(location.hash.slice(1));
        const target = id && document.getElementById(id);
        const folded = target && target.closest('details');
        if (folded) {
            folded.open = true;
            folded.scrollIntoView();
        }
    }
    addEventListener('hashchange', unfold);
    unfold();
})();
