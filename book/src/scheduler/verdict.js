'use strict';

// What is said of where the reader has come to: won, out of reach, or the end of a level that can't be
// won. It names what there is to do then, and play.js does it.

poolGame.verdict = (() => {
    const { make, counted } = poolGame.parts;
    const { words, progress } = poolGame;

    const nothing = { kind: '', text: '', actions: [] };

    // `asks` is where the question of a level that can't be won stands: '', 'open' or 'answered'.
    function judge({ level, made, trail, helped, asks, tried, answered }) {
        const { node } = trail;
        const { best } = progress.of(level.id);
        if (node.won) {
            const count = `${counted(trail.at, 'press', 'presses')}; the fewest are ${level.par}.`;
            return { kind: 'won', text: `${level.praise} ${helped || `${count}${best < trail.at ? ` Your best: ${best}.` : ''}`}`, actions: ['on'] };
        }
        if (!level.won && node.state.end) {
            if (asks === 'open') return nothing;
            if (asks === 'answered') return { kind: 'won', text: 'That is the reason, and this level is done.', actions: ['on'] };
            return {
                kind: 'over',
                text: [`You have tried ${tried} of the ${made.data.schedules} orders in which the workers can take the lock. The `,
                    make('a', { href: 'how-we-know.html' }, 'explorer'), `, a program that runs them all, has seen: ${level.never}.`],
                actions: [...(answered ? [] : ['why']), ...(best === undefined ? [] : ['on'])],
            };
        }
        if (level.won && !node.hope) {
            const { press: at, step, number: taken } = trail.first(({ hope }) => !hope);
            const other = node.state.end === 'deadlock' && level.other;
            const decided = `press ${at}: ${made.names[step.thread]} ${words.decides(step)}.`;
            const printed = trail.steps.slice(0, taken).flatMap(({ prints }) => prints).length;
            const lost = level.lost(step.to, { names: made.names, printed, log: made.data.log });
            return {
                kind: 'missed', actions: ['back'], back: { at: at - 1, thread: step.thread },
                text: other ? `${other} It was decided by ${decided}` : `Out of reach since ${decided} ${lost}`,
            };
        }
        return nothing;
    }

    return { judge };
})();
