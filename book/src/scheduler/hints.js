'use strict';

// Hints before solutions: what the level has to say, then the next press, and only then the rest.

poolGame.hints = (() => {
    const { way } = poolGame.moves;

    class Hints {
        constructor(level, made) {
            Object.assign(this, { level, made, given: 0 });
        }

        // What to say, or the presses that the page is to play.
        next(node) {
            const { level, made } = this;
            if (this.given < level.hints.length) {
                this.given += 1;
                return { text: `Hint: ${level.hints[this.given - 1]}` };
            }
            if (!level.won) return { text: 'That is all there is to hint at. Play on to an end.' };
            const presses = way(level, node, ({ won }) => won);
            if (!presses) return { text: `No way from here leads to ${level.aim}. Undo some presses.` };
            if (this.given > level.hints.length) return { presses };
            this.given += 1;
            return { text: `Hint: press ${made.names[presses[0]]}. (Once more, and the page plays.)` };
        }
    }

    return { Hints };
})();
