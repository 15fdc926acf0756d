'use strict';

// A question with its right answer and the tempting ones; each says why it is right or wrong.

poolGame.reason = (() => {
    const { make, button, key } = poolGame.parts;

    // `right` is called when the right answer is chosen, and only once.
    function ask({ question, answers }, { right, level = 3 }) {
        const reply = make('p', { class: 'reply', role: 'status' });
        const title = make(`h${level}`, { class: 'question', tabIndex: -1 }, question);
        let done = false;
        const rows = answers.map(([text, is, why], place) => {
            const choice = button('', () => {
                choice.dataset.kind = is ? 'right' : 'wrong';
                reply.dataset.kind = choice.dataset.kind;
                reply.textContent = why;
                if (!is || done) return;
                done = true;
                right();
            }, { class: 'answer' });
            choice.append(key('abcdefg'[place]), text);
            return make('li', {}, choice);
        });
        return { element: make('section', { class: 'quiz' }, title, make('ul', { role: 'list' }, ...rows), reply), title, reply };
    }

    return { ask };
})();
