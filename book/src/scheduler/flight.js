'use strict';

// The lock and the messages go from hand to hand, unless the reader asks for less motion.

poolGame.flight = (() => {
    const { make } = poolGame.parts;
    const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
    const messages = (queue) => [...queue.querySelectorAll('.job, .terminate')];

    // Where everything is that is about to move.
    function before({ token, queue }, steps) {
        if (still() || !steps.length) return null;
        return {
            token: token.isConnected && token.getBoundingClientRect(),
            home: token.parentElement,
            messages: messages(queue).map((item) => ({ text: item.textContent, className: item.className, rect: item.getBoundingClientRect() })),
        };
    }

    // A message goes from its sender to the queue, and from there to whoever takes it.
    function after({ token, queue, cards, element }, flights, steps) {
        if (!flights) return;
        if (token.parentElement !== flights.home) from(token, flights.token);
        for (const step of steps) {
            const card = cards[step.thread].box;
            if (/^send to the channel($|: job)/.test(step.does)) {
                const item = messages(queue).at(-1);
                if (item) from(item, card.getBoundingClientRect());
            }
            if (/^receive from the channel($|: job)/.test(step.does) && flights.messages.length) {
                fly(element, flights.messages.shift(), card);
            }
        }
    }

    // Lets something that stands in its place now come from where it was.
    function from(element, old) {
        const now = element.getBoundingClientRect();
        if (!old?.width || !now.width) return;
        const x = old.left + old.width / 2 - now.left - now.width / 2;
        const y = old.top + old.height / 2 - now.top - now.height / 2;
        if (Math.abs(x) + Math.abs(y) < 2) return;
        element.animate([{ transform: `translate(${x}px, ${y}px)`, zIndex: 5 }, { transform: 'none', zIndex: 5 }], { duration: 420, easing: 'ease-in-out' });
    }

    function fly(stage, { text, className, rect }, card) {
        const ghost = make('span', { class: `${className} ghost`, 'aria-hidden': 'true' }, text);
        const home = stage.getBoundingClientRect();
        ghost.style.left = `${rect.left - home.left}px`;
        ghost.style.top = `${rect.top - home.top}px`;
        stage.append(ghost);
        const to = card.getBoundingClientRect();
        const x = to.left + to.width / 2 - rect.left - rect.width / 2;
        const y = to.top + Math.min(to.height / 2, 30) - rect.top;
        ghost.animate([{ transform: 'none' }, { transform: `translate(${x}px, ${y}px)`, opacity: 0.2 }], { duration: 450, easing: 'ease-in-out' })
            .finished.catch(() => {}).then(() => ghost.remove());
    }

    return { before, after };
})();
