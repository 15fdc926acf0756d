// The page on which the reader is the scheduler: every level by keyboard alone, undo and redo,
// shared addresses, what it looks like, and random walks compared with the explorer's graphs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { chromium } from 'playwright-core';

const folder = new URL('../book/', import.meta.url);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const address = pathToFileURL(fileURLToPath(new URL('be-the-scheduler.html', folder))).href;

// The levels: the data, and a schedule that wins, as keys; null where none does.
const levels = [
    ['listing-20-26-single-loop', 'mmmmmmmm00000001111011'],
    ['listing-20-26-single-loop', 'mmmmmmmm000000000000mmm1111111mmmm'],
    ['listing-20-25', null],
    ['listing-2021-20-24', 'mmmmmmmm000000000000mm1111111mmm'],
    ['listing-20-22', null],
    ['listing-2021-20-23', 'mmmmmmmm000000011110000mm'],
    ['listing-20-26-log', '00000033303mmmmmmmm0011111222200m2333333mmmmm33mmmm'],
];

function data(name) {
    const context = {};
    for (const file of new Set(['listing-20-25', name])) {
        runInNewContext(readFileSync(new URL(`scheduler/${file}.js`, folder), 'utf8'), context);
    }
    const { texts, places, queues, rows, ...rest } = context.schedules[name];
    // Each state: the lines of the threads, the queue, who holds the lock, what each does, and where that leads.
    const digits = Array.from({ length: 94 }, (_, place) => String.fromCharCode(33 + place)).filter((digit) => !'$\\`'.includes(digit));
    const graph = rows.trim().split('\n').map((row, at) => {
        const numbers = [...row].map((digit) => digits.indexOf(digit));
        const threads = numbers.splice(0, rest.threads.length).map((place) => places[place]);
        const queue = queues[numbers.shift()].map((text) => texts[text]);
        const does = threads.map(([, , , text]) => (text < 0 ? null : texts[text]));
        const leads = does.map((text) => {
            if (text === null) return -1;
            const [high, low] = numbers.splice(0, 2);
            return at + high * digits.length + low;
        });
        const end = numbers.length ? texts[numbers[0]] : '';
        return { end, lines: threads.map(([line]) => line), queue, holder: threads.findIndex(([, , , , holds]) => holds), does, leads };
    });
    return JSON.parse(JSON.stringify({ ...rest, graph }));
}

let browser;
before(async () => {
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
});
after(() => browser?.close());

// Opens the page; whatever it complains of fails the test at the end.
async function reading(options, play) {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => {
        // The picture of the tab may still be on its way when the test leaves the page.
        if (!request.url().includes('/favicon')) complaints.push(`failed: ${request.url()}`);
    });
    await page.goto(address, { waitUntil: 'load' });
    await play(page, context);
    await context.close();
    assert.deepEqual(complaints, []);
}

const said = (page) => page.locator('.game .said').textContent();
const verdict = (page) => page.locator('.game .verdict').getAttribute('data-kind');
const shared = (page, wanted) => page.waitForFunction((hash) => location.hash === hash, wanted);

// Walks with Tab to the thing, as a reader without a mouse does.
async function tabTo(page, selector) {
    for (let tabs = 0; tabs < 200; tabs += 1) {
        if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
        await page.keyboard.press('Tab');
    }
    assert.fail(`Tab doesn't lead to ${selector}`);
}

for (const [index, [name, schedule]] of levels.entries()) {
    const number = index + 1;
    test(`level ${number} by keyboard alone: ${schedule ? 'won' : 'shown to be unwinnable'}`, async () => {
        await reading({}, async (page) => {
            await page.locator('main h1 a').focus();
            await tabTo(page, `.levels li:nth-child(${number}) button`);
            await page.keyboard.press('Enter');
            assert.match(await page.locator('#level').textContent(), new RegExp(`^Level ${number}: `));
            if (schedule) {
                for (const key of schedule) {
                    assert.notEqual(await verdict(page), 'won');
                    await page.keyboard.press(key);
                }
                assert.match(await said(page), new RegExp(`^Step ${schedule.length}\\..* Level ${number} is done\\.`));
            } else {
                await tabTo(page, '.prove');
                await page.keyboard.press('Enter');
                const { states } = data(name);
                assert.match(await said(page), new RegExp(`There are ${states} states`));
            }
            assert.equal(await verdict(page), 'won');
            assert.match(await page.locator(`.levels li:nth-child(${number})`).textContent(), /done/);
            if (number < levels.length) {
                await tabTo(page, '.on');
                await page.keyboard.press('Enter');
                assert.match(await page.locator('#level').textContent(), new RegExp(`^Level ${number + 1}: `));
            }
        });
    });
}

test('the deadlock says who waits for what, and who holds the lock', async () => {
    await reading({}, async (page) => {
        await page.locator('.solve').click();
        assert.deepEqual(await page.locator('.thread .next').allTextContents(), [
            'Wants to join worker 0 (wait until it ends), but worker 0 has not ended.',
            'Wants to receive a message, but the queue is empty. It holds the lock.',
            '',
        ]);
        assert.equal(await page.locator('.lock').textContent(), 'held by worker 0');
        assert.match(await page.locator('.thread:nth-child(2) .here').textContent(), /72\s*let message = receiver\.lock\(\)/);
        // It is announced as disabled and still says why.
        await page.locator('.step:nth-child(2)').click({ force: true });
        assert.equal(await said(page), 'Worker 0 can’t go on: it wants to receive a message, but the queue is empty.');
        await page.locator('.ask summary').click();
        await page.getByText('1 of 1 way out: a deadlock').waitFor();
    });
});

test('the ways out are counted exactly', async () => {
    const { graph } = data('listing-20-26-single-loop');
    const counts = [];
    for (const [at, { end, leads }] of [...graph.entries()].reverse()) {
        counts[at] = { deadlock: end === 'deadlock' ? 1 : 0, 'end normally': end === 'end normally' ? 1 : 0 };
        for (const to of leads.filter((to) => to >= 0)) {
            for (const kind of Object.keys(counts[at])) counts[at][kind] += counts[to][kind];
        }
    }
    await reading({}, async (page) => {
        await page.locator('.ask summary').click();
        let at = 0;
        for (const key of levels[0][1]) {
            const { deadlock, 'end normally': fine } = counts[at];
            const written = (count) => (count ? `${count.toLocaleString('en')} of ${(deadlock + fine).toLocaleString('en')}` : null);
            const expected = [written(deadlock), written(fine)].filter((text) => text);
            await page.getByText(expected[0]).waitFor();
            const rows = await page.locator('.ask li').allTextContents();
            assert.deepEqual(rows.map((row) => row.split(/ ways? out/)[0]), expected);
            await page.keyboard.press(key);
            at = graph[at].leads[key === 'm' ? 0 : Number(key) + 1];
        }
    });
});

test('the buttons stay where they are, and no word is broken', async () => {
    for (const width of [390, 1024, 1280]) {
        await reading({ viewport: { width, height: 800 } }, async (page) => {
            for (const [index, [, schedule]] of levels.entries()) {
                await page.locator(`.levels li:nth-child(${index + 1}) button`).click();
                const wrong = await page.evaluate((keys) => {
                    const buttons = [...document.querySelectorAll('.step')];
                    const places = () => JSON.stringify(buttons.map((one) => Math.round(one.getBoundingClientRect().bottom)));
                    const first = places();
                    const wrong = [];
                    if (buttons.some((one) => one.getBoundingClientRect().bottom > innerHeight)) wrong.push('a button is out of sight');
                    if (buttons.every((one) => one.getAttribute('aria-disabled') === 'true')) wrong.push('nothing to press');
                    for (const key of keys) {
                        buttons[key === 'm' ? 0 : Number(key) + 1].click();
                        const last = document.querySelector('.thread[data-last=yes]').getBoundingClientRect();
                        if (key === keys[0] && innerWidth > 1000 && last.top + 60 > buttons[0].getBoundingClientRect().top) wrong.push('the thread is out of sight');
                        if (places() !== first) wrong.push(`${location.hash}: ${places()}, not ${first}`);
                        for (const node of [...document.querySelectorAll('.thread .here')].flatMap((row) => [...row.childNodes])) {
                            if (node.nodeType !== Node.TEXT_NODE) continue;
                            for (const word of node.data.matchAll(/\w+/g)) {
                                const range = new Range();
                                range.setStart(node, word.index);
                                range.setEnd(node, word.index + word[0].length);
                                if (range.getClientRects().length !== 1) wrong.push(`${word[0]} is broken`);
                            }
                        }
                    }
                    return wrong;
                }, schedule ?? '');
                assert.deepEqual(wrong, [], `level ${index + 1}, ${width} px`);
            }
        });
    }
});

test('the first level can be played on the chapter, too', async () => {
    await reading({}, async (page) => {
        await page.goto(new URL('why-two-loops.html', address).href);
        await page.locator('#scheduler-here summary').first().click();
        await page.locator('.step').first().focus();
        for (const key of levels[0][1]) await page.keyboard.press(key);
        assert.equal(await verdict(page), 'won');
        assert.equal(new URL(page.url()).hash, '');
        await page.locator('.game > details > .note a').last().click();
        await page.getByText('Level 1 is done.').first().waitFor();
        assert.match(page.url(), /be-the-scheduler\.html#1\.\d{22}$/);
    });
});

test('undo, redo, restart, and the lanes', async () => {
    await reading({}, async (page) => {
        await page.locator('.step:nth-child(1)').focus();
        for (const key of 'mmm0mm') await page.keyboard.press(key);
        await shared(page, '#1.000100');
        await page.keyboard.press('u');
        await page.keyboard.press('u');
        await shared(page, '#1.0001');
        await page.keyboard.press('r');
        await shared(page, '#1.00010');
        await page.locator('.undo').click();
        await page.locator('.redo').click();
        await page.locator('.redo').click();
        await shared(page, '#1.000100');
        await page.locator('.redo').click({ force: true });
        assert.equal(await said(page), 'There is nothing to redo.');
        await page.locator('.chip').nth(2).click();
        await shared(page, '#1.000');
        // The arrow keys walk along the lanes, and don't turn the page.
        await page.keyboard.press('ArrowRight');
        await shared(page, '#1.0001');
        assert.equal(await page.locator('.chip[aria-current="step"]').count(), 1);
        assert.ok(await page.evaluate(() => document.activeElement.matches('.chip[aria-current="step"]')));
        // Another step after an undo forgets the steps that were undone.
        await page.keyboard.press('1');
        assert.equal(await page.locator('.chip').count(), 5);
        assert.match(await said(page), /^Step 5\. Worker 1/);
        await page.locator('.restart').click();
        await shared(page, '#1.');
    });
});

test('an address brings back the level and the steps', async () => {
    const [, schedule] = levels[6];
    const steps = [...schedule].map((key) => (key === 'm' ? '0' : `${Number(key) + 1}`)).join('');
    await reading({}, async (page) => {
        await page.goto(`${address}#7.${steps}`);
        await page.getByText('Level 7: ').first().waitFor();
        assert.equal(await verdict(page), 'won');
        assert.deepEqual(await page.locator('.log li').allTextContents(), data('listing-20-26-log').log);
        await page.goto(`${address}#2.00022222222222`);
        await page.getByText('can’t be taken').waitFor();
        assert.equal(await page.locator('.chip').count(), 5);
        await page.goto(`${address}#nonsense`);
        assert.match(await page.locator('#level').textContent(), /^Level 2: /);
    });
});

test('what is done is kept, and can be cleared', async () => {
    await reading({}, async (page) => {
        await page.locator('.solve').click();
        await page.goto(`${address}?again`);
        assert.match(await page.locator('.levels li').first().textContent(), /done/);
        await page.locator('.clear').click();
        assert.equal(await page.evaluate(() => localStorage.getItem('be-the-scheduler')), null);
        assert.doesNotMatch(await page.locator('.levels li').first().textContent(), /done/);
    });
});

test('it plays where the browser keeps nothing', async () => {
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.addInitScript(() => {
        const get = Storage.prototype.getItem;
        const refuse = (key) => {
            if (key === 'be-the-scheduler') throw new DOMException('no', 'SecurityError');
        };
        Storage.prototype.getItem = function (key) { refuse(key); return get.call(this, key); };
        const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (key, value) { refuse(key); set.call(this, key, value); };
    });
    await page.goto(address);
    await page.locator('.solve').click();
    assert.equal(await verdict(page), 'won');
    await context.close();
});

test('the shortest deadlock can be watched, and stopped', async () => {
    await reading({ reducedMotion: 'no-preference' }, async (page) => {
        await page.locator('.solve').click();
        await page.locator('.chip').nth(1).waitFor();
        await page.locator('.solve').click();
        assert.match(await said(page), /^Stopped at step/);
    });
});

test('without scripts there are the table and the picture', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(address);
    assert.match(await page.locator('#scheduler pre').textContent(), /Deadlock: nobody can go on\./);
    assert.ok(await page.locator('#scheduler svg').isVisible());
    await context.close();
});

for (const colorScheme of ['light', 'dark']) {
    test(`nothing to complain of, ${colorScheme}, on a phone and on a screen`, async () => {
        await reading({ colorScheme }, async (page) => {
            await page.addScriptTag({ path: axe });
            const found = [];
            for (const width of [360, 390, 1280]) {
                await page.setViewportSize({ width, height: 844 });
                for (let number = 1; number <= levels.length; number += 1) {
                    const about = `level ${number}, ${width} px`;
                    const sideways = await page.evaluate((level) => {
                        document.querySelector(`.levels li:nth-child(${level}) button`).click();
                        document.querySelector('.random').click();
                        for (let back = 0; back < 9; back += 1) document.querySelector('.undo').click();
                        for (const details of document.querySelectorAll('.game details')) details.open = true;
                        const root = document.documentElement;
                        return Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth;
                    }, number);
                    if (sideways > 0) found.push(`${about}: scrolls sideways by ${sideways}`);
                    if (width === 360 || number !== (width === 390 ? 1 : 7)) continue;
                    const { violations } = await page.evaluate(() =>
                        globalThis.axe.run(document.querySelector('main'), { preload: false, resultTypes: ['violations'] }));
                    for (const { id, nodes } of violations) {
                        const where = nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`);
                        found.push(`${about}: axe: ${id}: ${where.join('; ')}`);
                    }
                }
            }
            assert.deepEqual(found, []);
        });
    });
}

test('a thousand random walks show at every step what the graph has', async () => {
    await reading({}, async (page) => {
        let walks = 0;
        for (const [index, [name, schedule]] of levels.entries()) {
            const { steps, wrong } = await page.evaluate(([level, data, count, keys, unwraps]) => {
                document.querySelector(`.levels li:nth-child(${level}) button`).click();
                let seed = level;
                const random = (below) => {
                    seed = (seed * 1103515245 + 12345) % 2147483648;
                    return Math.floor((seed / 2147483648) * below);
                };
                const { graph, threads } = data;
                const cards = [...document.querySelectorAll('.thread')];
                const buttons = [...document.querySelectorAll('.step')];
                const all = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
                const restart = document.querySelector('.restart');
                const wrong = [];
                let steps = 0;
                for (let walk = 0; walk < count && !wrong.length; walk += 1) {
                    restart.click();
                    let at = 0;
                    const log = [];
                    let closed = false;
                    // Who has learned that the channel is closed, and unwraps that with the lock in its hand.
                    let unlucky;
                    let poisoned = false;
                    // A walk begins somewhere on the way to the goal.
                    const led = [...keys].slice(0, random(keys.length + 1)).map((key) => (key === 'm' ? 0 : Number(key) + 1));
                    for (;;) {
                        const { lines, queue, holder, does, leads } = graph[at];
                        const can = does.flatMap((text, thread) => (text === null ? [] : [thread]));
                        const expected = JSON.stringify([
                            does.map((text) => text !== null),
                            lines.map((line) => (line ? `${line}` : '')),
                            [...(queue.length ? queue : ['empty']), ...(closed ? ['and closed'] : [])],
                            (holder < 0 ? 'free' : `held by ${threads[holder]}`) + (poisoned ? ', and poisoned' : ''),
                            log,
                        ]);
                        const shown = JSON.stringify([
                            buttons.map((one) => one.getAttribute('aria-disabled') === 'false'),
                            cards.map((card) => (card.querySelector('.source').hidden ? ''
                                : card.querySelector('.here .number').textContent)),
                            all('.queue li'),
                            document.querySelector('.lock').textContent,
                            all('.log li:not(.wanted):not(.empty)'),
                        ]);
                        if (shown !== expected) wrong.push(`${location.hash}: ${shown}, not ${expected}`);
                        if (!can.length || wrong.length) break;
                        const thread = led.shift() ?? can[random(can.length)];
                        closed ||= does[thread] === 'drop a sender of the channel';
                        poisoned ||= thread === unlucky && does[thread] === 'release the lock';
                        if (unwraps && does[thread] === 'receive from the channel: the other side is gone') unlucky = thread;
                        if (does[thread].startsWith('print `')) log.push(does[thread].slice(7, -1));
                        buttons[thread].click();
                        at = leads[thread];
                        steps += 1;
                    }
                }
                return { steps, wrong };
            }, [index + 1, data(name), 143, schedule ?? '', name === 'listing-2021-20-23']);
            assert.deepEqual(wrong, []);
            assert.ok(steps > 143 * 15, `${steps} steps`);
            walks += 143;
        }
        assert.ok(walks >= 1000);
    });
});

test('a step changes little of the page, however many there were before', async () => {
    await reading({}, async (page) => {
        const changes = await page.evaluate(() => {
            document.querySelector('.levels li:nth-child(7) button').click();
            for (const details of document.querySelectorAll('.game details')) details.open = true;
            document.querySelector('.solve').click();
            const observer = new MutationObserver(() => {});
            observer.observe(document.querySelector('.game'), { subtree: true, childList: true, attributes: true, characterData: true });
            return Array.from(document.querySelectorAll('.chip'), () => {
                document.querySelector('.undo').click();
                return observer.takeRecords().reduce((sum, { addedNodes }) => sum + 1 + addedNodes.length, 0);
            });
        });
        assert.ok(changes.length > 40);
        assert.ok(Math.max(...changes) < 600, `${changes}`);
    });
});
