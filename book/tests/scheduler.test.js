// The page on which the reader is the scheduler: every level won by keyboard alone and by touch, at
// the sizes that people have, and random walks compared with what the explorer found.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const folder = new URL('../book/', import.meta.url);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const address = pathToFileURL(fileURLToPath(new URL('be-the-scheduler.html', folder))).href;
const shelf = 'be-the-scheduler';

// The levels: the data, and a shortest schedule that wins; for those that can't be won, a schedule to
// the end and the reason; for the last two, what there is to do.
const levels = [
    { data: 'one-loop', keys: 'mm0100' },
    { data: 'one-loop', keys: 'mm1110' },
    { data: 'two-loops', end: 'mmmmm0100112mmm', why: /there is a Terminate for every worker/ },
    { data: 'one-loop-3', keys: 'mm000mm21' },
    { data: 'one-loop-3', keys: 'mm000mm1mm2m' },
    { data: 'panicking-job', keys: 'mmmm00mmm' },
    { data: 'while-let', end: 'mm00110m0', why: /held until the end of the loop’s body/ },
    { data: 'closed-channel', keys: 'mm0001m' },
    { data: 'closed-and-unwrapped', keys: 'mm0010m' },
    { data: 'log', keys: '003mmmmm12033m' },
    { blocks: ['N', 'F(', 'J', ')'] },
    { why: /a message for every worker/ },
];

const threadOf = (key) => (key === 'm' ? 0 : Number(key) + 1);
const keyOf = (thread) => (thread ? `${thread - 1}` : 'm');

function script(name) {
    const context = {};
    runInNewContext(readFileSync(new URL(`scheduler/data/${name}.js`, folder), 'utf8'), context);
    return JSON.parse(JSON.stringify(context.schedules[name]));
}

// What the explorer found, as the file has it: each state with its lines, its queue and who holds the
// lock, and where each thread leads.
function data(name) {
    const { texts, places, queues, deeds, states, ...rest } = script(name);
    const graph = states.map(([here, queue, leads, end]) => {
        const lines = here.map((place) => places[place][0]);
        const does = here.map(() => null);
        const prints = here.map(() => []);
        const to = here.map(() => -1);
        for (const [thread, deed, state] of leads) {
            const [first, ...printed] = deeds[deed].map((text) => texts[text]);
            does[thread] = first;
            prints[thread] = printed;
            to[thread] = state;
        }
        return {
            lines, does, prints, leads: to, queue: queues[queue].map((text) => texts[text]), nexts: here.map((place) => texts[places[place][1]]),
            holder: here.findIndex((place) => places[place][3] === 1), end: end === undefined ? '' : texts[end],
        };
    });
    return { ...rest, graph };
}

let browser;
before(async () => {
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
});
after(() => browser?.close());

const ready = (page) => page.waitForFunction(() => document.querySelector('.board .body')?.childElementCount > 0);

// A tab for a mouse and one for a finger. The next reader takes them over: a new one takes the browser
// longer than the page that it shows.
const tabs = new Map();

async function tabFor(finger) {
    if (!tabs.has(finger)) {
        const context = await browser.newContext(finger ? { hasTouch: true, isMobile: true } : {});
        context.setDefaultTimeout(10_000);
        const page = await context.newPage();
        const complaints = [];
        page.on('pageerror', (error) => complaints.push(String(error)));
        page.on('requestfailed', (request) => {
            // The picture of the tab may still be on its way when the test leaves the page.
            if (!request.url().includes('/favicon')) complaints.push(`failed: ${request.url()}`);
        });
        tabs.set(finger, { context, page, complaints });
    }
    return tabs.get(finger);
}

// Opens the page for a reader of whom nothing is known yet; whatever it complains of fails the test at
// the end.
async function reading({ viewport = { width: 1280, height: 720 }, finger = false, colorScheme = 'light', reducedMotion = 'reduce' }, play, where = address) {
    const { context, page, complaints } = await tabFor(finger);
    // What goes wrong leaves a tab that nobody takes over.
    tabs.delete(finger);
    await page.setViewportSize(viewport);
    await page.emulateMedia({ media: null, colorScheme, reducedMotion });
    await page.mouse.move(0, 0);
    await page.goto(where, { waitUntil: 'load' });
    await ready(page);
    await play(page, context);
    await page.evaluate(() => localStorage.clear());
    await page.goto('about:blank');
    assert.deepEqual(complaints, []);
    for (const other of context.pages()) if (other !== page) await other.close();
    tabs.set(finger, { context, page, complaints });
}

const said = (page) => page.locator('.game .said').first().textContent();
const verdict = (page) => page.locator('.game .verdict').getAttribute('data-kind');
const shared = (page, wanted) => page.waitForFunction((hash) => decodeURIComponent(location.hash) === hash, wanted);
const at = (page, number) => page.waitForFunction((wanted) => document.querySelector('#level').textContent.startsWith(`Level ${wanted}: `), number);
const choice = (number) => `.levels li:nth-child(${number}) button`;

async function choose(page, number) {
    await page.locator(choice(number)).click();
    await at(page, number);
}

// Walks with Tab to the thing, as a reader without a mouse does.
async function tabTo(page, selector) {
    for (let tabs = 0; tabs < 200; tabs += 1) {
        if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
        await page.keyboard.press('Tab');
    }
    assert.fail(`Tab doesn't lead to ${selector}`);
}

// Marks the button with these words, for `tabTo` and for touch.
async function named(page, words) {
    const found = page.locator('.board button').filter({ hasText: words }).first();
    await found.evaluate((button) => {
        document.querySelector('[data-wanted]')?.removeAttribute('data-wanted');
        button.dataset.wanted = '';
    });
    return '[data-wanted]';
}

for (const [index, { keys, end, why, blocks }] of levels.entries()) {
    const number = index + 1;
    test(`level ${number} by keyboard alone`, async () => {
        await reading({}, async (page) => {
            await page.locator('main h1 a').focus();
            await tabTo(page, choice(number));
            await page.keyboard.press('Enter');
            await at(page, number);
            await page.waitForFunction(() => document.activeElement.id === 'level');
            for (const key of keys ?? end ?? '') {
                assert.notEqual(await verdict(page), 'won');
                await page.keyboard.press(key);
            }
            if (keys) {
                assert.equal(await verdict(page), 'won');
                assert.match(await said(page), /You showed /);
                assert.match(await page.locator('.verdict').textContent(), new RegExp(`${keys.length} presses; the fewest are ${keys.length}\\.`));
                assert.equal(await page.locator(choice(number)).textContent().then((text) => text.includes(`won in ${keys.length} presses`)), true);
            }
            if (end) {
                assert.match(await page.locator('.verdict').textContent(), /^You have tried 1 of the \d+ orders in which the workers can take the lock\. The explorer, /);
                await page.keyboard.press('w');
            }
            for (const block of blocks ?? []) {
                await tabTo(page, `.add[data-token="${block}"]`);
                await page.keyboard.press('Enter');
            }
            if (blocks) {
                await tabTo(page, '.workbench .run');
                await page.keyboard.press('Enter');
                assert.match(await said(page), /No schedule goes wrong/);
            }
            if (why) {
                await tabTo(page, await named(page, why));
                await page.keyboard.press('Enter');
                assert.match(await page.locator('.reply').textContent(), /^Yes/);
            }
            assert.match(await page.locator(choice(number)).textContent(), /won in|done/);
            if (number === levels.length) return;
            await page.keyboard.press('n');
            await at(page, number + 1);
        });
    });
}

test('every level by touch, on a phone', async () => {
    await reading({ viewport: { width: 390, height: 844 }, finger: true }, async (page) => {
        for (const [index, { keys, end, why, blocks }] of levels.entries()) {
            const number = index + 1;
            await at(page, number);
            // A card is its button, wherever it is touched.
            for (const key of keys ?? end ?? '') await page.locator('.board .card').nth(threadOf(key)).tap({ position: { x: 150, y: 20 } });
            if (end) await page.locator('.verdict .why').tap();
            for (const block of blocks ?? []) await page.locator(`.add[data-token="${block}"]`).tap();
            if (blocks) await page.locator('.workbench .run').tap();
            if (why) await page.locator(await named(page, why)).tap();
            assert.match(await page.locator(choice(number)).textContent(), /won in|done/, `level ${number}`);
            if (number < levels.length) await page.locator('.board .on').tap();
        }
    });
});

test('while one plays, all is in sight and nothing scrolls', async () => {
    for (const [width, height] of [[360, 640], [390, 844], [1366, 650], [1440, 900], [1920, 1080]]) {
        await reading({ viewport: { width, height } }, async (page) => {
            for (const [index, { keys, end }] of levels.entries()) {
                if (!(keys ?? end)) continue;
                await choose(page, index + 1);
                const wrong = await page.evaluate(async (threads) => {
                    const found = [];
                    let scrolled = null;
                    for (const thread of threads) {
                        document.querySelectorAll('.press')[thread].click();
                        // Arrows and scrolling boxes find their places in the next frame.
                        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                        const parts = '.board .title, .board .goal, .board .ledger, .board .queue, .board .token, .board .card, .board .card .here:not([hidden] *), .board .coming, .board .controls button, .board .verdict:not([hidden])';
                        const hidden = [];
                        for (const part of document.querySelectorAll(parts)) {
                            const { left, right, top, bottom, width: wide, height: high } = part.getBoundingClientRect();
                            if (!wide || !high) continue;
                            if (top < -0.5 || bottom > innerHeight + 0.5 || left < -0.5 || right > innerWidth + 0.5) hidden.push(`${part.className || part.tagName} at ${Math.round(top)} to ${Math.round(bottom)}`);
                            const on = document.elementFromPoint(left + wide / 2, top + high / 2);
                            if (on && !part.contains(on) && !on.contains(part) && !on.closest('.card')?.contains(part)) hidden.push(`${part.className} is under ${on.className || on.tagName}`);
                        }
                        if (hidden.length) found.push(`after ${location.hash}, ${thread}: ${hidden.join('; ')}`);
                        scrolled ??= scrollY;
                        if (scrollY !== scrolled) found.push(`scrolled from ${scrolled} to ${scrollY}`);
                    }
                    return found;
                }, [...(keys ?? end)].map(threadOf));
                assert.deepEqual(wrong, [], `level ${index + 1}, ${width} × ${height}`);
            }
        });
    }
});

// What is folded away is made when it is unfolded, which the browser tells in its own time.
async function unfold(page, folded) {
    await page.locator(`${folded} summary`).click();
    await page.locator(`${folded} li`).first().waitFor();
}

// What of a thing can't be seen: it is out of the window, or something lies on it.
const unseen = (page, selectors) => page.evaluate((all) => all.flatMap((selector) => {
    const part = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility());
    if (!part) return [`${selector} isn’t there`];
    const { left, top, bottom, width, height } = part.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) return [`${selector} at ${Math.round(top)} to ${Math.round(bottom)} of ${innerHeight}`];
    return [2, height / 2, height - 2].flatMap((down) => {
        const on = document.elementFromPoint(left + width / 2, top + down);
        return on && (part.contains(on) || on.contains(part)) ? [] : [`${selector} is under ${on?.className || on?.tagName}`];
    });
}), selectors);

for (const [width, height] of [[360, 640], [390, 844], [1366, 650], [1920, 1080]]) {
    test(`the right answer and the way on are in sight, and the page stays where it is, ${width} × ${height}`, async () => {
        await reading({ viewport: { width, height }, finger: width < 720 }, async (page) => {
            for (const number of [3, 7]) {
                const { end, why } = levels[number - 1];
                await choose(page, number);
                for (const key of end) await page.keyboard.press(key);
                await page.locator('.verdict .why').click();
                assert.deepEqual(await unseen(page, ['.quiz .question', '.quiz li:last-child .answer']), [], `level ${number}, the question`);
                // What was said of the end makes room for it.
                assert.equal(await page.locator('.foot .verdict').isVisible(), false);
                const wrong = page.locator('.answer').filter({ hasNotText: why }).first();
                await wrong.click();
                assert.deepEqual(await unseen(page, ['.reply']), [], `level ${number}, a tempting answer`);
                const before = await page.evaluate(() => scrollY);
                await page.locator('.answer').filter({ hasText: why }).click();
                assert.match(await page.locator('.reply').textContent(), /^Yes/);
                assert.deepEqual(await unseen(page, ['.reply', '.verdict p', '.verdict .on']), [], `level ${number}`);
                assert.equal(await page.evaluate(() => scrollY), before, `level ${number}`);
                assert.match(await page.locator('.verdict p').textContent(), /this level is done/);
                assert.match(await said(page), /this level is done/);
                // It isn't asked again, and the answer stays.
                assert.equal(await page.locator('.why').count(), 0);
                await page.keyboard.press('w');
                assert.match(await page.locator('.reply').textContent(), /^Yes/);
                // Another order to the end tells how many were tried, and leads on.
                await page.locator('.restart').click();
                assert.equal(await page.locator('.quiz').count(), 0);
                for (const key of end) await page.keyboard.press(key);
                assert.match(await page.locator('.verdict p').textContent(), /^You have tried 1 of/);
                assert.equal(await page.locator('.verdict .on').isVisible(), true);
            }
            await choose(page, 12);
            await page.locator('.answer').filter({ hasText: levels[11].why }).click();
            assert.deepEqual(await unseen(page, ['.reply', '.ending h3']), []);
            assert.equal(await page.locator('.reply').textContent(), 'Yes. Tell everybody first, and then wait for anybody.');
        });
    });
}

// Where everything stands that a finger may look for, and how tall the threads' places are.
const standing = (page) => page.evaluate(() => {
    const tops = [...document.querySelectorAll('.board .shelf, .board .cards, .board .card, .board .log, .board .controls, .board .controls button')]
        .filter((part) => !part.closest('.probe')).map((part) => Math.round(part.getBoundingClientRect().top));
    return `${tops.join(' ')}, scrolled ${scrollY}`;
});

test('nothing moves while one plays', async () => {
    for (const [width, height] of [[360, 640], [390, 844], [768, 1024], [1366, 650], [1920, 1080]]) {
        await reading({ viewport: { width, height } }, async (page) => {
            await page.evaluate(() => document.fonts.ready);
            for (const [index, { data: name }] of levels.entries()) {
                if (!name) continue;
                await choose(page, index + 1);
                await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
                const before = await standing(page);
                const moved = [];
                // Random games, in presses and in single steps, up to where a verdict wants its room.
                for (let game = 0; game < 3; game += 1) {
                    const found = await page.evaluate(([seed_, single]) => {
                        let seed = seed_;
                        const random = (below) => {
                            seed = (seed * 1103515245 + 12345) % 2147483648;
                            return Math.floor((seed / 2147483648) * below);
                        };
                        const box = document.querySelector('.single input');
                        box.checked = single;
                        box.dispatchEvent(new Event('change'));
                        const parts = [...document.querySelectorAll('.board .shelf, .board .cards, .board .card, .board .log, .board .controls, .board .controls button')];
                        const stand = () => `${parts.map((part) => Math.round(part.getBoundingClientRect().top)).join(' ')}, scrolled ${scrollY}`;
                        const start = stand();
                        const out = [];
                        for (let presses = 0; presses < 120; presses += 1) {
                            const can = [...document.querySelectorAll('.press:not([aria-disabled="true"])')];
                            if (!can.length || !document.querySelector('.foot .verdict').hidden) break;
                            const one = can[random(can.length)];
                            one.click();
                            if (document.querySelector('.foot .verdict').hidden && stand() !== start) {
                                out.push(`${location.hash}, ${one.textContent}: ${stand()}, not ${start}`);
                                break;
                            }
                        }
                        document.querySelector('.restart').click();
                        return out;
                    }, [game * 7 + 3, game > 1]);
                    moved.push(...found);
                }
                assert.deepEqual(moved, [], `level ${index + 1}, ${width} × ${height}`);
                assert.equal(await standing(page), before);
            }
        });
    }
});

test('on the smallest phone every verdict is in sight, and covers nothing', async () => {
    for (const [width, height] of [[360, 640], [390, 844], [1366, 650]]) {
        await reading({ viewport: { width, height } }, async (page) => {
            for (const [number, keys] of [[1, 'mm000'], [1, 'mm0010'], [4, 'mm111'], [6, 'mmmm1'], [9, 'mm1'], [10, '00011'], [10, levels[9].keys], [3, levels[2].end]]) {
                await choose(page, number);
                for (const key of keys) await page.keyboard.press(key);
                assert.notEqual(await verdict(page), '', `level ${number}, ${keys}`);
                const buttons = await page.locator('.verdict button').count();
                assert.ok(buttons > 0);
                const parts = ['.verdict p', '.verdict button', '.board .controls .undo', '.board .card', '.board .card:nth-of-type(2)', '.board .card:last-of-type', '.board .goal'];
                if (number === 10) parts.push(await verdict(page) === 'won' ? '.log li:last-child' : '.log .first');
                assert.deepEqual(await unseen(page, parts), [], `level ${number}, ${keys}, ${width} × ${height}`);
            }
        });
    }
});

test('the log says how much of it there is above and below', async () => {
    await reading({ viewport: { width: 360, height: 640 } }, async (page) => {
        await choose(page, 10);
        const told = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(document.querySelector('.log-box .more').textContent)))));
        // As many as can't be seen, by where they stand.
        const seen = () => page.evaluate(() => {
            const { top, bottom } = document.querySelector('.board .log').getBoundingClientRect();
            const middles = [...document.querySelectorAll('.log li')].map((row) => row.getBoundingClientRect()).map((row) => (row.top + row.bottom) / 2);
            return [middles.length, middles.filter((middle) => middle < top).length, middles.filter((middle) => middle > bottom).length];
        });
        const { keys: way } = levels[9];
        for (const keys of ['', way.slice(0, 8), way.slice(8, 12)]) {
            for (const key of keys) await page.keyboard.press(key);
            const text = await told();
            const [all, above, below] = await seen();
            assert.equal(all, 13);
            assert.ok(above + below > 0);
            assert.equal(text, [above ? `↑ ${above} more` : '', below ? `↓ ${below} more` : ''].filter((part) => part).join('   '));
            // The next line is there.
            assert.deepEqual(await unseen(page, ['.log .first']), []);
        }
        for (const key of way.slice(12)) await page.keyboard.press(key);
        assert.equal(await verdict(page), 'won');
        assert.equal(await told(), '');
    });
    for (const [width, height] of [[1366, 650], [1440, 900], [1920, 1080]]) {
        await reading({ viewport: { width, height } }, async (page) => {
            await choose(page, 10);
            assert.deepEqual(await unseen(page, ['.log li:first-child', '.log li:last-child']), []);
            assert.equal(await page.locator('.log-box .more').isVisible(), false);
        });
    }
});

test('the map is one press away, and any place in it leads to the nearest state', async () => {
    await reading({ viewport: { width: 390, height: 844 }, finger: true }, async (page) => {
        assert.deepEqual(await unseen(page, ['.to-map']), []);
        await page.locator('.to-map').tap();
        assert.equal(await page.evaluate(() => document.activeElement.textContent.startsWith('The map')), true);
        assert.deepEqual(await unseen(page, ['.of-map h3', '.map .legend']), []);
        assert.match(await page.locator('.legend').textContent(), /Press anywhere in the map/);
        // A corner far from every state.
        const svg = page.locator('.map svg');
        await svg.scrollIntoViewIfNeeded();
        const [x, y, nearest] = await svg.evaluate((map) => {
            const box = map.getBoundingClientRect();
            const [left, top] = [Math.min(box.right, innerWidth) - 30, box.top + 3];
            const spots = [...map.querySelectorAll('circle')].filter(({ node }) => node).map((circle) => {
                const { x: at, y: down, width } = circle.getBoundingClientRect();
                return { far: Math.hypot(at + width / 2 - left, down + width / 2 - top), number: circle.node.number };
            }).sort((one, other) => one.far - other.far);
            return [left, top, spots[0]];
        });
        assert.ok(nearest.far > 40, `${nearest.far} px`);
        await page.touchscreen.tap(x, y);
        const here = await svg.evaluate((map) => {
            const you = map.querySelector('.you');
            return [...map.querySelectorAll('circle')].find(({ node, cx, cy }) => node && cx.baseVal.value === you.cx.baseVal.value && cy.baseVal.value === you.cy.baseVal.value).node.number;
        });
        assert.equal(here, nearest.number);
        await page.locator('.to-game').tap();
        assert.equal(await page.evaluate(() => document.activeElement.id), 'level');
        assert.deepEqual(await unseen(page, ['.board .title', '.board .card']), []);
    });
});

test('the adversary’s buttons stay where they are, and end at the end; Next level stays after a win', async () => {
    for (const viewport of [{ width: 390, height: 844 }, { width: 1366, height: 650 }]) {
        await reading({ viewport }, async (page) => {
            await choose(page, 11);
            for (const block of ['F(', 'S', 'J', ')']) await page.locator(`.add[data-token="${block}"]`).click();
            await page.locator('.workbench .run').click();
            await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
            const places = await page.evaluate(() => {
                const on = document.querySelector('.answered .redo');
                const found = [];
                for (let steps = 0; steps < 100 && on.getAttribute('aria-disabled') !== 'true'; steps += 1) {
                    on.click();
                    found.push(Math.round(on.getBoundingClientRect().top - document.querySelector('.answered').getBoundingClientRect().top));
                }
                return found;
            });
            assert.ok(places.length > 10);
            assert.ok(Math.max(...places) - Math.min(...places) <= 1, `${places}`);
            assert.equal(await page.locator('.answered .last').getAttribute('aria-disabled'), 'true');
            await page.locator('.answered .undo').click();
            assert.equal(await page.locator('.answered .last').getAttribute('aria-disabled'), 'false');
            // What a step does is told in sight, and the way back to the blocks is short.
            assert.deepEqual(await unseen(page, ['.answered h3', '.answered .card', '.answered .redo', '.answered > .said']), []);
            await page.locator('.to-blocks').click();
            assert.deepEqual(await unseen(page, ['.workbench .add', '.workbench .run']), []);
            // After a win the way on stays, whatever is tried.
            await page.locator('.workbench .restart').click();
            assert.equal(await page.locator('.on').count(), 0);
            for (const block of ['N', 'F(', 'J', ')']) await page.locator(`.add[data-token="${block}"]`).click();
            await page.locator('.workbench .run').click();
            assert.equal(await page.locator('.on').count(), 1);
            await page.locator('.workbench .restart').click();
            assert.equal(await page.locator('.on').isVisible(), true);
            await page.locator('.workbench .run').click();
            assert.equal(await page.locator('.on').count(), 1);
            await page.keyboard.press('n');
            await at(page, 12);
        });
    }
});

test('a level that was won keeps its number and has no more hints', async () => {
    await reading({}, async (page) => {
        const hint = () => page.locator('.hint').getAttribute('aria-disabled');
        assert.equal(await page.locator(`${choice(1)} .mark`).textContent(), '1');
        assert.equal(await hint(), 'false');
        for (const key of levels[0].keys) await page.keyboard.press(key);
        assert.equal(await page.locator(`${choice(1)} .mark`).textContent(), '1✓');
        assert.equal(await hint(), 'true');
        await page.keyboard.press('h');
        assert.equal(await said(page), 'There is nothing left to hint at.');
        await page.keyboard.press('u');
        assert.equal(await hint(), 'false');
    });
});

test('the width that is there is used', async () => {
    await reading({ viewport: { width: 1920, height: 1080 } }, async (page) => {
        const wide = await page.locator('.board .cards').evaluate((cards) => cards.getBoundingClientRect().width);
        assert.ok(wide > 1300, `${wide} px`);
    });
});

test('the deadlock is seen: the ledger turns red, and who waits for whom is a closed circle', async () => {
    await reading({}, async (page) => {
        const ledger = page.locator('.ledger');
        assert.equal(await ledger.textContent(), '0 messages in the queue · 2 workers left · 2 joins to go');
        for (const key of 'mm0') await page.keyboard.press('Tab').then(() => page.locator('.press').nth(threadOf(key)).press(key));
        assert.equal(await ledger.getAttribute('data-doomed'), 'no');
        assert.equal(await page.locator('.queue li').textContent(), 'Terminate');
        assert.equal(await page.locator('.card').nth(1).locator('.badge').textContent(), 'runs job 0');
        await page.locator('.press').nth(2).click();
        assert.equal(await ledger.getAttribute('data-doomed'), 'yes');
        assert.match(await ledger.textContent(), /Doomed since press 4: no Terminate left for worker 0\./);
        assert.match(await said(page), /The pool is doomed since worker 1 took the lock: whoever holds it takes the next message, and that is the Terminate\./);
        assert.equal(await page.locator('.arrow.round').count(), 0);
        await page.locator('.press').nth(1).click();
        await page.locator('.press').nth(1).click();
        assert.deepEqual(await page.locator('.coming').allTextContents(),
            ['Can’t join worker 0: worker 0 has not ended.', 'Can’t receive a message: the queue is empty.', '']);
        assert.equal(await page.locator('.card').nth(1).locator('.token').count(), 1);
        assert.equal(await page.locator('.arrow.round').count(), 2);
        assert.equal(await page.locator('.arrows').getAttribute('aria-label'),
            'Main waits for worker 0: its end. Worker 0 waits for main: a message. Main and worker 0 wait in a circle.');
        assert.match(await page.locator('.card').nth(1).locator('.here').textContent(), /the line it is at: .*72.*let message = receiver/);
        // It can't go on, and still says why.
        await page.locator('.press').nth(1).click({ force: true });
        assert.match(await said(page), /^Worker 0 can’t receive a message: the queue is empty\./);
    });
});

test('the lock and the messages move from hand to hand, and ended threads shrink', async () => {
    // What moves, of what a press is about.
    const moved = async (page, thread) => {
        await page.evaluate(() => {
            globalThis.moved = [];
            Element.prototype.animate = new Proxy(Element.prototype.animate, {
                apply(animate, element, rest) {
                    globalThis.moved.push(element.className);
                    return Reflect.apply(animate, element, rest);
                },
            });
        });
        await page.locator('.press').nth(thread).click();
        return page.evaluate(() => [...new Set(globalThis.moved)]);
    };
    await reading({ reducedMotion: 'no-preference' }, async (page) => {
        assert.deepEqual(await moved(page, 0), ['job']);
        assert.deepEqual(await moved(page, 1), ['job ghost']);
        assert.deepEqual(await moved(page, 2), ['token']);
        assert.deepEqual(await moved(page, 0), ['terminate']);
        assert.deepEqual(await moved(page, 2), ['token', 'terminate ghost']);
        await page.waitForFunction(() => {
            const [one, , other] = [...document.querySelectorAll('.card')].map((card) => card.getBoundingClientRect().width);
            return other < one * 0.7;
        });
    });
    await reading({}, async (page) => {
        for (const thread of [0, 1, 2]) assert.deepEqual(await moved(page, thread), []);
    });
});

test('what is out of reach says since when, and leads back there', async () => {
    await reading({}, async (page) => {
        await page.locator('.press').first().focus();
        // Worker 0 takes everything, so it comes through.
        for (const key of 'mm000') await page.keyboard.press(key);
        assert.equal(await verdict(page), 'missed');
        assert.match(await page.locator('.verdict').textContent(), /^Out of reach since press 4: worker 0 finished job 0\. From there worker 1 can’t leave while worker 0 is busy\./);
        assert.match(await said(page), /From there worker 1 can’t leave while worker 0 is busy/);
        await page.keyboard.press('b');
        assert.equal(await verdict(page), '');
        await shared(page, '#1.001');
        // There it can still be won.
        for (const key of '100') await page.keyboard.press(key);
        assert.equal(await verdict(page), 'won');
    });
});

test('hints come before solutions, and what the page played is marked as such', async () => {
    await reading({}, async (page) => {
        const hint = page.locator('.hint');
        for (const wanted of [/^Hint: A message/, /^Hint: Let worker 0/, /^Hint: press main/]) {
            await hint.click();
            assert.match(await said(page), wanted);
        }
        assert.equal(await page.locator('.card[data-last=yes]').count(), 0);
        await hint.click();
        assert.equal(await verdict(page), 'won');
        assert.match(await page.locator('.verdict').textContent(), /The page played it; can you\?/);
        assert.match(await page.locator(choice(1)).textContent(), /▷.*played by the page/);
        // The reader's own win counts for more, and the best is kept.
        await page.locator('.restart').click();
        await page.locator('.press').first().focus();
        for (const key of levels[0].keys) await page.keyboard.press(key);
        assert.match(await page.locator(choice(1)).textContent(), /✓.*won in 6 presses/);
    });
});

test('a level that can’t be won counts what was tried', async () => {
    await reading({}, async (page) => {
        await choose(page, 3);
        const tells = (count) => `You have tried ${count} of the 54 orders in which the workers can take the lock. The explorer, a program that runs them all, has seen: none deadlocks.`;
        const tried = async (keys) => {
            await page.locator('.press').first().focus();
            for (const key of keys) await page.keyboard.press(key);
            return page.locator('.verdict p').textContent();
        };
        assert.equal(await tried(levels[2].end), tells(1));
        await page.locator('.restart').click();
        assert.equal(await tried(levels[2].end), tells(1));
        await page.locator('.restart').click();
        assert.equal(await tried('mmmmm1011002mmm'), tells(2));
        await page.keyboard.press('w');
        // A tempting answer gets a reply, and no mark.
        await page.locator('.answer').first().click();
        assert.match(await page.locator('.reply').textContent(), /^No/);
        assert.doesNotMatch(await page.locator(choice(3)).textContent(), /done/);
    });
});

test('a level that can’t be won does not give that away', async () => {
    await reading({}, async (page) => {
        for (const number of [3, 7]) {
            await choose(page, number);
            await unfold(page, '.ways');
            const text = await page.locator('.game').evaluate((game) => game.textContent);
            assert.doesNotMatch(text, /every way|normal end|none deadlocks|in none|one after the other/, `level ${number}`);
            // Nor does a hint.
            for (let hints = 0; hints < 4; hints += 1) await page.locator('.hint').click();
            assert.equal(await said(page), 'That is all there is to hint at. Play on to an end.');
        }
    });
});

// What is said where a goal is out of reach, on random ways, by plain search from that state.
test('what is out of reach names the true reason', async () => {
    await reading({}, async (page) => {
        const met = new Set();
        for (const [index, { keys, data: name }] of levels.entries()) {
            if (!name || !keys) continue;
            await choose(page, index + 1);
            const { wrong, kinds } = await page.evaluate((place) => {
                const { levels: all, moves } = poolGame;
                const level = all[place];
                const { names, start, data: { log } } = level.made;
                const after = (node) => {
                    const seen = new Set([node]);
                    for (const one of seen) for (const lead of one.leads) if (lead) seen.add(lead.to);
                    return [...seen];
                };
                const took = (nodes, is) => nodes.some((node) => node.leads.some((lead) => lead && is(lead, node.state)));
                const deadlocks = (nodes) => nodes.filter(({ state }) => state.end === 'deadlock');
                const finished = (who) => ({ does, thread }) => does === 'finish job 0' && thread === who;
                const learns = (who) => ({ does, thread }) => does === 'receive from the channel: the other side is gone' && thread === who;
                const vain = (nodes) => [...new Set(deadlocks(nodes).map(({ state }) => state.threads[0].next.replace('join ', '')))].sort();
                const named = (text) => text.match(/worker \d/g).sort();
                // Of the sentence, of what can still come, and of the way to there.
                const truths = {
                    'From there no deadlock can come.': (nodes) => !deadlocks(nodes).length,
                    'From there worker 1 can’t leave while worker 0 is busy.': (nodes) => !took(nodes, ({ does, thread }, { threads }) => does === 'end' && thread === 2 && /^(print `Worker 0 got|(start|finish) job 0)/.test(threads[1].next)),
                    'From there it deadlocks only if worker 1 does not leave while worker 0 is busy.': (nodes) => deadlocks(nodes).length && deadlocks(nodes).every(({ flag }) => flag === 0),
                    'So worker 0 gets the job.': (nodes, steps) => steps.some(({ does, thread }) => does === 'start job 0' && thread === 1) || !took(nodes, ({ does, thread }) => does === 'start job 0' && thread === 2),
                    'From there it deadlocks only if worker 0 gets the job.': (nodes) => deadlocks(nodes).length && deadlocks(nodes).every(({ flag }) => flag === 1),
                    'From there main can wait for ever only for': (nodes, _, text) => vain(nodes).join() === named(text).join(),
                    'From there main waits for ever, for': (nodes, _, text) => vain(nodes).join() === named(text).join() && nodes.every(({ state }) => !state.end || state.end === 'deadlock'),
                    'Job 1 is done.': (_, steps) => steps.some(({ does }) => does === 'finish job 1'),
                    'From there job 1 is done before the program ends.': (nodes, steps) => !steps.some(({ does }) => does === 'finish job 1') && nodes.filter(({ state }) => state.end).every(({ flag }) => flag === 1),
                    'Now the channel can’t be closed with the job in the queue and the lock free.': (nodes) => !took(nodes, ({ does }, { queue, holder }) => does === 'drop a sender of the channel' && queue.includes('job 0') && holder < 0),
                    'Worker 1 panics before worker 0 has finished the job.': (_, steps) => steps.some(learns(2)) && !steps.some(finished(1)),
                    'From there worker 0 can’t get the job.': (nodes, steps) => !steps.some(finished(1)) && !took(nodes, finished(1)),
                    'So worker 0 is the first to panic.': (nodes, steps) => !steps.some(learns(2)) && !took(nodes, learns(2)),
                    'From there worker 1 can’t be the first to panic once worker 0 has finished the job.': (nodes, steps) => !steps.some(finished(1)) && took(nodes, finished(1))
                        && nodes.filter(({ state }) => state.end).every(({ flag }) => (flag & 2) === 0),
                    'From there nobody can print': (nodes, steps, text) => {
                        const line = log.indexOf(/“(.*)”$/.exec(text)[1]);
                        return line >= steps.flatMap(({ prints }) => prints).length && !took(nodes, ({ prints }) => prints.includes(log[line]))
                            && log.slice(steps.flatMap(({ prints }) => prints).length, line).every((other) => took(nodes, ({ prints }) => prints.includes(other)));
                    },
                };
                let seed = 7;
                const random = (below) => {
                    seed = (seed * 1103515245 + 12345) % 2147483648;
                    return Math.floor((seed / 2147483648) * below);
                };
                const found = [];
                const sentences = new Set();
                for (let walk = 0; walk < 60; walk += 1) {
                    const steps = [];
                    let node = start;
                    while (node.hope && node.leads.some((lead) => lead)) {
                        const can = node.leads.filter((lead) => lead);
                        const { thread } = can[random(can.length)];
                        const pressed = moves.press(level, node, thread, walk % 2 === 0);
                        const lost = pressed.findIndex(({ to }) => !to.hope);
                        steps.push(...(lost < 0 ? pressed : pressed.slice(0, lost + 1)));
                        node = steps.at(-1).to;
                    }
                    if (node.hope) continue;
                    const printed = steps.flatMap(({ prints }) => prints).length;
                    const text = level.lost(node, { names, printed, log });
                    const kind = Object.keys(truths).find((one) => text.startsWith(one));
                    if (!kind || !truths[kind](after(node), steps, text)) found.push(`${steps.map(({ thread }) => thread).join('')}: ${text}`);
                    sentences.add(kind);
                }
                return { wrong: found, kinds: [...sentences] };
            }, index);
            assert.deepEqual(wrong, [], `level ${index + 1}`);
            assert.ok(kinds.length, `level ${index + 1}`);
            for (const kind of kinds) met.add(kind);
        }
        assert.ok(met.size >= 10, [...met].join(' '));
    });
});

test('what a win says is so, in every state that wins', async () => {
    const truths = {
        break: ({ threads }) => threads[0].next === 'join worker 0' && threads[2].next === 'ended',
        idle: ({ threads }) => threads[1].next === 'receive from the channel' && threads[1].why === 'the channel is empty',
        three: ({ threads }) => ['ended', 'receive from the channel', 'ended'].every((next, worker) => threads[worker + 1].next === next),
        save: ({ threads }) => threads.every(({ next }) => next === 'ended'),
        panic: ({ threads }) => threads[0].next === 'panicked' && threads.some(({ next }) => !['ended', 'panicked'].includes(next)),
        'first-panic': ({ threads }) => threads.every(({ next }) => ['panicked', 'end by a panic'].includes(next)),
        log: ({ threads }) => threads.every(({ next }) => next === 'ended'),
    };
    await reading({}, async (page) => {
        for (const [index, { data: name, keys }] of levels.entries()) {
            if (!name || !keys) continue;
            await choose(page, index + 1);
            const [id, states] = await page.evaluate((place) => {
                const level = poolGame.levels[place];
                return [level.id, level.made.nodes.filter(({ won }) => won).map(({ state: { threads } }) => ({ threads }))];
            }, index);
            assert.ok(states.length, id);
            const wrong = states.filter((state) => truths[id] && !truths[id](state));
            assert.deepEqual(wrong, [], id);
        }
    });
});

test('in the fourth level worker 1 need not move before both Terminates are taken, and then has to', async () => {
    await reading({}, async (page) => {
        await choose(page, 4);
        const [before, then] = await page.evaluate(() => {
            const { levels: all, state, moves } = poolGame;
            const { made } = all[3];
            const start = moves.opening(all[3], made).to;
            // Worker 1 stays where it is.
            const left = new Set([start]);
            for (const node of left) for (const { thread, to } of state.leads(node)) if (thread !== 2) left.add(to);
            const taken = [...left].filter((node) => node.state.threads[0].next === 'join worker 1' && node.state.threads[3].next === 'ended');
            return [[...left].filter(({ won }) => won).length, taken.filter((node) => node.hope).length];
        });
        assert.equal(before, 0);
        assert.ok(then > 0);
    });
});

test('a program that has ended says so, and a server that waits is not called stopped', async () => {
    await reading({}, async (page) => {
        const badges = () => page.locator('.badge').allTextContents();
        await choose(page, 6);
        for (const key of levels[5].keys) await page.keyboard.press(key);
        assert.equal(await page.locator('.ledger').textContent(), '3 messages in the queue · 1 worker cut off · program ended');
        assert.deepEqual(await badges(), ['panicked', 'panicked', 'cut off']);
        await choose(page, 7);
        for (const key of levels[6].end) await page.keyboard.press(key);
        assert.deepEqual(await badges(), ['waits', 'waits', 'waits']);
        assert.deepEqual(await page.locator('.card').evaluateAll((all) => all.map(({ dataset }) => dataset.kind)), ['rests', 'rests', 'rests']);
        await page.keyboard.press('m');
        assert.equal(await said(page), 'Main waits for a client, and none comes.');
    });
});

test('in the log nearly every press is a choice', async () => {
    await reading({}, async (page) => {
        await choose(page, 10);
        const choices = [];
        for (const key of levels[9].keys) {
            choices.push(await page.locator('.press[aria-disabled=false]').count());
            await page.keyboard.press(key);
        }
        assert.equal(await verdict(page), 'won');
        assert.equal(choices.filter((count) => count > 1).length, 13);
        assert.equal(choices.length, 14);
    });
});

// Each order of lock takers that a whole graph has, by plain search.
test('the schedules of the levels that can’t be won are told apart as the explorer does', () => {
    for (const name of ['two-loops', 'while-let']) {
        const { graph, schedules } = data(name);
        const orders = [];
        for (const [number, { end, does, leads }] of [...graph.entries()].reverse()) {
            orders[number] = new Set(end ? [''] : []);
            leads.forEach((to, thread) => {
                for (const rest of to < 0 ? [] : orders[to]) orders[number].add((does[thread] === 'take the lock' ? `${thread}` : '') + rest);
            });
        }
        assert.equal(orders[0].size, schedules, name);
        assert.equal(graph.some(({ end }) => end === 'deadlock'), false);
    }
});

test('the ways out are counted exactly', async () => {
    const { graph } = data('one-loop');
    const counts = [];
    for (const [number, { end, leads }] of [...graph.entries()].reverse()) {
        counts[number] = { deadlock: end === 'deadlock' ? 1 : 0, 'end normally': end === 'end normally' ? 1 : 0 };
        for (const to of leads.filter((lead) => lead >= 0)) {
            for (const kind of Object.keys(counts[number])) counts[number][kind] += counts[to][kind];
        }
    }
    await reading({}, async (page) => {
        await page.locator('.single input').check();
        await unfold(page, '.ask');
        let state = walked(graph, [...'mmmm'].map(threadOf).concat([1, 2]));
        for (const thread of [0, 0, 0, 1, 1, 1, 1]) {
            const { deadlock, 'end normally': fine } = counts[state];
            // The deadlocks are those of the level's goal, and others.
            const sums = [0, 0];
            for (const row of await page.locator('.ask li').allTextContents()) {
                const [, count, of_, end] = /^([\d,]+) of ([\d,]+) ways? out: (.*)$/.exec(row);
                assert.equal(of_, (deadlock + fine).toLocaleString('en'));
                sums[end.startsWith('a deadlock, with') ? 0 : 1] += Number(count.replaceAll(',', ''));
                assert.match(end, /^a deadlock, with(out)? the goal( reached)?$|^the normal end, without the goal$/);
            }
            assert.deepEqual(sums, [deadlock, fine]);
            await page.locator('.press').nth(thread).click();
            state = graph[state].leads[thread];
        }
    });
});

function walked(graph, threads) {
    return threads.reduce((state, thread) => graph[state].leads[thread], 0);
}

test('keys play from the start, wherever the focus is of no use, and can be switched off', async () => {
    await reading({}, async (page) => {
        const trail = () => page.locator('.chip').count();
        assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
        for (const key of 'mm0') await page.keyboard.press(key);
        assert.equal(await trail(), 4);
        await page.keyboard.press('u');
        await shared(page, '#1.00');
        // On a link of the book, in its search and in its table of contents a letter is no press.
        for (const selector of ['main h1 a', '#mdbook-sidebar a', '#mdbook-searchbar']) {
            await page.evaluate((wanted) => {
                const one = document.querySelector(wanted);
                one.closest('.hidden')?.classList.remove('hidden');
                one.focus();
            }, selector);
            assert.equal(await page.evaluate((wanted) => document.activeElement.matches(wanted), selector), true, selector);
            await page.keyboard.press('1');
            assert.equal(await page.locator('.chip[aria-current] .count').textContent(), '2', selector);
        }
        await page.locator('.of-keys input').uncheck();
        for (const key of '01') await page.keyboard.press(key);
        assert.equal(await page.locator('.chip[aria-current] .count').textContent(), '2');
        // The search has taken the address.
        await page.goto(`${address}#1.00`);
        await ready(page);
        await page.keyboard.press('0');
        assert.equal(await page.locator('.chip[aria-current] .count').textContent(), '2');
        await page.locator('.of-keys input').check();
        await page.keyboard.press('0');
        assert.equal(await page.locator('.chip[aria-current] .count').textContent(), '3');
    });
});

test('the page stays where it is when a finger presses, from the first press on', async () => {
    for (const viewport of [{ width: 390, height: 844 }, { width: 360, height: 640 }]) {
        await reading({ viewport, finger: true }, async (page) => {
            // The page has come to the game by itself.
            const top = () => page.evaluate(() => [scrollY, document.querySelector('.card').getBoundingClientRect().top]);
            const before = await top();
            for (const [place, key] of [...levels[0].keys].entries()) {
                await page.touchscreen.tap(...await page.locator('.card').nth(threadOf(key)).evaluate((card) => {
                    const { left, top: above } = card.getBoundingClientRect();
                    return [left + 150, above + 20];
                }));
                assert.equal(await page.locator('.chip').count(), place + 2);
                assert.deepEqual(await top(), before, `${viewport.width} px, press ${place + 1}`);
            }
            assert.equal(await verdict(page), 'won');
            assert.ok(await page.locator('.verdict .on').evaluate((on) => on.getBoundingClientRect().bottom <= innerHeight));
        });
    }
});

test('a panic is shown where it happens, and stays there', async () => {
    await reading({}, async (page) => {
        await choose(page, 6);
        for (const key of 'mmmm00') await page.keyboard.press(key);
        const card = (thread) => page.locator('.card').nth(thread);
        assert.equal(await card(1).locator('.badge').textContent(), 'panicked');
        assert.equal(await card(1).locator('.panic').textContent(), 'Job 0 panicked.');
        assert.equal(await card(0).locator('.panic').isVisible(), false);
        await page.keyboard.press('m');
        assert.match(await said(page), /Main joined worker 0, which had panicked, and panicked on that\./);
        for (const badge of ['panics', 'panics', 'panicked']) {
            assert.equal(await card(0).locator('.badge').textContent(), badge);
            assert.equal(await card(0).locator('.panic').textContent(), 'Worker 0 had panicked, so join returned an error, and unwrap panicked.');
            assert.match(await card(0).locator('.here').textContent(), /thread\.join\(\)\.unwrap\(\);/);
            await page.keyboard.press('m');
        }
        assert.equal(await verdict(page), 'won');
        // Three panics with one cause.
        await choose(page, 9);
        for (const key of levels[8].keys) await page.keyboard.press(key);
        assert.deepEqual(await page.locator('.panic').allTextContents(), ['Worker 0 had panicked, so join returned an error, and unwrap panicked.',
            'The lock is poisoned (its holder panicked), so lock returned an error, and unwrap panicked.', 'The channel is closed, so recv returned an error, and unwrap panicked.']);
        // Where the error is expected nobody panics.
        await choose(page, 8);
        for (const key of levels[7].keys) await page.keyboard.press(key);
        assert.equal(await page.locator('.panic:not([hidden])').count(), 0);
    });
});

test('a deadlock that is not the goal is told from it', async () => {
    await reading({}, async (page) => {
        for (const [number, keys, text] of [[1, 'mm0010', /^This is a deadlock, too, but worker 0 was not busy when worker 1 left\. It was decided by press 4: worker 0 finished job 0\./],
            [2, levels[0].keys, /^This is a deadlock, too, but worker 0 had the job\. It was decided by press 3: worker 0 took the lock: whoever holds it takes the next message, and that is job 0\./]]) {
            await choose(page, number);
            for (const key of keys) await page.keyboard.press(key);
            assert.equal(await verdict(page), 'missed');
            assert.match(await page.locator('.verdict p').textContent(), text);
            assert.equal(await page.locator('.arrow.round').count(), 2);
        }
    });
});

test('the point of no return is the first state from which no way leads there', async () => {
    await reading({}, async (page) => {
        for (const [index, { data: name }] of levels.entries()) {
            if (!name) continue;
            await choose(page, index + 1);
            const wrong = await page.evaluate(({ place, count }) => {
                let seed = 11;
                const random = (below) => {
                    seed = (seed * 1103515245 + 12345) % 2147483648;
                    return Math.floor((seed / 2147483648) * below);
                };
                const { moves, state, levels: all } = poolGame;
                const level = all[place];
                const reached = new Map();
                // By plain search from each state that is passed.
                const ends = (from) => {
                    if (!reached.has(from)) {
                        const seen = new Set([from]);
                        for (const node of seen) for (const { to } of state.leads(node)) seen.add(to);
                        reached.set(from, { goal: [...seen].some(({ won }) => won), kinds: new Set([...seen].map((node) => node.state.end).filter((end) => end)) });
                    }
                    return reached.get(from);
                };
                const mayDeadlock = ends(level.made.start).kinds.has('end normally');
                const found = [];
                for (let walk = 0; walk < count; walk += 1) {
                    const trail = new moves.Trail(level, level.made);
                    while (trail.node.leads.some((lead) => lead)) {
                        const can = trail.node.leads.flatMap((lead, thread) => (lead ? [thread] : []));
                        trail.push(can[random(can.length)], false);
                    }
                    const { steps } = trail;
                    const hopeless = level.won ? steps.findIndex(({ to }) => !ends(to).goal) : -1;
                    const doomed = mayDeadlock ? steps.findIndex(({ to }) => [...ends(to).kinds].join() === 'deadlock') : -1;
                    for (const [at, is] of [[hopeless, ({ hope }) => !hope], [doomed, ({ doomed: yes }) => yes]]) {
                        const said = trail.first(is);
                        if ((said?.number ?? 0) !== at + 1) found.push(`${trail.code}: ${said?.number}, not ${at + 1}`);
                        else if (said && said.step !== steps[at]) found.push(`${trail.code}: another step`);
                    }
                }
                return found;
            }, { place: index, count: index === 2 || index === 9 ? 4 : 40 });
            assert.deepEqual(wrong, [], `level ${index + 1}`);
        }
    });
});

test('the right answer stands somewhere else in each question, and the last level has an ending', async () => {
    await reading({}, async (page) => {
        const places = await page.evaluate(() => poolGame.levels.flatMap(({ reason, quiz }) => (reason ?? quiz ?? { answers: [] }).answers.findIndex(([, right]) => right)).filter((place) => place >= 0));
        assert.equal(places.length, 3);
        assert.equal(new Set(places).size, 3);
        await choose(page, 11);
        for (const block of ['D', 'F(', 'J', ')']) await page.locator(`.add[data-token="${block}"]`).click();
        await page.locator('.workbench .run').click();
        const box = page.locator('.answered .verdict[data-kind="won"]');
        assert.match(await box.textContent(), /Once the sender is gone, every worker leaves when the queue is empty/);
        assert.deepEqual(await box.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href'))), ['two-designs.html#why-one-loop']);
        await page.keyboard.press('n');
        await at(page, 12);
        // A key for each answer: first a tempting one.
        await page.keyboard.press('a');
        assert.match(await page.locator('.reply').textContent(), /deadlocks with idle workers/);
        assert.equal(await page.locator('.ending').count(), 0);
        await page.keyboard.press('abcdefg'[places[2]]);
        assert.match(await page.locator('.ending h3').textContent(), /^The last level is done\. Still open: 1, 2, 3, 4, 5, 6, 7, 8, 9 and 10\.$/);
        assert.equal(await page.locator('.ending li[data-done=yes]').count(), 2);
        await page.locator('.ending .level').nth(3).click();
        await at(page, 4);
        await page.evaluate(() => {
            for (const { id } of poolGame.levels) poolGame.progress.won(id, 9);
        });
        await choose(page, 12);
        await page.keyboard.press('abcdefg'[places[2]]);
        assert.equal(await page.locator('.ending h3').textContent(), 'All twelve levels are done.');
    });
});

test('undo, redo, restart, single steps, and the list of steps', async () => {
    await reading({}, async (page) => {
        await page.locator('.press').first().focus();
        for (const key of 'mm0') await page.keyboard.press(key);
        await shared(page, '#1.001');
        await page.keyboard.press('u');
        await page.keyboard.press('u');
        await shared(page, '#1.0');
        await page.keyboard.press('r');
        await shared(page, '#1.00');
        await page.locator('.redo').click();
        await shared(page, '#1.001');
        await page.locator('.redo').click({ force: true });
        assert.equal(await said(page), 'There is nothing to redo.');
        await page.locator('.chip').nth(1).click();
        await shared(page, '#1.0');
        // Another press after an undo forgets the ones that were undone.
        await page.locator('.press').nth(2).click();
        assert.equal(await page.locator('.chip').count(), 3);
        await shared(page, '#1.02');
        await page.locator('.single input').check();
        await page.locator('.press').nth(0).click();
        await page.locator('.press').nth(1).click();
        // A digit is a press, a letter a single step.
        await shared(page, '#1.020b');
        assert.match(await said(page), /^Press 4\. Worker 0 took the lock\./);
        await page.locator('.restart').click();
        await shared(page, '#1.');
    });
});

test('an address brings back the level and what was pressed; Back undoes a change of level', async () => {
    const { keys } = levels[9];
    await reading({}, async (page) => {
        await page.goto(`${address}#10.${[...keys].map(threadOf).join('')}`);
        await at(page, 10);
        assert.equal(await verdict(page), 'won');
        assert.deepEqual(await page.locator('.log li').allTextContents(), data('log').log);
        await page.goto(`${address}#4.0022222`);
        await page.getByText('can’t be taken').waitFor();
        await choose(page, 2);
        await page.locator('.press').first().click();
        await shared(page, '#2.0');
        await choose(page, 5);
        await page.goBack();
        await at(page, 2);
        await shared(page, '#2.0');
        assert.equal(await page.locator('.queue li').textContent(), 'job 0');
        await page.goForward();
        await at(page, 5);
        await page.goto(`${address}#nonsense`);
        await at(page, 5);
    });
});

test('a shared link shows its steps, and no script brings a style sheet', async () => {
    await reading({}, async (page) => {
        assert.equal(await verdict(page), 'won');
        // Whoever opens it has not won, and may.
        assert.match(await page.locator('.verdict').textContent(), /The address brought it; can you play it\?/);
        assert.equal(await page.evaluate((key) => localStorage.getItem(key), shelf), null);
        await page.locator('.restart').click();
        for (const key of levels[0].keys) await page.keyboard.press(key);
        assert.match(await page.locator(choice(1)).textContent(), /won in 6 presses/);
        assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('link[href*="scheduler.css"]')].map((link) => link.parentElement.localName)), ['main']);
        const html = readFileSync(new URL('be-the-scheduler.html', folder), 'utf8');
        assert.match(html, /<link rel="stylesheet" href="scheduler\/scheduler\.css">/);
    }, `${address}#1.001211`);
});

test('what is done is kept, in two tabs as well, and can be cleared', async () => {
    await reading({}, async (page, context) => {
        const other = await context.newPage();
        await other.goto(address);
        await ready(other);
        const win = async (tab, number) => {
            await choose(tab, number);
            await tab.locator('.press').first().focus();
            for (const key of levels[number - 1].keys) await tab.keyboard.press(key);
        };
        await win(page, 1);
        await other.waitForFunction((selector) => document.querySelector(selector).textContent.includes('won'), choice(1));
        await win(other, 2);
        await page.waitForFunction((selector) => document.querySelector(selector).textContent.includes('won'), choice(2));
        const kept = await page.evaluate((key) => JSON.parse(localStorage.getItem(key)), shelf);
        assert.deepEqual(kept, { break: { best: 6 }, idle: { best: 6 } });
        await page.locator('.clear').click();
        assert.equal(await page.evaluate((key) => localStorage.getItem(key), shelf), null);
        assert.doesNotMatch(await page.locator(choice(1)).textContent(), /won/);
    });
});

test('it plays where the browser keeps nothing, and where it keeps something else', async () => {
    for (const broken of [true, false]) {
        const context = await browser.newContext({ reducedMotion: 'reduce' });
        const page = await context.newPage();
        await page.addInitScript(([key, refuses]) => {
            if (!refuses) {
                localStorage.setItem(key, '[1,2]');
                return;
            }
            for (const name of ['getItem', 'setItem', 'removeItem']) {
                const own = Storage.prototype[name];
                Storage.prototype[name] = function (which, ...rest) {
                    if (which === key) throw new DOMException('no', 'SecurityError');
                    return own.call(this, which, ...rest);
                };
            }
        }, [shelf, broken]);
        await page.goto(address);
        await ready(page);
        await page.locator('.press').first().focus();
        for (const key of levels[0].keys) await page.keyboard.press(key);
        assert.match(await page.locator(choice(1)).textContent(), /won/);
        await context.close();
    }
});

test('the map has every state, the way, and the point of no return', async () => {
    await reading({}, async (page) => {
        const { graph } = data('one-loop');
        assert.equal(graph.length, 242);
        // The level remembers one thing more: whether worker 1 left while worker 0 was busy.
        assert.equal(await page.locator('.map circle:not(.you):not(.focus)').count(), 249);
        assert.match(await page.locator('.legend').textContent(), /Here are all 249 of this level, a column for each step\./);
        // Doomed is what has no way to the normal end, by plain search.
        const fine = [];
        for (const [number, { end, leads }] of [...graph.entries()].reverse()) fine[number] = end === 'end normally' || leads.some((to) => to >= 0 && fine[to]);
        const doomed = await page.locator('.map circle.doomed').evaluateAll((all) => new Set(all.map(({ node }) => node.state.number)).size);
        assert.equal(doomed, fine.filter((is) => !is).length);
        assert.equal(await page.locator('path.turn').getAttribute('d').then((d) => d ?? ''), '');
        await page.locator('.press').first().focus();
        for (const key of 'mm01') await page.keyboard.press(key);
        assert.match(await page.locator('path.turn').getAttribute('d'), /^M/);
        assert.match(await page.locator('.chip[aria-current]').textContent(), /the point of no return/);
        // Looking around with the keyboard, and going there.
        await tabTo(page, '.map svg');
        assert.match(await page.locator('.preview').textContent(), /^After 20 steps\. Main: join worker 0; .*The pool is doomed here\./);
        await page.keyboard.press('ArrowRight');
        assert.match(await page.locator('.preview').textContent(), /^After 21 steps\./);
        await page.keyboard.press('Enter');
        assert.match(await said(page), /^Press 5\. Worker 0 finished job 0\./);
        // The same as a list, for whoever sees no map.
        await unfold(page, '.ways');
        assert.deepEqual(await page.locator('.ways li').allTextContents(), ['Worker 0: take the lock. The goal: a deadlock.']);
        // And with the mouse: the deadlock is the one that wins.
        await page.locator('.map circle.won').first().hover({ force: true });
        assert.match(await page.locator('.preview').textContent(), /The goal: a deadlock\./);
        await page.locator('.map circle.won').first().click({ force: true });
        assert.equal(await verdict(page), 'won');
    });
});

test('a jump on the map leads to every state, whatever was pressed before', async () => {
    await reading({}, async (page) => {
        const wrong = await page.evaluate(() => {
            const circles = [...document.querySelectorAll('.map circle')].filter((one) => one.node);
            const { Trail } = poolGame.moves;
            const level = poolGame.levels[0];
            const trail = new Trail(level, level.made);
            const { start } = level.made;
            // Before the threads have started is the only part of the map without a way from here.
            const opening = new Set([start, ...trail.moves[0].steps.map(({ to }) => to)]);
            const found = [];
            const reachable = new Set([trail.node]);
            for (const node of reachable) for (const lead of node.leads) if (lead) reachable.add(lead.to);
            for (const { node } of circles) {
                trail.jump(node);
                if (trail.node !== node && reachable.has(node) && !opening.has(node)) found.push(node.number);
            }
            return found;
        });
        assert.deepEqual(wrong, []);
    });
});

test('printing shows the table and the picture, not the controls', async () => {
    await reading({}, async (page) => {
        assert.equal(await page.locator('.paper table').first().isVisible(), false);
        await page.emulateMedia({ media: 'print' });
        assert.ok(await page.locator('.paper svg').isVisible());
        assert.ok(await page.locator('.paper table').first().isVisible());
        assert.match(await page.locator('.paper').textContent(), /waits to join worker 0/);
        for (const part of ['.board', '.levels', '.extras']) assert.equal(await page.locator(part).isVisible(), false);
    });
});

test('without scripts there are the table and the picture', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(address);
    assert.match(await page.locator('#scheduler').textContent(), /waits to join worker 0/);
    assert.ok(await page.locator('#scheduler table').first().isVisible());
    assert.ok(await page.locator('#scheduler svg').isVisible());
    await context.close();
});

test('the page is light, and a level loads when it is opened', async () => {
    const here = new URL('scheduler/', folder);
    const all = readdirSync(here, { recursive: true }).filter((name) => /\.(js|css)$/.test(name));
    const weight = all.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, here))).length, 0);
    assert.ok(weight < 300_000, `${weight} bytes`);
    await reading({}, async (page) => {
        const loaded = () => page.evaluate(() => [...document.scripts].filter(({ src }) => src.includes('scheduler/data/')).map(({ src }) => src.split('/').at(-1)));
        assert.deepEqual(await loaded(), ['one-loop.js']);
        await choose(page, 2);
        assert.deepEqual(await loaded(), ['one-loop.js']);
        await choose(page, 8);
        assert.deepEqual(await loaded(), ['one-loop.js', 'closed-channel.js']);
    });
});

test('the first level can be played on the chapter, too, and needs no unfolding', async () => {
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    await page.goto(new URL('why-two-loops.html', address).href);
    await page.locator('.press').first().focus();
    for (const key of levels[0].keys) await page.keyboard.press(key);
    assert.equal(await verdict(page), 'won');
    assert.equal(new URL(page.url()).hash, '');
    await page.locator('#scheduler-here .note a').last().click();
    await page.getByText('You showed that').first().waitFor();
    assert.match(page.url(), /be-the-scheduler\.html#1\.001211$/);
    await context.close();
});

test('threads are headings, outcomes are announced, and the levels can be skipped', async () => {
    await reading({}, async (page) => {
        assert.deepEqual(await page.locator('.card h3').allTextContents(), ['Run Mainm', 'Run Worker 00', 'Run Worker 11']);
        assert.equal(await page.locator('.card .here[aria-current]').count(), 3);
        assert.equal(await page.locator('.board .said').getAttribute('role'), 'status');
        await page.locator('main h1 a').focus();
        await tabTo(page, '.skip');
        await page.keyboard.press('Enter');
        assert.equal(await page.evaluate(() => document.activeElement.id), 'level');
    });
});

for (const colorScheme of ['light', 'dark']) {
    test(`nothing to complain of, ${colorScheme}, on a phone and on a screen`, async () => {
        const found = [];
        for (const width of [360, 390, 1280]) {
            await reading({ colorScheme, viewport: { width, height: 844 } }, async (page) => {
                await page.addScriptTag({ path: axe });
                for (const [index, { keys, end }] of levels.entries()) {
                    const number = index + 1;
                    const about = `level ${number}, ${width} px`;
                    await choose(page, number);
                    if (number === 11) {
                        for (const block of ['F(', 'S', 'J', ')']) await page.locator(`.add[data-token="${block}"]`).click();
                        await page.locator('.workbench .run').click();
                    }
                    const sideways = await page.evaluate((threads) => {
                        for (const thread of threads) document.querySelectorAll('.board .press')[thread].click();
                        for (const details of document.querySelectorAll('.game details')) details.open = true;
                        const root = document.documentElement;
                        return Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth;
                    }, [...(keys ?? end ?? '')].map(threadOf));
                    if (sideways > 0) found.push(`${about}: scrolls sideways by ${sideways}`);
                    if (width === 360 || ![width === 390 ? 1 : 10, 3, 11, 12].includes(number)) continue;
                    const { violations } = await page.evaluate(() =>
                        globalThis.axe.run(document.querySelector('main'), { preload: false, resultTypes: ['violations'] }));
                    for (const { id, nodes } of violations) {
                        const where = nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`);
                        found.push(`${about}: axe: ${id}: ${where.join('; ')}`);
                    }
                }
            });
        }
        assert.deepEqual(found, []);
    });
}

test('random walks show at every step what the graph has', async () => {
    await reading({}, async (page) => {
        let walks = 0;
        for (const [index, { data: name }] of levels.entries()) {
            if (!name) continue;
            await choose(page, index + 1);
            const { steps, presses, wrong } = await page.evaluate(([{ graph, threads }, seed_, count]) => {
                let seed = seed_;
                const random = (below) => {
                    seed = (seed * 1103515245 + 12345) % 2147483648;
                    return Math.floor((seed / 2147483648) * below);
                };
                const cards = [...document.querySelectorAll('.card')];
                const buttons = [...document.querySelectorAll('.press')];
                const all = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
                const single = document.querySelector('.single input');
                const restart = document.querySelector('.restart');
                const out = { steps: 0, presses: 0, wrong: [] };
                // Every thread comes to its first decision by itself: the trail has how many steps that took.
                const begun = poolGame.levels.find(({ name: title }) => document.querySelector('#level').textContent.endsWith(title)).made;
                for (let walk = 0; walk < count && !out.wrong.length; walk += 1) {
                    restart.click();
                    single.checked = walk % 2 === 0;
                    single.dispatchEvent(new Event('change'));
                    let state = 0;
                    let log = [];
                    let closed = false;
                    // Where a thread met the error that it panicked on.
                    const fell = [];
                    const take = (thread) => {
                        const here = graph[state];
                        if (/^join |: the other side is gone$|: poisoned$/.test(here.does[thread])) fell[thread] = here.lines[thread];
                        closed ||= here.does[thread] === 'drop a sender of the channel';
                        log = [...log, ...here.prints[thread]];
                        state = here.leads[thread];
                        out.steps += 1;
                    };
                    for (const { thread } of poolGame.moves.opening(poolGame.levels.find(({ made }) => made === begun), begun).steps) take(thread);
                    let taken = Number(document.querySelector('.chip').dataset.steps);
                    for (;;) {
                        const { lines, nexts, queue, holder, does } = graph[state];
                        const can = does.flatMap((text, thread) => (text === null ? [] : [thread]));
                        const expected = JSON.stringify([
                            does.map((text) => text !== null),
                            lines.map((line, thread) => `${line || (nexts[thread] === 'panicked' && fell[thread]) || ''}`),
                            [...(queue.length ? queue : ['empty']), ...(closed ? ['closed'] : [])],
                            holder < 0 ? 'free' : `held by ${threads[holder]}`, log,
                        ]);
                        const shown = JSON.stringify([
                            buttons.map((one) => one.getAttribute('aria-disabled') === 'false'),
                            cards.map((card) => (card.querySelector('.source').hidden ? '' : card.querySelector('.here .number').textContent)),
                            all('.queue li'),
                            document.querySelector('.of-lock .lock').textContent.replace(', poisoned', ''),
                            all('.log li:not(.wanted):not(.empty)'),
                        ]);
                        if (shown !== expected) out.wrong.push(`${location.hash}: ${shown}, not ${expected}`);
                        if (!can.length || out.wrong.length) break;
                        const thread = can[random(can.length)];
                        buttons[thread].click();
                        out.presses += 1;
                        // So many steps of this thread were taken.
                        const now = Number(document.querySelector('.chip[aria-current]').dataset.steps);
                        if (now <= taken || (single.checked && now !== taken + 1)) out.wrong.push(`${now - taken} steps`);
                        for (; taken < now; taken += 1) take(thread);
                    }
                }
                return out;
            }, [data(name), index + 1, 40]);
            assert.deepEqual(wrong, [], `level ${index + 1}`);
            assert.ok(steps > 200 && presses > 150, `${steps} steps, ${presses} presses`);
            walks += 40;
        }
        assert.equal(walks, 400);
    });
});

test('presses lead to every end and every goal that single steps lead to', async () => {
    await reading({}, async (page) => {
        for (const [index, { data: name }] of levels.entries()) {
            if (!name) continue;
            await choose(page, index + 1);
            const [some, all] = await page.evaluate((place) => {
                const level = poolGame.levels[place];
                const kinds = (single) => {
                    const seen = new Set([single ? level.made.start : poolGame.moves.opening(level, level.made).to]);
                    const ends = new Set();
                    for (const node of seen) {
                        if (node.state.end) ends.add(`${node.state.end}, ${node.flag}`);
                        for (const lead of node.leads) if (lead) seen.add(poolGame.moves.press(level, node, lead.thread, single).at(-1).to);
                    }
                    return [...ends].sort();
                };
                return [kinds(false), kinds(true)];
            }, index);
            assert.deepEqual(some, all, `level ${index + 1}`);
        }
    });
});

// Exactly, by the page's own presses on the whole graph.
test('chance wins no level more often than one time in five', async () => {
    await reading({}, async (page) => {
        for (const [index, { data: name, keys }] of levels.entries()) {
            if (!name || !keys) continue;
            await choose(page, index + 1);
            const [share, states] = await page.evaluate((place) => {
                const { levels: all, moves, state } = poolGame;
                const level = all[place];
                // A plain sum over all games, without what the page keeps of each state.
                const known = new Map();
                const sum = (node) => {
                    if (node.won) return 1;
                    if (!known.has(node)) {
                        const to = state.leads(node).map(({ thread }) => moves.press(level, node, thread).at(-1).to);
                        known.set(node, to.reduce((total, one) => total + sum(one) / to.length, 0));
                    }
                    return known.get(node);
                };
                const start = moves.opening(level, level.made).to;
                return [[sum(start), moves.chance(level, start)], level.made.nodes.length];
            }, index);
            assert.ok(Math.abs(share[0] - share[1]) < 1e-9 && states > 100, `level ${index + 1}: ${share}`);
            assert.ok(share[0] > 0.01 && share[0] < 0.2, `level ${index + 1}: ${share[0]}`);
        }
    });
});

test('every arrangement can be made, and the page answers with the explorer’s verdict', async () => {
    const { arrangements, pools, before: first, after: last } = script('programmer');
    const all = Object.entries(arrangements);
    assert.ok(all.length >= 40, `${all.length}`);
    await reading({}, async (page) => {
        await choose(page, 11);
        const wrong = await page.evaluate(([entries, lines]) => {
            const found = [];
            const add = (token) => document.querySelector(`.add[data-token="${token}"]`);
            for (const [code, { drop, totals, way }] of entries) {
                document.querySelector('.workbench .controls .restart').click();
                for (const token of code.match(/[FR]\(|./g) ?? []) {
                    if (add(token).getAttribute('aria-disabled') === 'true') found.push(`${code}: no ${token}`);
                    add(token).click();
                }
                document.querySelector('.workbench .run').click();
                const rows = [...document.querySelectorAll('.answered tbody tr')].map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent.replaceAll(',', ''))));
                const cells = totals.map((_, pool) => rows.map((row) => row[pool]));
                if (JSON.stringify(cells) !== JSON.stringify(totals)) found.push(`${code}: ${JSON.stringify(cells)}`);
                const right = totals.every(([, ...counts]) => counts.every((count) => !count));
                const title = document.querySelector('.answered h3').textContent;
                if (right !== (title === 'No schedule goes wrong.') || right === Boolean(way)) found.push(`${code}: ${title}`);
                const shown = document.querySelector('.made').textContent;
                if (shown !== ['fn drop(&mut self) {', ...drop.map((line) => line.slice(4)), '}'].join('\n')) found.push(`${code}: ${shown}`);
                if (!way) continue;
                // The adversary plays to the end, and the lines are those of the reader's own code.
                const source = ['#![allow(dead_code, unused)]', ...lines[0], ...drop, ...lines[1]];
                for (let step = 0; step < way.length; step += 1) {
                    document.querySelector('.answered .redo').click();
                    for (const row of document.querySelectorAll('.answered .source:not([hidden]) .here')) {
                        const line = source[row.querySelector('.number').textContent - 1].trim();
                        if (!row.textContent.includes(line)) found.push(`${code}: ${row.textContent}, not ${line}`);
                    }
                }
                const told = document.querySelector('.answered .said').textContent;
                if (!told.startsWith(`Step ${way.length} of ${way.length}. `)) found.push(`${code}: ${told}`);
                if (title.startsWith('A deadlock') !== told.endsWith('A deadlock.')) found.push(`${code}: ${title} ${told}`);
                if (title.startsWith('A deadlock') && document.querySelectorAll('.answered .arrow.round').length < 2) found.push(`${code}: no circle`);
            }
            return found;
        }, [all, [first, last]]);
        assert.deepEqual(wrong, []);
        assert.equal(pools.length, 2);
    });
});

test('a block that can’t come next says why', async () => {
    await reading({}, async (page) => {
        await choose(page, 11);
        const why = (token) => page.locator(`.add[data-token="${token}"] small`).allTextContents();
        const click = (token) => page.locator(`.add[data-token="${token}"]`).click({ force: true });
        assert.deepEqual(await why(')'), ['no loop is open']);
        assert.deepEqual(await why('J'), ['only inside a loop']);
        assert.deepEqual(await why('F('), []);
        await click('J');
        assert.equal(await said(page), '“join this worker” can’t come next here: only inside a loop.');
        await click('F(');
        assert.deepEqual(await why(')'), ['a loop is still empty']);
        assert.deepEqual(await why('R('), ['end the loop first']);
        assert.deepEqual(await why('J'), []);
        for (const token of ['J', ')']) await click(token);
        assert.deepEqual(await why('R('), ['joined already']);
        assert.equal(await page.locator('.add[aria-disabled=true]').count(), await page.locator('.add small').count());
    });
});

test('blocks are dragged, by mouse and by touch', async () => {
    const middle = (page, selector, where = 0.5) => page.locator(selector).evaluate((one, share) => {
        const { left, top, width, height } = one.getBoundingClientRect();
        return [left + width * share, top + height / 2];
    }, where);
    const code = (page) => page.evaluate(() => poolGame.programmer.code());
    await reading({}, async (page) => {
        await choose(page, 11);
        const drag = async (from, [x, y], sees) => {
            await page.mouse.move(...await middle(page, from));
            await page.mouse.down();
            await page.mouse.move(x, y - 5);
            await page.mouse.move(x, y);
            if (sees) assert.equal(await page.locator('.dragged').getAttribute('data-can'), sees);
            await page.mouse.up();
            assert.equal(await page.locator('.dragged').count(), 0);
        };
        const row = (number) => `.blocks li:nth-child(${number}) .block`;
        await drag('.add[data-token="F("]', await middle(page, '.blocks'), 'yes');
        assert.equal(await code(page), 'F(');
        for (const token of ['J', ')']) await page.locator(`.add[data-token="${token}"]`).click();
        // To the front, before the loop.
        const [x, y] = await middle(page, row(1));
        await drag('.add[data-token="N"]', [x, y - 15], 'yes');
        assert.equal(await code(page), 'NF(J)');
        // The whole loop goes before it, and back.
        const first = await middle(page, row(1));
        await drag(row(2), [first[0], first[1] - 15], 'yes');
        assert.equal(await code(page), 'F(J)N');
        const last = await middle(page, row(4));
        await drag(row(1), [last[0], last[1] + 15], 'yes');
        assert.equal(await code(page), 'NF(J)');
        // What isn’t there stays as it was, and says so.
        const loop = await middle(page, row(2));
        await drag('.add[data-token="P"]', [loop[0], loop[1] - 15], 'no');
        assert.equal(await code(page), 'NF(J)');
        assert.equal(await said(page), '“print a line” can’t go there: only inside a loop.');
        // Out of the list it is gone, and Escape takes nothing.
        await page.mouse.move(...await middle(page, row(1)));
        await page.mouse.down();
        await page.mouse.move(5, 5);
        await page.keyboard.press('Escape');
        await page.mouse.up();
        assert.equal(await code(page), 'NF(J)');
        await drag(row(1), await middle(page, '.made'), 'yes');
        assert.equal(await code(page), 'F(J)');
    });
    await reading({ viewport: { width: 390, height: 844 }, finger: true }, async (page, context) => {
        await page.goto(`${address}#11.NF(J)`);
        await at(page, 11);
        const session = await context.newCDPSession(page);
        const touch = async (type, ...points) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
        const drag = async (from, [x, y]) => {
            const [left, top] = await middle(page, from);
            await touch('touchStart', [left, top]);
            for (const share of [0.2, 0.6, 1]) await touch('touchMove', [left + (x - left) * share, top + (y - top) * share]);
            await touch('touchEnd');
        };
        const scrolled = await page.evaluate(() => scrollY);
        const [x, y] = await middle(page, '.blocks li:nth-child(4) .block');
        await drag('.blocks li:nth-child(1) .grip', [x, y + 15]);
        assert.equal(await code(page), 'F(J)N');
        assert.equal(await page.evaluate(() => scrollY), scrolled);
        // Beside its grip a finger takes nothing: it may want to scroll.
        for (const [where, dragged] of [['.grip', 1], ['', 0]]) {
            const [left, top] = await middle(page, `.blocks li:nth-child(4) .block ${where}`);
            await touch('touchStart', [left, top]);
            for (const far of [20, 40, 60]) await touch('touchMove', [left + far, top]);
            assert.equal(await page.locator('.dragged').count(), dragged);
            await touch('touchCancel');
        }
        assert.equal(await code(page), 'F(J)N');
    });
});

test('on a phone the answer of the programmer’s level is there as a whole', async () => {
    await reading({ viewport: { width: 360, height: 640 } }, async (page) => {
        for (const code of ['F(SJ)', '', 'F(S)DF(J)']) {
            await page.goto(`${address}#11.${code}`);
            await at(page, 11);
            await page.locator('.workbench .run').click();
            const cut = await page.evaluate(() => [...document.querySelectorAll('.made, .made *, .answered table, .answered td, .answered th, .answered p, .answered h3, .add, .block')]
                .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth || part.getBoundingClientRect().right > innerWidth).map((part) => `${part.className || part.tagName}: ${part.textContent.slice(0, 40)}`));
            assert.deepEqual(cut, [], code);
        }
    });
});

test('whatever can be put together is there, and every block that can’t come next says why', async () => {
    const { arrangements } = script('programmer');
    const beginnings = new Set(Object.keys(arrangements).flatMap((code) => {
        const tokens = code.match(/[FR]\(|./g) ?? [];
        return ['', ...tokens.map((_, place) => tokens.slice(0, place + 1).join(''))];
    }));
    await reading({}, async (page) => {
        await choose(page, 11);
        // Every way from nothing, by the blocks that can be pressed.
        const found = await page.evaluate(() => {
            const met = new Map([['', []]]);
            const wrong = [];
            for (const [code, tokens] of met) {
                document.querySelector('.workbench .restart').click();
                for (const token of tokens) document.querySelector(`.add[data-token="${token}"]`).click();
                if (poolGame.programmer.code() !== code) wrong.push(`${code}: ${poolGame.programmer.code()}`);
                const runs = document.querySelector('.workbench .run').getAttribute('aria-disabled') === 'false';
                for (const add of document.querySelectorAll('.add')) {
                    const why = add.querySelector('small')?.textContent;
                    if ((add.getAttribute('aria-disabled') === 'true') !== Boolean(why)) wrong.push(`${code}: ${add.textContent}`);
                    if (!why) met.set(code + add.dataset.token, [...tokens, add.dataset.token]);
                }
                met.get(code).runs = runs;
            }
            return { wrong, codes: [...met].map(([code, { runs }]) => [code, runs]) };
        });
        assert.deepEqual(found.wrong, []);
        const made = found.codes.map(([code]) => code);
        assert.deepEqual([made.filter((code) => !beginnings.has(code)), [...beginnings].filter((code) => !made.includes(code))], [[], []]);
        assert.deepEqual(found.codes.filter(([, runs]) => runs).map(([code]) => code).sort(), Object.keys(arrangements).sort());
    });
});

test('what is moved and taken out leaves something that can go on, and only what is there runs', async () => {
    const { arrangements } = script('programmer');
    await reading({}, async (page) => {
        await choose(page, 11);
        const { wrong, met } = await page.evaluate((known) => {
            let seed = 5;
            const random = (below) => {
                seed = (seed * 1103515245 + 12345) % 2147483648;
                return Math.floor((seed / 2147483648) * below);
            };
            const found = [];
            const codes = new Set();
            for (let tries = 0; tries < 1500; tries += 1) {
                const buttons = [...document.querySelectorAll('.add[aria-disabled=false], .move')];
                buttons[random(buttons.length)].click();
                const code = poolGame.programmer.code();
                codes.add(code);
                const runs = document.querySelector('.workbench .run').getAttribute('aria-disabled') === 'false';
                if (runs !== known.includes(code)) found.push(`${code} runs: ${runs}`);
                // Where it doesn’t run, the page says what is missing.
                if (!runs && !/^A loop (is still open|is still empty|lacks its join)\.$/.test(document.querySelector('.made').textContent)) found.push(`${code}: ${document.querySelector('.made').textContent}`);
                const rows = document.querySelectorAll('.blocks li:not(.empty)');
                for (const row of rows) if (!row.querySelector('[aria-label^="Take out"]')) found.push(`${code}: ${row.textContent} can’t be taken out`);
                if (rows.length !== (code.match(/[FR]\(|./g) ?? []).length) found.push(`${code}: ${rows.length} rows`);
            }
            return { wrong: found, met: codes.size };
        }, Object.keys(arrangements));
        assert.deepEqual(wrong, []);
        assert.ok(met > 100, `${met}`);
    });
});

test('the blocks to press stay where they are while one builds', async () => {
    for (const [width, height] of [[1440, 900], [390, 844], [360, 640]]) {
        await reading({ viewport: { width, height } }, async (page) => {
            await choose(page, 11);
            const moved = await page.evaluate(() => {
                let seed = 3;
                const random = (below) => {
                    seed = (seed * 1103515245 + 12345) % 2147483648;
                    return Math.floor((seed / 2147483648) * below);
                };
                const places = () => [...document.querySelectorAll('.add, .workbench .run')].map((one) => {
                    const { top, height: high } = one.getBoundingClientRect();
                    return [Math.round(top + scrollY), Math.round(high)].join(' ');
                }).join(', ');
                const before = places();
                const found = [];
                const reasons = new Set();
                for (let tries = 0; tries < 400; tries += 1) {
                    const buttons = [...document.querySelectorAll('.add[aria-disabled=false], .move')];
                    buttons[random(buttons.length)].click();
                    if (places() !== before) found.push(`${poolGame.programmer.code()}: ${places()}, not ${before}`);
                    for (const small of document.querySelectorAll('.add small')) reasons.add(small.textContent);
                }
                return { found, reasons: reasons.size };
            });
            assert.deepEqual(moved.found, [], `${width} px`);
            assert.ok(moved.reasons > 12, `${moved.reasons}`);
        });
    }
});
