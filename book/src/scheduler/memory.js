'use strict';

// What a state alone doesn't tell: since when the pool is doomed, who panicked where, and whether the
// channel is closed and the lock poisoned.

poolGame.memory = (() => {
    const { listed } = poolGame.parts;
    const { words, state: { left } } = poolGame;

    function remember(trail) {
        const { node, steps, made: { names, data } } = trail;
        const joins = steps.filter(({ does }) => does.startsWith('join ')).length;
        const since = node.doomed ? `doomed since press ${trail.first(({ doomed }) => doomed).press}: ` : '';
        const panics = [];
        for (const step of steps) {
            // What unwraps a None does nothing before that anybody else could see.
            const why = words.panics(step) || (/by a panic$/.test(step.does) && !panics[step.thread] ? 'it panicked' : '');
            if (why) panics[step.thread] = { why, line: step.from.state.threads[step.thread].line, inJob: why.startsWith('job ') };
        }
        return {
            joins: data.texts.some((text) => /^join /.test(text)) ? names.length - 1 - joins : undefined,
            doomed: since && `${since}no Terminate left for ${listed(left(node, names), 'or')}`,
            panics,
            // There is one sender only, and its drop closes the channel.
            closed: steps.some(({ does }) => does === 'drop a sender of the channel'),
            // Whoever unwraps that does so with the lock in its hand.
            poisoned: steps.some((step) => step.does === 'receive from the channel: the other side is gone' && words.panics(step)
                && /^(end by a panic|panicked)$/.test(node.state.threads[step.thread].next)),
        };
    }

    return { remember };
})();
